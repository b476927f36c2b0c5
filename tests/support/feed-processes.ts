// Processes of their own that publish to a feed; what they can be told is in feed-child.ts.

import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { newFolder } from './feed';

/** Has a program built before the tests of a `describe`; answers with what starts it. All its processes end with those tests. */
export function feedProcesses(): (...words: readonly string[]) => ChildProcess {
  const program = join(newFolder(), 'feed-child.cjs');
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    const root = resolve(__dirname, '..', '..');
    await build({
      entryPoints: [join(root, 'tests', 'support', 'feed-child.ts')],
      bundle: true,
      platform: 'node',
      packages: 'external',
      outfile: program,
    });
    // The program finds the packages from where it stands.
    symlinkSync(join(root, 'node_modules'), join(program, '..', 'node_modules'), 'junction');
  });

  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(join(program, '..'), { recursive: true, force: true });
  });

  return (...words) => {
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  };
}
