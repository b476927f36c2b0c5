// npm run torture -- --kills 1000 [--at-once 4] [--destination socialcast|feed]: the kill campaigns, with their figures at the end. First
// every step of calls and reruns, once each; the rest of the kills at random moments.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { importTs } from '../../scripts/compile-ts.mjs';

const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    'at-once': { type: 'string', default: '4' },
    destination: { type: 'string', multiple: true, default: ['socialcast', 'feed'] },
  },
});
const { runCampaign } = await importTs(join('tests', 'torture', 'campaign.ts'));
const { runSteps, STORIES } = await importTs(join('tests', 'torture', 'steps.ts'));
const common = {
  program: join(root, 'dist', 'publish-activity.js'),
  preload: join(import.meta.dirname, 'preload.cjs'),
  sample: join(root, 'sample', 'clarify-sample.sqlite'),
  atOnce: Number(values['at-once']),
  say: (line) => process.stderr.write(`${line}\n`),
};
const share = Math.ceil(Number(values.kills) / values.destination.length);

for (const destination of values.destination) {
  let left = share;
  const tell = (name, result) => {
    left -= result.kills;
    console.log(`\n${destination}: ${name}`);
    for (const [key, value] of Object.entries(result))
      console.log(`  ${key.padEnd(9)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
    if (result.lost > 0 || result.doubled > 0) process.exitCode = 1;
  };
  for (const story of STORIES) tell(`${story}, killed at every step`, await runSteps({ ...common, destination, story }));
  if (left > 0) tell('calls and reruns at once, killed at random', await runCampaign({ ...common, destination, kills: left }));
}
