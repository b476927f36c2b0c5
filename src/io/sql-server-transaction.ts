// Several statements as one batch of SQL Server, so that a transaction is one round trip. Pure.

import type { Parameter, Row, Statement } from './database';

/** How long a statement waits for a lock before the transaction is given up and tried again, in ms. */
const LOCK_TIMEOUT_MS = 1_000;

/**
 * One statement that runs all of them as a transaction and answers with one row, see {@link changesOf}. With XACT_ABORT any error
 * ends the batch and rolls back (https://learn.microsoft.com/sql/t-sql/statements/set-xact-abort-transact-sql). A parameter that has
 * the same name and value in several statements is sent once. With ROLLBACK nothing of it stays.
 */
export function asTransaction(statements: readonly Statement[], end: 'COMMIT' | 'ROLLBACK' = 'COMMIT'): Statement {
  const parameters: Record<string, Parameter> = {};
  const bodies = statements.map((statement, index) => `${renamed(statement, parameters)};\nSET @rows${index} = @@ROWCOUNT;`);
  const counters = statements.map((_, index) => `@rows${index}`);
  const text = [
    `SET NOCOUNT ON; SET XACT_ABORT ON; SET LOCK_TIMEOUT ${LOCK_TIMEOUT_MS};`,
    `DECLARE ${counters.map((counter) => `${counter} INT`).join(', ')};`,
    'BEGIN TRANSACTION;',
    ...bodies,
    `${end} TRANSACTION;`,
    `SELECT ${counters.map((counter, index) => `${counter} AS [rows${index}]`).join(', ')}`,
  ].join('\n');
  return { text, parameters };
}

/** How many rows each statement of a transaction changed, from the row that it answered with. */
export function changesOf(row: Row | undefined): readonly number[] {
  return Object.values(row ?? {}).map(Number);
}

/** The text with names of parameters that are free, or that stand for the same value already. */
function renamed({ text, parameters }: Statement, taken: Record<string, Parameter>): string {
  return text.replace(/@(\w+)/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`the parameter @${name} has no value`);
    let free = name;
    for (let count = 2; Object.hasOwn(taken, free) && taken[free] !== value; count++) free = `${name}_${count}`;
    taken[free] = value;
    return `@${free}`;
  });
}
