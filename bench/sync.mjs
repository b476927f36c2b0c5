// What keeping a company in step costs: a first fill of a folder, a round in which nothing happened, and how much memory such a round takes
// at the most, by how many entries are in step. A short round ends before V8 has collected anything, which is why a long one may take some
// more: what is kept is one user's at a time.

import { DatabaseSync } from '@photostructure/sqlite';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { agendaConfiguration, makeAgenda } from './agenda.mjs';
import { measure } from './process.mjs';

const COMPANY = { users: 350, entries: 8_300 };
const QUIET_ROUNDS = 3;
/** The same for each user, and a hundred times as many users. */
const SIZES = [
  { users: 50, entries: 1_000 },
  { users: 5_000, entries: 100_000 },
];
const ours = join(import.meta.dirname, '..', 'dist', 'publish-activity.js');
const WITHOUT_FLUSH = ['--require', join(import.meta.dirname, 'without-flush.cjs')];

/** Prints both. */
export async function benchSync(bench) {
  const company = await companyIn(bench, 'company', COMPANY);
  const rows = [['first fill', await company.sync()]];
  for (let round = 1; round <= QUIET_ROUNDS; round += 1) rows.push([`quiet round ${round}`, await company.quietRound()]);
  await company.remove();
  console.log(`sync of ${COMPANY.users} users with ${COMPANY.entries} entries, into a folder\n`);
  console.log('| row | wall | entries a second | CPU | memory |');
  console.log('|---|---|---|---|---|');
  for (const [name, { wall, cpu, memory }] of rows) {
    const rate = Math.round((COMPANY.entries / wall) * 1_000);
    console.log(`| ${name} | ${seconds(wall)} | ${rate} | ${seconds(cpu)} | ${memory.toFixed(0)} MiB |`);
  }

  console.log('\nMemory of a quiet round at the most\n');
  console.log('| links | users | memory | wall | CPU |');
  console.log('|---|---|---|---|---|');
  const peaks = [];
  for (const size of SIZES) {
    const { sync, quietRound, remove } = await companyIn(bench, `company-${size.entries}`, size);
    // How it came there is not what is measured.
    await sync(WITHOUT_FLUSH);
    const { wall, cpu, memory } = await quietRound();
    await remove();
    peaks.push(memory);
    console.log(`| ${size.entries} | ${size.users} | ${memory.toFixed(0)} MiB | ${seconds(wall)} | ${seconds(cpu)} |`);
  }
  console.log(
    `\n${SIZES.map(({ entries }) => entries).join(' / ')}, memory: ${(peaks[1] / peaks[0]).toFixed(2)} (target: at most 1.5)`,
  );
}

/** A company with nothing in step yet. */
async function companyIn({ node, folder, configurationFile }, name, { users, entries }) {
  const place = join(folder, name);
  await mkdir(place);
  makeAgenda(join(place, 'crm.sqlite'), { users, entries });
  const noLimits = { firstFill: { entriesPerMinute: 0, usersPerHour: 0 } };
  const config = await configurationFile(join(name, 'sync'), agendaConfiguration('crm.sqlite', noLimits));
  const sync = (options = []) => measure(node, [...options, ours, 'sync', '--config', config, '--quiet']);
  const standing = () => {
    const ledger = new DatabaseSync(join(place, 'publish-activity.ledger'));
    const sums = "SELECT COUNT(*) AS links, SUM(revision) AS changes FROM publish_activity_link WHERE state = 'linked'";
    const [{ links, changes }] = ledger.prepare(sums).all();
    ledger.close();
    if (links !== entries) throw new Error(`${links} of ${entries} entries are in step`);
    return changes;
  };
  return {
    sync,
    quietRound: async () => {
      const before = standing();
      const used = await sync();
      if (standing() !== before) throw new Error('the round was not quiet');
      return used;
    },
    remove: () => rm(place, { recursive: true }),
  };
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
