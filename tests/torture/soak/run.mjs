// npm run soak [-- --seed 1 --users 350 --days 22 --kills 300 --json]: a company in step with the stand-in of Google for the working days of a
// month, in virtual time, and beside it real processes on two hosts that are killed. Ends with 1 where anything is lost, doubled or different.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { importTs } from '../../../scripts/compile-ts.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    users: { type: 'string' },
    days: { type: 'string' },
    kills: { type: 'string', default: '300' },
    json: { type: 'boolean', default: false },
  },
});
const [seed, kills] = [Number(values.seed), Number(values.kills)];

/** Kills real processes, in a process of its own: the stand-in that they speak to must not wait for the soak. */
async function kill() {
  const { runKills } = await importTs(join('tests', 'torture', 'kills', 'campaign.ts'));
  const figures = await runKills({
    ...{ program: join(root, 'dist', 'publish-activity.js'), preload: join(import.meta.dirname, '..', 'preload.cjs') },
    ...{ sample: join(root, 'sample', 'clarify-sample.sqlite'), groupware: 'google', seed, kills, entries: 4, stride: 7 },
    say: (line) => process.send({ line }),
  });
  process.send({ figures });
  process.disconnect();
}

async function soak() {
  const begun = performance.now();
  const [{ MONTH }, { runSoak }, { tableOf, wrongIn }] = await Promise.all(
    ['profiles', 'soak', 'report'].map((name) => importTs(join('tests', 'torture', 'soak', `${name}.ts`))),
  );
  const users = Number(values.users ?? MONTH.users);
  const part = users / MONTH.users;
  const company = {
    ...{ ...MONTH, seed, users, days: Number(values.days ?? MONTH.days) },
    ...{ atFirst: Math.ceil(MONTH.atFirst * part), contactsAtFirst: Math.ceil(MONTH.contactsAtFirst * part) },
    actsADay: MONTH.actsADay * part,
  };
  const progress = progressLine(() => (performance.now() - begun) / 1000);
  const killed = kills > 0 ? killsBeside((line) => progress.tell('kills', line)) : undefined;
  const days = company.days;
  const figures = await runSoak(company, (day) => progress.tell('days', `day ${day} of ${days}`));
  const soaked = {
    ...{ days, every: company.every, figures, kills: await killed },
    seconds: (performance.now() - begun) / 1000,
  };
  progress.end();
  const wrong = wrongIn(soaked);
  console.log(values.json ? JSON.stringify({ seed, ...soaked, wrong }, null, 2) : tableOf(soaked));
  const examples = [...figures.examples, ...(soaked.kills?.examples ?? [])];
  for (const line of [...wrong, ...(wrong.length > 0 ? examples : [])]) console.error(line);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

function killsBeside(say) {
  const child = fork(import.meta.filename, ['--seed', values.seed, '--kills', values.kills], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, SOAK_KILLS: '1' },
  });
  let figures;
  child.on('message', (message) => {
    if (message.line) say(message.line);
    figures = message.figures ?? figures;
  });
  const ended = once(child, 'exit').then(([code]) => {
    if (figures === undefined) throw new Error(`the process that kills ended with ${code}`);
    return figures;
  });
  // It is told when it is asked for.
  ended.catch(() => undefined);
  return ended;
}

/** How far both parts are, on one line of a terminal. */
function progressLine(seconds) {
  const parts = { days: 'first fill', kills: '' };
  const tell = (part, text) => {
    parts[part] = text;
    if (process.stderr.isTTY)
      process.stderr.write(`\r\u001B[K${[`${seconds().toFixed(0)} s`, parts.days, parts.kills].join('  ')}`);
  };
  return { tell, end: () => process.stderr.isTTY && process.stderr.write('\r\u001B[K') };
}

await (process.env.SOAK_KILLS === undefined ? soak() : kill());
