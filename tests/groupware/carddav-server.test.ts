// CardDAV over the stand-in: the way to an address book, how the own one is made, and what a server says of a card that it does not take.

import { startDeadline, type Deadline } from '../../src/core/deadline';
import type { EntryKind } from '../../src/core/sync/entry';
import { caldav } from '../../src/groupware/caldav/index';
import type { CaldavOptions } from '../../src/groupware/caldav/options';
import type { RemoteStep, StepOutcome } from '../../src/groupware/groupware';
import { caldavOptions, tools } from '../support/caldav';
import { cardText } from '../support/card-text';
import { error, found, multistatus, type DavReply } from '../support/dav-answers';
import { CARDS_HOME, HOME, startDav, type DavCall, type DavServer } from '../support/dav-server';
import { ANN, itemOf, NORA } from './suite';

const ID = `pa${'0'.repeat(25)}1`;
const OWN = `${CARDS_HOME}publish-activity-crm-contacts/`;
const CARD = `${OWN}${ID}.vcf`;

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

const open = (changes: Partial<CaldavOptions> = {}, path = '/dav/', kind: EntryKind = 'contact') =>
  caldav.open(ANN, kind, caldavOptions(server.url + path, changes), tools);
const creating: RemoteStep = { do: 'create', linkId: ID, entry: NORA, url: 'http://server/1' };
const apply = async (step: RemoteStep = creating, collection = open()): Promise<StepOutcome | undefined> =>
  (await collection.apply([step], deadline)).get(ID);
const list = (collection = open()) => collection.list(undefined, undefined, deadline);
const asked = () => server.calls.map(({ method, path }) => `${method} ${path}`);
const made = () => asked().filter((line) => /^MK/.test(line));
const redirect = (location: string): DavReply => ({ status: 301, headers: { Location: location } });
const withBook = (path = OWN, name = 'CRM', description = '') => server.collections.set(path, { name, description });

describe('the way to an address book', () => {
  it.each([
    ['the root, by what the server says is well known', '/', 'PROPFIND /.well-known/carddav'],
    ['some address of the server', '/dav/', 'PROPFIND /dav/'],
    ['the principal', '/dav/principals/ann/', 'PROPFIND /dav/principals/ann/'],
    ['the home', CARDS_HOME, `PROPFIND ${CARDS_HOME}`],
    ['the address book', OWN, `PROPFIND ${OWN}`],
  ])('begins at %s', async (_, path, first) => {
    withBook();
    server.script = (call) => (call.path === '/.well-known/carddav' ? redirect('/dav/') : undefined);
    const item = itemOf(await apply(creating, open({}, path)));
    expect([asked()[0], [...server.items.keys()]]).toEqual([first, [CARD]]);
    expect(await list(open({}, path))).toMatchObject({ kind: 'page', items: [item] });
  });

  it.each<[string, (other: string) => (call: DavCall) => DavReply | undefined]>([
    [
      'a redirect',
      (other) =>
        ({ path }) =>
          path === '/.well-known/carddav' ? redirect(`${other}/dav/`) : undefined,
    ],
    [
      'a home',
      (other) =>
        ({ path }) =>
          path === '/'
            ? multistatus([found('/', `<card:addressbook-home-set><href>${other}/h/</href></card:addressbook-home-set>`)])
            : undefined,
    ],
    [
      'the answer to the making of one',
      (other) =>
        ({ path, method }) => {
          if (path === '/.well-known/carddav') return redirect('/dav/');
          return method === 'MKCOL' || method === 'PUT' ? redirect(`${other}${path}`) : undefined;
        },
    ],
  ])('never takes the login to another server: %s', async (_, script) => {
    const other = await startDav();
    server.script = script(other.url);
    expect(await apply(creating, open({}, '/'))).toMatchObject({ kind: 'refused' });
    expect(other.calls).toEqual([]);
    await other.close();
  });

  it('never asks for an address book of another server that a home lists', async () => {
    const other = await startDav();
    other.collections.set(OWN, { name: 'Work', description: '' });
    const book = '<resourcetype><collection/><card:addressbook/></resourcetype><displayname>Work</displayname>';
    server.script = ({ path }) =>
      path === CARDS_HOME
        ? multistatus([found('x', book).replace('<href>x</href>', `<href>${other.url}${OWN}</href>`)])
        : undefined;
    expect(await list(open({ addressBook: 'Work' }))).toMatchObject({ kind: 'refused' });
    expect(other.calls).toEqual([]);
    await other.close();
  });
});

