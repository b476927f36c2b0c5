// SQL Server, as the contract of a database wants it: one connection, opened at the first query and given up as a whole when something is
// wrong with it. The driver is in sql-server-connection.ts.

import { DatabaseError, type DatabaseProblem } from '../core/database-error';
import { sleep, untilAborted } from '../core/deadline';
import type { Rehearsing, Row, Statement, WritableDatabase } from './database';
import { openConnection, type SqlServerConnection } from './sql-server-connection';
import { notInTime, sqlServerProblem, type Lost } from './sql-server-problem';
import type { SqlServerSettings } from './sql-server-settings';
import { asTransaction, changesOf } from './sql-server-transaction';

/** A database on a SQL Server, on which things can be tried. */
export interface SqlServerDatabase extends WritableDatabase, Rehearsing {}

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
