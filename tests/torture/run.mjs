// npm run torture -- --kills 1000 [--at-once 4] [--destination socialcast|feed]: the kill campaigns, with their figures at the end. First
// every step of calls and reruns, once each; the rest of the kills at random moments. npm run torture -- --storm: hundreds of rules at once.
// npm run torture -- --sync [--seed 1 --seed 2] [--kills 300] [--small]: a company's entries in step with its groupware, in virtual time; what it
// comes to with one idea of the engine taken out; and real processes on two hosts, killed before each of their steps, over a folder, the stand-in of
// Google and, where it is there, Radicale. With [--groupware folder|caldav|google] only these processes, over this one.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { importTs } from '../../scripts/compile-ts.mjs';

const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    'at-once': { type: 'string', default: '4' },
    storm: { type: 'boolean', default: false },
    sync: { type: 'boolean', default: false },
    small: { type: 'boolean', default: false },
    seed: { type: 'string', multiple: true, default: ['1', '2', '3'] },
    groupware: { type: 'string', multiple: true },
    destination: { type: 'string', multiple: true, default: ['socialcast', 'feed'] },
  },
});
const { runCampaign } = await importTs(join('tests', 'torture', 'campaign.ts'));
const { runSteps, STORIES } = await importTs(join('tests', 'torture', 'steps.ts'));
const { STORMS, runStorm } = await importTs(join('tests', 'torture', 'storm.ts'));
const common = {
  program: join(root, 'dist', 'publish-activity.js'),
  preload: join(import.meta.dirname, 'preload.cjs'),
  sample: join(root, 'sample', 'clarify-sample.sqlite'),
  atOnce: Number(values['at-once']),
  say: (line) => process.stderr.write(`${line}\n`),
};
const print = (title, result) => {
  console.log(`\n${title}`);
  for (const [key, value] of Object.entries(result))
    console.log(`  ${key.padEnd(9)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
};

if (values.sync) {
  const { killRuns, longRuns, runAll } = await importTs(join('tests', 'torture', 'sync', 'long.ts'));
  const { hasRadicale } = await importTs(join('tests', 'support', 'radicale.ts'));
  const groupwares = values.groupware ?? (hasRadicale ? ['folder', 'google', 'caldav'] : ['folder', 'google']);
  if (!hasRadicale && values.groupware === undefined) common.say('Radicale is not here: what is killed over it is left out');
  const kills = { ...common, groupwares, kills: Number(values.kills ?? (values.small ? 10 : 300)) };
  const runs = values.groupware === undefined ? longRuns : killRuns;
  const { table, isRight } = await runAll(runs({ seeds: values.seed.map(Number), isSmall: values.small, kills }), common.say);
  console.log(table);
  process.exit(isRight ? 0 : 1);
}

if (values.storm) {
  for (const [title, storm] of Object.entries(STORMS)) {
    const result = await runStorm({ ...common, ...storm });
    print(title, result);
    const strange = Object.keys(result.codes).filter((code) => code !== '0' && code !== '75');
    if (result.lost > 0 || result.doubled > 0 || strange.length > 0) process.exitCode = 1;
  }
  process.exit();
}

const share = Math.ceil(Number(values.kills ?? 1000) / values.destination.length);

for (const destination of values.destination) {
  let left = share;
  const tell = (name, result) => {
    left -= result.kills;
    print(`${destination}: ${name}`, result);
    if (result.lost > 0 || result.doubled > 0) process.exitCode = 1;
  };
  for (const story of STORIES) tell(`${story}, killed at every step`, await runSteps({ ...common, destination, story }));
  if (left > 0) tell('calls and reruns at once, killed at random', await runCampaign({ ...common, destination, kills: left }));
}
