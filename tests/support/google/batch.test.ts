// Batches: a row a fact, with the page that says so. What is sent here is written by hand, byte by byte.

import { asked, refusalOf, VISIT, type Asked } from './asking';
import { describeFacts, type Fact } from './facts';
import { startGoogleServer, type GoogleServer } from './google-server';
import type { Mishap } from './mishaps';

const GUIDE = 'https://developers.google.com/workspace/calendar/api/guides/batch';
const OWN = 'https://github.com/googleapis/google-api-nodejs-client/issues/2375';

const ANN = 'ann@example.com';
const BOB = 'bob@example.com';
const EVENTS = '/calendar/v3/calendars/primary/events';

let server: GoogleServer;
let ann: string;
let bob: string;

beforeEach(async () => {
  server = await startGoogleServer();
  for (const email of [ANN, BOB]) server.addUser(email);
  [ann, bob] = [server.grant(ANN).access, server.grant(BOB).access];
});
afterEach(() => server.close());

interface Sent {
  readonly id?: string;
  readonly line?: string;
  readonly headers?: readonly string[];
  readonly body?: object | string;
  readonly token?: string;
  readonly type?: string;
}

/** A part: a get of all events, unless it is said. */
function part({ id, line = `GET ${EVENTS}`, headers = [], body, token, type = 'application/http' }: Sent): string {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const lines = [
    ...['--edge', `Content-Type: ${type}`, ...(id === undefined ? [] : [`Content-ID: <${id}>`]), '', line],
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
    ...headers,
  ];
  return [...lines, '', text].join('\r\n');
}

const insert = (id: string, token?: string, summary = 'Visit'): Sent => ({
  ...{ id, line: `POST ${EVENTS}?sendUpdates=none`, body: { ...VISIT, id: `${id}00000`, summary } },
  ...(token === undefined ? {} : { token }),
});

interface How {
  readonly type?: string;
  readonly token?: string;
  readonly path?: string;
  readonly end?: string;
}

async function batch(
  parts: readonly Sent[],
  { type = 'multipart/mixed; boundary=edge', token, path = '/batch/calendar/v3', end = '--edge--' }: How = {},
) {
  const body = `${parts.map(part).join('\r\n')}\r\n${end}\r\n`;
  const headers = { 'Content-Type': type, ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) };
  return asked(await fetch(`${server.endpoints.calendar}${path}`, { method: 'POST', headers, body }));
}

/** The parts of an answer: id and status, in their order. */
function answers({ headers, text }: Asked): readonly (readonly [id: string, status: number])[] {
  const boundary = /boundary="?([^"]+)"?$/.exec(headers.get('content-type') ?? '')?.[1] ?? 'none';
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((piece) => [/^Content-ID: (.*?)\r?$/m.exec(piece)?.[1] ?? '', Number(/^HTTP\/1\.1 (\d+)/m.exec(piece)?.[1])]);
}

