import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from '../../../src/core/database-error';
import type { WritableDatabase } from '../../../src/io/database';
import { openSqliteStore } from '../../../src/io/sqlite-store';
import { openSqlLedger } from '../../../src/ledger/sql-ledger';
import { openSqlLinks } from '../../../src/ledger/sql-links';
import { leaseOf, NOW, request } from '../../support/ledger';
import { conflict, grantNow, haveTurn, link, NEVER } from '../../support/links';
import { changeDatabase, temporaryFolder } from '../../support/sample';
import { describeLinks } from './suite';

function open() {
  const folder = temporaryFolder();
  const file = join(folder, 'ledger.sqlite');
  const stores: WritableDatabase[] = [];
  const connect = () => {
    const store = openSqliteStore(file);
    stores.push(store);
    return store;
  };
  const damage = (id: string, column: string, value: string | number) =>
    changeDatabase(file, (raw) => raw.run(`UPDATE publish_activity_link SET ${column} = @value WHERE id = @id`, { id, value }));
  return Promise.resolve({
    file,
    connect,
    links: openSqlLinks(connect(), 'sqlite'),
    another: () => Promise.resolve(openSqlLinks(connect(), 'sqlite')),
    damage,
    close: () => {
      for (const store of stores) store.close();
      return rm(folder, { recursive: true, force: true });
    },
  });
}

describeLinks('SQLite', open);

describe('The SQLite links', () => {
  it('come to a ledger of version 3, and keep what is in it', async () => {
    const { file, connect, links, close } = await open();
    const ledger = openSqlLedger(connect(), 'sqlite');
    const id = await ledger.accept(request(1, 5), leaseOf('run'), NEVER);
    await changeDatabase(file, (old) => {
      const tables = ['grant', 'link', 'cursor', 'conflict', 'write', 'allowance', 'consent'].map(
        (name) => `DROP TABLE publish_activity_${name};`,
      );
      old.exec(`${tables.join(' ')} DELETE FROM publish_activity_schema WHERE version >= 4`);
    });
    await haveTurn(links, 'agent1', 'run');
    expect(await links.commit('agent1', 'run', { links: [link('a')] }, NOW, NEVER)).toBe(true);
    expect(await ledger.requests({}, 10, NEVER)).toMatchObject([{ id, state: 'accepted' }]);
    await changeDatabase(file, (raw) => {
      expect(raw.all('SELECT version FROM publish_activity_schema')).toEqual([1, 2, 3, 4, 5, 6].map((version) => ({ version })));
    });
    await close();
  });

  it('come to a ledger of version 5, and keep what is in it', async () => {
    const { file, connect, links, close } = await open();
    await haveTurn(links, 'agent1', 'run');
    await links.commit('agent1', 'run', { links: [link('a')] }, NOW, NEVER);
    await changeDatabase(file, (old) => {
      old.exec('ALTER TABLE publish_activity_grant DROP COLUMN groupware; DELETE FROM publish_activity_schema WHERE version = 6');
    });
    const newer = openSqlLinks(connect(), 'sqlite');
    expect(await newer.grants(NEVER)).toMatchObject([{ user: 'agent1', state: 'active', groupware: '' }]);
    expect(await newer.links('agent1', NEVER)).toMatchObject([{ id: link('a').id }]);
    await close();
  });

  it('are read where some numbers are damaged', async () => {
    const { links, damage, close } = await open();
    await haveTurn(links, 'agent1', 'run');
    await links.commit('agent1', 'run', { links: [link('a'), link('b')] }, NOW, NEVER);
    await damage('a', 'changed_at', 'soon');
    await damage('b', 'objid', 1.5);
    const held = { state: 'held', revision: 1 };
    expect(await links.links('agent1', NEVER)).toMatchObject([
      { ...held, damage: 'changed_at is no number' },
      { ...held, damage: 'objid is no number' },
    ]);
    await close();
  });

  it('park a grant that is damaged', async () => {
    const { file, links, close } = await open();
    await links.enter(['agent1', 'agent2'], NOW, NEVER);
    await changeDatabase(file, (raw) => raw.run("UPDATE publish_activity_grant SET failures = 'many' WHERE login = 'agent1'"));
    expect(await grantNow(links, 'agent1')).toMatchObject({
      state: 'parked',
      reason: 'its row in the ledger is damaged: failures is no number',
    });
    expect(await grantNow(links, 'agent2')).toMatchObject({ state: 'new' });
    await close();
  });

  it('use an allowance anew whose row is damaged', async () => {
    const { file, links, close } = await open();
    const allowance = { name: 'entries', most: 10, perMs: 60_000 };
    await links.spend(allowance, 10, NOW, NEVER);
    await changeDatabase(file, (raw) => raw.run("UPDATE publish_activity_allowance SET used_since = 'soon', used = 'many'"));
    expect(await links.spend(allowance, 4, NOW + 1, NEVER)).toBe(4);
    expect(await links.spend(allowance, 10, NOW + 1, NEVER)).toBe(6);
    await close();
  });

  it.each([
    ['done', true],
    ['not done', false],
  ])('try a commit again whose answer was lost, and was %s', async (_, isDone) => {
    const { connect, links, close } = await open();
    await haveTurn(links, 'agent1', 'run');
    const store = connect();
    let lost = 1;
    const execute: WritableDatabase['execute'] = async (statements, signal) => {
      if (lost-- <= 0) return store.execute(statements, signal);
      if (isDone) await store.execute(statements, signal);
      throw new DatabaseError('uncertain', 'the answer was lost');
    };
    const unsure = openSqlLinks({ ...store, execute }, 'sqlite');
    const change = { links: [link('a')], conflicts: [conflict('a')] };
    expect(await unsure.commit('agent1', 'run', change, NOW, NEVER)).toBe(true);
    expect(await links.links('agent1', NEVER)).toMatchObject([{ id: 'a', revision: 1 }]);
    expect(await links.conflicts({}, 10, NEVER)).toHaveLength(1);
    lost = 2;
    await expect(unsure.commit('agent1', 'run', { links: [link('b')] }, NOW, NEVER)).rejects.toMatchObject({
      problem: 'uncertain',
      whose: 'ledger',
    });
    expect(await unsure.commit('agent1', 'run', { links: [link('b')] }, NOW, NEVER)).toBe(true);
    await close();
  });

  // As a SQL Server answers where a row was missing a moment ago.
  it('change nothing where somebody else entered a link of the same id at that moment', async () => {
    const { connect, links, close } = await open();
    await haveTurn(links, 'agent1', 'run');
    const clash: WritableDatabase['execute'] = () => Promise.reject(new DatabaseError('duplicate', 'it is there'));
    const forestalled = openSqlLinks({ ...connect(), execute: clash }, 'sqlite');
    expect(await forestalled.commit('agent1', 'run', { links: [link('a')] }, NOW, NEVER)).toBe(false);
    await close();
  });
});
