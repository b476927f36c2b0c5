// A folder that holds a stream: every entry for ever in a SQLite file, and the files that are drawn from the newest of them.
// The SQLite file is also the lock between processes: the operating system takes it from a process that dies.

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../core/deadline';
import { messageOf } from '../core/errors';
import { replaceFiles } from './atomic-file';
import { isSqliteBusy, openSqliteFile, type SqliteConnection } from './sqlite';

/** An entry as it stands in the stream. */
export interface StreamEntry {
  /** What the caller keeps, in a text form of its own. */
  readonly record: string;
  /** When the entry was added, as an ISO 8601 instant in UTC. */
  readonly postedAt: string;
}

/** An entry to be added, and what becomes of the folder with it. */
export interface Addition {
  /** The absolute path of the folder; it is made where it is missing. */
  readonly folder: string;
  /** The entry's id for ever. A second entry with the same id is dropped. */
  readonly id: string;
  readonly record: string;
  /** How many of the newest entries are drawn. */
  readonly newest: number;
  /** The moment now, as milliseconds since 1970 UTC. */
  readonly now: () => number;
  /**
   * The names and texts of the files to be written, in the order in which they are replaced. Pure, and the same for the same
   * entries. `streamId` is a random UUID that the folder keeps for ever; the newest entry comes first.
   */
  readonly draw: (streamId: string, entries: readonly StreamEntry[]) => Readonly<Record<string, string>>;
}

/** What became of an addition. After a failure the entry is not in the stream. */
export type AdditionResult = { readonly kind: 'added' } | { readonly kind: 'failure'; readonly reason: string };

/** Adds an entry to a stream. Waits for the lock until the signal is aborted; rejects only when `draw` throws. */
export type AddToStream = (addition: Addition, signal: AbortSignal) => Promise<AdditionResult>;

const STORE = 'stream.sqlite';

// Entries are told apart by their id and ordered by their position, so that reading the newest costs the same however many there are.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stream (id TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS entry (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    posted_at TEXT NOT NULL,
    record TEXT NOT NULL
  );`;

/** {@link AddToStream} in the file system. */
export const addToStream: AddToStream = async (addition, signal) => {
  const { folder } = addition;
  try {
    await mkdir(folder, { recursive: true });
    const connection = await openSqliteFile(join(folder, STORE), { readOnly: false });
    try {
      if (!(await lock(connection, signal))) return failure(folder, 'other processes were writing to it all the time');
      await addUnderLock(connection, addition, signal);
      return { kind: 'added' };
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return failure(folder, messageOf(error));
  }
};

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
async function addUnderLock(connection: SqliteConnection, addition: Addition, signal: AbortSignal): Promise<void> {
  const { folder, id, record, newest, now, draw } = addition;
  try {
    connection.exec(SCHEMA);
    // The time is taken under the lock, so that the order of the entries and of their times is one.
    const postedAt = new Date(now()).toISOString();
    connection.run(
      'INSERT INTO entry (id, posted_at, record) SELECT @id, @postedAt, @record WHERE NOT EXISTS (SELECT 1 FROM entry WHERE id = @id)',
      { id, postedAt, record },
    );
    // A crash up to here leaves everything as it was: the next process rolls the transaction back.
    const files = draw(streamId(connection), newestEntries(connection, newest));
    const texts = Object.entries(files).map(([name, text]) => ({ path: join(folder, name), text }));
    await replaceFiles(texts, signal);
    // A crash between the first rename and the end of the commit leaves files that are ahead of the store. Nobody was told that the
    // entry was added, so it comes again under its id; a different entry that comes first takes it out of the files until then.
    connection.exec('COMMIT');
    // A crash from here on leaves all as it should be; only the caller does not know it, and the same id coming again changes nothing.
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}

function streamId(connection: SqliteConnection): string {
  const [known] = connection.all('SELECT id FROM stream');
  if (known !== undefined) return String(known['id']);
  const id = randomUUID();
  connection.run('INSERT INTO stream (id) VALUES (@id)', { id });
  return id;
}

function newestEntries(connection: SqliteConnection, count: number): readonly StreamEntry[] {
  const rows = connection.all('SELECT posted_at, record FROM entry ORDER BY position DESC LIMIT @count', { count });
  return rows.map((row) => ({ postedAt: String(row['posted_at']), record: String(row['record']) }));
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
