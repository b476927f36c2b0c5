// One process from its start to its end: how long it took, the processor's time that it had, and the most memory.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PRELOAD = join(import.meta.dirname, 'usage.cjs');

/** Runs Node with these arguments. Wall time and processor's time in ms, memory (the largest resident set) in MiB. */
export async function measure(node, command) {
  const start = process.hrtime.bigint();
  const child = spawn(node, ['--require', PRELOAD, ...command], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  let usage = '';
  child.stdio[3].setEncoding('utf8').on('data', (text) => (usage += text));
  const [code] = await once(child, 'close');
  const wall = Number(process.hrtime.bigint() - start) / 1e6;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(usage);
  return { wall, cpu: (userCPUTime + systemCPUTime) / 1_000, memory: maxRSS / 1_024 };
}
