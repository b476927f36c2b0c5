// Runs of `sync` in this process, with a real CRM in a file, a real folder of entries and real links, and everything between them and the
// program able to fail; and what must be true once they have recovered.

import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OBJID_BASE } from '../../src/clarify/entry-ids';
import { entryTypes } from '../../src/clarify/entry-types';
import { openEntryWriter } from '../../src/clarify/entry-writer';
import { reportOfError } from '../../src/commands/error-report';
import { sync } from '../../src/commands/groupware/sync/index';
import type { Syncing } from '../../src/commands/groupware/sync/parts';
import type { SyncContext } from '../../src/commands/groupware/sync/round';
import type { Report } from '../../src/core/report';
import { folder } from '../../src/groupware/folder/index';
import { openSqliteDatabase } from '../../src/io/sqlite';
import { openForeignStore, openSqliteStore } from '../../src/io/sqlite-store';
import type { Links } from '../../src/ledger/links';
import { openSqlLinks } from '../../src/ledger/sql-links';
import { groupwareTools } from '../../src/parts/groupware';
import { NEVER, NOON, readerOf } from '../support/entries';
import { HOUR, MINUTE } from '../support/ledger-content';
import { newLinkStore, openMemoryLinks, type LinkStore } from '../support/memory-links';
import { newMemoryStore, openMemoryLedger } from '../support/memory-ledger';
import { startNow } from '../support/rerun';
import { temporaryFolder } from '../support/sample';
import { entriesIn } from '../torture/kills/folder';
import type { Item } from '../torture/kills/items';
import { allItems, rowsOf, type Row } from '../torture/kills/look';
import { faultyClock, faultyCrm, faultyFolder, faultyLinks, faultyStore, faultyWriting, NO_FAULT, type Failing } from './seams';
import { oneGroupware } from '../support/one-groupware';

const TIME_ZONE = 'America/Chicago';
/** Kinds of which rows can be made, one of each sort. */
const TYPES = entryTypes.filter(({ name }) => name === 'appointment' || name === 'action_item');
/** How long a turn may take, in ms: more than any machine needs. */
const TURN_MS = 20_000;

/** Where the links are. */
export type LinksIn = 'memory' | 'sqlite';

/** Both sides, and what is known of them. */
export interface Desk {
  readonly crm: string;
  readonly folder: string;
  /** Links that never fail. */
  readonly links: Links;
  /** The true time, in ms since 1970 UTC. */
  readonly clock: { now: number };
  /** A process of its own. */
  sync(failing?: Failing): Promise<Report>;
  /** A desk like this one, as it is now. */
  copy(): Desk;
  close(): void;
}

/** Opens a desk over a CRM, which is copied. */
export function openDesk(crm: string, linksIn: LinksIn): Desk {
  return deskIn(crm, undefined, { store: newLinkStore(), file: undefined }, linksIn, NOON);
}

interface Kept {
  readonly store: LinkStore;
  readonly file: string | undefined;
}

