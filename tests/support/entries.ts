// Entries of the sample CRM around a fixed day, for tests.

import { openEntryReader, type ReaderSettings } from '../../src/clarify/entry-reader';
import type { CrmItem, EntryReader, EntryWriter, FoundItem } from '../../src/clarify/entries';
import { OBJID_BASE } from '../../src/clarify/entry-ids';
import type { Engine } from '../../src/clarify/entry-statements';
import { entryTypes } from '../../src/clarify/entry-types';
import { openEntryWriter, type WriterSettings } from '../../src/clarify/entry-writer';
import { Secret } from '../../src/core/secret';
import type { Database, WritableDatabase } from '../../src/io/database';
import { openSqlServer } from '../../src/io/sql-server';
import { openForeignStore } from '../../src/io/sqlite-store';
import { makeTemplates } from '../../src/io/template';
import { startTdsServer } from './tds-server';

/** The day around which the sample's agenda lies, and its noon in the CRM's zone. */
export const DAY = '2026-11-30';
export const NOON = Date.parse('2026-11-30T18:00:00Z');
export const NEVER = new AbortController().signal;
const DAY_MS = 86_400_000;

/** Settings of a site that says little. */
export function readerSettings(changes: Partial<ReaderSettings> = {}): ReaderSettings {
  return {
    types: entryTypes,
    contacts: [],
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

/** What writing is about: the CRM's own database, or the same file behind a SQL Server, with a reader and a writer. */
export interface Desk {
  readonly database: WritableDatabase;
  readonly reader: EntryReader;
  readonly writer: EntryWriter;
  close(): Promise<void>;
}

/** Opens the sample in a file for writing. */
export async function openDesk(
  file: string,
  engine: Engine,
  { database: wrap, reader: changes, ...settings }: DeskChanges = {},
): Promise<Desk> {
  const server = engine === 'sqlite' ? undefined : await startTdsServer({ databaseFile: file, writable: true });
  const place = { server: '127.0.0.1', database: 'clarify', encrypt: false, trustServerCertificate: false };
  const opened =
    server === undefined
      ? openForeignStore(file)
      : openSqlServer({ ...place, port: server.port, user: 'writer', password: new Secret('hush') });
  const database = wrap === undefined ? opened : wrap(opened);
  const reader = readerOf(opened, changes);
  const newIds = { by: engine === 'sqlite' ? 'sample' : 'fc_new_oid', base: OBJID_BASE } as const;
  const writer = openEntryWriter(database, reader, {
    types: entryTypes,
    timeZone: 'America/Chicago',
    engine,
    newIds,
    ...settings,
  });
  const close = async () => {
    opened.close();
    await server?.close();
  };
  return { database: opened, reader, writer, close };
}

/** How a desk differs. */
export interface DeskChanges extends Partial<WriterSettings> {
  readonly reader?: Partial<ReaderSettings>;
  readonly database?: (database: WritableDatabase) => WritableDatabase;
}
