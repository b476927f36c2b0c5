import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteText } from '../../src/io/sqlite';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { asTransaction } from '../../src/io/sql-server-transaction';
import type { Statement } from '../../src/io/database';
import type { KeptRequest, Settlement } from '../../src/ledger/ledger';
import { acceptedRequest, enteredDelivery } from '../../src/ledger/records';
import { prepareSchema } from '../../src/ledger/schema';
import * as sql from '../../src/ledger/statements';
import * as watch from '../../src/ledger/watch-statements';
import { draft, leaseOf, NOW, request } from '../support/ledger';
import { temporaryFolder } from '../support/sample';

const NEVER = new AbortController().signal;
const lease = leaseOf('run');
const kept: KeptRequest = acceptedRequest('a', request(1, 5), lease);
const delivery = enteredDelivery('a', draft(1, 5, { contentKey: 'k' }), lease, true);
const settlement: Settlement = { state: 'delivered', now: NOW, dueAt: NOW, reason: '', receipt: { id: '1' } };
const due = { states: ['due', 'sending', 'in-doubt'], dueBy: NOW, after: delivery } as const;

const level = { objectType: 'stocking_level', objid: 1, state: 'below:1' };

/** Everything that a publish or a rerun asks or says. */
const STATEMENTS: readonly (readonly [string, Statement])[] = [
  ['accepting a request', sql.insertRequest(kept)],
  ['settling a request', sql.settleRequest('a', 'filtered', '', NOW)],
  ['taking a request', sql.takeRequest(kept, lease)],
  ['entering a delivery', sql.insertDelivery(delivery, NOW)],
  ['beginning a delivery', sql.beginDelivery(delivery, lease)],
  ['finishing a delivery', sql.finishDelivery('a', 'run', settlement)],
  ['amending a delivery', sql.amendDelivery(delivery, settlement)],
  ['taking turns', sql.TAKE_TURNS],
  ['adopting a receipt', sql.adoptReceipt(delivery, settlement)],
  ['what is due', sql.selectDeliveries(due, 100)],
  ['everything in order', sql.selectDeliveries({}, 100)],
  ['requests that are due', sql.selectRequests({ states: ['accepted'], dueBy: NOW }, 100)],
  ['deliveries of an object', sql.selectDeliveries({ objectType: 'case', objid: 1 }, 100)],
  ['requests of an object', sql.selectRequests({ objectType: 'case', objid: 1 }, 100)],
  ['deliveries by id', sql.selectDeliveries({ ids: ['a', 'b'] }, 100)],
  ['a repeat', sql.selectContent('k', 'r', 600_000)],
  ['known receipts', sql.selectReceipts('socialcast', ['1', '2'])],
  ['how many there are of an object type', sql.counts('alert')],
  ['which activities are known', sql.selectActivities('case', [{ objid: 1, activityObjid: 5 }])],
  ['what can be forgotten', sql.selectForgettable(NOW, 100)],
  ['forgetting', sql.forgetMessages(['a', 'b'])],
  ['emptying', sql.emptyMessages(['a', 'b'])],
  ['what is watched', watch.selectWatched('stocking_level', [1, 2])],
  ['watching from now on', watch.changeWatched({ ...level, firstLook: true }, 'a', NOW)],
  ['changing what is watched', watch.changeWatched({ ...level, seen: 'above:0' }, 'a', NOW)],
  ['the request of a change', watch.insertWatchedRequest(kept)],
];

describe('The statements of the ledger', () => {
  const folder = temporaryFolder();
  const store = openSqliteStore(join(folder, 'ledger.sqlite'));

  beforeAll(() => prepareSchema(store, 'sqlite', NEVER));

  afterAll(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // However many rows there are, the cost is that of the rows that are wanted.
  it.each(STATEMENTS)('find their rows through an index: %s', async (name, statement) => {
    const text = `EXPLAIN QUERY PLAN ${sqliteText(statement)}`;
    const plan = (await store.query({ text, parameters: statement.parameters }, NEVER)).map((row) => String(row['detail']));
    expect(plan.filter((step) => /^SCAN (?!CONSTANT ROW)/.test(step))).toEqual([]);
    // Only what is asked for by id, object or content, which are few, is sorted.
    if (!/of an object|by id|repeat/.test(name)) expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  });

  it.each(STATEMENTS)('have exactly the parameters that they name: %s', (_, { text, parameters }) => {
    const named = new Set([...text.matchAll(/@(\w+)/g)].map(([, name]) => name));
    expect(named).toEqual(new Set(Object.keys(parameters)));
  });

  it.each(STATEMENTS)('are the same for both engines: %s', (_, { text }) => {
    expect(text).not.toMatch(/\b(LIMIT|TOP|ON CONFLICT|RETURNING|HOLDLOCK|UPDLOCK|NOLOCK|dbo)\b|\|\||OR IGNORE/i);
    // `rule` is a word of T-SQL.
    expect(text).not.toMatch(/(?<![[@'])\brule\b/);
  });

  it('of a claim fit into one batch of SQL Server, and send a message once', () => {
    const claim = [true, false].map((begun) => sql.insertDelivery(enteredDelivery('a', draft(1, 5), lease, begun), NOW));
    const { text, parameters } = asTransaction(claim);
    expect(Object.values(parameters).filter((value) => value === JSON.stringify(draft(1, 5).message))).toHaveLength(1);
    expect(Object.keys(parameters).length).toBeLessThan(40);
    expect(new Set([...text.matchAll(/(?<!@)@(?!rows|@)(\w+)/g)].map(([, name]) => name))).toEqual(
      new Set(Object.keys(parameters)),
    );
  });
});
