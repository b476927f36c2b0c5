import * as net from 'node:net';
import { closeConnections, sendHttp } from '../../src/io/http';
import { TRIAL_MS } from '../../src/io/http-connections';
import type { HttpRequest, HttpResult, HttpSettings } from '../../src/io/http-contract';
import { until } from '../support/busy';
import { startSocialcast } from '../support/socialcast-server';
import { authority, certificate } from '../support/tls/certificates';

const DIRECT: HttpSettings = { proxy: false };
const ANSWER = 'HTTP/1.1 204 No Content\r\n\r\n';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  closeConnections();
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** What a server does with the request number `nth` (from 1) on a connection. */
type Behaviour = (socket: net.Socket, nth: number) => void;

interface Server {
  readonly port: number;
  /** What it does from now on. */
  behave(next: Behaviour): void;
  /** How many requests came on each connection. */
  readonly requests: readonly number[];
  open(): number;
}

const answer: Behaviour = (socket) => socket.write(ANSWER);

async function serve(first: Behaviour = answer): Promise<Server> {
  let behaviour = first;
  const requests: number[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    const index = requests.push(0) - 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    // Every request of these tests fits into one packet.
    socket.on('data', () => behaviour(socket, (requests[index] = (requests[index] ?? 0) + 1)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as net.AddressInfo;
  return { port, behave: (next) => (behaviour = next), requests, open: () => sockets.size };
}

const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });

function send({ port }: Pick<Server, 'port'>, ms = 5_000): Promise<HttpResult> {
  return sendHttp(get(`http://127.0.0.1:${port}/`), DIRECT, AbortSignal.timeout(ms));
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const TRIAL_OVER = TRIAL_MS + 100;

/** Two requests, and the rest of the second one's connection. */
async function earnTrust(server: Pick<Server, 'port'>): Promise<void> {
  for (let n = 0; n < 2; n++) expect(await send(server)).toMatchObject({ status: 204 });
  await pause(TRIAL_OVER);
}

/** A server that has earned to be trusted, and over whose one kept connection went two requests. */
async function trusted(): Promise<Server> {
  const server = await serve();
  await earnTrust(server);
  for (let n = 0; n < 2; n++) expect(await send(server)).toMatchObject({ status: 204 });
  expect(server.requests).toEqual([1, 1, 2]);
  return server;
}

/** Nothing else happens in this process for so long, in ms. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('a connection', () => {
  it('is kept and used again once the server has let one rest', async () => {
    const server = await trusted();
    for (let n = 0; n < 20; n++) expect(await send(server)).toMatchObject({ status: 204 });
    expect(server.requests).toEqual([1, 1, 22]);
  });

  it('is one of as many as there are requests at the same time', async () => {
    const server = await serve((socket) => setTimeout(() => socket.write(ANSWER), 20));
    await earnTrust(server);
    for (let n = 0; n < 5; n++) await Promise.all([send(server), send(server), send(server)]);
    expect(server.requests).toEqual([1, 1, 5, 5, 5]);
  });

  it('with TLS is kept for requests that trust the same issuers', async () => {
    const server = await startSocialcast({ tls: certificate('server') });
    closing.push(server.close);
    const ask = (settings: HttpSettings) => sendHttp(get(`${server.url}/api/userinfo.xml`), settings, AbortSignal.timeout(5_000));
    const settings = { ...DIRECT, ca: authority() };
    for (let n = 0; n < 2; n++) expect(await ask(settings)).toMatchObject({ status: 401 });
    await pause(TRIAL_OVER);
    for (let n = 0; n < 5; n++) expect(await ask(settings)).toMatchObject({ status: 401 });
    expect(server.connections()).toBe(3);
    expect(await ask(DIRECT)).toMatchObject({ kind: 'failure', sent: false });
  });

  it('is closed after a rest, and the server stays trusted', async () => {
    const server = await trusted();
    await pause(TRIAL_OVER);
    expect(server.open()).toBe(0);
    for (let n = 0; n < 3; n++) await send(server);
    expect(server.requests).toEqual([1, 1, 2, 3]);
  });

  it('is closed with the others at the end of the run', async () => {
    const server = await trusted();
    expect(server.open()).toBe(1);
    closeConnections();
    await until(() => server.open() === 0);
  });

  it('is not used again where the server says so', async () => {
    const server = await trusted();
    server.behave((socket) => socket.write('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'));
    for (let n = 0; n < 3; n++) expect(await send(server)).toMatchObject({ status: 204 });
    expect(server.requests).toEqual([1, 1, 3, 1, 1]);
  });
});

describe('a server that closes without a word puts nothing in doubt', () => {
  const after = (ms: number) => (socket: net.Socket) => {
    socket.write(ANSWER);
    if (ms === 0) socket.end();
    else setTimeout(() => socket.end(), ms);
  };

  it.each([0, 1, 50])('%i ms after an answer', async (ms) => {
    const server = await serve(after(ms));
    const begin = Date.now();
    for (let n = 0; Date.now() - begin < 2 * TRIAL_MS; n++) {
      expect(await send(server)).toMatchObject({ status: 204 });
      if (n % 3 === 0) await pause(n % 70);
    }
    expect(new Set(server.requests)).toEqual(new Set([1]));
  });

  it('from a moment on, though it was trusted', async () => {
    const server = await trusted();
    server.behave(after(20));
    expect(await send(server)).toMatchObject({ status: 204 });
    await pause(60);
    for (let n = 0; n < 30; n++) expect(await send(server)).toMatchObject({ status: 204 });
    expect(server.requests.slice(3)).toEqual(Array.from({ length: 30 }, () => 1));
  });

  it('while this process is busy with something else', async () => {
    const server = await trusted();
    server.behave(after(0));
    expect(await send(server)).toMatchObject({ status: 204 });
    block(50);
    server.behave(answer);
    expect(await send(server)).toMatchObject({ status: 204 });
    expect(server.requests).toEqual([1, 1, 3, 1]);
  });
});

describe('a server that says something nobody asked for', () => {
  const ANSWERS: readonly (readonly [string, string])[] = [
    ['the same answer once more', ANSWER],
    ['an answer with a receipt', 'HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok'],
    ['the end of its patience', 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n'],
    ['a single byte', 'H'],
  ];
  /** Answers, and a moment later says more; where it is asked a second time on a connection, it refuses. */
  const saysMore = (more: string) => (socket: net.Socket, nth: number) => {
    socket.write(nth === 1 ? ANSWER : 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
    setTimeout(() => socket.write(more), 30);
  };

  it.each(ANSWERS)('is never trusted: %s', async (_, more) => {
    const server = await serve(saysMore(more));
    await earnTrust(server);
    server.behave(answer);
    for (let n = 0; n < 2; n++) await earnTrust(server);
    for (let n = 0; n < 3; n++) expect(await send(server)).toMatchObject({ status: 204 });
    expect(new Set(server.requests)).toEqual(new Set([1]));
  });

  it.each(ANSWERS)('is not trusted any more, and that is no answer: %s', async (_, more) => {
    const server = await trusted();
    await Promise.all([send(server), send(server)]);
    server.behave((socket) => {
      socket.write(ANSWER);
      setTimeout(() => socket.write(more), 20);
    });
    expect(await send(server)).toMatchObject({ status: 204 });
    await until(() => server.open() === 0);
    const before = server.requests.length;
    server.behave(answer);
    for (let n = 0; n < 2; n++) await earnTrust(server);
    for (let n = 0; n < 3; n++) expect(await send(server)).toMatchObject({ status: 204 });
    expect(server.requests.slice(before)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it('while this process is busy with something else, gives no answer to the next request', async () => {
    const server = await trusted();
    server.behave((socket) => {
      socket.write(ANSWER);
      setTimeout(() => socket.write(ANSWERS[1]?.[1] ?? ''), 20);
    });
    expect(await send(server)).toMatchObject({ status: 204 });
    await pause(15);
    block(50);
    server.behave(answer);
    expect(await send(server)).toMatchObject({ status: 204 });
    expect(server.requests).toEqual([1, 1, 3, 1]);
  });
});

describe('a failure on a connection that is used again', () => {
  it('by a reset counts as sent, and no other one that rests is used any more', async () => {
    const server = await trusted();
    await Promise.all([send(server), send(server)]);
    expect(server.open()).toBe(2);
    server.behave((socket) => socket.resetAndDestroy());
    expect(await send(server)).toMatchObject({ kind: 'failure', sent: true, code: 'ECONNRESET' });
    server.behave(answer);
    expect(await send(server)).toMatchObject({ status: 204 });
    expect(server.requests.slice(4)).toEqual([1]);
  });

  it('by a server that is silent counts as sent, and the next request has a new connection', async () => {
    const server = await trusted();
    server.behave(() => undefined);
    expect(await send(server, 100)).toMatchObject({ kind: 'failure', sent: true, code: 'ETIMEDOUT' });
    server.behave(answer);
    expect(await send(server)).toMatchObject({ status: 204 });
    expect(server.requests).toEqual([1, 1, 3, 1]);
  });
});
