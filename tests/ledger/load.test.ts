// Many processes that come to a ledger in a file at once.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { openSqlLinks } from '../../src/ledger/sql-links';
import { NOW } from '../support/ledger';
import { haveTurn, link, NEVER } from '../support/links';
import { temporaryFolder } from '../support/sample';

describe('Processes', () => {
  const program = join(temporaryFolder(), 'ledger-child.cjs');

  beforeAll(async () => {
    const root = resolve(__dirname, '..', '..');
    const entryPoints = [join(root, 'tests', 'support', 'ledger-child.ts')];
    await build({ entryPoints, bundle: true, platform: 'node', packages: 'external', outfile: program });
    symlinkSync(join(root, 'node_modules'), join(program, '..', 'node_modules'), 'junction');
  });

  afterAll(() => rmSync(join(program, '..'), { recursive: true, force: true }));

  it('that make the ledger and claim one delivery at once begin it once, all 50 of them', async () => {
    const file = join(temporaryFolder(), 'ledger.sqlite');
    const ledger = openSqlLedger(openSqliteStore(file), 'sqlite');
    const owners = Array.from({ length: 50 }, (_, n) => `process ${n}`);
    const said = await Promise.all(
      owners.map((owner) => {
        const child = spawn(execPath, [program, 'claim', file, owner], { stdio: ['ignore', 'pipe', 'inherit'] });
        return text(child.stdout);
      }),
    );
    expect(said.filter((owner, n) => owner === owners[n])).toHaveLength(1);
    expect(new Set(said).size).toBe(1);
    expect(await ledger.deliveries({}, 10, NEVER)).toMatchObject([{ state: 'sending', started: 1, leaseOwner: said[0] }]);
    expect(await ledger.requests({ states: ['composed'] }, 100, NEVER)).toHaveLength(50);
    ledger.close();
    rmSync(join(file, '..'), { recursive: true, force: true });
  }, 60_000);

  it('that commit links by turns, and are killed at any moment, commit all of a turn or nothing, and nothing twice', async () => {
    const file = join(temporaryFolder(), 'ledger.sqlite');
    const store = openSqliteStore(file);
    const links = openSqlLinks(store, 'sqlite');
    const users = ['a', 'b', 'c'];
    for (const user of users) {
      await haveTurn(links, user, 'run');
      await links.commit(user, 'run', { links: ['1', '2', '3'].map((n) => link(`${user}${n}`, { user })) }, NOW, NEVER);
    }
    const livesAndDies = async (process: number) => {
      for (let life = 0; life < 8; life++) {
        const child = spawn(execPath, [program, 'turns', file, `process ${process}.${life}`], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const dead = once(child, 'exit');
        await once(child.stdout, 'data');
        await sleep(100 * Math.random());
        child.kill('SIGKILL');
        expect((await dead)[1]).toBe('SIGKILL');
      }
    };
    await Promise.all([1, 2, 3, 4].map(livesAndDies));
    let commits = 0;
    for (const user of users) {
      const read = await links.links(user, NEVER);
      const attempts = read[0]?.attempts ?? 0;
      expect(read).toMatchObject([1, 2, 3].map(() => ({ attempts, revision: attempts + 1 })));
      expect(await links.cursors(user, NEVER)).toEqual(new Map([['event', String(attempts)]]));
      const conflicts = await links.conflicts({ user }, 1_000_000, NEVER);
      expect(conflicts.map(({ at }) => at)).toEqual(Array.from({ length: attempts }, (_, n) => attempts - n));
      commits += attempts;
    }
    expect(commits).toBeGreaterThanOrEqual(4 * 8);
    store.close();
    rmSync(join(file, '..'), { recursive: true, force: true });
  }, 60_000);
});
