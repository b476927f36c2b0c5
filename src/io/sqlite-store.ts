// A database of our own in a SQLite file: a write-ahead log, so that readers and the writer do not wait for each other, and every commit
// on the disk before its promise resolves (https://www.sqlite.org/wal.html).

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DatabaseError, type DatabaseProblem } from '../core/database-error';
import { sleep } from '../core/deadline';
import { codeOf, messageOf } from '../core/errors';
import type { Statement, WritableDatabase } from './database';
import { FILE_MODES } from './file-modes';
import { makeFile, makeFolder } from './made-file';
import { whenReachable } from './regular-file';
import {
  isSqliteBusy,
  openSqliteFile,
  sqliteCodeOf,
  sqliteColumns,
  sqliteProblem,
  sqliteText,
  type SqliteConnection,
} from './sqlite';

/** `\\server\share` in all its spellings, but not `\\?\C:\folder`. */
export const NETWORK_PATH = /^[\\/]{2}(?![.?][\\/])|^[\\/]{2}\?[\\/]UNC[\\/]/i;

/** How long a lock is waited for before it is asked for again, in ms: a commit takes a few. */
const SHORTEST_LOCK_PAUSE_MS = 6;
const LONGEST_LOCK_PAUSE_MS = 120;

/** How many turns of the event loop a commit waits for others. All of them take some microseconds. */
const TURNS = 3;

/** Opens the file at the first use, and makes it, and its folder, where it is missing. */
export function openSqliteStore(file: string): WritableDatabase {
  return openWritable(file, openStore);
}

/** Opens somebody else's file at the first use. It has to be there, and how it keeps its log stays as it is. */
export function openForeignStore(file: string): WritableDatabase {
  return openWritable(file, openForeign);
}

function openWritable(file: string, open: (file: string) => Promise<SqliteConnection>): WritableDatabase {
  let opened: Promise<SqliteConnection> | undefined;
  const close = () => {
    opened?.then((open) => open.close()).catch(() => undefined);
    opened = undefined;
  };
  const connection = () =>
    (opened ??= open(file).catch((error: unknown) => {
      opened = undefined;
      throw error;
    }));

  /**
   * SQLite's own wait for a lock would block the event loop, so it answers at once and is asked again: at uneven intervals lest many
   * processes keep meeting, and at longer and longer ones lest hundreds spend the machine on asking. It is asked at least once, even if
   * the signal is aborted already.
   */
  const patiently = async <T>(work: (open: SqliteConnection) => T | Promise<T>, signal: AbortSignal): Promise<T> => {
    let waitMs = SHORTEST_LOCK_PAUSE_MS;
    for (let passing = 0; ;) {
      try {
        return await work(await connection());
      } catch (error) {
        if (isPassing(error) && passing++ < MOST_PASSING) close();
        else if (!isSqliteBusy(error)) throw storeProblem(error, file);
      }
      if (signal.aborted) throw new DatabaseError('busy', `the database ${file} was busy with other processes until the end`);
      await sleep(waitMs * (0.5 + Math.random()), signal);
      waitMs = Math.min(LONGEST_LOCK_PAUSE_MS, waitMs * 1.3);
    }
  };

  let waiting: Job[] = [];
  const commit = (statements: readonly Statement[]) =>
    new Promise<readonly number[]>((resolve, reject) => {
      waiting.push({ statements, resolve, reject });
      if (waiting.length === 1) void commitAll();
    });
  /**
   * What is asked for in a few turns of the event loop goes to the disk at once, because the disk is most of what a commit costs.
   * While it is waited for, nothing else of this process goes on, so what can be sent before that is sent in these turns.
   */
  const commitAll = async () => {
    for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
    const jobs = waiting;
    waiting = [];
    try {
      runTransaction(await connection(), jobs, file);
    } catch (error) {
      for (const { reject } of jobs) reject(error);
    }
  };

  return {
    query: (statement, signal) => patiently((store) => store.all(sqliteText(statement), statement.parameters), signal),
    execute: (statements, signal) => patiently(() => commit(statements), signal),
    columnsOf: (tables, signal) => patiently((store) => sqliteColumns(store, tables), signal),
    close,
  };
}

/** Statements that come true all together or not at all, and whoever waits to hear how many rows each changed. */
interface Job {
  readonly statements: readonly Statement[];
  readonly resolve: (changes: readonly number[]) => void;
  readonly reject: (error: unknown) => void;
}

/** From begin to commit without a pause, so that nothing else of this process comes between. A job that fails undoes only itself. */
function runTransaction(open: SqliteConnection, jobs: readonly Job[], file: string): void {
  // As a writer from the start: one that has read before it writes could not be given the lock any more.
  open.exec('BEGIN IMMEDIATE');
  try {
    const tellings = jobs.map((job) => runJob(open, job, file));
    commitToDisk(open, file);
    for (const tell of tellings) tell();
  } catch (error) {
    undo(open, 'ROLLBACK');
    // What fails here for another reason than a lock is not tried again.
    throw isSqliteBusy(error) ? error : storeProblem(error, file);
  }
}

