// CalDAV over a stand-in that does what real servers do on bad days: what is told of it is never more than what it said.

import { startDeadline, type Deadline } from '../../src/core/deadline';
import type { Entry, EntryField, AgendaKind } from '../../src/core/sync/entry';
import { caldav } from '../../src/groupware/caldav/index';
import type { CaldavOptions } from '../../src/groupware/caldav/options';
import type { RemoteItem, RemoteStep, StepOutcome } from '../../src/groupware/groupware';
import { caldavOptions, tools } from '../support/caldav';
import { error, found, multistatus, said, type DavReply } from '../support/dav-answers';
import { HOME, startDav, type DavCall, type DavServer, type Mishap } from '../support/dav-server';
import { itemText } from '../support/item-text';
import { ANN, CALL, entryIn, itemOf, VISIT } from './suite';

const EVENTS = `${HOME}publish-activity-crm-events/`;
const idOf = (n: number) => `pa${String(n).padStart(26, '0')}`;
const ID = idOf(1);
const ITEM = `${EVENTS}${ID}.ics`;

let server: DavServer;
let deadline: Deadline;
beforeEach(async () => {
  server = await startDav();
  server.collections.set(EVENTS, { name: 'CRM', description: '', component: 'VEVENT' });
  deadline = startDeadline(60_000, () => 0);
});
afterEach(async () => {
  deadline.end();
  await server.close();
});

const open = (changes: Partial<CaldavOptions> = {}, kind: AgendaKind = 'event', path = '/dav/') =>
  caldav.open(ANN, kind, caldavOptions(server.url + path, changes), tools);
const creating = (n = 1, entry: Entry = VISIT): RemoteStep => ({ do: 'create', linkId: idOf(n), entry, url: 'http://server/1' });
const apply = async (step: RemoteStep, collection = open()): Promise<StepOutcome | undefined> =>
  (await collection.apply([step], deadline)).get(step.linkId);
const updating = (item: RemoteItem, change: Partial<Entry>, fields: readonly EntryField[] = ['subject']): RemoteStep => ({
  do: 'update',
  linkId: ID,
  id: item.id,
  version: item.version,
  entry: { ...VISIT, ...change },
  fields,
});
const removing = ({ id, version }: RemoteItem): RemoteStep => ({ do: 'delete', linkId: ID, id, version });
const list = (cursor?: string, page?: string, collection = open()) => collection.list(cursor, page, deadline);
const cursorOf = async () => {
  const listing = await list();
  if (listing.kind !== 'page' || listing.cursor === undefined) throw new Error(JSON.stringify(listing));
  return listing.cursor;
};
const get = async (id: string, collection = open()) => {
  const answer = await collection.get([id], deadline);
  return 'kind' in answer ? answer : answer.get(id);
};
/** Instead of the usual answer to what a test is about. */
const instead = (isMeant: (call: DavCall) => boolean, mishap: Mishap) => {
  server.script = (call) => (isMeant(call) ? mishap : undefined);
};
const is =
  (method: string, word = '') =>
  (call: DavCall) =>
    call.method === method && call.body.includes(word);
const written = (from = 0) => server.calls.slice(from).map(({ method, path }) => `${method} ${path}`);
const redirect = (location: string): DavReply => ({ status: 301, headers: { Location: location } });

