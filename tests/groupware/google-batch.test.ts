// Batches over real TCP, against a server with a parser of its own that can misbehave; each check with where it comes from.

import { Secret } from '../../src/core/secret';
import { batchesOf, MOST_ANSWER_BYTES, pack, type BatchCall } from '../../src/groupware/google/calls/batch';
import { callsToRepeat, outcomesOf, type BatchOutcome, type CallOutcome } from '../../src/groupware/google/calls/batch-answer';
import { closeConnections, sendHttp } from '../../src/io/http';
import { startBatchServer, type BatchServer, type InnerAnswer, type Quirks } from '../support/google-batch-server';

const GUIDE = 'developers.google.com/workspace/calendar/api/guides/batch';
const MIME = 'RFC 2046, 5.1.1';
const TOKEN = '0123456789abcdef0123456789abcdef';
const PACKING = { prefix: '/calendar/v3/', token: TOKEN };

let server: BatchServer;
beforeEach(async () => (server = await startBatchServer()));
afterEach(async () => {
  closeConnections();
  await server.close();
});

const listing = (at: number, changed: Partial<BatchCall> = {}): BatchCall => ({
  id: `call ${at}`,
  method: 'GET',
  path: `/calendar/v3/calendars/primary/events?maxResults=${at}`,
  bearer: new Secret(`ya29.user-${at}`),
  ...changed,
});
const listings = (count: number) => Array.from({ length: count }, (_, at) => listing(at));
const answerFor = (at: number) => ({ kind: 'answer', status: 200, json: { bearer: `Bearer ya29.user-${at}` } });

/** Sends calls in one batch and says what became of them. */
async function sent(calls: readonly BatchCall[], token = TOKEN): Promise<BatchOutcome> {
  const batch = pack(calls, { ...PACKING, token });
  const request = {
    method: 'POST',
    url: server.url,
    headers: { 'Content-Type': batch.contentType },
    body: batch.body.reveal(),
    mostBytes: MOST_ANSWER_BYTES,
  } as const;
  return outcomesOf(batch, await sendHttp(request, { proxy: false }, new AbortController().signal), 0);
}

async function outcomes(calls: readonly BatchCall[], quirks: Quirks = {}): Promise<readonly (CallOutcome | undefined)[]> {
  server.quirks = quirks;
  const outcome = await sent(calls);
  expect([...outcome.outcomes.keys()]).toEqual(calls.map(({ id }) => id));
  return calls.map(({ id }) => outcome.outcomes.get(id));
}

const UNKNOWN = expect.objectContaining({ kind: 'unknown' }) as unknown;
const answersFor = (places: readonly number[]) => places.map((at) => expect.objectContaining(answerFor(at)) as unknown);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

/** Each is a way in which a whole answer is told: nothing may come to another call than its own. */
const WHOLE: readonly (readonly [check: string, source: string, quirks: Quirks, count: number])[] = [
  ['fifty parts', GUIDE, {}, 50],
  ['parts in reverse order', 'developers.google.com/ad-experience-report/v1/how-tos/batch', { reversed: true }, 50],
  ['a boundary in quotes', MIME, { quotedBoundary: true }, 5],
  ['line feeds in place of line ends', 'RFC 9112, 2.2', { lineFeedsOnly: true }, 5],
  ['parts without their length', 'RFC 9112, 6.3', { withoutLengths: true }, 5],
  ['a preamble', MIME, { preamble: 'This is a message with several parts.\r\n--batch_Z\r\n\r\n' }, 5],
];

/** Each is a way in which an answer says less than was asked: the calls at these places have an answer, nobody knows of the others. */
const PARTLY: readonly (readonly [check: string, source: string, quirks: Quirks, answered: readonly number[]])[] = [
  ['no Content-ID', 'place says nothing: another user’s data may stand there', { withoutIds: true }, []],
  ['a part twice', 'nobody knows which one counts', { twice: 3 }, [0, 1, 2, 4, 5, 6, 7, 8, 9]],
  ['a part missing', GUIDE, { missing: [0, 9] }, [1, 2, 3, 4, 5, 6, 7, 8]],
  ['an answer that is cut off', 'RFC 9112, 8', { cutAfter: 0.62 }, [0, 1, 2, 3, 4, 5]],
  ['503 for the whole', 'RFC 9110, 15.6.4', { instead: { status: 503, type: 'text/plain', body: 'Try again' } }, []],
  ['a page in place of parts', 'a proxy', { instead: { status: 200, type: 'text/html', body: '<html></html>' } }, []],
];

