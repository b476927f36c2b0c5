// What keeping a company's events, tasks and contacts in step costs with Google: calls, and HTTP requests that carry them, for a first fill and for
// rounds in which nothing happened; and how long a rule's call takes until its event stands in the calendar. Google is the stand-in of the
// tests, in a process of its own, behind fronts that take as long as a way to Google does. The clock of the program is put forward between
// rounds: contacts are listed once an hour, and of so many users an hour a first time.

import { DatabaseSync } from '@photostructure/sqlite';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import * as http from 'node:http';
import { join } from 'node:path';
import { URL } from 'node:url';
import { compileTs } from '../scripts/compile-ts.mjs';
import { addContacts, addVisit, agendaConfiguration, loginOf, makeAgenda } from './agenda.mjs';
import { startFront } from './front.mjs';
import { measure } from './process.mjs';

/** Of four rows of the agenda one is a task; half of the users have none, and so no list. */
const COMPANY = { users: 350, entries: 5_600, contacts: 6 };
/** How long a request is on its way to Google, in ms. */
const WAY_MS = 100;
const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000];
/** So many users' contacts are listed a first time in an hour. */
const FIRST_LISTINGS = 20;
const HOURS = Math.ceil(COMPANY.users / FIRST_LISTINGS) - 1;
/**
 * The rounds, each with how long after the one before it begins, by the program's clock, and how often. The round behind a first fill reads
 * everything once, and each entry by its id: until a minute has passed, of tasks five and of contacts ten, a listing may not show it yet.
 */
const ROUNDS = [
  { name: 'first fill', afterMs: 0 },
  { name: 'the next round', afterMs: 0 },
  // So that hours do not take hours, more users have their turns at once than usual.
  { name: `${HOURS} rounds, an hour apart`, afterMs: HOUR_MS + MINUTE_MS, times: HOURS, isHurried: true },
  { name: 'quiet round, all kinds listed', afterMs: 80 * MINUTE_MS },
  { name: 'quiet round', afterMs: 5 * MINUTE_MS },
];
const QUIET = 2;
/** The databases are files, or on a stand-in of SQL Server, where everything takes its time and turns do not keep step with each other. */
const WAYS = [
  { batch: 'own', isOnServer: false },
  { batch: 'shared', isOnServer: false },
  { batch: 'shared', isOnServer: true },
];
const TARGET = 40;
const RULE_CALLS = 20;
const CLOCK = join(import.meta.dirname, '..', 'tests', 'support', 'clock.cjs');
const SERVICES = ['calendar', 'tasks', 'people'];
const LEDGER = 'publish-activity.ledger';
const ZONE = 'America/Chicago';
const ours = join(import.meta.dirname, '..', 'dist', 'publish-activity.js');

/** Prints them. */
export async function benchGoogle(bench) {
  for (const way of WAYS) await benchWay(bench, way);
}

async function benchWay({ node, folder, configurationFile }, { batch, isOnServer }) {
  const place = join(folder, 'google');
  await mkdir(place);
  makeAgenda(join(place, 'crm.sqlite'), COMPANY);
  const entries = COMPANY.entries + addContacts(join(place, 'crm.sqlite'), COMPANY);
  const google = await startGoogle(place, isOnServer);
  const fronts = await Promise.all(SERVICES.map((name) => startFront(Number(new URL(google.endpoints[name]).port), WAY_MS)));
  const far = Object.fromEntries(SERVICES.map((name, at) => [name, fronts[at].url]));
  try {
    const configuration = await configurationOf(place, google, far, batch);
    const config = await configurationFile(join('google', 'sync'), configuration);
    const hurried = await configurationFile(join('google', 'hurried'), withGroupware(configuration, { concurrency: 50 }));
    const rounds = [];
    let ahead = 0;
    const round = async ({ name, afterMs, times = 1, isHurried = false }) => {
      let used;
      for (let n = 0; n < times; n += 1) {
        ahead += afterMs;
        used = await sync(node, ['--config', isHurried ? hurried : config, '--quiet'], ahead);
      }
      const connections = fronts.reduce((sum, front) => sum + front.counted().connections, 0);
      return { name, times, ...used, ...(await google.counted()), connections, ...standing(place) };
    };
    for (const each of ROUNDS) rounds.push(await round(each));
    const quiet = rounds.slice(-QUIET);
    if (quiet.some(({ links }) => links !== entries)) throw new Error(`${quiet[0].links} of ${entries} entries are in step`);
    if (quiet.some(({ changes }) => changes !== rounds.at(-QUIET - 1).changes)) throw new Error('the rounds were not quiet');
    print(
      `${COMPANY.users} users with ${entries} entries, batch "${batch}", ledger and CRM ${isOnServer ? 'on SQL Server' : 'in files'}`,
      rounds,
    );
    if (batch !== 'own') return;
    const near = await configurationFile(join('google', 'near'), withGroupware(configuration, { endpoints: google.endpoints }));
    await benchRule(node, place, near, google, ahead);
  } finally {
    for (const front of fronts) front.stop();
    google.stop();
    await rm(place, { recursive: true });
  }
}

/** Runs the program with a clock that is so many ms ahead. */
function sync(node, words, ahead) {
  process.env.CLOCK_OFFSET_MS = String(ahead);
  return measure(node, ['--require', CLOCK, ours, 'sync', ...words]);
}

