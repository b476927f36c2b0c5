// Entries of the sample CRM around a fixed day, for tests.

import { openEntryReader, type ReaderSettings } from '../../src/clarify/entry-reader';
import type { CrmItem, EntryReader, FoundItem } from '../../src/clarify/entries';
import { entryTypes } from '../../src/clarify/entry-types';
import type { Database } from '../../src/io/database';
import { makeTemplates } from '../../src/io/template';

/** The day around which the sample's agenda lies, and its noon in the CRM's zone. */
export const DAY = '2026-11-30';
export const NOON = Date.parse('2026-11-30T18:00:00Z');
export const NEVER = new AbortController().signal;
const DAY_MS = 86_400_000;

/** Settings of a site that says little. */
export function readerSettings(changes: Partial<ReaderSettings> = {}): ReaderSettings {
  return {
    types: entryTypes,
    users: 'all',
    timeZone: 'America/Chicago',
    agentUrl: 'http://server/dovetail',
    notes: [],
    window: { pastMs: 7 * DAY_MS, aheadMs: 30 * DAY_MS },
    render: makeTemplates().render,
    ...changes,
  };
}

/** A reader of a site that says little. */
export function readerOf(database: Database, changes: Partial<ReaderSettings> = {}): EntryReader {
  return openEntryReader(database, readerSettings(changes));
}

/** The sample's rows are counted from here. */
export const FIRST = 268435456;

/** The item of a key that is there. */
export async function itemAt(reader: EntryReader, type: string, number: number, now = NOON): Promise<CrmItem> {
  const found: FoundItem | undefined = (await reader.byKey([{ type, objid: FIRST + number }], now, NEVER)).get(
    `${type}:${FIRST + number}`,
  );
  if (found === undefined || found === 'absent') throw new Error(`${type} ${number} is ${found ?? 'unknown'}`);
  return found;
}
