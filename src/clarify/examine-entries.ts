// Which kinds of entries a site's database can give: for each, the very statement of reading is run on a row that no CRM has.

import type { Database } from '../io/database';
import type { ContactSource } from './contact-type';
import { contactsQuery, entryQuery, neededColumns } from './entry-query';
import type { EntryType } from './entry-type';
import type { TypeState } from './examine';
import { isGap, lookUpGaps, spell, type Gaps, type Lacks } from './gaps';
import { Joins, type Column } from './path';

/** A row that no CRM has: objids begin above 0 (docs/crm.md, "Tables and ids"). */
const NO_ROW = { objids: [0] };

/**
 * Examines kinds one after the other; `notes` names those whose notes leave. Rejects with a DatabaseError where the database itself does
 * not answer.
 */
export async function examineEntryTypes(
  types: readonly EntryType[],
  notes: readonly string[],
  database: Database,
  signal: AbortSignal,
): Promise<readonly TypeState[]> {
  const gaps = await lookUpGaps(
    types.flatMap((type) => columnsOf(type, notes)),
    database,
    signal,
  );
  const states: TypeState[] = [];
  for (const type of types) states.push(await examineType(type, notes, gaps, database, signal));
  return states;
}

async function examineType(
  type: EntryType,
  notes: readonly string[],
  gaps: Gaps,
  database: Database,
  signal: AbortSignal,
): Promise<TypeState> {
  const { name, table, idColumn } = type;
  const { lacks } = gaps;
  const own = columnsOf(type, notes);
  const state = {
    name,
    missing: [...new Set(own.filter(lacks).map(spell))].sort(),
    lost: lostFields(type, lacks),
    tableIsMissing: lacks({ table, column: idColumn }),
  };
  if (state.tableIsMissing) return { ...state, problem: `${table} is not there, or may not be read` };
  // As reading does: what is there and may not be read would empty a text in everybody's calendar.
  const trouble = gaps.problemOf(neededColumns(type)) ?? gaps.doubtAbout(own, 'entries');
  if (trouble !== undefined) return { ...state, problem: trouble.message };
  try {
    await database.query(entryQuery(type, notes.includes(name), NO_ROW, lacks), signal);
    return state;
  } catch (error) {
    if (!isGap(error)) throw error;
    return { ...state, problem: error.message };
  }
}

/** A user whom no CRM has. */
const NOBODY = '';

/**
 * Examines the rows that lead to contacts, one table after the other, as reading does: what is needed of a table that is there has to be
 * there as a whole. Rejects as {@link examineEntryTypes} does.
 */
export async function examineContactSources(
  sources: readonly ContactSource[],
  database: Database,
  signal: AbortSignal,
): Promise<readonly TypeState[]> {
  const gaps = await lookUpGaps(
    sources.flatMap((source) => contactsQuery(source, NOBODY).optional),
    database,
    signal,
  );
  const states: TypeState[] = [];
  for (const source of sources) states.push(await examineSource(source, gaps, database, signal));
  return states;
}

async function examineSource(source: ContactSource, gaps: Gaps, database: Database, signal: AbortSignal): Promise<TypeState> {
  const statement = contactsQuery(source, NOBODY);
  const trouble = gaps.problemOf(statement.optional);
  const state = { name: source.name, missing: [], lost: [], tableIsMissing: trouble?.table === 'absent' };
  if (trouble !== undefined) {
    const lacking = [...new Set(statement.optional.filter(gaps.lacks).map(spell))].join(', ');
    return { ...state, problem: `${lacking} cannot be read: ${trouble.message}` };
  }
  try {
    await database.query(statement, signal);
    return state;
  } catch (error) {
    if (!isGap(error)) throw error;
    return { ...state, problem: error.message };
  }
}

function columnsOf(type: EntryType, notes: readonly string[]): readonly Column[] {
  return entryQuery(type, notes.includes(type.name), NO_ROW).optional;
}

/** The placeholders that stay empty. */
function lostFields({ fields, table, idColumn }: EntryType, lacks: Lacks): readonly string[] {
  return Object.entries(fields)
    .filter(([, path]) => new Joins(lacks, 'j').value({ alias: 'o', table, id: idColumn }, path) === 'NULL')
    .map(([name]) => name);
}
