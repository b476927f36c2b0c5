// What keeping a company in step costs with Google: calls, and HTTP requests that carry them, for a first fill and for rounds in which nothing
// happened; and how long a rule's call takes until its event stands in the calendar. Google is the stand-in of the tests, in a process of
// its own, behind a front that takes as long as a way to Google does.

import { DatabaseSync } from '@photostructure/sqlite';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import * as http from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { URL } from 'node:url';
import { compileTs } from '../scripts/compile-ts.mjs';
import { addVisit, agendaConfiguration, loginOf, makeAgenda } from './agenda.mjs';
import { startFront } from './front.mjs';
import { measure } from './process.mjs';

/** Of four rows of the agenda three are events, and Google gets no others. */
const COMPANY = { users: 350, entries: 5_600 };
const EVENTS = 4_200;
/** How long a request is on its way to Google, in ms. */
const WAY_MS = 100;
/** The round behind a first fill reads everything once, and each event by its id: until a minute has passed, a listing may not show it yet. */
const ROUNDS = ['first fill', 'the next round', 'quiet round', 'and another one'];
const QUIET = ROUNDS.indexOf('quiet round');
const SETTLED_MS = 61_000;
/** The databases are files, or on a stand-in of SQL Server, where everything takes its time and turns do not keep step with each other. */
const WAYS = [
  { batch: 'own', isOnServer: false },
  { batch: 'shared', isOnServer: false },
  { batch: 'shared', isOnServer: true },
];
const TARGET = 40;
const RULE_CALLS = 20;
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
  const google = await startGoogle(place, isOnServer);
  const front = await startFront(google.port, WAY_MS);
  try {
    const configuration = await configurationOf(place, google, front.url, batch);
    const config = await configurationFile(join('google', 'sync'), configuration);
    const rounds = [];
    for (const [at, name] of ROUNDS.entries()) {
      if (at === QUIET) await setTimeout(SETTLED_MS);
      const used = await measure(node, [ours, 'sync', '--config', config, '--quiet']);
      rounds.push({ name, ...used, ...(await google.counted()), ...front.counted(), changes: standing(place, EVENTS) });
    }
    if (rounds.at(-1).changes !== rounds.at(-2).changes) throw new Error('the round was not quiet');
    print(
      `${COMPANY.users} users with ${EVENTS} events, batch "${batch}", ledger and CRM ${isOnServer ? 'on SQL Server' : 'in files'}`,
      rounds,
    );
    if (batch !== 'own') return;
    const near = await configurationFile(join('google', 'near'), {
      ...configuration,
      groupware: { ...configuration.groupware, endpoints: google.endpoints },
    });
    await benchRule(node, place, near, google);
  } finally {
    front.stop();
    google.stop();
    await rm(place, { recursive: true });
  }
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
    ...{ ...known, endpoints, vaultKey, port: Number(new URL(endpoints.calendar).port) },
    counted: () => answer('counted'),
    stop: () => child.disconnect(),
  };
}

async function configurationOf(place, { client, endpoints, vaultKey, crm, ledger }, calendar, batch) {
  await writeFile(join(place, 'vault.key'), vaultKey);
  const configuration = agendaConfiguration('crm.sqlite', {
    ...{ type: 'google', folder: undefined, batch, clientId: client.id, clientSecret: client.secret },
    ...{ vault: { key: { file: 'vault.key' } }, endpoints: { ...endpoints, calendar } },
    firstFill: { entriesPerMinute: 0, usersPerHour: 0 },
  });
  // On a machine that is busy with something else no turn is cut off, so that calls are the same each time.
  return { ...configuration, deadline: '5m', clarify: { ...configuration.clarify, database: crm }, ledger };
}

/** How often links changed. Throws where not everything is in step. */
function standing(place, events) {
  const ledger = new DatabaseSync(join(place, LEDGER));
  const sums = "SELECT COUNT(*) AS links, SUM(revision) AS changes FROM publish_activity_link WHERE state = 'linked'";
  const [{ links, changes }] = ledger.prepare(sums).all();
  ledger.close();
  if (links !== events) throw new Error(`${links} of ${events} events are in step`);
  return changes;
}

/** How long a rule's call takes until its event stands, beside a bare request, both without a way to Google. */
async function benchRule(node, place, config, google) {
  const [whole, bare, until] = [[], [], []];
  await google.counted();
  for (let n = 0; n < RULE_CALLS; n += 1) {
    const objid = addVisit(join(place, 'crm.sqlite'), loginOf(0));
    const begin = Date.now();
    const { wall } = await measure(node, [ours, 'sync', 'visit', `${objid}`, '--config', config, '--quiet']);
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
  console.log('| row | HTTP requests | calls | calls a request | calls a user | connections | wall | CPU | memory |');
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const { name, requests, calls, connections, wall, cpu, memory } of rounds) {
    const sums = [requests.length, calls.length, each(calls, requests), (calls.length / COMPANY.users).toFixed(2)];
    console.log(`| ${[name, ...sums, connections, seconds(wall), seconds(cpu), `${memory.toFixed(0)} MiB`].join(' | ')} |`);
  }
  const { calls, requests } = rounds.at(-1);
  console.log(`\ncalls a request in a quiet round: ${each(calls, requests)} (target of "shared": at least ${TARGET})\n`);
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
