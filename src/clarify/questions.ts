// Asks the CRM what only some sites can answer in full: the columns that a site lacks are looked up once, and left out.

import { DatabaseError } from '../core/database-error';
import type { Database, Row } from '../io/database';
import type { ActivityStatement } from './activity-query';
import type { Column } from './path';

/** Whether a site lacks a column. */
export type Lacks = (column: Column) => boolean;

/**
 * Asks for rows. `kind` is what statements of one kind, which can do without the same columns, are known by; `canDo` tells whether one
 * makes sense without what a site lacks. Rejects with a DatabaseError.
 */
export type Ask = (
  kind: string,
  make: (lacks?: Lacks) => ActivityStatement,
  canDo: (lacks: Lacks) => boolean,
  signal: AbortSignal,
) => Promise<readonly Row[]>;

/** Asks through a connection. What the site lacks is looked up at most once for each kind. */
export function openQuestions(database: Database): Ask {
  const lacking = new Map<string, Lacks>();
  const ask: Ask = async (kind, make, canDo, signal) => {
    const known = lacking.get(kind);
    const statement = make(known);
    try {
      return await database.query(statement, signal);
    } catch (error) {
      // A column is missing, or the table of one: those that may be missing are looked up, and left out from now on.
      const isGap = error instanceof DatabaseError && ['unknown-column', 'configuration'].includes(error.problem);
      if (!isGap || known !== undefined) throw error;
      const lacks = await lookUpLacks(statement.optional, database, signal);
      if (!statement.optional.some(lacks) || !canDo(lacks)) throw error;
      lacking.set(kind, lacks);
      return ask(kind, make, canDo, signal);
    }
  };
  return ask;
}

/** Looks up which of some columns a site does not have. Rejects with a DatabaseError. */
export async function lookUpLacks(
  columns: readonly Column[],
  database: Pick<Database, 'columnsOf'>,
  signal: AbortSignal,
): Promise<Lacks> {
  const tables = [...new Set(columns.map(({ table }) => table.toLowerCase()))];
  const known = await database.columnsOf(tables, signal);
  const isMissing = ({ table, column }: Column) => known.get(table.toLowerCase())?.has(column.toLowerCase()) !== true;
  const missing = new Set(columns.filter(isMissing).map(spell));
  return (column) => missing.has(spell(column));
}

/** A column as `table.column`. */
export function spell({ table, column }: Column): string {
  return `${table}.${column}`;
}
