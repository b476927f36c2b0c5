// Time passes for a ledger in a file: everything that it remembers is so much longer ago.

import { join } from 'node:path';
import { LEDGER_FILE } from '../../src/config/ledger';
import { openSqliteFile } from '../../src/io/sqlite';

/** Lets `ms` pass for the ledger in a folder. */
export async function passTime(folder: string, ms: number): Promise<void> {
  const ledger = await openSqliteFile(join(folder, LEDGER_FILE), { readOnly: false });
  // A ledger of an earlier version has not all of them.
  const tables = ledger.all("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => String(name));
  for (const [table, ...columns] of [
    ['request', 'accepted_at', 'due_at'],
    ['delivery', 'accepted_at', 'due_at', 'last_attempt_at', 'lease_until', 'delivered_at'],
    ['wait', 'until', 'set_at'],
    ['grant', 'due_at', 'synced_at', 'lease_until'],
    ['link', 'changed_at', 'forgettable_since'],
    ['conflict', 'happened_at', 'forgettable_since'],
    ['write', 'happened_at', 'forgettable_since'],
    ['allowance', 'used_since'],
  ]) {
    if (!tables.includes(`publish_activity_${table ?? ''}`)) continue;
    const changes = columns.map((column) => `${column} = CASE ${column} WHEN 0 THEN 0 ELSE ${column} - @ms END`);
    ledger.run(`UPDATE publish_activity_${table ?? ''} SET ${changes.join(', ')}`, { ms });
  }
  ledger.close();
}
