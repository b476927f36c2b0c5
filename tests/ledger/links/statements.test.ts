import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Statement } from '../../../src/io/database';
import { sqliteText } from '../../../src/io/sqlite';
import { asTransaction } from '../../../src/io/sql-server-transaction';
import { MOST_CHANGES } from '../../../src/ledger/commit';
import { openSqliteStore } from '../../../src/io/sqlite-store';
import { selectAllowance, useAllowance } from '../../../src/ledger/allowance-statements';
import * as grants from '../../../src/ledger/grant-statements';
import * as sql from '../../../src/ledger/link-statements';
import type { Grant } from '../../../src/ledger/links';
import { prepareSchema } from '../../../src/ledger/schema';
import { leaseOf, NOW } from '../../support/ledger';
import { conflict, link, NEVER, VISIT, write } from '../../support/links';
import { temporaryFolder } from '../../support/sample';

const grant: Grant = {
  user: 'agent1',
  state: 'active',
  reason: '',
  dueAt: NOW,
  syncedAt: 0,
  failures: 0,
  groupware: '',
  leaseOwner: '',
  leaseUntil: 0,
};
const [closing, closed] = grants.endCommit('agent1', 'c');
const [moving, placing] = sql.moveCursor('agent1', { kind: 'event', cursor: 'x' }, 'c', NOW);
const held = link('a', { state: 'held', revision: 3 });

/** Everything that is asked or said about links. */
const STATEMENTS: readonly (readonly [string, Statement])[] = [
  ['entering a user', grants.insertGrant('agent1', NOW)],
  ['all grants', grants.SELECT_GRANTS],
  ['whose turn it is', grants.selectDueGrants(NOW, 10)],
  ['whose turn it is, on the next page', grants.selectDueGrants(NOW, 10, grant)],
  ['how an allowance was used', selectAllowance('entries')],
  ['using an allowance', useAllowance({ name: 'entries' }, { used_since: NOW, used: 1 }, { since: NOW, count: 2 })],
  ['the first use of an allowance', useAllowance({ name: 'entries' }, undefined, { since: NOW, count: 1 })],
  ['taking a turn', grants.takeTurn(grant, leaseOf('run'))],
  ['ending a turn', grants.endTurn('agent1', 'run', grant)],
  ['asking for a turn', grants.makeDue('agent1', NOW)],
  ['beginning a commit', grants.beginCommit('agent1', 'run', 'c')],
  ['looking at a link', grants.checkLink('agent1', 'c', 'a', 3)],
  ['looking for a new link', grants.checkLink('agent1', 'c', 'a', 0)],
  ['ending a commit', closing],
  ['knowing a commit', closed],
  ['waiting for a commit', grants.awaitCommit('agent1')],
  ['entering a link', sql.keepLink(link('a'), 'c', NOW)],
  ['changing a link', sql.keepLink(held, 'c', NOW)],
  ['entering a conflict', sql.insertConflict('agent1', { ...conflict('a'), id: 'c-0000' }, 'c')],
  ['entering a write', sql.insertWrite('agent1', 'c-0000', write('a'), 'c')],
  ...sql.emptyLink('agent1', 'a', 'c').map((statement, n): readonly [string, Statement] => [`emptying a link, ${n}`, statement]),
  ['moving a cursor', moving],
  ['entering a cursor', placing],
  ['cursors', sql.selectCursors('agent1')],
  ['an order', sql.orderLink(held, 'crm', NOW)],
  ['an order for what is damaged', sql.orderLink({ ...held, damage: 'its state is none' }, 'crm', NOW)],
  ['links of a user', sql.selectLinks('agent1')],
  ['links of a user by state', sql.findLinks({ user: 'agent1', states: ['held'] }, 10)],
  ['links of an entry', sql.findLinks({ type: 'appointment', objid: 1 }, 10)],
  ['links by id', sql.findLinks({ ids: ['a', 'b'] }, 10)],
  ['the newest links', sql.findLinks({}, 10)],
  ['held links', sql.findLinks({ states: ['held', 'leaving'], type: 'appointment' }, 10)],
  ['how many there are', sql.COUNT_LINKS],
  ['links by the cause that holds them', sql.COUNT_HELD],
  ['how many conflicts there are', sql.COUNT_CONFLICTS],
  ['all conflicts', sql.selectConflicts({}, 10)],
  ['conflicts by user', sql.selectConflicts({ user: 'agent1' }, 10)],
  ['conflicts by link', sql.selectConflicts({ linkId: 'a' }, 10)],
  ['writes', sql.selectWrites('a', 10)],
  ...sql.FORGETTABLE_TABLES.flatMap((table): (readonly [string, Statement])[] => [
    [`what can be forgotten of ${table}`, sql.selectForgettable(table, NOW, 10)],
    [`forgetting of ${table}`, sql.forget(table, ['a', 'b'], NOW)],
  ]),
];

describe('The statements of links', () => {
  const folder = temporaryFolder();
  const store = openSqliteStore(join(folder, 'ledger.sqlite'));

  beforeAll(() => prepareSchema(store, 'sqlite', NEVER));

  afterAll(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // However many rows there are, the cost is that of the rows that are wanted; counting looks at an index alone.
  it.each(STATEMENTS)('find their rows through an index: %s', async (name, statement) => {
    const text = `EXPLAIN QUERY PLAN ${sqliteText(statement)}`;
    const plan = (await store.query({ text, parameters: statement.parameters }, NEVER)).map((row) => String(row['detail']));
    expect(plan.filter((step) => /^SCAN (?!CONSTANT ROW)/.test(step) && !step.includes(' USING '))).toEqual([]);
    // What a user has, or an entry, is sorted: it is little.
    if (!/^links (of|by)/.test(name)) expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  });

  it.each(STATEMENTS)('have exactly the parameters that they name: %s', (_, { text, parameters }) => {
    const named = new Set([...text.matchAll(/@(\w+)/g)].map(([, name]) => name));
    expect(named).toEqual(new Set(Object.keys(parameters)));
  });

  it.each(STATEMENTS)('are the same for both engines: %s', (_, { text }) => {
    expect(text).not.toMatch(/\b(LIMIT|TOP|ON CONFLICT|RETURNING|HOLDLOCK|UPDLOCK|NOLOCK|dbo)\b|\|\||OR IGNORE/i);
    // What is a word of T-SQL stands in brackets.
    expect(text).not.toMatch(/(?<![[@'\w])(user|login|order(?! by)|kind|state|field|version|cursor)\b/i);
  });

  it('of a commit fit into one batch of SQL Server, however different the links are', () => {
    const links = Array.from({ length: MOST_CHANGES }, (_, n) =>
      link(`id${n}`, {
        objid: n,
        generation: n + 10_000,
        remoteId: `remote ${n}`,
        version: `version ${n}`,
        reason: `reason ${n}`,
        attempts: n + 20_000,
        revision: n + 30_000,
        crmBase: { ...VISIT, subject: `subject ${n}` },
      }),
    );
    const { parameters } = asTransaction([
      grants.beginCommit('agent1', 'run', 'c'),
      ...links.map(({ id, revision }) => grants.checkLink('agent1', 'c', id, revision)),
      ...links.map((one) => sql.keepLink(one, 'c', NOW)),
      moving,
      placing,
      closing,
      closed,
    ]);
    expect(Object.keys(parameters).length).toBeLessThan(2_098);
  });
});
