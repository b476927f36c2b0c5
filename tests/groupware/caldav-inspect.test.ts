// What doctor learns of a CalDAV server by asking alone: never more than the server said.

import { startDeadline, type Deadline } from '../../src/core/deadline';
import type { EntryKind } from '../../src/core/sync/entry';
import { caldav } from '../../src/groupware/caldav/index';
import type { CaldavOptions } from '../../src/groupware/caldav/options';
import { caldavOptions, tools } from '../support/caldav';
import { found, multistatus } from '../support/dav-answers';
import { HOME, startDav, type DavCall, type DavServer } from '../support/dav-server';
import { hasRadicale, startRadicale } from '../support/radicale';
import { ANN } from './suite';

const EVENTS = `${HOME}publish-activity-crm-events/`;

let server: DavServer;
let deadline: Deadline;
beforeEach(async () => {
  server = await startDav();
  deadline = startDeadline(60_000, () => 0);
});
afterEach(async () => {
  deadline.end();
  await server.close();
});

const inspect = (changes: Partial<CaldavOptions> = {}, kind: EntryKind = 'event', url = `${server.url}/dav/`) =>
  caldav.open(ANN, kind, caldavOptions(url, changes), tools).inspect?.(deadline);
const there = () => server.collections.set(EVENTS, { name: 'CRM', description: '', component: 'VEVENT' });
const isLook = ({ method, body }: DavCall) => method === 'PROPFIND' && body.includes('current-user-privilege-set');
/** What the server says of a place, beside its usual answers. */
const says = (properties: string, allow = '') => {
  server.script = (call) => {
    if (isLook(call)) return multistatus([found(call.path, properties)]);
    return call.method === 'OPTIONS' ? { status: 200, headers: { Allow: allow } } : undefined;
  };
};
const CALENDAR =
  '<resourcetype><collection/><c:calendar/></resourcetype><displayname>CRM</displayname>' +
  '<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>';
const privileges = (...names: readonly string[]) =>
  `<current-user-privilege-set>${names.map((name) => `<privilege><${name}/></privilege>`).join('')}</current-user-privilege-set>`;
const reports = (...names: readonly string[]) =>
  `<supported-report-set>${names.map((name) => `<supported-report><report><${name}/></report></supported-report>`).join('')}</supported-report-set>`;

describe('a look at a calendar', () => {
  it.each<[string, string, object]>([
    ['write', privileges('read', 'write'), { writable: 'said' }],
    ['all', privileges('all'), { writable: 'said' }],
    ['the parts of write', privileges('bind', 'unbind', 'write-content'), { writable: 'said' }],
  ])('takes the word of a server that gives %s', async (_, given, more) => {
    there();
    says(CALENDAR + given);
    expect(await inspect()).toMatchObject({ kind: 'inspected', isThere: true, login: 'own', ...more });
  });

  it.each<[string, string]>([
    ['no privileges', ''],
    ['an empty list of them', privileges()],
    ['one part of what is needed', privileges('read', 'bind')],
  ])('does not know whether it may write where the server tells %s', async (_, given) => {
    there();
    says(CALENDAR + given);
    const seen = await inspect();
    expect(seen).toMatchObject({ kind: 'inspected', isThere: true });
    expect(seen).not.toHaveProperty('writable');
  });

  it('is refused where the server says that the login may only read', async () => {
    there();
    says(CALENDAR + privileges('read', 'read-acl'));
    expect(await inspect()).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('may make nothing there') as string,
    });
  });

  it.each<[string, string, boolean]>([
    ['it tells changes', reports('sync-collection', 'c:calendar-query'), true],
    ['it lists everything', reports('c:calendar-query'), false],
  ])('knows by the reports that %s', async (_, set, tellsChanges) => {
    there();
    says(CALENDAR + set);
    expect(await inspect()).toMatchObject({ kind: 'inspected', tellsChanges });
  });

  it('does not know how the server lists where it names no reports', async () => {
    there();
    says(CALENDAR);
    const seen = await inspect();
    expect(seen).toMatchObject({ kind: 'inspected' });
    expect(seen).not.toHaveProperty('tellsChanges');
  });

  it.each([
    ['takes no tasks', { tasks: EVENTS }, 'task', 'takes no tasks; name another one in tasks'],
    ['is not there', { calendar: `${HOME}gone/` }, 'event', 'there is no calendar at the path that calendar names'],
    ['is no calendar', { calendar: HOME }, 'event', 'what is at the path that calendar names is no calendar'],
  ] as const)('refuses a path whose collection %s', async (_, changes, kind, words) => {
    there();
    expect(await inspect(changes, kind)).toMatchObject({ kind: 'refused', reason: expect.stringContaining(words) as string });
  });

  it('says that the login is refused, and of whom', async () => {
    server.script = () => ({ status: 401 });
    expect(await inspect()).toMatchObject({ kind: 'refused', isOfLogin: true });
    const [seen] = [await caldav.open({ ...ANN, login: 'carl' }, 'event', caldavOptions(server.url), tools).inspect?.(deadline)];
    expect(seen).toMatchObject({ kind: 'refused', reason: 'carl has no login there; name one in groupware.people.carl' });
  });

  it('is trouble that may pass where the server breaks off or hangs', async () => {
    there();
    server.script = (call) => (isLook(call) ? { ...multistatus([found(EVENTS, CALENDAR)]), cutAfter: 50 } : undefined);
    expect(await inspect()).toMatchObject({ kind: 'retry' });
    server.script = (call) => (call.method === 'OPTIONS' ? 'reset' : undefined);
    expect(await inspect()).toMatchObject({ kind: 'retry' });
  });

  it('compares the clock of the server with ours', async () => {
    there();
    server.script = ({ method }) =>
      method === 'OPTIONS' ? { status: 200, headers: { Date: 'Sun, 01 Mar 2026 12:05:00 GMT' } } : undefined;
    expect(await inspect()).toMatchObject({ aheadMs: 300_500 });
    server.script = ({ method }) => (method === 'OPTIONS' ? { status: 200, headers: { Date: 'soon' } } : undefined);
    expect(await inspect()).not.toHaveProperty('aheadMs');
  });
});

