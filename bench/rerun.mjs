// How fast a rerun works off what is due, beside a bare loop of the same HTTP client with as many requests at once.

import { join } from 'node:path';
import { CONCURRENCY, rerunOf } from './due.mjs';
import { measure } from './process.mjs';

const COUNT = 10_000;
const LATENCY_MS = 20;
const TARGET = 0.9;

const loop = join(import.meta.dirname, 'loop.mjs');

/** Prints both rates. */
export async function benchRerun(bench) {
  const bare = (url) => measure(bench.node, [loop, url, String(COUNT), String(CONCURRENCY)]);
  const { used, beside } = await rerunOf(COUNT, LATENCY_MS, bench, bare);
  console.log(`A rerun of ${COUNT} deliveries, ${CONCURRENCY} at once, each answered after ${LATENCY_MS} ms\n`);
  console.log('| row | wall | a second | CPU |');
  console.log('|---|---|---|---|');
  for (const [name, { wall, cpu }] of [
    ['bare loop', beside],
    ['rerun', used],
  ]) {
    console.log(`| ${name} | ${seconds(wall)} | ${Math.round((COUNT / wall) * 1_000)} | ${seconds(cpu)} |`);
  }
  console.log(`\nrerun / bare loop, rate: ${(beside.wall / used.wall).toFixed(2)} (target: at least ${TARGET})`);
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
