// The CRM's database and the ledger, opened as the configuration says.

import type { DatabaseConfig, LedgerConfig } from '../config/schema';
import { DatabaseError } from '../core/database-error';
import type { Database } from '../io/database';
import type { Ledger } from '../ledger/ledger';

/** Opens a database for reading only. Nothing is connected before the first query. */
export async function openForReading(settings: DatabaseConfig & { readonly mostTextBytes?: number }): Promise<Database> {
  return settings.type === 'sqlite'
    ? (await import('../io/sqlite')).openSqliteDatabase(settings.file)
    : (await import('../io/sql-server')).openSqlServer(settings);
}

/** Opens the CRM's database, of whose texts no more is read than is ever used. */
export async function openCrm(settings: DatabaseConfig): Promise<Database> {
  const { withShortTexts, MOST_TEXT_BYTES } = await import('../clarify/short-texts');
  return withShortTexts(await openForReading({ ...settings, mostTextBytes: MOST_TEXT_BYTES }));
}

/** Opens the ledger; it makes its tables at the first use. */
export async function openLedger(settings: LedgerConfig): Promise<Ledger> {
  const { openSqlLedger } = await import('../ledger/sql-ledger');
  return settings.type === 'sqlite'
    ? openSqlLedger((await import('../io/sqlite-store')).openSqliteStore(settings.file), 'sqlite')
    : openSqlLedger((await import('../io/sql-server')).openSqlServer(settings), 'sqlserver');
}

/** Looks into a ledger for reading only: a dry run must not make one. `undefined` where it cannot be read. */
export async function peek<T>(settings: LedgerConfig, work: (ledger: Ledger) => Promise<T>): Promise<T | undefined> {
  const database = await openForReading(settings);
  const refuse = () => Promise.reject(new DatabaseError('not-writable', 'a dry run writes nothing'));
  const ledger = (await import('../ledger/sql-ledger')).openSqlLedger({ ...database, execute: refuse }, settings.type);
  try {
    return await work(ledger);
  } catch (error) {
    if (error instanceof DatabaseError) return undefined;
    throw error;
  } finally {
    ledger.close();
  }
}
