// The CRM's database and the ledger, opened as the configuration says.

import { dirname, resolve } from 'node:path';
import { defaultSpool, lastSpool } from '../config/ledger';
import type { Config, DatabaseConfig, LedgerConfig } from '../config/schema';
import { DatabaseError } from '../core/database-error';
import type { Database, WritableDatabase } from '../io/database';
import type { Ledger } from '../ledger/ledger';
import type { Spool } from '../ledger/spool';

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
  return openSqlLedger(await openStore(settings), settings.type);
}

/** Opens the database of the ledger, in which it makes tables of its own. */
export async function openStore(settings: LedgerConfig): Promise<WritableDatabase> {
  return settings.type === 'sqlite'
    ? (await import('../io/sqlite-store')).openSqliteStore(settings.file)
    : (await import('../io/sql-server')).openSqlServer(settings);
}

/**
 * The spools that this host works off: that of the configuration, and those that a call uses while the configuration is too damaged to tell
 * which one that is.
 */
export function openSpools({ file, spool, ledger, log }: Config): Promise<readonly Spool[]> {
  const source = { resolvePath: (path: string) => resolve(dirname(file), path) };
  const folders = new Set([spool, defaultSpool(ledger, log, source), lastSpool(source)]);
  return Promise.all([...folders].map(openSpoolIn));
}

/** Opens a spool; its folder is made when something is kept. */
export async function openSpoolIn(folder: string): Promise<Spool> {
  const [{ openSpool }, { openReachableFolder }] = await Promise.all([import('../ledger/spool'), import('../io/spool-folder')]);
  return openSpool(await openReachableFolder(folder));
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