const FACTS: readonly Fact[] = [
  {
    fact: 'answers each part with its own status, in order, its id behind `response-`',
    source: GUIDE,
    check: async () => {
      const answer = await batch([
        insert('a', ann),
        { id: 'b', line: `DELETE ${EVENTS}/nobody`, token: ann },
        { id: 'c', token: ann },
      ]);
      expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=batch_\w+$/);
      expect(answers(answer)).toEqual([
        ['<response-a>', 200],
        ['<response-b>', 404],
        ['<response-c>', 200],
      ]);
    },
  },
  {
    fact: 'lets each part speak for its own user',
    source: GUIDE,
    check: async () => {
      expect(answers(await batch([insert('a', ann), insert('b', bob)]))).toMatchObject([
        ['<response-a>', 200],
        ['<response-b>', 200],
      ]);
      expect([ANN, BOB].map((email) => server.events(email).map(({ id }) => id))).toEqual([['a00000'], ['b00000']]);
    },
  },
  {
    fact: 'refuses a part without a token where none is outside, and touches nobody',
    source: GUIDE,
    check: async () => {
      expect(answers(await batch([insert('a', ann), insert('b')]))).toEqual([
        ['<response-a>', 200],
        ['<response-b>', 401],
      ]);
      expect([ANN, BOB].map((email) => server.events(email).length)).toEqual([1, 0]);
    },
  },
  {
    fact: 'takes the token outside for parts without one',
    source: GUIDE,
    check: async () => {
      expect(answers(await batch([insert('a'), insert('b', bob)], { token: ann }))).toMatchObject([
        ['<response-a>', 200],
        ['<response-b>', 200],
      ]);
      expect([ANN, BOB].map((email) => server.events(email).map(({ id }) => id))).toEqual([['a00000'], ['b00000']]);
    },
  },
  {
    fact: 'does not take the type of the content outside for a part',
    source: GUIDE,
    check: async () => {
      const body = JSON.stringify(VISIT);
      const bare = { id: 'a', line: `POST ${EVENTS}`, headers: [`Content-Length: ${body.length}`], token: ann };
      const text = `${part(bare)}${body}\r\n--edge--\r\n`;
      const headers = { 'Content-Type': 'multipart/mixed; boundary=edge' };
      const answer = await asked(
        await fetch(`${server.endpoints.calendar}/batch/calendar/v3`, { method: 'POST', headers, body: text }),
      );
      expect(answer.text).toContain('badContent');
    },
  },
  {
    fact: 'does parts in whatever order',
    source: 'https://developers.google.com/ad-experience-report/v1/how-tos/batch',
    check: async () => {
      await batch([insert('a', ann), insert('b', ann)]);
      expect(server.calls.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual(['b00000', 'a00000']);
    },
  },
  {
    fact: 'counts each part as a call, and a patch as three units',
    source: 'https://developers.google.com/workspace/calendar/api/v3/reference/events/patch',
    check: async () => {
      server.limit({ perUser: 5 });
      const patch = { id: 'p', line: `PATCH ${EVENTS}/a00000`, body: { summary: 'New' }, token: ann };
      await batch([insert('a', ann)]);
      // From the last to the first: 3 units, then 1, and no more than 5.
      const answer = await batch([{ id: 'x', token: ann }, { id: 'y', token: ann }, patch]);
      expect(answers(answer)).toEqual([
        ['<response-x>', 403],
        ['<response-y>', 200],
        ['<response-p>', 200],
      ]);
      expect(answer.text).toContain('userRateLimitExceeded');
      expect([server.requests.length, server.calls.length]).toEqual([2, 4]);
    },
  },
  {
    fact: 'takes 50 parts and not one more',
    source: 'https://github.com/googleapis/google-api-dotnet-client/issues/1621',
    check: async () => {
      const many = (length: number) => Array.from({ length }, (_, n) => ({ id: `n${n}`, token: ann }));
      expect(answers(await batch(many(50)))).toHaveLength(50);
      expect(refusalOf(await batch(many(51)))).toEqual([403, 'forbidden']);
      expect(server.calls).toHaveLength(50);
    },
  },
  {
    fact: 'refuses a semicolon behind the boundary',
    source: 'https://github.com/mixmaxhq/batchelor/issues/25',
    check: async () => {
      expect(refusalOf(await batch([{ token: ann }], { type: 'multipart/mixed; boundary=edge;' }))).toEqual([400, 'badRequest']);
      expect((await batch([{ token: ann }], { type: 'multipart/mixed; boundary="edge"' })).status).toBe(200);
    },
  },
  {
    fact: 'refuses a batch that does not end',
    source: OWN,
    check: async () => {
      expect(refusalOf(await batch([insert('a', ann)], { end: '--ed' }))).toEqual([400, 'badRequest']);
      expect(server.calls).toEqual([]);
    },
  },
  {
    fact: 'takes a path alone, without a host',
    source: GUIDE,
    check: async () => {
      const lines = [
        `GET ${server.endpoints.calendar}${EVENTS}`,
        `GET //www.googleapis.com${EVENTS}`,
        `get ${EVENTS}`,
        `GET ${EVENTS} HTTP/1.1`,
      ];
      const answer = await batch(lines.map((line, n) => ({ id: `n${n}`, line, token: ann })));
      expect(answers(answer).map(([, status]) => status)).toEqual([400, 400, 400, 200]);
    },
  },
  {
    fact: 'wants each part to be a request, and as long as it says',
    source: GUIDE,
    check: async () => {
      const long = { ...insert('b', ann), headers: ['Content-Length: 3'] };
      expect(answers(await batch([{ id: 'a', type: 'application/json', token: ann }, long]))).toEqual([
        ['<response-a>', 400],
        ['<response-b>', 400],
      ]);
    },
  },
  {
    fact: 'keeps texts that look like a boundary, and counts bytes',
    source: 'https://www.rfc-editor.org/rfc/rfc2046#section-5.1',
    check: async () => {
      const summary = '--edgeless \u{1f600} Zürich \r\n--edg';
      await batch([insert('a', ann, summary)]);
      expect(server.events(ANN)).toMatchObject([{ summary }]);
    },
  },
  {
    fact: 'keeps the quotes of an etag',
    source: 'https://developers.google.com/workspace/calendar/api/guides/version-resources',
    check: async () => {
      const { etag } = server.act(ANN, 'POST', EVENTS, { ...VISIT, id: 'a00000' }) as { readonly etag: string };
      const remove = (id: string, match: string) => ({
        id,
        line: `DELETE ${EVENTS}/a00000`,
        headers: [`If-Match: ${match}`],
        token: ann,
      });
      expect(answers(await batch([remove('a', '"1"')]))).toEqual([['<response-a>', 412]]);
      expect(answers(await batch([remove('b', etag)]))).toEqual([['<response-b>', 204]]);
    },
  },
  {
    fact: 'is there for each API and not for all of them',
    source: 'https://developers.googleblog.com/discontinuing-support-for-json-rpc-and-global-http-batch-endpoints',
    check: async () => {
      expect((await batch([{ token: ann }], { path: '/batch' })).status).toBe(404);
    },
  },
];