describe('the way to a calendar', () => {
  it.each([
    ['the root, by what the server says is well known', '/', 'PROPFIND /.well-known/caldav'],
    ['some address of the server', '/dav/', 'PROPFIND /dav/'],
    ['the principal', '/dav/principals/ann/', 'PROPFIND /dav/principals/ann/'],
    ['the home', '/dav/calendars/ann/', 'PROPFIND /dav/calendars/ann/'],
    ['the calendar', EVENTS, `PROPFIND ${EVENTS}`],
    ['an address that nobody answers at', '/nothing/', 'PROPFIND /nothing/'],
  ])('begins at %s', async (_, path, first) => {
    server.script = (call) => (call.path === '/.well-known/caldav' ? redirect('/dav/') : undefined);
    const item = itemOf(await apply(creating(), open({}, 'event', path)));
    expect([written()[0], [...server.items.keys()]]).toEqual([first, [ITEM]]);
    expect(await list(undefined, undefined, open({}, 'event', path))).toMatchObject({ kind: 'page', items: [item] });
  });

  it.each([
    [
      'a redirect',
      (other: string) => (call: DavCall) => (call.path === '/.well-known/caldav' ? redirect(`${other}/dav/`) : undefined),
    ],
    [
      'a redirect to another name',
      (other: string) => (call: DavCall) =>
        call.path === '/.well-known/caldav' ? redirect(other.replace('127.0.0.1', 'localhost')) : undefined,
    ],
    [
      'a principal',
      (other: string) => (call: DavCall) =>
        call.path === '/'
          ? multistatus([found('/', `<current-user-principal><href>${other}/p/</href></current-user-principal>`)])
          : undefined,
    ],
    [
      'a home',
      (other: string) => (call: DavCall) =>
        call.path === '/'
          ? multistatus([found('/', `<c:calendar-home-set><href>${other}/h/</href></c:calendar-home-set>`)])
          : undefined,
    ],
  ])('never takes the login to another server: %s', async (_, script) => {
    const other = await startDav();
    server.script = script(other.url);
    expect(await list(undefined, undefined, open({}, 'event', '/'))).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(
        /^the server leads to another one \(http:.*\), which never gets the login; if it is right, name it in url$/,
      ),
    });
    expect(other.calls).toEqual([]);
    await other.close();
  });

  it('ends where redirects go round', async () => {
    server.script = () => redirect('/dav/');
    expect(await list()).toMatchObject({ kind: 'refused', reason: 'the server’s redirects lead nowhere' });
    expect(server.calls.length).toBeLessThan(10);
  });

  it('leads a login for all to the user, and never to its own principal', async () => {
    const { people, ...rest } = caldavOptions(server.url);
    const options = {
      ...rest,
      people: {},
      user: 'service',
      password: people['ann']?.password,
      principal: '/dav/principals/{login}/',
    };
    itemOf(await apply(creating(), caldav.open(ANN, 'event', options, tools)));
    expect([...server.items.keys()]).toEqual([ITEM]);
    server.script = (call) =>
      call.path === '/dav/principals/ann/'
        ? multistatus([
            found(call.path, '<current-user-principal><href>/dav/principals/service/</href></current-user-principal>'),
          ])
        : undefined;
    expect(await caldav.open(ANN, 'event', { ...options }, tools).list(undefined, undefined, deadline)).toMatchObject({
      kind: 'refused',
    });
    expect(written().join()).not.toContain('principals/service');
  });

  it('is looked for once in a run, for events and tasks together', async () => {
    const options = caldavOptions(`${server.url}/dav/`);
    for (const kind of ['event', 'task'] as const)
      await caldav.open(ANN, kind, options, tools).list(undefined, undefined, deadline);
    expect(written()).toEqual([
      ...['/dav/', '/dav/principals/ann/', HOME].map((path) => `PROPFIND ${path}`),
      `REPORT ${EVENTS}`,
      `PROPFIND ${HOME}`,
    ]);
  });

  it('is one principal for the calendars and the address books where that names both', async () => {
    const href = (name: string, home: string) => `<${name} xmlns="urn:x"><href xmlns="DAV:">${home}</href></${name}>`;
    const homes = [
      href('calendar-home-set', HOME).replace('urn:x', 'urn:ietf:params:xml:ns:caldav'),
      href('addressbook-home-set', '/dav/books/ann/').replace('urn:x', 'urn:ietf:params:xml:ns:carddav'),
    ];
    server.script = ({ path }) => (path === '/dav/principals/ann/' ? multistatus([found(path, homes.join(''))]) : undefined);
    const options = caldavOptions(`${server.url}/dav/`);
    for (const kind of ['event', 'contact'] as const)
      await caldav.open(ANN, kind, options, tools).list(undefined, undefined, deadline);
    expect(written().filter((line) => line.startsWith('PROPFIND'))).toEqual(
      ['/dav/', '/dav/principals/ann/', HOME, '/dav/books/ann/'].map((path) => `PROPFIND ${path}`),
    );
  });

  it('is refused in words to a user without a login', async () => {
    const collection = caldav.open({ ...ANN, login: 'cid' }, 'event', caldavOptions(server.url), tools);
    const refused = { kind: 'refused', reason: 'cid has no login there; name one in groupware.people.cid' };
    expect([await collection.list(undefined, undefined, deadline), await collection.get([ID], deadline)]).toEqual([
      refused,
      refused,
    ]);
    expect((await collection.apply([creating()], deadline)).get(ID)).toEqual(refused);
    expect(server.calls).toEqual([]);
  });
});