describe('A batch', () => {
  it.each(WHOLE)('gives each call its own answer: %s (%s)', async (_, __, quirks, count) => {
    expect(await outcomes(listings(count), quirks)).toEqual(answersFor(upTo(count)));
    expect(server.calls).toHaveLength(count);
  });

  it.each(PARTLY)('leaves unknown what it was not told: %s (%s)', async (_, __, quirks, answered) => {
    const expected = upTo(10).map((at) => (answered.includes(at) ? expect.objectContaining(answerFor(at)) : UNKNOWN) as unknown);
    expect(await outcomes(listings(10), quirks)).toEqual(expected);
  });

  it('puts back only what came too fast (github.com/googleapis/google-api-ruby-client#210)', async () => {
    const error = (reason: string) => JSON.stringify({ error: { code: 403, errors: [{ domain: 'usageLimits', reason }] } });
    const answers: readonly InnerAnswer[] = [
      { status: 200, body: '{"id":"pa1"}', headers: { ETag: '"e-1"' } },
      { status: 403, body: error('userRateLimitExceeded'), headers: { 'retry-AFTER': '7' } },
      { status: 403, body: error('rateLimitExceeded') },
      { status: 429, headers: { 'Retry-After': '3' } },
      { status: 403, body: error('quotaExceeded') },
      { status: 403, body: error('forbiddenForNonOrganizer') },
      { status: 204 },
      { status: 503, body: '<html>' },
    ];
    server.answer = ({ path }) => answers[Number(/\d+$/.exec(path)?.[0])] ?? { status: 404 };
    expect(await outcomes(listings(8))).toEqual([
      { kind: 'answer', status: 200, headers: { etag: '"e-1"', 'content-length': '12' }, json: { id: 'pa1' } },
      { kind: 'retry', tooFast: true, afterMs: 7_000, reason: 'Google asks to slow down (403, userRateLimitExceeded)' },
      { kind: 'retry', tooFast: true, reason: 'Google asks to slow down (403, rateLimitExceeded)' },
      { kind: 'retry', tooFast: true, afterMs: 3_000, reason: 'Google asks to slow down (429)' },
      expect.objectContaining({ kind: 'answer', status: 403 }),
      expect.objectContaining({ kind: 'answer', status: 403 }),
      { kind: 'answer', status: 204, headers: { 'content-length': '0' } },
      { kind: 'answer', status: 503, headers: { 'content-length': '6' } },
    ]);
  });

  it('carries what looks like its boundary, and emoji (RFC 2046, 5.1.1: no part holds the boundary)', async () => {
    const words = `--batch_${TOKEN}\r\n--batch_${TOKEN}--\r\nContent-ID: <response-1.${TOKEN}> 🚀 é`;
    server.answer = ({ body }) => ({ status: 200, body });
    const calls = [listing(0, { method: 'POST', path: '/calendar/v3/calendars/a/events', json: { summary: words } }), listing(1)];
    expect(pack(calls, PACKING).contentType).toBe(`multipart/mixed; boundary=batch_${TOKEN}_1`);
    expect(await outcomes(calls)).toEqual([
      expect.objectContaining({ json: { summary: words } }),
      expect.objectContaining({ kind: 'answer', status: 200 }),
    ]);
  });

  it(`sends each user’s own Authorization, and none outside (${GUIDE})`, async () => {
    expect(await outcomes(listings(4), { reversed: true })).toEqual(answersFor(upTo(4)));
    expect(server.calls.map(({ headers }) => headers['authorization'])).toEqual(upTo(4).map((at) => `Bearer ya29.user-${at}`));
    expect(server.outerLogins).toEqual([undefined]);
  });

  it('keeps the quotes of an etag (github.com/jrmdayn/googleapis-batcher makes entities of them)', async () => {
    server.answer = ({ headers }) => ({ status: 200, headers: { ETag: headers['if-match'] ?? '' } });
    const call = listing(0, { method: 'PATCH', headers: { 'If-Match': '"p33c&<>\'8n0"' }, json: {} });
    expect(await outcomes([call])).toEqual([
      expect.objectContaining({ headers: { etag: '"p33c&<>\'8n0"', 'content-length': '0' } }),
    ]);
  });

  it('counts lengths in bytes (RFC 9110, 8.6)', async () => {
    const json = { summary: 'Zürich 🇨🇭 東京' };
    server.answer = ({ body }) => ({ status: 200, body });
    // The server refuses a part whose length is another one.
    expect(await outcomes([listing(0, { method: 'POST', json })])).toEqual([expect.objectContaining({ json })]);
    expect(server.calls[0]?.headers['content-length']).toBe(String(Buffer.byteLength(JSON.stringify(json))));
  });

  it.each<[check: string, source: string, calls: readonly BatchCall[], message: string]>([
    ['51 parts', 'google-api-dotnet-client#1621', listings(51), 'a batch takes 1 to 50 calls, not 51'],
    [
      'a host in the path',
      GUIDE,
      [listing(0, { path: 'https://evil.example/calendar/v3/' })],
      'the path of a call is none of its service',
    ],
    [
      'a line end in the path',
      'RFC 9112, 3',
      [listing(0, { path: '/calendar/v3/x\r\nX: y' })],
      'the path of a call is none of its service',
    ],
    [
      'a line end in a header',
      'RFC 9110, 5.5',
      [listing(0, { headers: { 'If-Match': '"a"\r\nX: y' } })],
      'the header If-Match of a call holds a character that no header can have',
    ],
  ])('is not packed with %s (%s)', (_, __, calls, message) => {
    expect(() => pack(calls, PACKING)).toThrow(new TypeError(message));
  });
});

