// Which columns a site does not give. What its schema does not list may be there all the same: behind a synonym, or behind rights that
// are given by column. So a column counts as absent only when the server, asked for exactly this one, says that it does not know it.

import { DatabaseError } from '../core/database-error';
import type { Database } from '../io/database';
import type { Column } from './path';
import { sqlName } from './sql-name';

/** Whether a site does not give a column. */
export type Lacks = (column: Column) => boolean;

/** Why a site does not give some columns. */
export class Gaps {
  /** `problems` has what the server answered for each of them, by its spelling. */
  constructor(private readonly problems: ReadonlyMap<string, DatabaseError>) {}

  get isEmpty(): boolean {
    return this.problems.size === 0;
  }

  /** Whether a column is not there, or may not be read. */
  readonly lacks: Lacks = (column) => this.problems.has(spell(column));

  /** Whether a column is surely not there. One that may not be read is. */
  readonly isAbsent = (column: Column): boolean => {
    const problem = this.problems.get(spell(column));
    return problem?.problem === 'unknown-column' || problem?.table === 'absent';
  };

  /** What the server answered for the first of some columns that it does not give. */
  problemOf(columns: readonly Column[]): DatabaseError | undefined {
    const [first] = columns.filter(this.lacks);
    return first && this.problems.get(spell(first));
  }

  /**
   * Why something cannot be decided, such as what is posted: one of the columns that decide may be there, and cannot be read. One that is surely absent
   * hides nothing.
   */
  doubtAbout(decisive: readonly Column[], about = 'posts'): DatabaseError | undefined {
    const column = decisive.find((each) => this.lacks(each) && !isSurelyAbsent(this.problems.get(spell(each))));
    const problem = column && this.problems.get(spell(column));
    if (column === undefined || problem === undefined) return undefined;
    return new DatabaseError(problem.problem, `${spell(column)} decides about ${about} and cannot be read: ${problem.message}`);
  }
}

/** Whether a column is not there, or its whole table: what may not be read, the server calls otherwise. */
function isSurelyAbsent(error: DatabaseError | undefined): boolean {
  return error?.problem === 'unknown-column' || error?.table === 'absent';
}

/** Whether an error says that a column or a table is not there, or may not be read. */
export function isGap(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && ['unknown-column', 'configuration'].includes(error.problem);
}

/** Looks up which of some columns a site does not list, and asks for each of these. Rejects with a DatabaseError. */
export async function lookUpGaps(
  columns: readonly Column[],
  database: Pick<Database, 'query' | 'columnsOf'>,
  signal: AbortSignal,
): Promise<Gaps> {
  const tables = [...new Set(columns.map(({ table }) => table.toLowerCase()))];
  const listed = await database.columnsOf(tables, signal);
  const isListed = ({ table, column }: Column) => listed.get(table.toLowerCase())?.has(column.toLowerCase()) === true;
  return askForEach(
    columns.filter((column) => !isListed(column)),
    database,
    signal,
  );
}

/** Asks for each of some columns, those of a table together at first. Rejects with a DatabaseError. */
export async function askForEach(
  columns: readonly Column[],
  database: Pick<Database, 'query'>,
  signal: AbortSignal,
): Promise<Gaps> {
  const byTable = new Map<string, Map<string, Column>>();
  for (const column of columns)
    byTable.set(column.table, (byTable.get(column.table) ?? new Map<string, Column>()).set(column.column, column));
  const problems = new Map<string, DatabaseError>();
  for (const [table, own] of byTable) {
    if (own.size > 1 && (await whyNot(table, [...own.keys()], database, signal)) === undefined) continue;
    for (const [name, column] of own) {
      const problem = await whyNot(table, [name], database, signal);
      if (problem !== undefined) problems.set(spell(column), problem);
    }
  }
  return new Gaps(problems);
}

/** Why columns of a table cannot be read; `undefined` where they can. No row is read. */
async function whyNot(
  table: string,
  names: readonly string[],
  database: Pick<Database, 'query'>,
  signal: AbortSignal,
): Promise<DatabaseError | undefined> {
  const text = `SELECT ${names.map((name) => `t.${sqlName(name)}`).join(', ')} FROM ${sqlName(table)} t WHERE 1 = 0`;
  try {
    await database.query({ text, parameters: {} }, signal);
    return undefined;
  } catch (error) {
    if (isGap(error)) return error;
    throw error;
  }
}

/** A column as `table.column`. */
export function spell({ table, column }: Column): string {
  return `${table}.${column}`;
}
