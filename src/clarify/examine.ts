// Which object types a site's database can give: for each, the very statement of publishing is run on an activity that no CRM has.

import type { Database } from '../io/database';
import { activityQuery } from './activity-query';
import type { ReadType } from './activity-reader';
import { isGap, lookUpGaps, spell, type Gaps } from './gaps';
import { decisiveColumns, fieldsLost, ownerColumns } from './needs';
import type { Column } from './path';

/** How an object type stands in a site's database. */
export interface TypeState {
  /** The name of the type. */
  readonly name: string;
  /** What the site does not have, or the login may not read, and the statement does without: `table.column`. */
  readonly missing: readonly string[];
  /** The placeholders that stay empty for it. */
  readonly lost: readonly string[];
  /** Why nothing of the type can be published; `undefined` where it can. */
  readonly problem?: string;
  /** Whether that is because its own table is not there. */
  readonly tableIsMissing: boolean;
}

/** An activity that no CRM has: objids begin above 0 (docs/crm.md, "Tables and ids"). */
const NO_ACTIVITY = { activityObjids: [0] };

/**
 * Examines object types one after the other; `conditions` decide where posts go. Rejects with a DatabaseError where the database itself
 * does not answer.
 */
export async function examineTypes(
  types: readonly ReadType[],
  conditions: readonly string[],
  database: Database,
  signal: AbortSignal,
): Promise<readonly TypeState[]> {
  const optional = types.flatMap((type) => [...activityQuery(type, NO_ACTIVITY).optional, idOf(type)]);
  const gaps = await lookUpGaps(optional, database, signal);
  const states: TypeState[] = [];
  for (const type of types) states.push(await examineType(type, conditions, gaps, database, signal));
  return states;
}

async function examineType(
  type: ReadType,
  conditions: readonly string[],
  gaps: Gaps,
  database: Database,
  signal: AbortSignal,
): Promise<TypeState> {
  const { name, required } = type;
  const { lacks } = gaps;
  const statement = activityQuery(type, NO_ACTIVITY, lacks);
  const own = activityQuery(type, NO_ACTIVITY).optional;
  const lost = fieldsLost(type, lacks);
  const state = {
    name,
    missing: [...new Set(own.filter(lacks).map(spell))].sort(),
    lost,
    tableIsMissing: lacks(idOf(type)),
  };
  if (state.tableIsMissing) return { ...state, problem: `${type.table} is not there, or may not be read` };
  const needed = required.filter((field) => lost.includes(field));
  if (needed.length > 0) return { ...state, problem: `nothing can be read for ${needed.join(', ')}` };
  const trouble = gaps.problemOf(ownerColumns(type, lacks)) ?? gaps.doubtAbout(decisiveColumns(type, conditions));
  if (trouble !== undefined) return { ...state, problem: trouble.message };
  try {
    await database.query(statement, signal);
    return state;
  } catch (error) {
    if (!isGap(error)) throw error;
    return { ...state, problem: error.message };
  }
}

function idOf({ table, idColumn }: ReadType): Column {
  return { table, column: idColumn };
}