describe('A batch that cannot be sent', () => {
  it.each<[string, readonly BatchCall[], object]>([
    ['nothing', [], {}],
    ['another service', [listing(0, { path: '/tasks/v1/lists' })], {}],
    ['a blank', [listing(0, { path: '/calendar/v3/a b' })], {}],
    ['a backslash', [listing(0, { path: '/calendar/v3/\\evil' })], {}],
    ['a fragment', [listing(0, { path: '/calendar/v3/#x' })], {}],
    ['a letter of another alphabet', [listing(0, { path: '/calendar/v3/é' })], {}],
    ['a token with a line end', [listing(0, { bearer: new Secret('a\r\nX: y') })], {}],
    ['an empty token', [listing(0, { bearer: new Secret('') })], {}],
    ['a login of its own', [listing(0, { headers: { authorization: 'Bearer x' } })], {}],
    ['a length of its own', [listing(0, { headers: { 'Content-Length': '1' } })], {}],
    ['a host of its own', [listing(0, { headers: { Host: 'evil.example' } })], {}],
    ['a name with a line end', [listing(0, { headers: { 'X\r\nY': 'z' } })], {}],
    ['a body to be got', [listing(0, { json: {} })], {}],
    ['an id twice', [listing(0), listing(0)], {}],
    ['two calls about one thing', [listing(0, { about: 'pa1' }), listing(1, { about: 'pa1' })], {}],
    ['a token that can be guessed', [listing(0)], { token: 'short' }],
    ['a token that is no word', [listing(0)], { token: '0123456789abcdef\r\n' }],
  ])('is told without a word of what is in it: %s', (_, calls, changed) => {
    let message = '';
    try {
      pack(calls, { ...PACKING, ...changed });
    } catch (error) {
      message = error instanceof TypeError ? error.message : '';
    }
    expect(message).toMatch(/^(a|two|the) /);
    expect(message).not.toMatch(/evil|ya29|[\r\n]|é/);
  });

  it('is told from one that may have been carried out', async () => {
    await server.close();
    const refused = await sent([listing(0)]);
    expect([...refused.outcomes.values()]).toEqual([
      { kind: 'retry', tooFast: false, reason: expect.stringContaining('(ECONNREFUSED)') },
    ]);
    server = await startBatchServer();
    server.answer = () => {
      void server.close();
      return { status: 200 };
    };
    const broken = await sent([listing(0)]);
    expect([...broken.outcomes.values()]).toEqual([UNKNOWN]);
  });

  it('shows nothing of its tokens however it is printed', () => {
    const batch = pack(listings(2), PACKING);
    expect(JSON.stringify(batch) + String(batch.body)).not.toContain('ya29');
    expect(batch.body.reveal()).toContain('ya29.user-1');
  });
});

describe('Calls', () => {
  const about = (...things: readonly string[]) => things.map((thing, at) => ({ at, ...(thing === '' ? {} : { about: thing }) }));
  it.each<[string, readonly { readonly at: number; readonly about?: string }[], number, readonly (readonly number[])[]]>([
    ['none', [], 3, []],
    ['few', about('', '', ''), 3, [[0, 1, 2]]],
    ['more than fit', about('', '', '', '', ''), 2, [[0, 1], [2, 3], [4]]],
    ['two about one thing', about('a', 'b', 'a'), 3, [[0, 1], [2]]],
    ['all about one thing', about('a', 'a', 'a'), 3, [[0], [1], [2]]],
    [
      'a later one that still fits',
      about('a', 'a', 'b', 'c'),
      2,
      [
        [0, 2],
        [1, 3],
      ],
    ],
    [
      'a thing whose next batch is full',
      about('a', 'a', 'b', 'c', 'c', 'a'),
      2,
      [
        [0, 2],
        [1, 3],
        [4, 5],
      ],
    ],
  ])('are dealt out: %s', (_, calls, most, expected) => {
    expect(batchesOf(calls, most).map((batch) => batch.map(({ at }) => at))).toEqual(expected);
  });

  it('of which nobody knows are asked again only if they ask', () => {
    const calls = [
      listing(0),
      listing(1, { method: 'PATCH' }),
      listing(2, { method: 'PATCH' }),
      listing(3, { method: 'DELETE' }),
      listing(4),
    ];
    const unknown: CallOutcome = { kind: 'unknown', reason: '' };
    const outcome: BatchOutcome = {
      surplus: 0,
      outcomes: new Map<string, CallOutcome>([
        ['call 0', unknown],
        ['call 1', unknown],
        ['call 2', { kind: 'retry', reason: '', tooFast: true }],
        ['call 3', { kind: 'refused', reason: '', status: 400 }],
        ['call 4', { kind: 'answer', status: 500, headers: {} }],
      ]),
    };
    expect(callsToRepeat(calls, outcome).map(({ id }) => id)).toEqual(['call 0', 'call 2']);
  });
});
