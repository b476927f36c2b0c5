// What keeping a company in step costs a server of CalDAV: requests by kind and connections, for a first fill and for rounds in which nothing
// happened. The server is a real one, Radicale; half of the users have no tasks, and so no list for them.

import { DatabaseSync } from '@photostructure/sqlite';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addContacts, agendaConfiguration, loginOf, makeAgenda } from './agenda.mjs';
import { startFront } from './front.mjs';
import { measure } from './process.mjs';
import { hasRadicale, RADICALE, startRadicale } from './radicale.mjs';

const COMPANY = { users: 350, entries: 6_700, contacts: 6 };
/** The round behind a first fill reads everything once. */
const ROUNDS = ['first fill', 'the next round', 'quiet round', 'and another one'];
/** A calendar, a list of tasks and an address book. */
const COLLECTIONS = 3;
const ours = join(import.meta.dirname, '..', 'dist', 'publish-activity.js');

/** Who logs in. */
const WAYS = [
  { called: 'a login for each user', isShared: false },
  { called: 'one login for all', isShared: true },
];
const KINDS = ['PROPFIND', 'REPORT', 'GET', 'PUT', 'DELETE', 'MKCALENDAR', 'MKCOL'];

/** Prints them. */
export async function benchCaldav(bench) {
  if (!hasRadicale()) return console.log(`caldav: skipped, there is no ${RADICALE}`);
  for (const way of WAYS) await benchWay(bench, way);
}

async function benchWay({ node, folder, configurationFile }, { called, isShared }) {
  const place = join(folder, 'caldav');
  await mkdir(place);
  makeAgenda(join(place, 'crm.sqlite'), COMPANY);
  const entries = COMPANY.entries + addContacts(join(place, 'crm.sqlite'), COMPANY);
  const radicale = await startRadicale(join(place, 'radicale'));
  const front = await startFront(radicale.port);
  try {
    if (isShared) for (let n = 0; n < COMPANY.users; n += 1) await radicale.enter(loginOf(n));
    const config = await configurationFile(join('caldav', 'sync'), configurationOf(front.url, isShared));
    const round = async (name) => {
      const before = radicale.cpu();
      const used = await measure(node, [ours, 'sync', '--config', config, '--quiet']);
      return { name, ...used, server: radicale.cpu() - before, ...front.counted(), changes: standing(place, entries) };
    };
    const rounds = [];
    for (const name of ROUNDS) rounds.push(await round(name));
    if (rounds.at(-1).changes !== rounds.at(-2).changes) throw new Error('the round was not quiet');
    print(`sync of ${COMPANY.users} users with ${entries} entries, into Radicale without hashes: ${called}`, rounds);
  } finally {
    front.stop();
    await radicale.stop();
    await rm(place, { recursive: true });
  }
}

function configurationOf(url, isShared) {
  const people = Object.fromEntries(Array.from({ length: COMPANY.users }, (_, n) => [loginOf(n), { password: 'any' }]));
  const configuration = agendaConfiguration('crm.sqlite', {
    ...{ type: 'caldav', url, folder: undefined, firstFill: { entriesPerMinute: 0, usersPerHour: 0 } },
    ...(isShared ? { user: 'crm', password: 'any', principal: '/{login}/' } : { people }),
  });
  configuration.groupware.kinds.visit.contact = 'x_visit2contact';
  // On a machine that is busy with something else no turn is cut off, so that requests are the same each time.
  return { ...configuration, deadline: '5m' };
}

/** How often links changed. Throws where not everything is in step. */
function standing(place, entries) {
  const ledger = new DatabaseSync(join(place, 'publish-activity.ledger'));
  const sums = "SELECT COUNT(*) AS links, SUM(revision) AS changes FROM publish_activity_link WHERE state = 'linked'";
  const [{ links, changes }] = ledger.prepare(sums).all();
  ledger.close();
  if (links !== entries) throw new Error(`${links} of ${entries} entries are in step`);
  return changes;
}

function print(title, rounds) {
  console.log(`${title}\n`);
  console.log(`| row | ${KINDS.join(' | ')} | in all | a user | connections | wall | CPU | CPU of Radicale | memory |`);
  console.log(`|---|${'---|'.repeat(KINDS.length + 7)}`);
  for (const { name, methods, all, connections, wall, cpu, server, memory } of rounds) {
    const kinds = KINDS.map((kind) => methods.get(kind) ?? 0);
    const each = (all / COMPANY.users).toFixed(2);
    const used = [seconds(wall), seconds(cpu), seconds(server), `${memory.toFixed(0)} MiB`];
    console.log(`| ${[name, ...kinds, all, each, connections, ...used].join(' | ')} |`);
  }
  const last = (rounds.at(-1).all / COMPANY.users).toFixed(2);
  console.log(`\nrequests for a user in a quiet round: ${last} (target: at most ${COLLECTIONS}, one for each collection)\n`);
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
