// The program in the process of the test, for what is run a hundred times and whose subject is not the process itself.

import { main } from '../../src/main';
import { realWorld, type Output, type World } from '../../src/world';
import type { Ended, Installation } from './program';

/** Runs the program as an installation would, with nothing of this process' environment, and nobody at a terminal. */
export async function runHere(
  { folder, configFile }: Installation,
  words: readonly string[],
  changes: Partial<World> = {},
): Promise<Omit<Ended, 'ms'>> {
  const printed = { stdout: '', stderr: '' };
  const into = (name: keyof typeof printed): Output => ({ isTerminal: false, write: (text) => (printed[name] += text) });
  const begin = performance.now();
  const world: World = {
    ...realWorld(),
    env: { PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'], PUBLISH_ACTIVITY_CONFIG: configFile },
    cwd: folder,
    stdout: into('stdout'),
    stderr: into('stderr'),
    terminal: false,
    canAsk: false,
    uptime: () => performance.now() - begin,
    onInterrupt: () => () => undefined,
    onCrash: () => undefined,
    ...changes,
  };
  return { code: await main(words, world), ...printed };
}
