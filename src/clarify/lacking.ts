// What a site's schema lacks, for the commands that ask before they read. Publishing asks only once a statement fails (decision 6).

import type { Database } from '../io/database';
import type { Column } from './path';

/** Looks up which of some columns a site does not have, as a function that tells. Rejects with a DatabaseError. */
export async function lookUpLacks(
  columns: readonly Column[],
  database: Pick<Database, 'columnsOf'>,
  signal: AbortSignal,
): Promise<(column: Column) => boolean> {
  const known = await database.columnsOf([...new Set(columns.map(({ table }) => table.toLowerCase()))], signal);
  return ({ table, column }) => known.get(table.toLowerCase())?.has(column.toLowerCase()) !== true;
}
