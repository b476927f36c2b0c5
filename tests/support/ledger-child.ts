// A process of its own that uses a ledger in a SQLite file, for the tests that need many of them or one with other rights.
//   claim FILE OWNER    accepts a request, claims its delivery and writes who began it; after trouble, of which kind it is
//   turns FILE OWNER    takes turns and commits links, until it is killed; writes a full stop once the first commit came true

import { writeSync } from 'node:fs';
import { DatabaseError } from '../../src/core/database-error';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { openSqlLinks } from '../../src/ledger/sql-links';
import { draft, leaseOf, request } from './ledger';
import { conflict } from './links';

const [command, file = '', owner = ''] = process.argv.slice(2);

async function claim(): Promise<string> {
  const ledger = openSqlLedger(openSqliteStore(file), 'sqlite');
  const signal = AbortSignal.timeout(50_000);
  const id = await ledger.accept(request(1, 5), leaseOf(owner), signal);
  const [claimed] = await ledger.claim(id, [draft(1, 5)], leaseOf(owner), 600_000, signal);
  ledger.close();
  return claimed?.leaseOwner ?? '';
}

/** Its time is a hundred times as fast, so that turns are taken over from processes that were killed, and from living ones, too. */
async function turns(): Promise<string> {
  const links = openSqlLinks(openSqliteStore(file), 'sqlite');
  const signal = AbortSignal.timeout(50_000);
  for (let [turn, commits] = [0, 0]; ; turn++) {
    const now = Date.now() * 100;
    const due = await links.dueGrants(now, 5, signal);
    const seen = due[turn % Math.max(1, due.length)];
    const name = `${owner} ${turn}`;
    if (seen === undefined || !(await links.takeTurn(seen, { owner: name, now, workMs: 0 }, signal))) continue;
    const read = await links.links(seen.user, signal);
    const attempts = (read[0]?.attempts ?? 0) + 1;
    const commit = {
      links: read.map((link) => ({ ...link, attempts })),
      conflicts: [conflict(seen.user, { field: name, at: attempts })],
      cursor: { kind: 'event', cursor: String(attempts) } as const,
    };
    if ((await links.commit(seen.user, name, commit, now, signal)) && commits++ === 0) writeSync(1, '.');
    await links.endTurn(seen.user, name, { ...seen, dueAt: now, syncedAt: now }, signal);
  }
}

(command === 'turns' ? turns() : claim())
  .catch((error: unknown) => (error instanceof DatabaseError ? `${error.problem}: ${error.message}` : String(error)))
  .then((said) => writeSync(1, said))
  .catch(() => (process.exitCode = 1));
