// The client of Google over the stand-in: what travels together, what is made again, and what is never known.

import { generateKeyPairSync } from 'node:crypto';
import { startDeadline, type Deadline } from '../../src/core/deadline';
import { Secret } from '../../src/core/secret';
import type { Called, GoogleClient } from '../../src/groupware/google/calls/client';
import { openDesk } from '../../src/groupware/google/desk';
import type { GoogleOptions } from '../../src/groupware/google/options';
import { scopesOf } from '../../src/groupware/google/consent/scopes';
import type { GoogleCall, GoogleUser } from '../../src/groupware/google/calls/sending';
import type { GroupwareUser } from '../../src/groupware/groupware';
import { itemsOf } from '../support/google/asking';
import { hurriedTimer } from '../support/google-timer';
import { KINDS, startGoogleSite, untilAsked, type GoogleSite } from '../support/google-site';
import { ANN, BOB } from './suite';

let site: GoogleSite;
let deadline: Deadline;
let timer: ReturnType<typeof hurriedTimer>;
const TIME = { dateTime: '2026-03-02T09:30:00', timeZone: 'Europe/Zurich' };

afterEach(async () => {
  deadline.end();
  await site.close();
});

async function open(changes: Partial<GoogleOptions> = {}, turns = 0): Promise<GoogleClient> {
  site = await startGoogleSite({ calendar: 'primary', ...changes });
  const begun = performance.now();
  deadline = startDeadline(20_000, () => performance.now() - begun);
  timer = hurriedTimer();
  return openDesk(site.options, { ...site.tools, turnsUnderWay: () => turns }, timer).client('calendar');
}

const list: GoogleCall = { method: 'GET', path: 'calendars/primary/events' };
const insert = (id: string, summary = id): GoogleCall => ({
  ...{ method: 'POST', path: 'calendars/primary/events', query: { sendUpdates: 'none' }, about: `primary ${id}` },
  json: { id, summary, start: TIME, end: TIME },
});
const idOf = (n: number) => `event${String(n).padStart(3, '0').replaceAll('9', 'a')}`;
const summariesOf = (email: string) => site.server.events(email).map(({ summary }) => summary);
const statusOf = (called: Called | undefined) => (called?.kind === 'answer' ? called.status : called?.kind);
/** How many requests of HTTP there were at Calendar, and how many calls. */
const counts = () => [site.server.requests.filter(({ host }) => host === 'calendar').length, site.server.calls.length];
const all = (client: GoogleClient, calls: readonly (readonly [GoogleUser, GoogleCall])[]) =>
  Promise.all(calls.map(([user, call]) => client.call(user, call, deadline)));