describe('the own address book', () => {
  it('is absent until a card is put into it, and is then made under its path, once', async () => {
    expect(await list()).toMatchObject({ kind: 'absent' });
    expect(made()).toEqual([]);
    itemOf(await apply());
    expect([...server.collections]).toEqual([[OWN, { name: 'CRM contacts', description: 'publish-activity: contacts of crm' }]]);
    expect(await apply()).toMatchObject({ kind: 'exists' });
    expect(made()).toEqual([`MKCOL ${OWN}`]);
  });

  it.each(['do and reset', { status: 500 }] as const)('is made once, whatever comes of the answer: %j', async (mishap) => {
    server.script = ({ method }) => (method === 'MKCOL' ? mishap : undefined);
    expect(await apply()).toMatchObject(mishap === 'do and reset' ? { kind: 'done' } : { kind: 'retry' });
    server.script = () => undefined;
    await apply();
    expect([...server.collections.keys()]).toEqual([OWN]);
  });

  it('is known by its mark where the server puts it elsewhere', async () => {
    server.script = ({ method }) => (method === 'MKCOL' ? { status: 201 } : undefined);
    withBook(`${CARDS_HOME}4711/`, 'renamed', 'publish-activity: contacts of crm');
    itemOf(await apply());
    expect([...server.items.keys()]).toEqual([`${CARDS_HOME}4711/${ID}.vcf`]);
  });

  it('is refused with a remedy where none can be made', async () => {
    server.script = ({ method }) => (method === 'MKCOL' ? { status: 405 } : undefined);
    expect(await apply()).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(
        /^the address book of the CRM cannot be made: .*405.*address book\?; make one there, and name it in addressBook$/,
      ),
    });
  });

  it.each<[string, EntryKind, string]>([
    ['in a calendar', 'contact', `${HOME}work/`],
    ['in another address book', 'event', `${CARDS_HOME}friends/`],
  ])('is never made %s that url names', async (_, kind, path) => {
    server.collections.set(`${HOME}work/`, { name: 'Work', description: '', component: 'VEVENT' });
    withBook(`${CARDS_HOME}friends/`, 'Friends');
    // A server that says nothing of principals and homes.
    server.script = (call) =>
      call.method === 'PROPFIND' && call.path === path
        ? multistatus([
            found(
              path,
              `<resourcetype><collection/>${kind === 'contact' ? '<c:calendar/>' : '<card:addressbook/>'}</resourcetype>`,
            ),
          ])
        : call.path.startsWith('/dav/')
          ? undefined
          : { status: 404 };
    expect(await apply(creating, open({}, path, kind))).toMatchObject({ kind: 'refused' });
    expect(made()).toEqual([]);
  });
});

describe('trouble with an address book', () => {
  it.each<[string, Partial<CaldavOptions>, RegExp]>([
    ['has no such name', { addressBook: 'Nobodies' }, /^the address book "Nobodies" is not there/],
    ['is at no such path', { addressBook: '/dav/none/' }, /^there is no address book at the path that addressBook names/],
    ['is there twice', { addressBook: 'Twin' }, /^the address book "Twin" is there 2 times; name its path/],
    ['is a calendar', { addressBook: 'Work' }, /^the address book "Work" is not there/],
  ])('is told in its own words where it %s', async (_, changes, words) => {
    for (const folder of ['a', 'b']) withBook(`${CARDS_HOME}${folder}/`, 'Twin');
    server.collections.set(`${CARDS_HOME}c/`, { name: 'Work', description: '', component: 'VEVENT' });
    expect(await list(open(changes))).toEqual({ kind: 'refused', reason: expect.stringMatching(words) });
    expect(made()).toEqual([]);
  });

  it('is told in its own words where the server shows none', async () => {
    server.script = () => ({ status: 404 });
    const reason = expect.stringMatching(/^the server shows no address books of this user; .* in addressBook, and/) as string;
    expect(await list()).toEqual({ kind: 'refused', reason });
  });

  it('is told in its own words where it was deleted', async () => {
    withBook();
    const collection = open();
    const item = itemOf(await apply(creating, collection));
    server.collections.clear();
    expect(await open().get([ID], deadline)).toEqual({ kind: 'retry', reason: 'the address book is not there' });
    expect(await apply({ do: 'delete', linkId: ID, id: item.id, version: item.version })).toEqual({
      kind: 'retry',
      reason: 'the address book is not there',
    });
  });
});

describe('a card', () => {
  beforeEach(() => withBook());

  it.each(['supported-address-data', 'valid-address-data'])(
    'that the server does not take is rejected, and no word of it told: %s',
    async (condition) => {
      server.script = ({ method }) => (method === 'PUT' ? { status: 403, body: error(condition) } : undefined);
      expect(await apply()).toEqual({
        kind: 'rejected',
        reason: `the server answered 403: it does not take the item (${condition})`,
      });
    },
  );

  it('that is too large for the server is rejected, and the next one is made', async () => {
    server.largest = 600;
    const long = { ...NORA, subject: 'x'.repeat(1_000) };
    const outcomes = await open().apply(
      [
        { ...creating, entry: long },
        { ...creating, linkId: 'pa2' },
      ],
      deadline,
    );
    expect([...outcomes]).toMatchObject([
      [ID, { kind: 'rejected', reason: 'the server answered 403: it does not take the item (max-resource-size)' }],
      ['pa2', { kind: 'done' }],
    ]);
  });

  it('of a UID that another one has is not made again, but found', async () => {
    server.items.set(`${OWN}moved by a phone`, cardText(NORA).replace('UID:theirs@phone', `UID:${ID}`));
    expect(await apply()).toMatchObject({ kind: 'exists', item: { id: '/moved by a phone' } });
    const got = await open().get([ID], deadline);
    expect('kind' in got ? got : got.get(ID)).toMatchObject({ id: '/moved by a phone' });
    expect([...server.items.keys()]).toEqual([`${OWN}moved by a phone`]);
  });
});
