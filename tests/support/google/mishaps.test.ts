// Limits and mishaps: whom they meet, how often, and whether what was asked for is done.

import { asking, refusalOf, VISIT, type Asked, type Asking } from './asking';
import { startGoogleServer, type GoogleServer } from './google-server';
import type { Mishap } from './mishaps';

const ANN = 'ann@example.com';
const EVENTS = 'calendars/primary/events';
let server: GoogleServer;
let ask: Asking;
let now = 0;

beforeEach(async () => {
  server = await startGoogleServer({ now: () => now });
  for (const email of [ANN, 'bob@example.com']) server.addUser(email);
  ask = asking(server, server.grant(ANN).access);
});
afterEach(() => server.close());

const insert = (headers?: Record<string, string>) => ask('POST', EVENTS, VISIT, headers);
const kept = () => server.events(ANN).length;

describe('a limit', () => {
  it.each<[number, string, 403 | 429 | undefined]>([
    [403, 'https://developers.google.com/workspace/calendar/api/guides/errors#403_user_rate_limit_exceeded', undefined],
    [429, 'https://developers.google.com/workspace/calendar/api/guides/errors#429_too_many_requests', 429],
  ])('of a user lasts for a minute, and is told by %s', async (told, source, status) => {
    expect(source).toMatch(/^https:/);
    server.limit({ perUser: 2, ...(status === undefined ? {} : { status, retryAfter: 30 }) });
    for (let n = 0; n < 2; n += 1) expect((await insert()).status).toBe(200);
    const refused = await insert();
    expect(refusalOf(refused)).toEqual([told, 'userRateLimitExceeded']);
    expect(refused.headers.get('retry-after')).toBe(status === undefined ? null : '30');
    const bob = asking(server, server.grant('bob@example.com').access);
    expect((await bob('GET', EVENTS)).status).toBe(200);
    now += 60_001;
    expect((await insert()).status).toBe(200);
    expect(kept()).toBe(3);
  });

  it('of the project meets everybody', async () => {
    server.limit({ perProject: 1 });
    const bob = asking(server, server.grant('bob@example.com').access);
    expect((await bob('GET', EVENTS)).status).toBe(200);
    expect(refusalOf(await insert())).toEqual([403, 'rateLimitExceeded']);
  });

  it('counts for quotaUser where one is named, of 40 characters at the most', async () => {
    server.limit({ perUser: 1 });
    const as = (name: string) => ask('GET', `${EVENTS}?quotaUser=${name}`);
    expect([(await as('a')).status, (await as('b')).status, (await as('a')).status]).toEqual([200, 200, 403]);
    expect((await as('a'.repeat(41))).status).toBe(400);
  });
});

