// A ledger for the tests of commands: a SQLite file of its own, closed when the tests of a file are over.

import { join } from 'node:path';
import { openSqliteStore } from '../../src/io/sqlite-store';
import type { Ledger } from '../../src/ledger/ledger';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { temporaryFolder } from './sample';

const opened: Ledger[] = [];
afterAll(() => {
  for (const ledger of opened) ledger.close();
});

/** Opens an empty ledger. */
export function openLedger(): Ledger {
  const ledger = openSqlLedger(openSqliteStore(join(temporaryFolder(), 'ledger')), 'sqlite');
  opened.push(ledger);
  return ledger;
}