describe('a look at a calendar that is not there yet', () => {
  it('says that it can be made where the server gives the right and offers the method', async () => {
    says(privileges('write'), 'OPTIONS, MKCALENDAR, PUT');
    expect(await inspect()).toMatchObject({ kind: 'inspected', isThere: false, writable: 'said' });
    expect(server.calls.map(({ method, path }) => `${method} ${path}`).slice(-2)).toEqual([
      `OPTIONS ${EVENTS}`,
      `PROPFIND ${HOME}`,
    ]);
  });

  it.each([
    ['offers it and tells no rights', '', 'MKCALENDAR'],
    ['gives the right and offers nothing', privileges('write'), ''],
    ['gives the right and offers something like it', privileges('write'), 'XMKCALENDAR, MKCOL'],
  ])('does not know it where the server %s', async (_, given, allow) => {
    says(given, allow);
    const seen = await inspect();
    expect(seen).toMatchObject({ kind: 'inspected', isThere: false });
    expect(seen).not.toHaveProperty('writable');
  });

  it('is refused where the server says that nothing may be made there', async () => {
    says(privileges('read'), 'MKCALENDAR');
    expect(await inspect()).toMatchObject({
      kind: 'refused',
      reason: 'the server says that the login may make no calendar there; make one, and name it in calendar',
    });
  });

  it('makes nothing and asks nothing but questions', async () => {
    await inspect();
    await inspect({}, 'task');
    expect(server.collections.size).toBe(0);
    expect([...new Set(server.calls.map(({ method }) => method))].sort()).toEqual(['OPTIONS', 'PROPFIND']);
  });
});

(hasRadicale ? describe : describe.skip)('a look at Radicale (skipped without it)', () => {
  it('knows everything of all kinds, before and after they are made, and makes nothing', async () => {
    const radicale = await startRadicale();
    try {
      const options = caldavOptions(radicale.url);
      const look = (kind: EntryKind) => caldav.open(ANN, kind, options, tools).inspect?.(deadline);
      for (const kind of ['event', 'task', 'contact'] as const) {
        expect(await look(kind)).toMatchObject({ kind: 'inspected', isThere: false, writable: 'said', login: 'own' });
        expect(await look(kind)).toMatchObject({ isThere: false });
      }
      radicale.makeCalendar('ann/publish-activity-crm-events', 'VEVENT');
      radicale.makeAddressBook('ann/publish-activity-crm-contacts');
      for (const kind of ['event', 'contact'] as const)
        expect(await look(kind)).toMatchObject({ isThere: true, writable: 'said', tellsChanges: true });
    } finally {
      await radicale.close();
    }
  });
});