function withGroupware(configuration, changes) {
  return { ...configuration, groupware: { ...configuration.groupware, ...changes } };
}

/** Starts the stand-in, with everybody's tokens in the ledger of a folder. */
async function startGoogle(place, isOnServer) {
  const child = fork(await compileTs(join('bench', 'google-process.ts')), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the stand-in ended with ${code}`);
  });
  // Whoever asks next is told.
  ended.catch(() => undefined);
  const answer = async (question) => {
    child.send(question);
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return message;
  };
  const vaultKey = randomBytes(32).toString('base64');
  const logins = Array.from({ length: COMPANY.users }, (_, n) => loginOf(n));
  const files = { crmFile: join(place, 'crm.sqlite'), ledgerFile: join(place, LEDGER) };
  const { endpoints, ...known } = await answer({ ...files, isOnServer, vaultKey, logins, timeZone: ZONE });
  return {
    ...{ ...known, endpoints, vaultKey },
    counted: () => answer('counted'),
    stop: () => child.disconnect(),
  };
}

async function configurationOf(place, { client, endpoints, vaultKey, crm, ledger }, far, batch) {
  await writeFile(join(place, 'vault.key'), vaultKey);
  const configuration = agendaConfiguration('crm.sqlite', {
    ...{ type: 'google', folder: undefined, batch, clientId: client.id, clientSecret: client.secret },
    ...{ vault: { key: { file: 'vault.key' } }, endpoints: { ...endpoints, ...far } },
    firstFill: { entriesPerMinute: 0, usersPerHour: 0 },
  });
  configuration.groupware.kinds.visit.contact = 'x_visit2contact';
  // On a machine that is busy with something else no turn is cut off, so that calls are the same each time.
  return { ...configuration, deadline: '5m', clarify: { ...configuration.clarify, database: crm }, ledger };
}

/** How many entries are in step, and how often links changed. */
function standing(place) {
  const ledger = new DatabaseSync(join(place, LEDGER));
  const sums = "SELECT COUNT(*) AS links, SUM(revision) AS changes FROM publish_activity_link WHERE state = 'linked'";
  const [standing] = ledger.prepare(sums).all();
  ledger.close();
  return standing;
}

/** How long a rule's call takes until its event stands, beside a bare request, both without a way to Google. */
async function benchRule(node, place, config, google, ahead) {
  const [whole, bare, until] = [[], [], []];
  await google.counted();
  for (let n = 0; n < RULE_CALLS; n += 1) {
    const objid = addVisit(join(place, 'crm.sqlite'), loginOf(0));
    const begin = Date.now();
    const { wall } = await sync(node, ['visit', `${objid}`, '--config', config, '--quiet'], ahead);
    const { madeAt, calls } = await google.counted();
    if (calls.filter((method) => method === 'events.insert').length !== 1) throw new Error(`no event was made: ${calls}`);
    whole.push(wall);
    until.push(madeAt - begin);
    bare.push(await bareRequest(google));
    await google.counted();
  }
  console.log(`A rule's call, ${RULE_CALLS} rounds, without a way to Google\n`);
  console.log('| row | median | fastest |');
  console.log('|---|---|---|');
  const rows = { 'one bare request': bare, 'from the call to the event': until, 'from the call to its end': whole };
  for (const [name, ms] of Object.entries(rows))
    console.log(`| ${name} | ${median(ms).toFixed(1)} ms | ${Math.min(...ms).toFixed(1)} ms |`);
  console.log('');
}

/** Makes an event of the first user, as plainly as it can be, on a connection that is there. */
async function bareRequest({ endpoints, access }) {
  const moment = (ms) => ({ dateTime: new Date(ms).toISOString() });
  const event = { summary: 'Visit', start: moment(Date.now()), end: moment(Date.now() + 3_600_000) };
  const headers = { Authorization: `Bearer ${access}`, 'Content-Type': 'application/json' };
  const begin = process.hrtime.bigint();
  const asked = http.request(`${endpoints.calendar}/calendar/v3/calendars/primary/events`, { method: 'POST', headers });
  asked.end(JSON.stringify(event));
  const [answer] = await once(asked, 'response');
  answer.resume();
  await once(answer, 'end');
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

function print(title, rounds) {
  console.log(`sync into the stand-in of Google, ${WAY_MS} ms away: ${title}\n`);
  console.log('| row | HTTP requests | calls | calls a request | calls a user | tokens | connections | wall | CPU | memory |');
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  for (const { name, times, requests, calls, tokens, connections, wall, cpu, memory } of rounds) {
    const sums = [requests.length, calls.length, each(calls, requests), (calls.length / times / COMPANY.users).toFixed(2)];
    // Of several rounds the last one's.
    console.log(
      `| ${[name, ...sums, tokens, connections, seconds(wall), seconds(cpu), `${memory.toFixed(0)} MiB`].join(' | ')} |`,
    );
  }
  for (const { name, calls, requests } of rounds.slice(-QUIET))
    console.log(`\ncalls a request, ${name}: ${each(calls, requests)} (target of "shared": at least ${TARGET})`);
  console.log('');
}

function each(calls, requests) {
  return (calls.length / requests.length).toFixed(1);
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
