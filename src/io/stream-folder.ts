// A folder that holds a stream: every entry for ever in a SQLite file, and the files that are drawn from it: those with the newest
// entries, and the pages of the archive. The SQLite file is also the lock between processes: the operating system takes it from a
// process that dies.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../core/deadline';
import { codeOf, messageOf } from '../core/errors';
import { replaceFiles, type FileText } from './atomic-file';
import { FILE_MODES } from './file-modes';
import { makeFile, makeFolder } from './made-file';
import { holdsText, whenReachable } from './regular-file';
import { isSqliteBusy, openSqliteFile, type SqliteConnection } from './sqlite';
import {
  archivePages,
  entriesOf,
  insertEntry,
  newestEntries,
  pageOf,
  placeEntries,
  prepareStore,
  setDrawnFrom,
  streamId,
  type ArchivePage,
  type StreamEntry,
} from './stream-store';

export type { ArchivePage, StreamEntry };

/** An entry to be added, and what becomes of the folder with it. */
export interface Addition {
  /** The absolute path of the folder; it is made where it is missing. */
  readonly folder: string;
  /** The entry's id for ever. A second entry with the same id is dropped. */
  readonly id: string;
  readonly record: string;
  /** How many of the newest entries are drawn beside the pages of the archive. */
  readonly newest: number;
  /** The moment now, as milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** A text that differs whenever pages that were drawn before would be drawn differently now. */
  readonly look: string;
  /** The file without which a page of the archive is not there. */
  readonly fileOf: (page: string) => string;
  /** The names and texts of the files to be written, in the order in which they are replaced. Pure. */
  readonly draw: (drawing: Drawing) => Readonly<Record<string, string>>;
}

/** What the files of a folder are drawn from. */
export interface Drawing {
  /** A random UUID that the folder keeps for ever. */
  readonly streamId: string;
  /** The newest entries by when they were added, the newest first. */
  readonly newest: readonly StreamEntry[];
  /** All pages of the archive, the newest first. */
  readonly pages: readonly ArchivePage[];
  /** Those that have to be drawn, with their entries, the newest first. */
  readonly due: readonly DuePage[];
}

/** A page that has to be drawn, and the names of its neighbours, `undefined` at the ends of the archive. */
export interface DuePage {
  readonly page: ArchivePage;
  readonly entries: readonly StreamEntry[];
  readonly newer: ArchivePage | undefined;
  readonly older: ArchivePage | undefined;
}

/** What became of an addition: the name of the page that the entry stands in. After a failure the entry is not in the stream. */
export type AdditionResult =
  { readonly kind: 'added'; readonly page: string } | { readonly kind: 'failure'; readonly reason: string };

/** Adds an entry to a stream. Waits for the lock until the signal is aborted; rejects only when `draw` throws. */
export type AddToStream = (addition: Addition, signal: AbortSignal) => Promise<AdditionResult>;

const STORE = 'stream.sqlite';

/**
 * How many pages one addition draws at the most. Usually it is one, or two where a new one begins. More are due where a new version
 * meets a folder of an earlier one, or files were deleted; the next additions take up what is left.
 */
const PAGES_AT_ONCE = 20;

