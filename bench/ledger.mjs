// Fills a ledger that the program made, with copies of its one delivery.

import { DatabaseSync } from '@photostructure/sqlite';

const COMMON = { id: "printf('%032x', n)", objid: 'n', activity_objid: 'n', accepted_at: 'n' };

const STATES = {
  delivered: { state: "'delivered'", delivered_at: 'n' },
  // Tried once, in vain, and of an object of its own.
  due: {
    state: "'due'",
    started: '1',
    finished: '1',
    due_at: 'n',
    last_attempt_at: 'n',
    delivered_at: '0',
    forgettable_since: '0',
    receipt_id: "''",
    permalink: "''",
  },
};

/** Adds as many deliveries in a state: `delivered` or `due`. */
export function fillLedger(file, count, state) {
  const ledger = new DatabaseSync(file);
  const columns = ledger.prepare("SELECT name FROM pragma_table_info('publish_activity_delivery')").all();
  const values = { ...COMMON, ...STATES[state] };
  const kept = columns.map(({ name }) => values[name] ?? `[${name}]`);
  ledger.exec(`INSERT INTO publish_activity_delivery
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${count})
    SELECT ${kept.join(', ')} FROM number, (SELECT * FROM publish_activity_delivery LIMIT 1)`);
  ledger.close();
}
