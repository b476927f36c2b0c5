// Measures what a firing of a rule costs: whole processes, interleaved, against loopback servers that run in a process of their own.
// Rows: bare Node, the naive script, ours; then both with TLS to the database.

import { join } from 'node:path';
import { fillLedger } from './ledger.mjs';
import { measure } from './process.mjs';
import { startStandIns } from './stand-ins.mjs';

const WARM_UP_ROUNDS = 3;
const TARGET = 0.3;
const ACTIVITY = ['Case', '268435457', '268435457'];
/** How many deliveries the full ledger holds. */
const KEPT = 1_000_000;
const FULL = 'ours, 1,000,000 in the ledger';

const root = join(import.meta.dirname, '..');
const ours = join(root, 'dist', 'publish-activity.js');
const naive = join(root, 'bench', 'naive.mjs');

/** Prints what a call costs. */
export async function benchStart({ node, folder, rounds, configurationFile }) {
  const run = (command) => measure(node, command);
  const standIns = await startStandIns(join(root, 'sample', 'clarify-sample.sqlite'));
  try {
    const plain = await configurationFile('plain', standIns.configuration());
    const tls = await configurationFile('tls', standIns.configuration(true));
    const full = await configurationFile('full', {
      ...standIns.configuration(),
      ledger: { type: 'sqlite', file: 'full.ledger' },
    });
    // The ledger posts an activity once for a rule, so every run has a rule of its own.
    const publish = (config) => (round) => [ours, '--config', config, ...ACTIVITY, '--rule', `${config} ${round}`.slice(-100)];
    await run(publish(full)('first'));
    fillLedger(join(folder, 'full.ledger'), KEPT, 'delivered');
    const rows = [
      { name: 'bare', command: () => ['-e', '0'] },
      { name: 'naive', command: () => [naive, '--config', plain, ...ACTIVITY] },
      { name: 'ours', command: publish(plain) },
      { name: FULL, command: publish(full) },
      { name: 'naive, TLS', command: () => [naive, '--config', tls, ...ACTIVITY] },
      { name: 'ours, TLS', command: publish(tls) },
    ].map((row) => ({ ...row, wall: [], cpu: [] }));

    for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
      for (const row of rows) {
        const { wall, cpu } = await run(row.command(round));
        if (round < 0) continue;
        row.wall.push(wall);
        row.cpu.push(cpu);
      }
    }

    print(rows, rounds);
  } finally {
    standIns.stop();
  }
}

function print(measured, rounds) {
  console.log(`One call, ${rounds} rounds\n`);
  console.log('| row | wall, median | wall, fastest | CPU, mean |');
  console.log('|---|---|---|---|');
  for (const { name, wall, cpu } of measured) {
    console.log(`| ${name} | ${ms(median(wall))} | ${ms(Math.min(...wall))} | ${ms(mean(cpu))} |`);
  }
  const wallOf = (name) => median(measured.find((row) => row.name === name).wall);
  const figure = (kind) => ((wallOf(`ours${kind}`) - wallOf('bare')) / (wallOf(`naive${kind}`) - wallOf('bare'))).toFixed(2);
  console.log(`\nfull ledger / empty ledger, wall: ${(wallOf(FULL) / wallOf('ours')).toFixed(2)} (target: at most 1.1)`);
  console.log(
    `\n(ours - bare) / (naive - bare), wall: ${figure('')} (target: at most ${TARGET}); with TLS to the database: ${figure(', TLS')}`,
  );
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function ms(value) {
  return Number.isNaN(value) ? '-' : `${value.toFixed(1)} ms`;
}
