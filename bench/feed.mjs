// Measures what one more post costs a feed, by how many it holds already: node bench/feed.mjs
// The store is filled as version 1.0.0 left it, so the first post also shows what the way from there costs.

import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { importTs } from '../scripts/compile-ts.mjs';

const COUNTS = [1, 200, 10_000, 100_000];
const ROUNDS = 20;

const { feedFolder, sendTo } = await importTs('tests/support/feed-folder.ts');
const { madeUp } = await importTs('tests/support/made-up.ts');

for (const count of COUNTS) {
  const older = Array.from({ length: count }, (_, n) => madeUp(n + 1_000));
  const start = performance.now();
  const folder = await feedFolder(older);
  const filled = performance.now() - start;
  let n = 999;
  const send = async () => {
    const began = performance.now();
    await sendTo(folder, madeUp((n -= 1)));
    return performance.now() - began;
  };
  // What the first posts draw beside their own page, until every page is there.
  let rounds = 0;
  for (let before = -1; before !== readdirSync(folder).length; rounds += 1) {
    before = readdirSync(folder).length;
    await send();
  }
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await send());
  times.sort((a, b) => a - b);
  const newest = Math.max(...readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs));
  const written = readdirSync(folder).filter((name) => statSync(join(folder, name)).mtimeMs > newest - 200);
  process.stdout.write(
    `${count} posts: ${times[ROUNDS / 2].toFixed(1)} ms (${times[0].toFixed(1)} to ${times[ROUNDS - 1].toFixed(1)}); ` +
      `filled and taken over in ${filled.toFixed(0)} ms, ${rounds} posts until all pages stood; last wrote ${written.join(' ')}\n`,
  );
  rmSync(folder, { recursive: true, force: true });
}