describe('Calls to Google', () => {
  it('go as they are where one goes alone, and ask for a packed answer', async () => {
    const client = await open();
    site.join(ANN);
    expect(statusOf(await client.call(ANN, list, deadline))).toBe(200);
    expect(counts()).toEqual([1, 1]);
    expect(site.server.calls[0]).toMatchObject({ isInBatch: false, user: ANN.email });
    expect(site.server.requests[0]?.headers).toMatchObject({
      'user-agent': expect.stringMatching(/^publish-activity\/\S+ \(gzip\)$/),
      'accept-encoding': expect.stringContaining('gzip'),
    });
  });

  it.each([
    ['own', 2],
    ['shared', 1],
  ] as const)('of two users with 20 entries each are packed (%s): %i requests', async (batch, requests) => {
    const client = await open({ batch });
    site.join(ANN);
    site.join(BOB);
    const made = await all(
      client,
      [ANN, BOB].flatMap((user) => Array.from({ length: 20 }, (_, n) => [user, insert(idOf(n), user.login)] as const)),
    );
    expect(new Set(made.map(statusOf))).toEqual(new Set([200]));
    expect(counts()).toEqual([requests, 40]);
    for (const user of [ANN, BOB]) expect(new Set(summariesOf(user.email))).toEqual(new Set([user.login]));
  });

  it.each([
    ['own', 2, 'for nobody'],
    ['shared', 2, 'for those of another user who is at work'],
    ['shared', 1, 'for nobody'],
  ] as const)('wait in %s batches, while %i users are at work, %s', async (batch, turns, whom) => {
    const client = await open({ batch }, turns);
    site.join(ANN);
    expect(statusOf(await client.call(ANN, list, deadline))).toBe(200);
    expect(timer.waits).toHaveLength(whom === 'for nobody' ? 0 : 20);
  });

  it('are answered each to its own user, in whatever order, and none is done for another one', async () => {
    const client = await open({ batch: 'shared' });
    const users = ['ann', 'bob', 'cyd', 'dee'].map((login): GroupwareUser => ({ ...ANN, login, email: `${login}@example.com` }));
    for (const user of users) site.join(user);
    await all(
      client,
      users.map((user) => [user, insert(idOf(1), user.login)]),
    );
    site.server.misbehave({ method: 'batch', what: { kind: 'batch', order: 'reversed' } });
    const listed = await all(
      client,
      users.map((user) => [user, list]),
    );
    const names = listed.map((called) =>
      called.kind === 'answer' ? itemsOf({ body: called.json } as never).map(({ summary }) => summary) : called,
    );
    expect(names).toEqual([['ann'], ['bob'], ['cyd'], ['dee']]);
  });

  it('about one thing never travel together, and go in their order', async () => {
    const client = await open({ batch: 'shared' });
    site.join(ANN);
    const rename = (summary: string): GoogleCall => ({
      ...{ method: 'PATCH', path: `calendars/primary/events/${idOf(1)}`, about: `primary ${idOf(1)}`, json: { summary } },
    });
    const made = await all(
      client,
      [insert(idOf(1)), rename('One'), rename('Two')].map((call) => [ANN, call]),
    );
    expect(made.map(statusOf)).toEqual([200, 200, 200]);
    expect(counts()).toEqual([3, 3]);
    expect(summariesOf(ANN.email)).toEqual(['Two']);
  });

  it('are unknown where a part of the answer is missing, and questions are asked again', async () => {
    const client = await open();
    site.join(ANN);
    site.server.misbehave({ method: 'batch', what: { kind: 'batch', leaveOut: [0, 2] } });
    const made = await all(
      client,
      [1, 2, 3].map((n) => [ANN, insert(idOf(n))]),
    );
    expect(made.map(statusOf)).toEqual(['unknown', 200, 'unknown']);
    expect(summariesOf(ANN.email)).toHaveLength(3);
    site.server.misbehave({ method: 'batch', what: { kind: 'batch', leaveOut: [0] } });
    const asked = await all(
      client,
      [1, 2].map((n) => [ANN, { method: 'GET', path: `calendars/primary/events/${idOf(n)}` }]),
    );
    expect(asked.map(statusOf)).toEqual([200, 200]);
  });

  it.each([
    ['lost', { kind: 'reset', done: true }],
    ['a 503 of what was done', { kind: 'status', status: 503, done: true }],
    ['a page of somebody else', { kind: 'page' }],
    ['cut off', { kind: 'cut' }],
  ] as const)('are unknown where the answer is %s, and never made a second time', async (_, what) => {
    const client = await open();
    site.join(ANN);
    site.server.misbehave({ method: 'events.insert', what });
    expect(statusOf(await client.call(ANN, insert(idOf(1)), deadline))).toBe('unknown');
    expect(counts()).toEqual([1, 1]);
    site.server.misbehave({ method: 'events.list', what });
    expect(statusOf(await client.call(ANN, list, deadline))).toBe(200);
    site.server.misbehave({ method: 'events.list', what, times: 2 });
    expect(await client.call(ANN, list, deadline)).toMatchObject({ kind: 'retry' });
  });

  it('go on with another token where one counts no more, and park nobody', async () => {
    const client = await open();
    site.join(ANN);
    site.server.expireAccessTokens();
    const made = await all(
      client,
      [1, 2, 3].map((n) => [ANN, insert(idOf(n))]),
    );
    expect(made.map(statusOf)).toEqual([200, 200, 200]);
    // All of them asked for it once.
    expect(site.server.requests.filter(({ host }) => host === 'accounts')).toHaveLength(1);
    site.server.misbehave({ method: 'events.list', what: { kind: 'unauthorized' }, times: 2 });
    expect(await client.call(ANN, list, deadline)).toMatchObject({ kind: 'retry' });
    expect(site.kept.get('ann')?.state).toBe('given');
  });

  it('park a user who did not agree to so much, and nobody else', async () => {
    const client = await open({ batch: 'shared' });
    site.join(ANN, ['openid']);
    site.join(BOB);
    const asked = await all(
      client,
      [ANN, BOB].map((user) => [user, list]),
    );
    expect(asked[0]).toMatchObject({ kind: 'refused', by: 'user', reason: expect.stringContaining('connect ann') });
    expect(statusOf(asked[1])).toBe(200);
    expect(site.kept.get('ann')).toMatchObject({ state: 'parked' });
    expect(site.kept.get('bob')).toMatchObject({ state: 'given' });
    const before = counts();
    expect(await client.call(ANN, list, deadline)).toMatchObject({ kind: 'refused', by: 'user' });
    expect(counts()).toEqual(before);
  });

  it('refuse a user whose consent was taken back, and nobody else', async () => {
    const client = await open();
    site.join(ANN);
    site.join(BOB);
    for (const each of site.server.oauth.tokens.refresh.values()) each.isRevoked ||= each.email === ANN.email;
    site.server.expireAccessTokens();
    const asked = await all(
      client,
      [ANN, BOB].map((user) => [user, list]),
    );
    expect(asked.map(statusOf)).toEqual(['refused', 200]);
    expect(site.kept.get('ann')?.state).toBe('parked');
  });

  it('are made again alone where they came too fast, after a while', async () => {
    const client = await open();
    site.join(ANN);
    site.server.misbehave({
      method: 'events.insert',
      nth: 3,
      times: 7,
      what: { kind: 'limit', reason: 'userRateLimitExceeded' },
    });
    const made = await all(
      client,
      Array.from({ length: 20 }, (_, n) => [ANN, insert(idOf(n))]),
    );
    expect(new Set(made.map(statusOf))).toEqual(new Set([200]));
    expect(counts()).toEqual([2, 27]);
    expect(Math.max(...timer.waits)).toBeGreaterThanOrEqual(1_000);
  });

  it('are left for later where they come too fast again and again', async () => {
    const client = await open();
    site.join(ANN);
    const what = { kind: 'limit', reason: 'rateLimitExceeded', status: 429, retryAfter: 7 } as const;
    site.server.misbehave({ method: 'events.insert', times: 9, what });
    const called = await client.call(ANN, insert(idOf(1)), deadline);
    expect(called).toMatchObject({ kind: 'retry' });
    expect(called.kind === 'retry' && called.afterMs).toBeGreaterThanOrEqual(7_000);
    expect(counts()).toEqual([4, 4]);
  });

  it('write nothing for a while for an account that is full, and go on reading', async () => {
    const client = await open();
    site.join(ANN);
    site.join(BOB);
    site.server.misbehave({ method: 'events.insert', what: { kind: 'limit', reason: 'quotaExceeded' } });
    expect(await client.call(ANN, insert(idOf(1)), deadline)).toMatchObject({ kind: 'retry', afterMs: 3_600_000 });
    expect(await client.call(ANN, insert(idOf(2)), deadline)).toMatchObject({ kind: 'retry' });
    expect(counts()).toEqual([1, 1]);
    const rest = await all(client, [
      [ANN, list],
      [BOB, insert(idOf(1))],
    ]);
    expect(rest.map(statusOf)).toEqual([200, 200]);
  });

  it('tell that the API is not switched on, to everybody', async () => {
    const client = await open();
    site.join(ANN);
    const body = { error: { code: 403, errors: [{ reason: 'accessNotConfigured', message: 'SECRET' }] } };
    site.server.misbehave({ method: 'events.list', what: { kind: 'answer', status: 403, body } });
    const called = await client.call(ANN, list, deadline);
    expect(called).toMatchObject({ kind: 'refused', by: 'everybody' });
    expect(JSON.stringify(called)).not.toContain('SECRET');
  });

  it('end with their time, and say that what was sent may be done', async () => {
    const client = await open();
    site.join(ANN);
    site.server.misbehave({ method: 'events.insert', what: { kind: 'hang', done: true } });
    const soon = startDeadline(20_000, () => 0);
    const made = client.call(ANN, insert(idOf(1)), soon);
    await untilAsked(site, 'events.insert');
    soon.end();
    expect(statusOf(await made)).toBe('unknown');
    expect(await client.call(ANN, list, soon)).toMatchObject({ kind: 'retry' });
    expect(summariesOf(ANN.email)).toHaveLength(1);
  });
});