describe('the calendar that is named', () => {
  beforeEach(() => {
    server.collections.set(`${HOME}a/`, { name: 'Work', description: '', component: 'VEVENT' });
    server.collections.set(`${HOME}b/`, { name: 'Home & Garden', description: '', component: 'VEVENT' });
  });

  it.each([
    ['its name', 'Home & Garden', 'b'],
    ['the end of its path', 'a', 'a'],
    ['its path', '/dav/calendars/{login}/b', 'b'],
  ])('is found by %s', async (_, calendar, folder) => {
    itemOf(await apply(creating(), open({ calendar })));
    expect([...server.items.keys()]).toEqual([`${HOME}${folder}/${ID}.ics`]);
  });

  it.each([
    ['is not there', 'Nowhere', /"Nowhere" is not there/],
    ['is at no such path', '/dav/calendars/ann/none/', /no calendar at the path/],
    ['is there twice', 'Twin', /is there 2 times; name its path/],
    ['takes no events', 'List', /takes no events/],
  ])('is refused where it %s, and none is made', async (_, calendar, words) => {
    for (const folder of ['c', 'd'])
      server.collections.set(`${HOME}${folder}/`, { name: 'Twin', description: '', component: 'VEVENT' });
    server.collections.set(`${HOME}l/`, { name: 'List', description: '', component: 'VTODO' });
    expect(await list(undefined, undefined, open({ calendar }))).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(words),
    });
    expect(written().join()).not.toContain('MKCALENDAR');
  });
});

