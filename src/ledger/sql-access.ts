// What those share that keep something in the ledger's database: its tables are looked at before the first statement, and its limits.

import { DatabaseError, type DatabaseProblem } from '../core/database-error';
import type { Row, Statement, WritableDatabase } from '../io/database';
import { prepareSchema, type Dialect } from './schema';

/** How many ids go into one statement; SQL Server takes 2,100 parameters. */
export const MOST_IDS = 500;

/** The ledger's tables. Both reject with a DatabaseError of the ledger. */
export interface Tables {
  readonly query: (statement: Statement, signal: AbortSignal) => Promise<readonly Row[]>;
  readonly execute: (statements: readonly Statement[], signal: AbortSignal) => Promise<readonly number[]>;
}

/** Opens the tables at the first statement, and makes them where there are none. */
export function openTables(database: WritableDatabase, dialect: Dialect): Tables {
  let prepared: Promise<void> | undefined;

  /** The tables are looked at once; a look that failed is not held against the next call. */
  const ready = (signal: AbortSignal): Promise<void> =>
    (prepared ??= prepareSchema(database, dialect, signal).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    }));
  return {
    query: (statement, signal) => asLedgers(ready(signal).then(() => database.query(statement, signal))),
    execute: (statements, signal) => asLedgers(ready(signal).then(() => database.execute(statements, signal))),
  };
}

/** Values in pieces that go into one statement. */
export function piecesOf<T>(values: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(values.length / MOST_IDS) }, (_, index) =>
    values.slice(index * MOST_IDS, (index + 1) * MOST_IDS),
  );
}

/** Reads what a filter lets through, in an order, with no more ids in a statement than it takes. */
export async function inPieces<Filter extends { readonly ids?: readonly string[] }, Kept>(
  filter: Filter,
  most: number,
  order: (one: Kept, other: Kept) => number,
  read: (filter: Filter) => Promise<readonly Kept[]>,
): Promise<readonly Kept[]> {
  const { ids = [] } = filter;
  if (ids.length <= MOST_IDS) return read(filter);
  const found: Kept[] = [];
  for (const piece of piecesOf([...new Set(ids)])) found.push(...(await read({ ...filter, ids: piece })));
  return found.sort(order).slice(0, most);
}

/** SQL Server may find a row missing and then be forestalled. It is there at the next try, so each row can clash only once. */
export async function untilNoClash<T>(work: () => Promise<T>, most: number): Promise<T> {
  for (let clashes = 0; ; clashes++) {
    try {
      return await work();
    } catch (error) {
      if (problemOf(error) !== 'duplicate' || clashes === most) throw error;
    }
  }
}

/** What a database says is wrong; `undefined` for any other error. */
export function problemOf(error: unknown): DatabaseProblem | undefined {
  return error instanceof DatabaseError ? error.problem : undefined;
}

/** Trouble with this database is trouble with the ledger, not with the CRM. */
async function asLedgers<T>(working: Promise<T>): Promise<T> {
  try {
    return await working;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new DatabaseError(error.problem, error.message, error.table, 'ledger');
  }
}