/** {@link AddToStream} in the file system. */
export const addToStream: AddToStream = async (addition, signal) => {
  const { folder } = addition;
  try {
    await whenReachable(join(folder, STORE));
    if (!existsSync(join(folder, STORE))) makeStore(folder);
    const connection = await openSqliteFile(join(folder, STORE), { readOnly: false });
    try {
      if (!(await lock(connection, signal))) return failure(folder, 'other processes were writing to it all the time');
      return { kind: 'added', page: await addUnderLock(connection, addition, signal) };
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return failure(folder, messageOf(error));
  }
};

/** Makes the empty store, and the folder where it is missing. */
function makeStore(folder: string): void {
  makeFolder(folder, FILE_MODES.feedFolder);
  try {
    makeFile(join(folder, STORE), FILE_MODES.feedStore);
  } catch (error) {
    // Another process was faster.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/**
 * Takes the lock; false where the signal was aborted before. SQLite's own wait would block the event loop, so it answers at once
 * and is asked again, at uneven intervals lest many processes keep meeting. The lock is exclusive from the start, because a commit
 * that has yet to raise its lock could find another process in its way.
 */
async function lock(connection: SqliteConnection, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    try {
      connection.exec('BEGIN EXCLUSIVE');
      return true;
    } catch (error) {
      if (!isSqliteBusy(error)) throw error;
    }
    if (signal.aborted) return false;
    await sleep(5 + 25 * Math.random(), signal);
  }
}

/** With the lock in hand the rest takes milliseconds, so it is finished even if the signal is aborted meanwhile. */
async function addUnderLock(connection: SqliteConnection, addition: Addition, signal: AbortSignal): Promise<string> {
  const { folder, id, record, newest, now, draw } = addition;
  try {
    prepareStore(connection);
    // The time is taken under the lock, so that the order of the entries and of their times is one.
    insertEntry(connection, id, new Date(now()).toISOString(), record);
    placeEntries(connection);
    const own = pageOf(connection, id);
    // A crash up to here leaves everything as it was: the next process rolls the transaction back.
    const pages = archivePages(connection);
    const due = duePages(connection, addition, pages, own, new Set(await readdir(folder)));
    const drawing = { streamId: streamId(connection), newest: newestEntries(connection, newest), pages, due };
    await replaceFiles(await changedFiles(folder, draw(drawing)), FILE_MODES.feedPage, signal);
    for (const page of due) setDrawnFrom(connection, page.page.name, sourceOf(addition.look, page));
    // A crash between the first rename and the end of the commit leaves files that are ahead of the  Nobody was told that the
    // entry was added, so it comes again under its id; a different entry that comes first takes it out of the files until then.
    connection.exec('COMMIT');
    // A crash from here on leaves all as it should be; only the caller does not know it, and the same id coming again changes nothing.
    return own;
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}

/** The pages that would be drawn differently now, and those whose file is gone: the own one first, then the newest. */
function duePages(
  connection: SqliteConnection,
  { look, fileOf }: Addition,
  pages: readonly ArchivePage[],
  own: string,
  present: ReadonlySet<string>,
): readonly DuePage[] {
  const linked = pages.map((page, index) => ({ page, newer: pages[index - 1], older: pages[index + 1] }));
  const due = linked.filter((each) => each.page.drawnFrom !== sourceOf(look, each) || !present.has(fileOf(each.page.name)));
  const ownFirst = [...due.filter(({ page }) => page.name === own), ...due.filter(({ page }) => page.name !== own)];
  return ownFirst.slice(0, PAGES_AT_ONCE).map((each) => ({ ...each, entries: entriesOf(connection, each.page.name) }));
}

/** What a page is drawn from, beside the entries themselves, which never change. */
function sourceOf(look: string, { page, newer, older }: Omit<DuePage, 'entries'>): string {
  return JSON.stringify([look, page.entries, newer?.name, older?.name]);
}

/** The files that do not have their text yet: a style sheet that stays the same keeps its date, and needs no place on a full disk. */
async function changedFiles(folder: string, files: Readonly<Record<string, string>>): Promise<readonly FileText[]> {
  const texts = Object.entries(files).map(([name, text]) => ({ path: join(folder, name), text }));
  const areUpToDate = await Promise.all(texts.map(({ path, text }) => holdsText(path, text)));
  return texts.filter((_, index) => areUpToDate[index] !== true);
}

/** SQLite has already rolled back by itself after some errors, a full disk for one, and then refuses to do it again. */
function rollBack(connection: SqliteConnection): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // What went wrong before is what the caller must hear about.
  }
}

/** Whether it is the system or SQLite that refused (no rights, no space, no folder), and not this program that is wrong. */
function isTrouble(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ('syscall' in error || 'errcode' in error);
}

function failure(folder: string, reason: string): AdditionResult {
  return { kind: 'failure', reason: `the folder ${folder} cannot be written: ${reason}` };
}
