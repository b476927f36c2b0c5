// Measures what a firing of a rule costs: whole processes, interleaved, against loopback servers that run in a process of their own.
// Rows: bare Node, the naive script, ours; then both with TLS to the database.

import { execFileSync, spawn } from 'node:child_process';
import { DatabaseSync } from '@photostructure/sqlite';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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

const { values: options } = parseArgs({
  options: { node: { type: 'string', default: process.execPath }, rounds: { type: 'string', default: '20' } },
});
const rounds = Number(options.rounds);

if (!existsSync(ours)) throw new Error('dist is missing: npm run build');
const folder = await mkdtemp(join(tmpdir(), 'publish-activity-bench-'));
const standIns = await startStandIns(join(root, 'sample', 'clarify-sample.sqlite'));
try {
  const plain = await configurationFile('plain', standIns.configuration());
  const tls = await configurationFile('tls', standIns.configuration(true));
  const full = await configurationFile('full', { ...standIns.configuration(), ledger: { type: 'sqlite', file: 'full.ledger' } });
  // The ledger posts an activity once for a rule, so every run has a rule of its own.
  const publish = (config) => (round) => [ours, '--config', config, ...ACTIVITY, '--rule', `${config} ${round}`.slice(-100)];
  await measure(publish(full)('first'));
  fillLedger(join(folder, 'full.ledger'), KEPT);
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
      const { wall, cpu } = await measure(row.command(round));
      if (round < 0) continue;
      row.wall.push(wall);
      row.cpu.push(cpu);
    }
  }

  print(rows);
} finally {
  standIns.stop();
  await rm(folder, { recursive: true, force: true });
}

async function configurationFile(name, configuration) {
  const file = join(folder, `${name}.config.json`);
  await writeFile(file, JSON.stringify(configuration));
  return file;
}

/** Adds delivered deliveries to a ledger that the program made. */
function fillLedger(file, count) {
  const ledger = new DatabaseSync(file);
  const columns = ledger.prepare("SELECT name FROM pragma_table_info('publish_activity_delivery')").all();
  const values = {
    id: "printf('%032x', n)",
    objid: 'n',
    activity_objid: 'n',
    state: "'delivered'",
    accepted_at: 'n',
    delivered_at: 'n',
  };
  const kept = columns.map(({ name }) => values[name] ?? `[${name}]`);
  ledger.exec(`INSERT INTO publish_activity_delivery
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${count})
    SELECT ${kept.join(', ')} FROM number, (SELECT * FROM publish_activity_delivery LIMIT 1)`);
  ledger.close();
}

/** One process from its start to its end, in ms. */
async function measure(command) {
  const cpuBefore = cpuOfChildren();
  const start = process.hrtime.bigint();
  const child = spawn(options.node, command, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  const wall = Number(process.hrtime.bigint() - start) / 1e6;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`);
  return { wall, cpu: cpuOfChildren() - cpuBefore };
}

/** The time in ms that all ended children had the processor: Linux counts it in steps of 10 ms, so only the mean of many is exact. */
function cpuOfChildren() {
  if (process.platform !== 'linux') return NaN;
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function print(measured) {
  const version = execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim();
  const [processor] = cpus();
  console.log(
    `Node ${version}, ${cpus().length} x ${processor?.model.trim()}, ${process.platform} ${process.arch}, ${rounds} rounds\n`,
  );
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