/** A commit that failed in the middle, as a disk does, may be found whole by the next process that opens the log. A full disk took none of it. */
function commitToDisk(open: SqliteConnection, file: string): void {
  try {
    open.exec('COMMIT');
  } catch (error) {
    if (![10, 14].includes(sqliteCodeOf(error) & 0xff)) throw error;
    throw new DatabaseError('uncertain', `the database ${file} answered: ${messageOf(error)}`);
  }
}

/** Runs a job, and answers how to tell what became of it: nobody may hear of it before it is committed. */
function runJob(open: SqliteConnection, { statements, resolve, reject }: Job, file: string): () => void {
  open.exec('SAVEPOINT job');
  try {
    const changes = statements.map(({ text, parameters }) => open.run(text, parameters).changes);
    return () => resolve(changes);
  } catch (error) {
    if (!undo(open, 'ROLLBACK TO job')) throw error;
    return () => reject(isSqliteBusy(error) ? error : storeProblem(error, file));
  }
}

/** After some errors, a full disk for one, SQLite has rolled back everything by itself and refuses to do it again. */
function undo(open: SqliteConnection, how: 'ROLLBACK' | 'ROLLBACK TO job'): boolean {
  try {
    open.exec(how);
    return true;
  } catch {
    // What went wrong before is what the caller must hear about.
    return false;
  }
}

async function openStore(file: string): Promise<SqliteConnection> {
  if (NETWORK_PATH.test(file)) {
    const reason = 'is on a network share, where the write-ahead log of SQLite fails; name a file on a disk of this machine';
    throw new DatabaseError('configuration', `the database ${file} ${reason}`);
  }
  await whenReachable(file);
  if (!existsSync(file)) makeStore(file);
  const open = await openSqliteFile(file, { readOnly: false });
  try {
    const [answer] = open.all('PRAGMA journal_mode = WAL');
    if (answer?.['journal_mode'] !== 'wal') {
      throw new DatabaseError('configuration', `the database ${file} is on a file system that cannot have a write-ahead log`);
    }
    open.exec('PRAGMA synchronous = FULL');
    // What a job may have to take back is kept in memory, not in a file of its own.
    open.exec('PRAGMA temp_store = MEMORY');
    // What is emptied, because its time is over or somebody asks, is overwritten in the file as well.
    open.exec('PRAGMA secure_delete = ON');
    return open;
  } catch (error) {
    open.close();
    throw error;
  }
}

async function openForeign(file: string): Promise<SqliteConnection> {
  await whenReachable(file);
  if (!existsSync(file)) throw new DatabaseError('configuration', `there is no database file ${file}`);
  const open = await openSqliteFile(file, { readOnly: false });
  try {
    open.exec('PRAGMA synchronous = FULL');
    return open;
  } catch (error) {
    open.close();
    throw error;
  }
}

/** SQLite gives its log the rights of the file. */
function makeStore(file: string): void {
  makeFolder(dirname(file), FILE_MODES.ledgerFolder);
  try {
    makeFile(file, FILE_MODES.ledger);
  } catch (error) {
    // Another process was faster.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** By the result code, extended or primary: https://www.sqlite.org/rescode.html. */
const PROBLEMS: Readonly<Record<number, DatabaseProblem>> = {
  3: 'not-writable',
  8: 'not-writable',
  10: 'not-writable',
  13: 'not-writable',
  14: 'not-writable',
  11: 'configuration',
  26: 'configuration',
  19: 'refused',
  1555: 'duplicate',
  2067: 'duplicate',
};

/**
 * Trouble that passes (IOERR, CANTOPEN, PROTOCOL): while the last of other processes closes the file and takes the log away, opening
 * them can fail.
 */
const PASSING: readonly number[] = [10, 14, 15];
/** How often it is tried again before it is taken for what it says. */
const MOST_PASSING = 5;

function isPassing(error: unknown): boolean {
  return PASSING.includes(sqliteCodeOf(error) & 0xff);
}

const SYSTEM_PROBLEM = /^(EACCES|EPERM|EROFS|ENOSPC|EDQUOT|ENOTDIR|EISDIR|ENOTFILE|EEXIST)$/;

function storeProblem(error: unknown, file: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const code = sqliteCodeOf(error);
  const problem = SYSTEM_PROBLEM.test(codeOf(error)) ? 'not-writable' : (PROBLEMS[code] ?? PROBLEMS[code & 0xff]);
  return problem === undefined
    ? sqliteProblem(error, file)
    : new DatabaseError(problem, `the database ${file} answered: ${messageOf(error)}`);
}
