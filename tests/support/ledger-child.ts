// A process of its own that uses a ledger in a SQLite file, for the tests that need many of them or one with other rights.
//   claim FILE OWNER    accepts a request, claims its delivery and writes who began it; after trouble, of which kind it is

import { writeSync } from 'node:fs';
import { DatabaseError } from '../../src/core/database-error';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { draft, leaseOf, request } from './ledger';

const [, file = '', owner = ''] = process.argv.slice(2);

async function claim(): Promise<string> {
  const ledger = openSqlLedger(openSqliteStore(file), 'sqlite');
  const signal = AbortSignal.timeout(50_000);
  const id = await ledger.accept(request(1, 5), leaseOf(owner), signal);
  const [claimed] = await ledger.claim(id, [draft(1, 5)], leaseOf(owner), 600_000, signal);
  ledger.close();
  return claimed?.leaseOwner ?? '';
}

claim()
  .catch((error: unknown) => (error instanceof DatabaseError ? `${error.problem}: ${error.message}` : String(error)))
  .then((said) => writeSync(1, said))
  .catch(() => (process.exitCode = 1));
