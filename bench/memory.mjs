// How much memory a rerun takes at the most, for a backlog and for one ten times as long. The stream answers at once.

import { rerunOf } from './due.mjs';

const COUNTS = [10_000, 100_000];

/** Prints the largest resident sets. */
export async function benchMemory(bench) {
  console.log('Memory of a rerun at the most\n');
  console.log('| deliveries | memory | wall |');
  console.log('|---|---|---|');
  const peaks = [];
  for (const count of COUNTS) {
    const { used } = await rerunOf(count, 0, bench);
    peaks.push(used.memory);
    console.log(`| ${count} | ${used.memory.toFixed(0)} MiB | ${(used.wall / 1_000).toFixed(1)} s |`);
  }
  console.log(`\n${COUNTS.join(' / ')}, memory: ${(peaks[1] / peaks[0]).toFixed(2)} (target: flat)`);
}
