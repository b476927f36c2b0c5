// The groupwares over which the failure list of entries is gone through, in one shape: one in memory, a folder of files, a server that
// nobody here wrote, and the stand-in of Google. A server is started when a test file first needs it, and closed at its end.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntryKind } from '../../src/core/sync/entry';
import { caldav } from '../../src/groupware/caldav/index';
import type { Collection, GroupwareUser, Listing, RemoteContent } from '../../src/groupware/groupware';
import { groupwareTools } from '../../src/parts/groupware';
import type { Person } from '../groupware/suite';
import { caldavOptions, caldavPerson } from './caldav';
import { davPerson, davTexts } from './dav-person';
import { entryFolder, type EntryFolder } from './entry-folder';
import type { GoogleSite } from './google-site';
import { googleWorld } from './google-world';
import { memoryGroupware, type MemoryGroupware } from './memory-groupware';
import { personOf } from './memory-person';
import { hasRadicale, startRadicale, type Radicale } from './radicale';
import { temporaryFolder } from './sample';

/** Which groupware. */
export type Name = 'memory' | 'folder' | 'Radicale' | 'Google';
export const ALL: readonly Name[] = ['memory', 'folder', 'Radicale', 'Google'];
/** Those of which a configuration can say where they are. */
export const CONFIGURED: readonly Name[] = ['folder', 'Radicale', 'Google'];
/** Those that keep an item as a text. */
export const OF_TEXTS: readonly Name[] = ['folder', 'Radicale'];
/** Those of which a listing can go on where the last one ended. */
export const WITH_CURSORS: readonly Name[] = ['memory', 'Radicale', 'Google'];
/** Those that know no more of when a task is due than its day. */
export const WITH_DAYS: readonly Name[] = ['Google'];
/** Why what is about the hours of tasks is not over all of them. */
export const NO_HOURS: Not = { Google: 'it knows the days of tasks alone' };