describe('the own calendar', () => {
  const TASKS = `${HOME}publish-activity-crm-tasks/`;
  beforeEach(() => server.collections.clear());
  const made = () => written().filter((line) => line.startsWith('MKCALENDAR'));

  it('is absent until something is put into it, and is then made under its path', async () => {
    expect(await list(undefined, undefined, open({}, 'task'))).toMatchObject({ kind: 'absent' });
    expect(made()).toEqual([]);
    itemOf(await apply(creating(1, CALL), open({}, 'task')));
    expect([...server.collections]).toEqual([
      [TASKS, { name: 'CRM tasks', description: 'publish-activity: tasks of crm', component: 'VTODO' }],
    ]);
    itemOf(await apply(creating(2, CALL), open({}, 'task')));
    expect(made()).toEqual([`MKCALENDAR ${TASKS}`]);
  });

  const absentCursor = async () => {
    const listing = await list();
    if (listing.kind !== 'absent' || listing.cursor === undefined) throw new Error(JSON.stringify(listing));
    return listing.cursor;
  };

  it('is looked for with one question where it was not there, by later runs as well', async () => {
    const cursor = await absentCursor();
    const before = server.calls.length;
    expect(await list(cursor)).toEqual({ kind: 'absent', cursor });
    expect(written(before)).toEqual([`PROPFIND ${HOME}`]);
  });

  it('is listed as a whole once it is there, and is not looked for again', async () => {
    const cursor = await absentCursor();
    itemOf(await apply(creating()));
    const [before, collection] = [server.calls.length, open()];
    expect(await list(cursor, undefined, collection)).toEqual({ kind: 'expired' });
    expect(await list(undefined, undefined, collection)).toMatchObject({ kind: 'page', items: [{ id: ID }], isWhole: true });
    expect(written(before)).toEqual([`PROPFIND ${HOME}`, `REPORT ${EVENTS}`, `REPORT ${EVENTS}`]);
  });

  it.each<[string, DavReply]>([
    ['is gone', { status: 404 }],
    ['leads elsewhere', redirect('/x/')],
    ['is not for this login any more', { status: 403 }],
  ])('is looked for anew where its home %s', async (_, reply) => {
    const cursor = await absentCursor();
    const before = server.calls.length;
    server.script = ({ path }) => {
      const home = '<c:calendar-home-set><href>/dav/calendars/new/</href></c:calendar-home-set>';
      return path === HOME ? reply : path === '/dav/principals/ann/' ? multistatus([found(path, home)]) : undefined;
    };
    const listing = await list(cursor);
    expect(written(before)).toEqual(
      [HOME, '/dav/', '/dav/principals/ann/', '/dav/calendars/new/'].map((path) => `PROPFIND ${path}`),
    );
    expect(listing).toMatchObject({ kind: 'absent', cursor: expect.stringContaining('/dav/calendars/new/') });
  });

  it.each<[string, number, string]>([
    ['refuses the login', 401, 'refused'],
    ['does not answer now', 503, 'retry'],
  ])('is not looked for elsewhere where its home %s', async (_, status, kind) => {
    const cursor = await absentCursor();
    const before = server.calls.length;
    instead(({ path }) => path === HOME, { status });
    expect(await list(cursor)).toMatchObject({ kind, reason: expect.stringContaining(String(status)) });
    expect(written(before)).toEqual([`PROPFIND ${HOME}`]);
  });

  it('is made at once by whoever saw that it is not there', async () => {
    const collection = open();
    await list(undefined, undefined, collection);
    const before = server.calls.length;
    itemOf(await apply(creating(), collection));
    expect(written(before)).toEqual([`MKCALENDAR ${EVENTS}`, `PROPFIND ${HOME}`, `PUT ${ITEM}`, `REPORT ${EVENTS}`]);
  });

  it('is that of its CRM', async () => {
    const collection = caldav.open({ ...ANN, system: 'site.2' }, 'event', caldavOptions(`${server.url}/dav/`), tools);
    await collection.apply([creating()], deadline);
    expect([...server.collections.keys()]).toEqual([`${HOME}publish-activity-site.2-events/`]);
  });

  it.each(['do and reset', { status: 500 }] as const)('is made once, whatever comes of the answer: %j', async (mishap) => {
    instead(is('MKCALENDAR'), mishap);
    expect(await apply(creating())).toMatchObject(mishap === 'do and reset' ? { kind: 'done' } : { kind: 'retry' });
    server.script = () => undefined;
    itemOf(await apply(creating(2)));
    expect([...server.collections.keys()]).toEqual([EVENTS]);
  });

  it('is known by its mark where the server puts it elsewhere', async () => {
    instead(is('MKCALENDAR'), { status: 201 });
    server.collections.set(`${HOME}4711/`, {
      name: 'renamed',
      description: 'publish-activity: events of crm',
      component: 'VEVENT',
    });
    itemOf(await apply(creating()));
    expect([...server.items.keys()]).toEqual([`${HOME}4711/${ID}.ics`]);
  });

  it('is never another one of its name', async () => {
    server.collections.set(`${HOME}x/`, { name: 'CRM', description: '', component: 'VEVENT' });
    itemOf(await apply(creating()));
    expect([...server.items.keys()]).toEqual([ITEM]);
  });

  it('is refused with a remedy where none can be made', async () => {
    instead(is('MKCALENDAR'), { status: 501 });
    expect(await apply(creating())).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(/^the calendar of the CRM cannot be made: .*501.*; make one there, and name it/),
    });
  });
});

