// What became of a change in the CRM, and what was written for it.

import { DatabaseError } from '../core/database-error';
import { isSameField, type Entry, type EntryField } from '../core/sync/entry';
import type { Statement, WritableDatabase } from '../io/database';
import type { ColumnWrite, CrmItem, CrmOutcome, FoundItem } from './entries';
import { renderedEntry, type BesideChange, type ColumnValues } from './entry-columns';
import { rowsWith, type EntryType } from './entry-type';

/** What statements came to: how many rows they changed, and whether they may have been run before. */
export type Changed = { readonly rows: readonly number[]; readonly isRepeated: boolean } | { readonly refused: string };

/** Runs statements that can be run twice. Of an answer that was lost, the second one says how things stand. */
export async function changeRows(
  database: WritableDatabase,
  statements: readonly Statement[],
  signal: AbortSignal,
): Promise<Changed> {
  try {
    return { rows: await database.execute(statements, signal), isRepeated: false };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    if (error.problem === 'refused') return { refused: error.message };
    if (error.problem === 'duplicate') return { rows: [], isRepeated: true };
    if (error.problem !== 'uncertain') throw error;
    return { rows: await database.execute(statements, signal), isRepeated: true };
  }
}

/** What was read, or nothing where the database does not answer. */
export function unlessTrouble<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    if (error instanceof DatabaseError) return undefined;
    throw error;
  });
}

/** It can never be done. */
export function rejected(reason: string): CrmOutcome {
  return { kind: 'rejected', reason };
}

/** Whether a row says some fields of an entry, as it would after they were written. */
export function holdsFields(
  type: EntryType,
  item: FoundItem | undefined,
  entry: Entry,
  fields: readonly EntryField[],
  timeZone: string,
): item is CrmItem {
  if (item === undefined || item === 'absent') return false;
  const wanted = renderedEntry(type, entry, false, timeZone);
  return fields.every((field) => isSameField(item.entry, wanted, field));
}

/** What was written, for whoever asks later. A column that is new, or gone, has an empty text on that side. */
export function writesOf(type: EntryType, objid: number, was: ColumnValues, values: ColumnValues): readonly ColumnWrite[] {
  const columns = Object.keys(Object.keys(values).length === 0 ? was : values);
  const spell = (value: string | number | null | undefined) => String(value ?? '');
  return columns.map((column) => ({
    table: type.table,
    objid,
    column,
    oldValue: spell(was[column]),
    newValue: spell(values[column]),
  }));
}

/** What was written into a row behind a row. */
export function writesBeside(type: EntryType, objid: number, { role, was, value }: BesideChange): readonly ColumnWrite[] {
  const rows = rowsWith(type, role);
  return rows === undefined ? [] : [{ table: rows.table, objid, column: rows.column, oldValue: was, newValue: value }];
}
