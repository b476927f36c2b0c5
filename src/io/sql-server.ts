// SQL Server, as the contract of a database wants it: one connection, opened at the first query and given up as a whole when something is
// wrong with it. The driver is in sql-server-connection.ts.

import { DatabaseError, type DatabaseProblem } from '../core/database-error';
import { sleep, untilAborted } from '../core/deadline';
import type { Secret } from '../core/secret';
import type { Row, Statement, WritableDatabase } from './database';
import { openConnection, type SqlServerConnection } from './sql-server-connection';
import { notInTime, sqlServerProblem, type Lost } from './sql-server-problem';
import { asTransaction, changesOf } from './sql-server-transaction';

/** How a SQL Server is reached. */
export interface SqlServerSettings {
  /** The host's name or address, without instance and port. */
  readonly server: string;
  /** 1433 where neither port nor instance is given. */
  readonly port?: number | undefined;
  /** A named instance, whose port is asked of the SQL Server Browser; not asked where a port is given. */
  readonly instance?: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  /** Whether the whole conversation is encrypted. A server that cannot is then refused before the login goes out. */
  readonly encrypt: boolean;
  /** Whether any certificate will do. Ignored with `minTlsVersion` TLSv1.3, whose protocol (TDS 8.0) always checks it. */
  readonly trustServerCertificate: boolean;
  /** TLSv1.2 where it is left out. TLSv1.3 means TDS 8.0, which SQL Server speaks since 2022. */
  readonly minTlsVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** The text (PEM) of certificates to trust beside the usual ones. */
  readonly ca?: string | undefined;
  /** As many bytes of a column without a length (`varchar(max)`, `text`) are sent; all of them where it is left out. */
  readonly mostTextBytes?: number;
}

/** A database on a SQL Server, on which things can be tried. */
export interface SqlServerDatabase extends WritableDatabase {
  /** Runs statements as one transaction, and takes all of it back. Rejects with a DatabaseError, as {@link WritableDatabase.execute}. */
  rehearse(statements: readonly Statement[], signal: AbortSignal): Promise<void>;
}

/** After these the connection is of no more use. */
const LEAVING: ReadonlySet<DatabaseProblem> = new Set(['unavailable', 'uncertain', 'login-refused']);

/** How often a statement that only reads is tried. It holds no locks in between, so it is seldom a deadlock's victim even once. */
const MOST_READS = 3;

/**
 * A database on a SQL Server. Nothing is loaded or opened before the first query. Queries share one connection and run one after
 * the other; an aborted one takes the connection, and with it the others, along. The next query then opens a new one.
 */
export function openSqlServer(settings: SqlServerSettings): SqlServerDatabase {
  let connection: SqlServerConnection | undefined;

  const leave = (left: SqlServerConnection) => {
    left.end();
    if (connection === left) connection = undefined;
  };

  const ask = async (statement: Statement, lost: Lost, signal: AbortSignal): Promise<readonly Row[]> => {
    if (signal.aborted) throw notInTime(settings);
    const current = (connection ??= openConnection(settings));
    let rows: readonly Row[] | undefined;
    try {
      rows = await untilAborted(current.run(statement), signal);
    } catch (error) {
      const problem = sqlServerProblem(error, settings, current.progress, lost);
      if (LEAVING.has(problem.problem)) leave(current);
      throw problem;
    }
    if (rows !== undefined) return rows;
    leave(current);
    throw notInTime(settings, current.progress.asked ? lost : 'unavailable');
  };

  /** Tries again what was busy, at uneven intervals lest the same few keep meeting. */
  const patiently = async (statement: Statement, lost: Lost, mostTries: number, signal: AbortSignal): Promise<readonly Row[]> => {
    let busy: DatabaseError | undefined;
    for (let tries = 1; ; tries++) {
      try {
        return await ask(statement, lost, signal);
      } catch (error) {
        // Cut off while it waited for others: what it waited for says more than that the time was over.
        if (busy !== undefined && signal.aborted) throw busy;
        if (!(error instanceof DatabaseError) || error.problem !== 'busy' || tries === mostTries) throw error;
        busy = error;
      }
      await sleep(10 + 40 * Math.random(), signal);
    }
  };
  const query = (statement: Statement, signal: AbortSignal) => patiently(statement, 'unavailable', MOST_READS, signal);

  return {
    query,
    execute: async (statements, signal) => {
      const [row] = await patiently(asTransaction(statements), 'uncertain', Infinity, signal);
      return changesOf(row);
    },
    rehearse: async (statements, signal) => {
      await patiently(asTransaction(statements, 'ROLLBACK'), 'unavailable', Infinity, signal);
    },
    columnsOf: async (tables, signal) => {
      const listed = Object.fromEntries(tables.map((table, index) => [`table${index}`, table]));
      const names = Object.keys(listed).map((name) => `@${name}`);
      const text = `SELECT [TABLE_NAME] AS [table], [COLUMN_NAME] AS [name] FROM [INFORMATION_SCHEMA].[COLUMNS]
        WHERE [TABLE_NAME] IN (${names.join(', ')})`;
      const columns = new Map<string, Set<string>>();
      for (const row of await query({ text, parameters: listed }, signal)) {
        const table = String(row['table']).toLowerCase();
        columns.set(table, (columns.get(table) ?? new Set()).add(String(row['name']).toLowerCase()));
      }
      return columns;
    },
    close: () => {
      if (connection !== undefined) leave(connection);
    },
  };
}