describe('a mishap', () => {
  const DONE: readonly (readonly [string, Mishap, (asked: Promise<Asked>) => Promise<unknown>])[] = [
    ['a reset', { kind: 'reset', done: true }, (asked) => expect(asked).rejects.toThrow('fetch failed')],
    ['a cut', { kind: 'cut' }, (asked) => expect(asked).rejects.toThrow('terminated')],
    ['half a text', { kind: 'truncated' }, (asked) => expect(asked).resolves.toMatchObject({ status: 200, body: {} })],
    ['a page', { kind: 'page' }, async (asked) => expect((await asked).headers.get('content-type')).toMatch('text/html')],
    ['503', { kind: 'status', status: 503, done: true }, (asked) => expect(asked).resolves.toMatchObject({ status: 503 })],
    ['a while', { kind: 'slow', ms: 5 }, (asked) => expect(asked).resolves.toMatchObject({ status: 200 })],
  ];
  it.each(DONE)('comes after it was done: %s', async (_, what, check) => {
    server.misbehave({ method: 'events.insert', what });
    await check(insert());
    expect(kept()).toBe(1);
    expect((await insert()).status).toBe(200);
  });

  const NOT_DONE: readonly (readonly [string, Mishap, (asked: Promise<Asked>) => Promise<unknown>])[] = [
    ['a reset', { kind: 'reset' }, (asked) => expect(asked).rejects.toThrow('fetch failed')],
    ['500', { kind: 'status', status: 500 }, async (asked) => expect(refusalOf(await asked)).toEqual([500, 'backendError'])],
    [
      'a page of a proxy',
      { kind: 'status', status: 502, html: true, retryAfter: 3 },
      async (asked) => expect((await asked).headers.get('retry-after')).toBe('3'),
    ],
    ['a token refused', { kind: 'unauthorized' }, async (asked) => expect(refusalOf(await asked)).toEqual([401, 'authError'])],
    [
      'a calendar that can only be read',
      { kind: 'limit', reason: 'quotaExceeded' },
      async (asked) => expect(refusalOf(await asked)).toEqual([403, 'quotaExceeded']),
    ],
    [
      'whatever is said',
      { kind: 'answer', status: 418, body: {} },
      (asked) => expect(asked).resolves.toMatchObject({ status: 418 }),
    ],
  ];
  it.each(NOT_DONE)('comes instead: %s', async (_, what, check) => {
    server.misbehave({ what });
    await check(insert());
    expect(kept()).toBe(0);
    expect((await insert()).status).toBe(200);
  });

  it.each([true, false])('leaves the connection half open, done: %s', async (done) => {
    server.misbehave({ what: { kind: 'hang', done } });
    const { endpoints } = server;
    const ends = new AbortController();
    const asked = fetch(`${endpoints.calendar}/calendar/v3/${EVENTS}`, {
      ...{ method: 'POST', body: JSON.stringify(VISIT), signal: ends.signal },
      headers: { Authorization: `Bearer ${server.grant(ANN).access}`, 'Content-Type': 'application/json' },
    });
    // Another call goes through meanwhile, and the first one is still waiting.
    while (server.calls.length === 0) expect((await ask('GET', 'colors')).status).toBe(404);
    expect((await ask('GET', EVENTS)).status).toBe(200);
    expect(await Promise.race([asked, Promise.resolve('waiting')])).toBe('waiting');
    ends.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect([kept(), server.calls[0]?.status]).toEqual([done ? 1 : 0, undefined]);
  });

  it('meets the calls that it is for, from the nth on and so many times', async () => {
    server.misbehave({ user: ANN, method: 'events.insert', nth: 2, times: 2, what: { kind: 'status', status: 500 } });
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await insert()).status, (await ask('GET', EVENTS)).status);
    expect(statuses).toEqual([200, 200, 500, 200, 500, 200, 200, 200]);
    server.misbehave({ what: { kind: 'status', status: 500 } });
    server.behave();
    expect((await insert()).status).toBe(200);
  });

  it('does not meet what a person does by hand, and nobody counts that', () => {
    server.misbehave({ what: { kind: 'status', status: 500 } });
    server.act(ANN, 'POST', `/calendar/v3/${EVENTS}`, VISIT);
    expect([kept(), server.calls.length, server.requests.length]).toEqual([1, 0, 0]);
  });
});

describe('an answer', () => {
  it('is zipped where both headers ask for it', async () => {
    const headers = { 'Accept-Encoding': 'gzip', 'User-Agent': 'test (gzip)' };
    const zipped = await ask('GET', EVENTS, undefined, headers);
    expect([zipped.headers.get('content-encoding'), zipped.body['kind']]).toEqual(['gzip', 'calendar#events']);
    const plain = await ask('GET', EVENTS, undefined, { ...headers, 'User-Agent': 'test' });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });

  it('says 401 without a token, with a wrong one, and with one that has expired', async () => {
    const reason = async (token: string | undefined) => refusalOf(await asking(server, token)('GET', EVENTS));
    expect([await reason(undefined), await reason('nonsense')]).toEqual([
      [401, 'required'],
      [401, 'authError'],
    ]);
    const { access } = server.grant(ANN);
    now += 3_599_000;
    expect(await reason(access)).toEqual([401, 'authError']);
    const renewed = server.grant(ANN).access;
    expect((await asking(server, renewed)('GET', EVENTS)).headers.get('www-authenticate')).toBeNull();
    server.expireAccessTokens(ANN);
    expect((await asking(server, renewed)('GET', EVENTS)).headers.get('www-authenticate')).toMatch('invalid_token');
  });
});

describe('what nobody can read', () => {
  it.each(['calendars/%ZZ/events', 'calendars/primary/events/a%'])('is answered all the same: %s', async (path) => {
    expect((await ask('GET', path)).status).toBe(501);
    expect((await ask('GET', EVENTS)).status).toBe(200);
  });
});