function deskIn(fromCrm: string, fromFolder: string | undefined, from: Kept, linksIn: LinksIn, now: number): Desk {
  const root = temporaryFolder();
  const [crm, place, file] = [join(root, 'crm.sqlite'), join(root, 'groupware'), join(root, 'ledger')];
  copyFileSync(fromCrm, crm);
  if (fromFolder === undefined) mkdirSync(place);
  else cpSync(fromFolder, place, { recursive: true });
  for (const end of ['', '-wal', '-shm'])
    if (from.file !== undefined && existsSync(from.file + end)) copyFileSync(from.file + end, file + end);
  const store = copyOf(from.store);
  const clock = { now };
  const opened: { close(): void }[] = [];
  const open = (failing: Failing): Links => {
    if (linksIn === 'memory') return faultyLinks(openMemoryLinks(store), failing);
    const database = openSqliteStore(file);
    opened.push(database);
    return openSqlLinks(faultyStore(database, failing), 'sqlite');
  };
  const reading = openSqliteDatabase(crm);
  const writing = openForeignStore(crm);
  opened.push(reading, writing);
  const run = async (failing: Failing): Promise<Report> => {
    const parts = { owner: `run ${Math.random()}`, now: faultyClock(() => clock.now, failing), random: Math.random };
    const users = { logins: ['agent1', 'dkeller'] };
    const reader = readerOf(faultyCrm(reading, failing), { types: TYPES, users, notes: ['action_item'] });
    const newIds = { by: 'sample', base: OBJID_BASE } as const;
    const writer = openEntryWriter(faultyWriting(writing, failing), reader, {
      ...{ types: TYPES, timeZone: TIME_ZONE, engine: 'sqlite', newIds },
    });
    const tools = groupwareTools({ now: () => clock.now });
    const itemFolder: typeof tools.itemFolder = async () => {
      const openFolder = await tools.itemFolder();
      return (path, files) => faultyFolder(openFolder(path, files), failing);
    };
    const window = { past: 30 * 24 * HOUR, ahead: 60 * 24 * HOUR };
    const syncing: Syncing = {
      config: { window, firstFill: { entriesPerMinute: 0, usersPerHour: 0 }, every: 0 } as Syncing['config'],
      ...{ links: open(failing), reader, writer },
      groupwares: oneGroupware({
        fields: folder.fields,
        open: ({ login, email }, kind) =>
          folder.open({ system: 'test', login, email, timeZone: TIME_ZONE }, kind, { folder: place }, { ...tools, itemFolder }),
      }),
      rulesOf: (user) => ({
        ...{
          system: 'test',
          user,
          mayWrite: true,
          creates: writer.creates,
          deletes: 'own',
          timeZone: 'America/Chicago',
          removesContacts: false,
        },
      }),
    };
    const deadline = startNow(MINUTE);
    const context = {
      ...{ words: [], options: {}, config: { keepMessages: 90 * 24 * HOUR }, deadline },
      // No rule calls here.
      parts: {
        ...parts,
        syncing: () => Promise.resolve(syncing),
        ledger: () => Promise.resolve(openMemoryLedger(newMemoryStore())),
        spools: () => [],
      },
      attemptDeadline: () => startNow(TURN_MS),
      emit: () => undefined,
      progress: () => undefined,
    } as unknown as SyncContext;
    try {
      return await sync(context).catch(reportOfError);
    } finally {
      deadline.end();
    }
  };
  const links = open(NO_FAULT);
  return {
    ...{ crm, folder: place, links, clock },
    sync: (failing = NO_FAULT) => run(failing),
    copy: () => deskIn(crm, place, { store, file: linksIn === 'sqlite' ? file : undefined }, linksIn, clock.now),
    close: () => {
      for (const each of opened) each.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function copyOf(store: LinkStore): LinkStore {
  const copy = newLinkStore();
  for (const name of ['grants', 'committed', 'links', 'conflicts', 'writes', 'allowances', 'cursors'] as const)
    for (const [key, value] of store[name]) (copy[name] as Map<string, unknown>).set(key, value);
  for (const user of store.asked) copy.asked.add(user);
  return copy;
}

/** How everything stands: what both sides say of each entry, what gave way, and in what state each link is. */
export interface Standing {
  readonly rows: readonly string[];
  readonly items: readonly string[];
  readonly conflicts: readonly string[];
  readonly links: readonly string[];
}

/** Reads it, from outside. */
export async function standingOf({ crm, folder: place, links }: Desk): Promise<Standing> {
  const show = ({ kind, user, subject, begin, end, notes, done }: Row | Item) =>
    [kind, user, subject, begin, end, notes, String(done)].join(' | ');
  const foreign = ({ text }: Item) =>
    text
      .split('\r\n')
      .filter((line) => line.startsWith('X-OWN'))
      .join();
  const conflicts = await links.conflicts({}, 1_000, NEVER);
  const known = await links.find({}, 1_000, NEVER);
  return {
    rows: rowsOf({ crm }).map(show).sort(),
    items: allItems(entriesIn(place))
      .map((item) => `${show(item)} | ${foreign(item)}`)
      .sort(),
    conflicts: conflicts
      .map(({ field, winner, crmValue, remoteValue }) => [field, winner, crmValue, remoteValue].join(' | '))
      .sort(),
    links: known.map(({ id, state, cause }) => `${id} ${state} ${cause}`).sort(),
  };
}

/** What a quiet run leaves as it is: the bytes of files, rows, and the revisions of links. */
async function tracesOf({ crm, folder: place, links }: Desk): Promise<string> {
  const known = await links.find({}, 1_000, NEVER);
  const revisions = known.map(({ id, revision }) => `${id} ${revision}`).sort();
  return JSON.stringify([rowsOf({ crm }), allItems(entriesIn(place)).map(({ path, text }) => [path, text]), revisions]);
}

/** How long the runs may take to come to rest. */
const MOST_RUNS = 12;

/** Runs as a scheduler starts them, until one changes nothing any more. The first of them may meet a fault, too. */
export async function recover(desk: Desk, failing?: Failing): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (let before = ''; reports.length < MOST_RUNS;) {
    // Whatever was put off, also by a clock that was a day ahead, is due after some of them.
    desk.clock.now += 190 * MINUTE;
    reports.push(await desk.sync(reports.length === 0 ? failing : undefined));
    const traces = await tracesOf(desk);
    // Everybody had a turn in this very run, and it ended well.
    const isAtRest = (await desk.links.grants(NEVER)).every(({ syncedAt }) => syncedAt === desk.clock.now);
    if (traces === before && isAtRest && reports.length > 1) break;
    before = traces;
  }
  return reports;
}

/** What is wrong after a run and its recovery, where without a fault all would have come to `first` with the run, and to `wanted` at the end. */
export async function findWrong(
  desk: Desk,
  { first, wanted }: { readonly first: Standing; readonly wanted: Standing },
  { run, after, recovery }: { readonly run: Report; readonly after: Standing; readonly recovery: readonly Report[] },
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const standing = await standingOf(desk);
  for (const { result, message } of [run, ...recovery]) if (result === 'bug') wrong.push(`a bug: ${message}`);
  for (const name of ['rows', 'items', 'conflicts', 'links'] as const) {
    const [missing, more] = [without(wanted[name], standing[name]), without(standing[name], wanted[name])];
    if (missing.length + more.length > 0) wrong.push(`${name}: lacks ${missing.join('; ')}, has ${more.join('; ')}`);
  }
  if (recovery.at(-1)?.result !== 'done') wrong.push(`the last run said ${recovery.at(-1)?.message}`);
  if (recovery.length >= MOST_RUNS) wrong.push('it does not come to rest');
  // Whoever says that users are in step has done what can be done at once. By a clock that is wrong, it may be nobody's turn.
  const isAll = (['rows', 'items'] as const).every((name) => String(after[name]) === String(first[name]));
  if (run.result === 'done' && run.sums?.['users'] !== 0 && !isAll) wrong.push(`it was called done: ${run.message}`);
  return wrong;
}

/** The texts of one list that another one lacks, as often as they are there. */
function without(all: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return all.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