describeFacts('a batch', FACTS);

describe('a batch that goes wrong', () => {
  const two = () => [insert('a', ann), insert('b', bob)];
  const kept = () => [ANN, BOB].map((email) => server.events(email).length);
  const misbehave = (what: Mishap) => server.misbehave({ method: 'batch', what });

  it.each<[string, Mishap, readonly string[]]>([
    ['in another order', { kind: 'batch', order: 'reversed' }, ['<response-b>', '<response-a>']],
    ['with a part left out', { kind: 'batch', leaveOut: [0] }, ['<response-b>']],
    ['with a part twice', { kind: 'batch', twice: 0 }, ['<response-a>', '<response-a>', '<response-b>']],
    ['without ids', { kind: 'batch', style: 'without ids' }, ['', '']],
    ['with a quoted boundary', { kind: 'batch', style: 'quoted boundary' }, ['<response-a>', '<response-b>']],
    ['with bare line ends', { kind: 'batch', style: 'bare line ends' }, ['<response-a>', '<response-b>']],
    ['with words before the first part', { kind: 'batch', style: 'preamble' }, ['<response-a>', '<response-b>']],
  ])('is done, and answered %s', async (_, what, expected) => {
    misbehave(what);
    const answer = await batch(two());
    expect(answers(answer).map(([id]) => id)).toEqual(expected);
    expect(answer.text.includes('\r\n')).toBe(what.kind === 'batch' && what.style !== 'bare line ends');
    expect(kept()).toEqual([1, 1]);
    expect(answers(await batch(two())).map(([, status]) => status)).toEqual([409, 409]);
  });

  it.each([true, false])('is answered with 503 as a whole, done: %s', async (done) => {
    misbehave({ kind: 'status', status: 503, done });
    expect((await batch(two())).status).toBe(503);
    expect(kept()).toEqual(done ? [1, 1] : [0, 0]);
  });

  it.each([true, false])('loses its connection, done: %s', async (done) => {
    misbehave({ kind: 'reset', done });
    await expect(batch(two())).rejects.toThrow('fetch failed');
    expect(kept()).toEqual(done ? [1, 1] : [0, 0]);
  });

  it('is cut in the middle after it was done', async () => {
    misbehave({ kind: 'cut' });
    await expect(batch(two())).rejects.toThrow('terminated');
    expect(kept()).toEqual([1, 1]);
  });

  it('is answered with a page in HTML', async () => {
    misbehave({ kind: 'page' });
    expect((await batch(two())).headers.get('content-type')).toMatch('text/html');
  });

  it('has a part that is lost after it was done, one that is limited, and one that is whole', async () => {
    server.misbehave(
      { user: ANN, method: 'events.insert', what: { kind: 'reset', done: true } },
      {
        user: BOB,
        method: 'events.insert',
        what: { kind: 'limit', reason: 'userRateLimitExceeded', status: 429, retryAfter: 7 },
      },
    );
    const answer = await batch([...two(), { id: 'c', token: bob }]);
    expect(answers(answer)).toEqual([
      ['<response-b>', 429],
      ['<response-c>', 200],
    ]);
    expect(answer.text).toContain('Retry-After: 7');
    expect(kept()).toEqual([1, 0]);
  });
});
