// Many processes that come to a ledger in a file at once.

import { spawn } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
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
    const NEVER = new AbortController().signal;
    const owners = Array.from({ length: 50 }, (_, n) => `process ${n}`);
    const said = await Promise.all(
      owners.map((owner) => {
        const child = spawn(process.execPath, [program, 'claim', file, owner], { stdio: ['ignore', 'pipe', 'inherit'] });
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
});