/** The items of a user as other programs see them: texts with names. */
export interface Texts {
  names(): Promise<readonly string[]>;
  read(name: string): Promise<string>;
  /** Makes an item, or another one of it. Rejects where the groupware refuses the text. */
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** A groupware of one test, with nothing in it. */
export interface World {
  open(user: GroupwareUser, kind: EntryKind): Collection;
  person(user: GroupwareUser, kind: EntryKind): Person;
  /** What a user has: all of it, whatever the engine can see of it by now. */
  contents(user: GroupwareUser, kind: EntryKind): Promise<readonly RemoteContent[]>;
  /** Nothing where items are no texts. */
  texts?(user: GroupwareUser, kind: EntryKind): Texts;
  /** The configuration of a groupware that leads these users there; nothing where no run can reach it. */
  settings?(logins: readonly string[]): object;
  /** Takes everything of a user away, as if it had been moved or its disk were not there, and brings it back. */
  takeAway?(user: GroupwareUser): () => void;
  /** Spoils an item behind the server's back, and mends it. */
  spoil?(user: GroupwareUser, kind: EntryKind, name: string, text: string): () => void;
  /** Forgets how far anybody's listings of a kind came; nothing where nobody is told. */
  forgetCursors?(user: GroupwareUser, kind: EntryKind): void;
  /** Users agree, or do so again, and the ledger of a folder keeps it; left out where nobody has to. */
  agree?(folder: string, users: readonly GroupwareUser[]): Promise<void>;
  /** Takes back what a user agreed to. */
  revoke?(user: GroupwareUser): void;
  /** Of the folder only, of the one in memory only, and of Google only. */
  readonly folder?: EntryFolder;
  readonly memory?: MemoryGroupware;
  readonly google?: GoogleSite;
  close(): Promise<void>;
}

/** Ms since 1970 UTC. */
type Clock = () => number;

const WORLDS: Readonly<Record<Name, (now: Clock, root?: string) => World | Promise<World>>> = {
  memory: memoryWorld,
  folder: folderWorld,
  Radicale: radicaleWorld,
  Google: googleWorld,
};

/** Opens one; of the folder, in a folder of its own if nobody says where. */
export async function openWorld(name: Name, now: Clock, root?: string): Promise<World> {
  return WORLDS[name](now, root);
}

/** Describes the same over some groupwares. What cannot be started here, or makes no sense over one, is skipped, and the title says why. */
export function describeOver(names: readonly Name[], title: string, body: (name: Name) => void, not: Not = {}): void {
  const isHere = (name: Name) => name !== 'Radicale' || hasRadicale;
  const [here, missing] = [names.filter(isHere), names.filter((name) => !isHere(name))];
  if (here.length > 0) describe.each(here)(`${title}, over %s:`, body);
  if (missing.length > 0) describe.skip.each(missing)(`${title}, over %s (skipped without it):`, body);
  for (const [name, why] of Object.entries(not) as [Name, string][])
    describe.skip(`${title} (not over ${name}: ${why})`, () => body(name));
}

/** Groupwares over which something makes no sense, each with the reason. */
export type Not = Readonly<Partial<Record<Name, string>>>;

/** A test. Over a groupware for which it makes no sense it is skipped, and its title says why. */
export function itOver(name: Name, title: string, not: Not, body: () => Promise<void>): void {
  const why = not[name];
  if (why === undefined) it(title, body);
  else it.skip(`${title} (not over ${name}: ${why})`, body);
}

function memoryWorld(now: Clock): World {
  const memory = memoryGroupware({}, now);
  return {
    memory,
    open: ({ login }, kind) => memory.open(login, kind),
    person: ({ login }, kind) => personOf(memory.of(login, kind)),
    forgetCursors: memory.expireCursors,
    contents: ({ login }, kind) => Promise.resolve([...memory.of(login, kind).items.values()].map(({ content }) => content)),
    close: () => Promise.resolve(),
  };
}

function folderWorld(now: Clock, root = temporaryFolder()): World {
  const folder = entryFolder(root, now);
  const { open, person, texts, takeAway, close } = folder;
  const settings = () => ({ type: 'folder', folder: root });
  return { folder, open, person, texts, settings, takeAway, close, contents: (user, kind) => contentsOf(open(user, kind)) };
}

const COMPONENTS = { event: 'VEVENT', task: 'VTODO' } as const;
const SEGMENTS = { event: 'events', task: 'tasks', contact: 'contacts' } as const;
let server: Promise<Radicale> | undefined;
let homes = 0;
afterAll(async () => (await server)?.close());

/** Homes of the test's own on the one server; of whoever is asked for, the collections are there. */
async function radicaleWorld(now: Clock): Promise<World> {
  const { url, folderOf, makeCalendar, makeAddressBook, takeAway } = await (server ??= startRadicale());
  homes += 1;
  const home = homes;
  const tools = groupwareTools({ now });
  const nameOf = (login: string) => `t${home}-${login}`;
  const made = new Set<string>();
  const collectionOf = ({ login, system }: GroupwareUser, kind: EntryKind) =>
    `${nameOf(login)}/publish-activity-${system}-${SEGMENTS[kind]}`;
  const at = (user: GroupwareUser, kind: EntryKind) => {
    const collection = collectionOf(user, kind);
    if (!made.has(collection)) {
      if (kind === 'contact') makeAddressBook(collection);
      else makeCalendar(collection, COMPONENTS[kind]);
    }
    made.add(collection);
    return `${url}/${collection}/`;
  };
  const open = (user: GroupwareUser, kind: EntryKind, path?: string) => {
    at(user, kind);
    const people = { [user.login]: caldavPerson(user.login, nameOf) };
    return caldav.open(user, kind, caldavOptions(url, { people, calendar: path, tasks: path, addressBook: path }), tools);
  };
  return {
    open: (user, kind) => open(user, kind),
    person: (user, kind) => davPerson(at(user, kind), kind, nameOf(user.login)),
    // Nobody has to look for what is known to be there.
    contents: (user, kind) =>
      existsSync(folderOf(collectionOf(user, kind)))
        ? contentsOf(open(user, kind, new URL(at(user, kind)).pathname))
        : Promise.resolve([]),
    texts: (user, kind) => davTexts(at(user, kind), kind, nameOf(user.login)),
    settings: (logins) => ({
      ...{ type: 'caldav', url },
      people: Object.fromEntries(logins.map((login) => [login, { user: nameOf(login), password: `s3cret-of-${login}` }])),
    }),
    takeAway: ({ login }) => takeAway(nameOf(login)),
    spoil: (user, kind, name, text) => {
      const file = join(folderOf(collectionOf(user, kind)), `${name}${kind === 'contact' ? '.vcf' : '.ics'}`);
      const whole = readFileSync(file);
      writeFileSync(file, text);
      return () => writeFileSync(file, whole);
    },
    forgetCursors: (user, kind) => {
      const tokens = join(folderOf(collectionOf(user, kind)), '.Radicale.cache', 'sync-token');
      if (readdirSync(tokens).length === 0) throw new Error('it has no tokens to forget');
      rmSync(tokens, { recursive: true });
    },
    close: () => Promise.resolve(),
  };
}

/** What a listing of everything shows. */
export async function contentsOf(collection: Collection): Promise<readonly RemoteContent[]> {
  const contents: RemoteContent[] = [];
  let page: string | undefined;
  do {
    const listing: Listing = await collection.list(undefined, page, FOREVER);
    if (listing.kind === 'absent') return [];
    if (listing.kind !== 'page') throw new Error(`it cannot be listed: ${JSON.stringify(listing)}`);
    contents.push(...listing.items.flatMap((item) => ('gone' in item ? [] : [item.content])));
    page = listing.next;
  } while (page !== undefined);
  return contents;
}

const FOREVER = {
  signal: new AbortController().signal,
  remainingMs: () => 60_000,
  expired: () => false,
  end: () => undefined,
};
