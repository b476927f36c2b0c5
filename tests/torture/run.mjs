// npm run torture -- --kills 1000 [--at-once 4] [--destination socialcast|feed]: the kill campaign, with its figures at the end.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { importTs } from '../../scripts/compile-ts.mjs';

const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    'at-once': { type: 'string', default: '4' },
    destination: { type: 'string', default: 'socialcast' },
  },
});
const { runCampaign } = await importTs(join('tests', 'torture', 'campaign.ts'));
const result = await runCampaign({
  program: join(root, 'dist', 'publish-activity.js'),
  sample: join(root, 'sample', 'clarify-sample.sqlite'),
  kills: Number(values.kills),
  atOnce: Number(values['at-once']),
  destination: values.destination,
  say: (line) => process.stderr.write(`${line}\n`),
});
for (const [name, value] of Object.entries(result))
  console.log(`${name.padEnd(9)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
if (result.lost > 0 || result.doubled > 0) process.exitCode = 1;
