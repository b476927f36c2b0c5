// CalDAV as a groupware, over a server that nobody here wrote: Debian's Radicale. Skipped, and said so, where it is not there.

import { Secret } from '../../src/core/secret';
import type { EntryKind } from '../../src/core/sync/entry';
import { caldav } from '../../src/groupware/caldav/index';
import type { CaldavOptions } from '../../src/groupware/caldav/options';
import { groupwareTools } from '../../src/parts/groupware';
import { davPerson } from '../support/dav-person';
import { hasRadicale, startRadicale, type Radicale } from '../support/radicale';
import { ANN, BOB, describeGroupware } from './suite';

const tools = groupwareTools(() => Date.parse('2026-03-01T12:00:00Z'));
const COMPONENTS = { event: 'VEVENT', task: 'VTODO' } as const;
const SEGMENTS = { event: 'publish-activity-crm-events', task: 'publish-activity-crm-tasks' } as const;

let server: Radicale;
let homes = 0;

(hasRadicale ? describe : describe.skip)('Radicale (skipped without it)', () => {
  beforeAll(async () => void (server = await startRadicale()));
  afterAll(() => server.close());

  describeGroupware('caldav', () => {
    homes += 1;
    const home = (login: string) => `t${homes}-${login}`;
    for (const { login } of [ANN, BOB])
      for (const kind of ['event', 'task'] as const) server.makeCalendar(`${home(login)}/${SEGMENTS[kind]}`, COMPONENTS[kind]);
    const own = { user: home('ann'), password: new Secret('s3cret-ann') };
    const others = { user: home('bob'), password: new Secret('s3cret-bob') };
    const options = optionsOf({ people: { ann: personOf(own), bob: personOf(others) } });
    return {
      fields: caldav.fields,
      open: (user, kind) => caldav.open(user, kind, options, tools),
      person: ({ login }, kind: EntryKind) => davPerson(`${server.url}/${home(login)}/${SEGMENTS[kind]}/`, kind, home(login)),
      close: () => Promise.resolve(),
    };
  });
});

function personOf(login: { readonly user: string; readonly password: Secret }) {
  return { token: undefined, calendar: undefined, tasks: undefined, ...login };
}

function optionsOf(changes: Partial<CaldavOptions>): CaldavOptions {
  const nothing = undefined;
  return {
    url: server.url,
    ...{ principal: nothing, user: nothing, password: nothing, token: nothing, calendar: nothing, tasks: nothing },
    ...{ people: {}, insecure: false, caFile: nothing, minTlsVersion: nothing, proxy: false },
    ...changes,
  };
}
