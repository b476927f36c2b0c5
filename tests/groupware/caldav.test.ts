// CalDAV as a groupware, over a server that nobody here wrote: Debian's Radicale (skipped, and said so, where it is not there); and over
// the stand-in, with tokens and without.

import { ENTRY_KINDS, type EntryKind } from '../../src/core/sync/entry';
import { caldav } from '../../src/groupware/caldav/index';
import { caldavOptions, tools } from '../support/caldav';
import { davPerson } from '../support/dav-person';
import { startDav } from '../support/dav-server';
import { hasRadicale, startRadicale, type Radicale } from '../support/radicale';
import { ANN, BOB, describeGroupware, type Subject } from './suite';

const COMPONENTS = { event: 'VEVENT', task: 'VTODO' } as const;
const SEGMENTS = {
  event: 'publish-activity-crm-events',
  task: 'publish-activity-crm-tasks',
  contact: 'publish-activity-crm-contacts',
} as const;

/** A server whose users have calendars and address books below an address of their own. */
function subjectOf(
  url: string,
  homeOf: (login: string, kind: EntryKind) => string,
  nameOf = (login: string) => login,
): Omit<Subject, 'close'> {
  const options = caldavOptions(url, {}, nameOf);
  return {
    fields: caldav.fields,
    open: (user, kind) => caldav.open(user, kind, options, tools),
    person: ({ login }, kind: EntryKind) => davPerson(`${homeOf(login, kind)}${SEGMENTS[kind]}/`, kind, nameOf(login)),
  };
}

(hasRadicale ? describe : describe.skip)('Radicale (skipped without it)', () => {
  let server: Radicale;
  let homes = 0;
  beforeAll(async () => {
    server = await startRadicale();
  });
  afterAll(() => server.close());

  describeGroupware('caldav', () => {
    homes += 1;
    const nameOf = (login: string) => `t${homes}-${login}`;
    for (const { login } of [ANN, BOB])
      for (const kind of ['event', 'task'] as const) server.makeCalendar(`${nameOf(login)}/${SEGMENTS[kind]}`, COMPONENTS[kind]);
    for (const { login } of [ANN, BOB]) server.makeAddressBook(`${nameOf(login)}/${SEGMENTS.contact}`);
    const subject = subjectOf(server.url, (login) => `${server.url}/${nameOf(login)}/`, nameOf);
    return { ...subject, close: () => Promise.resolve() };
  });
});

describe.each([
  ['with tokens', true],
  ['without tokens', false],
])('the stand-in %s', (_, knowsTokens) => {
  describeGroupware('caldav', async () => {
    const server = await startDav();
    server.knowsTokens = knowsTokens;
    const homeOf = (login: string, kind: EntryKind) => `/dav/${kind === 'contact' ? 'addressbooks' : 'calendars'}/${login}/`;
    for (const { login } of [ANN, BOB])
      for (const kind of ENTRY_KINDS)
        server.collections.set(`${homeOf(login, kind)}${SEGMENTS[kind]}/`, {
          name: 'CRM',
          description: '',
          ...(kind === 'contact' ? {} : { component: COMPONENTS[kind] }),
        });
    return { ...subjectOf(`${server.url}/dav/`, (login, kind) => server.url + homeOf(login, kind)), close: () => server.close() };
  });
});