describe('Calls by a service account', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const issuer = 'sync@project.iam.gserviceaccount.com';
  const account = {
    issuer,
    keyId: 'k1',
    privateKey: new Secret(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  };
  const openAs = async (delegated = scopesOf({ calendar: 'primary', busy: false }, KINDS)) => {
    const client = await open({ clientId: undefined, clientSecret: undefined, vault: undefined, serviceAccount: account });
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    site.server.addServiceAccount({ email: issuer, clientId: '1', publicKey, keyId: 'k1', delegated });
    for (const user of [ANN, BOB]) site.server.addUser(user.email);
    return client;
  };

  it('need nobody who agreed, and count for each user by itself', async () => {
    const client = await openAs();
    const made = await all(
      client,
      [ANN, BOB].map((user) => [user, insert(idOf(1), user.login)]),
    );
    expect(made.map(statusOf)).toEqual([200, 200]);
    expect([summariesOf(ANN.email), summariesOf(BOB.email)]).toEqual([['ann'], ['bob']]);
    const charged = site.server.calls.map(({ query }) => query.get('quotaUser'));
    expect(new Set(charged).size).toBe(2);
    expect(JSON.stringify(charged)).not.toMatch(/ann|bob|null/);
    expect(site.kept.size).toBe(0);
  });

  it('park nobody where it may do too little', async () => {
    const client = await openAs();
    const body = { error: { code: 403, status: 'PERMISSION_DENIED', details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] } };
    site.server.misbehave({ method: 'events.list', times: 2, what: { kind: 'answer', status: 403, body } });
    const called = await client.call(ANN, list, deadline);
    expect(called).toMatchObject({ kind: 'refused', by: 'user', reason: expect.stringContaining('service account') });
    expect(JSON.stringify(called)).not.toContain('connect');
    expect(site.kept.size).toBe(0);
    expect(statusOf(await client.call(ANN, list, deadline))).toBe(200);
  });
});
