// Which object types a site's database can give: for each, the very statement of publishing is run on an activity that no CRM has.

import { DatabaseError } from '../core/database-error';
import type { Database } from '../io/database';
import { activityQuery, fieldsLost } from './activity-query';
import type { ReadType } from './activity-reader';
import { lookUpLacks, spell, type Lacks } from './questions';
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

/** An activity that no CRM has: objids begin above 0 (reference: Clarify notes, section 2). */
const NO_ACTIVITY = { activityObjids: [0] };

/** Examines object types one after the other. Rejects with a DatabaseError where the database itself does not answer. */
export async function examineTypes(
  types: readonly ReadType[],
  database: Database,
  signal: AbortSignal,
): Promise<readonly TypeState[]> {
  const optional = types.flatMap((type) => [...activityQuery(type, NO_ACTIVITY).optional, idOf(type)]);
  const lacks = await lookUpLacks(optional, database, signal);
  const states: TypeState[] = [];
  for (const type of types) states.push(await examineType(type, lacks, database, signal));
  return states;
}

async function examineType(type: ReadType, lacks: Lacks, database: Database, signal: AbortSignal): Promise<TypeState> {
  const { name, required } = type;
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
  try {
    await database.query(statement, signal);
    return state;
  } catch (error) {
    const isGap = error instanceof DatabaseError && ['unknown-column', 'configuration'].includes(error.problem);
    if (!isGap) throw error;
    return { ...state, problem: error.message };
  }
}

function idOf({ table, idColumn }: ReadType): Column {
  return { table, column: idColumn };
}
