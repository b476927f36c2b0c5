// SQLite through @photostructure/sqlite, which has the API of node:sqlite, so that node:sqlite can take its place here one day.
// Two things are made of it: a plain connection for our own files, and the CRM's database of the embedded sample.

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DatabaseError } from '../core/database-error';
import { sleep } from '../core/deadline';
import { codeOf, messageOf } from '../core/errors';
import type { Database, Parameter, Row, Statement } from './database';
import { refuseUnlessFileAt, whenReachable } from './regular-file';

/** A connection to a file of our own. Every call is synchronous, and throws what SQLite answers. */
export interface SqliteConnection {
  /** Runs statements without parameters. */
  exec(sql: string): void;
  /** The rows of a query. `@name` parameters are given without the `@`. */
  all(sql: string, parameters?: Readonly<Record<string, Parameter>>): readonly Row[];
  /** Runs one statement and says how many rows it changed. */
  run(sql: string, parameters?: Readonly<Record<string, Parameter>>): { readonly changes: number };
  close(): void;
}

/** How a file is opened. */
export interface OpenOptions {
  /** Otherwise the file is made where it is missing. */
  readonly readOnly: boolean;
  /** Whether nobody changes the file meanwhile, so that nothing is made beside it (https://www.sqlite.org/uri.html). */
  readonly immutable?: boolean;
}

/** Opens a file. A locked one is answered at once, never waited for. */
export async function openSqliteFile(file: string, { readOnly, immutable = false }: OpenOptions): Promise<SqliteConnection> {
  refuseUnlessFileAt(file);
  const { DatabaseSync } = await import('@photostructure/sqlite');
  const address = immutable ? `${pathToFileURL(file).href}?immutable=1` : file;
  const database = new DatabaseSync(address, { readOnly, timeout: 0 });
  const prepared = new Map<string, ReturnType<typeof database.prepare>>();
  const prepare = (sql: string) => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = database.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  return {
    exec: (sql) => database.exec(sql),
    all: (sql, parameters = {}) => prepare(sql).all(parameters) as readonly Row[],
    run: (sql, parameters = {}) => prepare(sql).run(parameters),
    close: () => {
      prepared.clear();
      database.close();
    },
  };
}

/** SQLite's words for the codes that matter here, because the library leaves the code out where a query fails while it runs. */
const CODE_BY_MESSAGE: Readonly<Record<string, number>> = {
  'database is locked': 5,
  'database table is locked': 6,
  'attempt to write a readonly database': 8,
  'disk I/O error': 10,
  'database disk image is malformed': 11,
  'database or disk is full': 13,
  'unable to open database file': 14,
  'locking protocol': 15,
  'file is not a database': 26,
};

/** The result code of an error of SQLite, extended where it is known (https://www.sqlite.org/rescode.html); 0 for any other error. */
export function sqliteCodeOf(error: unknown): number {
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) : 0;
  return code === 0 ? (CODE_BY_MESSAGE[messageOf(error)] ?? 0) : code;
}

/** Whether SQLite answered that somebody else holds the lock. */
export function isSqliteBusy(error: unknown): boolean {
  return [5, 6].includes(sqliteCodeOf(error) & 0xff);
}

/** The text of a statement in SQLite's words. */
export function sqliteText({ text, most }: Statement): string {
  return most === undefined ? text : `${text} LIMIT ${most}`;
}

/** How long a lock is waited for, in ms: a commit takes some, and whoever holds it longer is no commit. */
const LOCK_PATIENCE_MS = 2_000;
const FIRST_LOCK_PAUSE_MS = 5;

/** The CRM's database in a SQLite file, opened for reading at the first query. */
export function openSqliteDatabase(file: string): Database {
  let opened: Promise<SqliteConnection> | undefined;
  const askOnce = async <T>(question: (connection: SqliteConnection) => T): Promise<T> => {
    try {
      return question(await (opened ??= openForReading(file)));
    } catch (error) {
      if (isCutOff(error, file)) await rollBack(file);
      else if (isOnReadOnlyDisk(error, file)) opened = openSqliteFile(file, { readOnly: true, immutable: true });
      else throw error;
      return question(await (opened ??= openForReading(file)));
    }
  };
  /** Asks again while somebody commits. Whatever else fails becomes a DatabaseError. */
  const ask = async <T>(question: (connection: SqliteConnection) => T, signal: AbortSignal): Promise<T> => {
    for (let waitedMs = 0, waitMs = FIRST_LOCK_PAUSE_MS; ; waitedMs += waitMs, waitMs *= 2) {
      try {
        return await askOnce(question);
      } catch (error) {
        if (!isSqliteBusy(error) || waitedMs >= LOCK_PATIENCE_MS || signal.aborted) throw sqliteProblem(error, file);
        await sleep(waitMs, signal);
      }
    }
  };
  return {
    query: (statement, signal) => ask((connection) => connection.all(sqliteText(statement), statement.parameters), signal),
    columnsOf: (tables, signal) => ask((connection) => sqliteColumns(connection, tables), signal),
    close: () => {
      opened?.then(
        (open) => open.close(),
        () => undefined,
      );
    },
  };
}

/** The columns of tables, see {@link Database.columnsOf}. */
export function sqliteColumns(connection: SqliteConnection, tables: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const columns = new Map<string, ReadonlySet<string>>();
  for (const table of tables) {
    const rows = connection.all('SELECT name FROM pragma_table_info(@table)', { table });
    if (rows.length > 0) columns.set(table.toLowerCase(), new Set(rows.map((row) => String(row['name']).toLowerCase())));
  }
  return columns;
}

async function openForReading(file: string): Promise<SqliteConnection> {
  await whenReachable(file);
  if (!existsSync(file)) throw new DatabaseError('configuration', `there is no database file ${file}`);
  return openSqliteFile(file, { readOnly: true });
}

/**
 * Whether a program was killed while it wrote, so that what is there has to be rolled back before anybody can read it. Whoever reads only
 * is not allowed to (https://www.sqlite.org/lockingv3.html#hot_journals).
 */
function isCutOff(error: unknown, file: string): boolean {
  return (sqliteCodeOf(error) & 0xff) === 8 && existsSync(`${file}-journal`);
}

/** Lets SQLite roll back what was cut off, as it does for the first one who may write. */
async function rollBack(file: string): Promise<void> {
  const writing = await openSqliteFile(file, { readOnly: false });
  try {
    writing.all('SELECT 1 FROM sqlite_master');
  } finally {
    writing.close();
  }
}

/**
 * Whether a database with a write-ahead log cannot be read because the files beside it, which even a reader makes, cannot be made. Where
 * there is no log, the file has all of it (https://www.sqlite.org/wal.html#read_only_databases).
 */
function isOnReadOnlyDisk(error: unknown, file: string): boolean {
  return (sqliteCodeOf(error) & 0xff) === 14 && existsSync(file) && !existsSync(`${file}-wal`);
}

/** What an error of SQLite or of the file system means to a reader. */
export function sqliteProblem(error: unknown, file: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const message = messageOf(error);
  const text = `the database ${file} answered: ${message}`;
  if (/no such column/.test(message)) return new DatabaseError('unknown-column', text);
  if (/no such table/.test(message)) return new DatabaseError('configuration', text, 'absent');
  if (/not a database/.test(message) || /EACCES|EPERM|EISDIR|ENOTFILE/.test(codeOf(error)))
    return new DatabaseError('configuration', text);
  return new DatabaseError('unavailable', text);
}