describe('a listing', () => {
  beforeEach(async () => {
    for (const n of [1, 2, 3]) itemOf(await apply(creating(n)));
  });
  const idsOf = (listing: Awaited<ReturnType<typeof list>>) =>
    listing.kind === 'page' ? listing.items.map(({ id }) => id) : listing;

  it('goes on with one question where nothing is new', async () => {
    const cursor = await cursorOf();
    const before = server.calls.length;
    expect(await list(cursor)).toEqual({ kind: 'page', items: [], isWhole: false, cursor });
    expect(written(before)).toEqual([`REPORT ${EVENTS}`]);
  });

  it('comes in pages, and the cursor with the last one', async () => {
    server.pageSize = 2;
    const first = await list();
    expect(first).toMatchObject({ kind: 'page', isWhole: true, next: expect.any(String) });
    expect(first).not.toHaveProperty('cursor');
    const second = first.kind === 'page' ? await list(undefined, first.next) : first;
    expect([idsOf(first), idsOf(second)]).toEqual([[idOf(1), idOf(2)], [idOf(3)]]);
    expect(second).toMatchObject({ isWhole: true, cursor: expect.any(String) });
    expect(second).not.toHaveProperty('next');
  });

  it('whose next page begins where it began has none', async () => {
    const cursor = await cursorOf();
    instead(is('REPORT', 'sync-collection'), multistatus([said(EVENTS, 'HTTP/1.1 507 x')], '<sync-token>t-3</sync-token>'));
    expect(await list(cursor)).toEqual({ kind: 'retry', reason: 'the server’s listing ends before its end' });
  });

  it.each([403, 409, 412, 400, 410])('whose token is refused with %d has expired', async (status) => {
    const cursor = await cursorOf();
    instead(is('REPORT', 'sync-collection'), { status, body: error('valid-sync-token') });
    expect(await list(cursor)).toEqual({ kind: 'expired' });
  });

  it('has expired where the configuration leads elsewhere, or the cursor is none', async () => {
    const cursor = await cursorOf();
    for (const [text, collection] of [
      [cursor, open({ calendar: 'other' })],
      ['', open()],
      ['{"a":1}', open()],
      [cursor.replace(/http:[^"]*/, 'http://localhost:1/x/'), open()],
    ] as const)
      expect(await list(text, undefined, collection)).toEqual({ kind: 'expired' });
  });

  it('is gone where its calendar is, and that is asked for without a cursor', async () => {
    const cursor = await cursorOf();
    server.collections.clear();
    expect([await list(cursor), await list()]).toMatchObject([{ kind: 'expired' }, { kind: 'absent' }]);
  });

  const whole = () =>
    multistatus(
      [1, 2, 3].map((n) => found(`${EVENTS}${idOf(n)}.ics`, '<getetag>"1"</getetag>')),
      '<sync-token>t-3</sync-token>',
    );
  it.each<[string, string, DavReply]>([
    ['cut off within', 'sync-collection', { ...whole(), cutAfter: 300 }],
    ['cut off at its end', 'sync-collection', { ...whole(), body: String(whole().body).replace('</multistatus>', '') }],
    ['cut off among the items', 'calendar-multiget', { ...whole(), cutAfter: 300 }],
    ['a page of a gateway', 'sync-collection', { status: 200, body: '<html>Welcome</html>' }],
    ['another answer', 'sync-collection', { status: 207, body: '<multistatus xmlns="urn:other"/>' }],
    ['in pages without an end', 'sync-collection', multistatus([said(EVENTS, 'HTTP/1.1 507 x')])],
    ['asking to slow down', 'sync-collection', { status: 429, headers: { 'Retry-After': '7' } }],
  ])('tells nothing where it is %s', async (_, word, reply) => {
    instead(is('REPORT', word), reply);
    const listing = await list();
    expect(listing).toMatchObject({ kind: reply.status === 200 ? 'refused' : 'retry' });
    if (reply.status === 429) expect(listing).toMatchObject({ afterMs: 7_000 });
  });

  it.each<[string, readonly string[]]>([
    ['does not mention one', []],
    ['has trouble with one', [said(ITEM, 'HTTP/1.1 500 Oops')]],
    ['gives one without its text', [found(ITEM, '<getetag>"9"</getetag>')]],
    ['gives one without its version', [found(ITEM, '<c:calendar-data>x</c:calendar-data>')]],
    [
      'gives one with a version that cannot be sent back',
      [found(ITEM, '<getetag>"a\nb"</getetag><c:calendar-data>x</c:calendar-data>')],
    ],
  ])('that %s calls it unknown, never absent, and is asked for again', async (_, responses) => {
    instead(is('REPORT', 'calendar-multiget'), multistatus(responses));
    const listing = await list();
    expect(listing).toMatchObject({
      kind: 'page',
      items: [1, 2, 3].map((n) => ({ id: idOf(n), content: { kind: 'unreadable' } })),
    });
    expect(listing).not.toHaveProperty('cursor');
    expect(await get(ID)).toBeUndefined();
  });

  it('loses no other item by one that cannot stand in XML', async () => {
    instead((call) => call.method === 'REPORT' && call.body.includes('multiget') && call.body.includes(idOf(2)), {
      status: 207,
      body: '<multistatus xmlns="DAV:">\u0001</multistatus>',
    });
    expect(await list()).toMatchObject({
      items: [{ content: { kind: 'entry' } }, { content: { kind: 'unreadable' } }, { content: { kind: 'entry' } }],
    });
  });

  it('of a server without tokens goes on as long as nothing changes', async () => {
    server.knowsTokens = false;
    const cursor = await cursorOf();
    const before = server.calls.length;
    expect(await list(cursor)).toEqual({ kind: 'page', items: [], isWhole: false, cursor });
    expect(written(before)).toEqual([`PROPFIND ${EVENTS}`]);
    itemOf(await apply(creating(4)));
    expect(await list(cursor)).toEqual({ kind: 'expired' });
  });

  it('that begins anew does not look for a calendar that is there', async () => {
    const cursor = await cursorOf();
    const [before, collection] = [server.calls.length, open()];
    const forgotten = cursor.replace('"t-3"', '"t-99"');
    expect(await list(forgotten, undefined, collection)).toEqual({ kind: 'expired' });
    expect(await list(undefined, undefined, collection)).toMatchObject({ kind: 'page', isWhole: true });
    expect(new Set(written(before))).toEqual(new Set([`REPORT ${EVENTS}`]));
  });

  it('that begins anew looks for a calendar that is not where it was', async () => {
    const [cursor, collection] = [await cursorOf(), open()];
    server.collections.clear();
    const description = 'publish-activity: events of crm';
    server.collections.set(`${HOME}4711/`, { name: 'CRM', description, component: 'VEVENT' });
    expect(await list(cursor, undefined, collection)).toEqual({ kind: 'expired' });
    expect(await list(undefined, undefined, collection)).toMatchObject({ cursor: expect.stringContaining(`${HOME}4711/`) });
  });

  it('of a server without tokens that begins anew does not look for it either', async () => {
    server.knowsTokens = false;
    const cursor = await cursorOf();
    itemOf(await apply(creating(4)));
    const [before, collection] = [server.calls.length, open()];
    expect(await list(cursor, undefined, collection)).toEqual({ kind: 'expired' });
    expect(await list(undefined, undefined, collection)).toMatchObject({ kind: 'page', isWhole: true });
    expect(new Set(written(before))).toEqual(new Set([`PROPFIND ${EVENTS}`, `REPORT ${EVENTS}`]));
  });

  it('of a server that tells nothing of what is not there looks for the calendar', async () => {
    server.knowsTokens = false;
    const [cursor, collection] = [await cursorOf(), open()];
    server.collections.clear();
    server.script = ({ path }) => (path === EVENTS ? multistatus([found(path, '')]) : undefined);
    expect(await list(cursor, undefined, collection)).toEqual({ kind: 'expired' });
    expect(await list(undefined, undefined, collection)).toMatchObject({ kind: 'absent' });
  });
});

describe('an item', () => {
  it('is absent only where the server says so of itself', async () => {
    expect(await get('theirs')).toBe('absent');
    instead(
      is('REPORT'),
      multistatus([said(`${EVENTS}theirs.ics`, 'HTTP/1.1 403 Forbidden'), said(`${HOME}theirs.ics`, 'HTTP/1.1 404 Not Found')]),
    );
    expect(await get('theirs')).toBeUndefined();
    instead(is('REPORT'), { status: 404 });
    expect(await get('theirs')).toMatchObject({ kind: 'refused' });
  });

  it('that we made is found by its UID where it has another name', async () => {
    const item = itemOf(await apply(creating()));
    server.items.set(`${EVENTS}moved by a phone`, server.items.get(ITEM) ?? '');
    server.items.delete(ITEM);
    expect(await get(ID)).toEqual({ ...item, id: '/moved by a phone', version: '"v0"' });
    // To make it again is no use: the server says that it has one of this UID.
    instead(is('PUT'), { status: 409, body: error('no-uid-conflict') });
    expect(await apply(creating())).toMatchObject({ kind: 'exists', item: { id: '/moved by a phone' } });
  });

  it('keeps all that others wrote in it to the letter', async () => {
    const lines = [
      'UID:x',
      'SUMMARY:Old',
      'X-ODD;A="b:c":d\u0001e',
      'DTSTART:20260302T083000Z',
      'DTEND:20260302T093000Z',
      'BEGIN:VALARM',
      'SUMMARY:Old',
      'END:VALARM',
    ];
    const path = `${EVENTS}theirs.ics`;
    server.items.set(path, itemText('event', lines).replaceAll('\r\n', '\n'));
    const step = {
      do: 'update',
      linkId: ID,
      id: 'theirs',
      version: '"v0"',
      entry: { ...VISIT, subject: 'New' },
      fields: ['subject'],
    } as const;
    server.script = (call) =>
      call.method === 'GET' ? { status: 200, headers: { ETag: '"v0"' }, body: server.items.get(path) ?? '' } : undefined;
    await apply(step);
    const put = server.calls.find(({ method }) => method === 'PUT');
    expect(put?.headers['if-match']).toBe('"v0"');
    const isOfTheChange = (line: string) => /^(DTSTAMP|LAST-MODIFIED|SEQUENCE)/.test(line);
    expect(put?.body.split('\n').filter((line) => !isOfTheChange(line))).toEqual(
      itemText('event', lines).replaceAll('\r\n', '\n').replace('SUMMARY:Old', 'SUMMARY:New').split('\n'),
    );
  });
});

describe('a step', () => {
  it.each<[string, DavReply | Mishap, Partial<StepOutcome> | undefined]>([
    ['without room', { status: 507 }, { kind: 'refused', reason: 'the server answered 507: it has no room left' }],
    [
      'with a login that is refused',
      { status: 401 },
      { kind: 'refused', reason: 'the server answered 401: it refuses the login; mend user and password, or token' },
    ],
    ['without a right', { status: 403 }, { kind: 'refused' }],
    [
      'with an item that is never taken',
      { status: 403, body: error('max-resource-size') },
      { kind: 'rejected', reason: 'the server answered 403: it does not take the item (max-resource-size)' },
    ],
    ['with a condition that nobody knows', { status: 403, body: error('tea-time') }, { kind: 'refused' }],
    ['with an item that is too long', { status: 413 }, { kind: 'rejected' }],
    ['with an item that is not understood', { status: 400, body: 'SECRET' }, { kind: 'rejected' }],
    ['too many', { status: 429, headers: { 'Retry-After': '120' } }, { kind: 'retry', afterMs: 120_000 }],
    [
      'during a pause',
      { status: 503, headers: { 'Retry-After': 'Sun, 01 Mar 2026 12:01:00 GMT', Date: 'Sun, 01 Mar 2026 12:00:00 GMT' } },
      { kind: 'retry', afterMs: 60_000 },
    ],
    ['behind a gateway', { status: 504 }, { kind: 'retry' }],
    ['at an address that leads elsewhere', { status: 302, headers: { Location: 'http://other/' } }, { kind: 'refused' }],
    ['that fails, and nothing else went well', { status: 500 }, { kind: 'retry' }],
    ['cut off after it was done', 'do and reset', undefined],
    ['cut off before it was done', 'reset', undefined],
    ['in conflict with something that is not shown', { status: 412 }, undefined],
  ])('%s is what the server says it is', async (_, mishap, outcome) => {
    instead(is('PUT'), mishap);
    const came = await apply(creating());
    if (outcome === undefined) expect(came).toBeUndefined();
    else expect(came).toMatchObject(outcome);
    expect(JSON.stringify(came ?? '')).not.toMatch(/SECRET|Visit|s3cret/);
  });

  it('whose answer does not come in time may have been done', async () => {
    instead(is('PUT'), 'do and hang');
    const begun = performance.now();
    deadline.end();
    deadline = startDeadline(1_500, () => performance.now() - begun);
    const outcomes = await open().apply([creating(1), creating(2)], deadline);
    expect([outcomes.get(ID), outcomes.get(idOf(2))]).toEqual([
      undefined,
      { kind: 'retry', reason: 'the time of the run is over' },
    ]);
    expect([...server.items.keys()]).toEqual([ITEM]);
  });

  it('that certainly did not go out is done later', async () => {
    const collection = open();
    await list(undefined, undefined, collection);
    await server.close();
    expect(await apply(creating(), collection)).toMatchObject({ kind: 'retry', reason: expect.stringContaining('ECONNREFUSED') });
    server = await startDav();
  });

  it('that fails alone does not keep others from being done, and nothing is told of it', async () => {
    server.script = (call) => (call.method === 'PUT' && call.path === ITEM ? { status: 500 } : undefined);
    const outcomes = await open().apply([creating(1), creating(2)], deadline);
    expect([...outcomes].map(([id, { kind }]) => [id, kind])).toEqual([[idOf(2), 'done']]);
  });

  it('after one that the server put off is not tried', async () => {
    instead(is('PUT'), { status: 429, headers: { 'Retry-After': '5' } });
    const outcomes = await open().apply([creating(1), creating(2), creating(3)], deadline);
    expect([...outcomes.values()]).toMatchObject([1, 2, 3].map(() => ({ kind: 'retry', afterMs: 5_000 })));
    expect(written().filter((line) => line.startsWith('PUT'))).toHaveLength(1);
  });

  it('is never a blind one', async () => {
    const item = itemOf(await apply(creating()));
    itemOf(await apply(updating(item, { subject: 'New' })));
    await apply(removing(item));
    const conditions = server.calls
      .filter(({ method }) => ['PUT', 'DELETE'].includes(method))
      .map(({ headers }) => headers['if-none-match'] ?? headers['if-match']);
    expect(conditions).toEqual(['*', item.version, item.version]);
  });

  it.each(['update', 'delete'])('that is refused for its version for ever is stale: %s', async (what) => {
    const item = itemOf(await apply(creating()));
    instead((call) => ['PUT', 'DELETE'].includes(call.method), { status: 412 });
    expect(await apply(what === 'update' ? updating(item, { subject: 'New' }) : removing(item))).toEqual({ kind: 'stale' });
  });
});

describe('what was put', () => {
  it.each([true, false])('is told as the server keeps it, whether it tells the version or not (%s)', async (tells) => {
    server.tellsVersion = tells;
    server.keeps = (text) =>
      text.replace('SUMMARY:Visit', 'SUMMARY:Visit').replace('LOCATION:Basel', 'LOCATION:Basel\r\nX-SERVER:1');
    const item = itemOf(await apply(creating()));
    expect([item.version, entryIn(item.content).place]).toEqual(['"v1"', 'Basel']);
    server.keeps = (text) => text.replace(/SUMMARY:(.{3}).*/, 'SUMMARY:$1');
    const short = itemOf(await apply(updating(item, { subject: 'Longer' })));
    expect(entryIn(short.content).subject).toBe('Lon');
  });

  it('is unknown where somebody changed it before it was read again: the change is news', async () => {
    server.script = (call) => {
      if (is('REPORT', 'calendar-multiget')(call) && server.items.has(ITEM))
        return multistatus([
          found(
            ITEM,
            `<getetag>"later"</getetag><c:calendar-data>${(server.items.get(ITEM) ?? '').replace('Visit', 'Theirs')}</c:calendar-data>`,
          ),
        ]);
      return undefined;
    };
    expect(await apply(creating())).toBeUndefined();
  });

  it('is done where the server made another version of it that says the same', async () => {
    server.script = (call) =>
      is('REPORT', 'calendar-multiget')(call)
        ? multistatus([
            found(ITEM, `<getetag>"later"</getetag><c:calendar-data>${server.items.get(ITEM) ?? ''}</c:calendar-data>`),
          ])
        : undefined;
    expect(await apply(creating())).toMatchObject({ kind: 'done', item: { version: '"later"' } });
  });

  it('is unknown where it cannot be read again', async () => {
    instead(is('REPORT', 'calendar-multiget'), { status: 503 });
    expect(await apply(creating())).toBeUndefined();
    server.script = () => undefined;
    expect(await get(ID)).toMatchObject({ mark: ID });
  });
});
