import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { startDeadline } from '../../src/core/deadline';
import { Secret } from '../../src/core/secret';
import { sendHttp } from '../../src/io/http';
import { maskingProxyLogins } from '../../src/io/proxy-logins';
import type { HttpRequest, HttpResult, HttpSettings } from '../../src/io/http-contract';
import { BUSY_MS, until } from '../support/busy';
import { startProxy } from '../support/proxy-server';
import type { ProxySetup } from '../support/proxy-server';
import type { Reply, SocialcastServer, SocialcastSetup } from '../support/socialcast-server';
import { startSocialcast } from '../support/socialcast-server';
import { authority, certificate } from '../support/tls/certificates';

const PASSWORD = 'pa:ß wörd/+&=100%';
const BODY = '<?xml version="1.0" encoding="UTF-8"?><message><title>Grüße 🎈</title></message>';
const DIRECT: HttpSettings = { proxy: false };
const TRUSTING: HttpSettings = { proxy: false, ca: authority() };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function socialcast(setup: SocialcastSetup = {}, ...replies: Reply[]): Promise<SocialcastServer> {
  const server = await startSocialcast(setup);
  closing.push(server.close);
  server.answer(...replies);
  return server;
}

async function proxy(setup: ProxySetup = {}) {
  const server = await startProxy(setup);
  closing.push(server.close);
  return server;
}

function post(url: string, changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'POST',
    url: `${url}/api/messages.xml`,
    headers: { 'Content-Type': 'application/xml', Accept: 'application/xml' },
    body: BODY,
    basic: { username: 'crm@example.com', password: new Secret(PASSWORD) },
    ...changes,
  };
}

/** Sends with so many milliseconds to spare. */
function send(request: HttpRequest, settings = DIRECT, ms = 5_000): Promise<HttpResult> {
  return sendHttp(request, settings, AbortSignal.timeout(ms));
}

async function unusedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a request', () => {
  it('arrives byte for byte, with the login sent at once in UTF-8', async () => {
    const server = await socialcast();
    const result = await send(post(server.url));
    expect(result).toMatchObject({ kind: 'answer', status: 201, complete: true });
    expect(server.connections()).toBe(1);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.body).toBe(BODY);
    expect(server.requests[0]?.headers).toEqual({
      'content-type': 'application/xml',
      accept: 'application/xml',
      'accept-encoding': 'identity',
      'user-agent': expect.any(String),
      authorization: `Basic ${Buffer.from(`crm@example.com:${PASSWORD}`).toString('base64')}`,
      'content-length': String(Buffer.byteLength(BODY)),
      host: `127.0.0.1:${server.port}`,
      connection: 'close',
    });
  });

  it('has a token in place of a login, and asks for packing where it may', async () => {
    const server = await socialcast();
    const { basic, ...request } = post(server.url, { bearer: new Secret('t0ken'), gzip: true });
    expect(basic).toBeDefined();
    await send(request);
    expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer t0ken', 'accept-encoding': 'gzip' });
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'PROPFIND', 'REPORT', 'MKCALENDAR'] as const)('may be a %s, with a body', async (method) => {
    const seen: string[] = [];
    const server = http.createServer((incoming, outgoing) => {
      incoming.setEncoding('utf8');
      incoming.on('data', (text: string) => seen.push(`${incoming.method} ${text}`)).on('end', () => outgoing.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => void server.close(() => resolve())));
    const { port } = server.address() as AddressInfo;
    expect(await send(post(`http://127.0.0.1:${port}`, { method, body: '<a/>' }))).toMatchObject({ status: 200 });
    expect(seen).toEqual([`${method} <a/>`]);
  });

  it('keeps a text that is sent as JSON as it is', async () => {
    const server = await socialcast({}, { status: 204 });
    await send(post(server.url, { headers: { 'Content-Type': 'application/json' }, body: ' "text" ' }));
    expect(server.requests[0]?.body).toBe(' "text" ');
  });

  it('refuses a line end in a header', async () => {
    const request = post('http://127.0.0.1:1', { headers: { 'X-Title': 'a\r\nX-Evil: b' } });
    await expect(send(request)).rejects.toThrow('holds a line end');
  });

  it('follows no redirect', async () => {
    const other = await socialcast();
    const server = await socialcast({}, { status: 307, headers: { Location: `${other.url}/api/messages.xml` } });
    expect(await send(post(server.url))).toMatchObject({
      kind: 'answer',
      status: 307,
      headers: { location: `${other.url}/api/messages.xml` },
    });
    expect(other.connections()).toBe(0);
  });
});

describe('an answer', () => {
  it('is unpacked even though nobody asked for packing', async () => {
    const packed = await socialcastBytes(gzipSync('<message/>'), 'Content-Encoding: gzip\r\n');
    expect(await send(post(packed))).toMatchObject({ status: 200, body: '<message/>', complete: true });
  });

  it('keeps its status where its packing is broken', async () => {
    const packed = await socialcastBytes(Buffer.from('no gzip'), 'Content-Encoding: gzip\r\n');
    expect(await send(post(packed))).toMatchObject({ kind: 'answer', status: 200, body: '', complete: false });
  });

  it('is read up to a mebibyte', async () => {
    const server = await socialcast({}, { status: 500, body: 'x'.repeat(100 * 1024 * 1024) });
    const result = await send(post(server.url));
    expect(result).toMatchObject({ kind: 'answer', status: 500, complete: false });
    expect(result.kind === 'answer' && result.body.length).toBe(1024 * 1024);
    await until(() => !server.busy());
  });

  it('is read further where that is asked for', async () => {
    const server = await socialcast({}, { status: 500, body: 'x'.repeat(1024 * 1024 + 2) });
    const result = await send(post(server.url, { mostBytes: 1024 * 1024 + 1 }));
    expect(result.kind === 'answer' && [result.body.length, result.complete]).toEqual([1024 * 1024 + 1, false]);
  });

  it.each([
    ['as it was packed', gzipSync('<a>ü</a>'), '<a>ü</a>', true],
    ['not packed at all', Buffer.from('<a/>'), '', false],
    ['cut off within', gzipSync('<a/>'.repeat(999)).subarray(0, 30), expect.any(String), false],
    ['packed and more than is kept', gzipSync('x'.repeat(50 * 1024 * 1024)), 'x'.repeat(1024 * 1024), false],
  ] as const)('that may come packed is %s', async (_, bytes, body, complete) => {
    const packed = await socialcastBytes(bytes, 'Content-Encoding: gzip\r\n');
    expect(await send(post(packed, { gzip: true }))).toMatchObject({ kind: 'answer', status: 200, body, complete });
  });

  it('of exactly a mebibyte is complete', async () => {
    const server = await socialcast({}, { status: 500, body: 'x'.repeat(1024 * 1024) });
    expect(await send(post(server.url))).toMatchObject({ kind: 'answer', status: 500, complete: true });
  });

  it('stands when the body is cut off after the headers', async () => {
    const server = await socialcast({}, 'cut body');
    const result = await send(post(server.url));
    expect(result).toMatchObject({ kind: 'answer', status: 201, complete: false });
    expect(result.kind === 'answer' && result.body).toContain('<id type="integer">90</id>');
  });

  it('stands when the time is over after the headers, with the part of the body that came', async () => {
    const server = await socialcast({}, 'drip body');
    const begin = Date.now();
    expect(await send(post(server.url), DIRECT, 300)).toMatchObject({ kind: 'answer', status: 201, body: '<', complete: false });
    expect(Date.now() - begin).toBeLessThan(300 + BUSY_MS);
    await until(() => !server.busy());
  });
});

describe('an answer that comes in time', () => {
  it('stands, though the process is held up until its time is over', async () => {
    const server = new Worker(AFTER_50_MS, { eval: true });
    closing.push(() => server.terminate().then(() => undefined));
    const [port] = (await once(server, 'message')) as [number];
    const asked = once(server, 'message');
    const begin = performance.now();
    const deadline = startDeadline(400, () => performance.now() - begin);
    const sending = sendHttp(post(`http://127.0.0.1:${port}`), DIRECT, deadline.signal);
    await asked;
    while (deadline.remainingMs() > 0);
    expect(await sending).toMatchObject({ kind: 'answer', status: 201, body: 'in time', complete: true });
  });
});

/** A server with a thread of its own, which no test holds up. It tells its port, and then of each request, which it answers 50 ms later. */
const AFTER_50_MS = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer((socket) => socket.on('error', () => {}).once('data', () => {
    parentPort.postMessage('asked');
    setTimeout(() => socket.end('HTTP/1.1 201 Created\\r\\nContent-Length: 7\\r\\n\\r\\nin time'), 50);
  }));
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

/** A server that answers 200 with these bytes, whatever it is asked. */
async function socialcastBytes(body: Buffer, headers: string): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n`);
      socket.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a failure', () => {
  it.each<[Reply, string]>([
    ['never read', 'ETIMEDOUT'],
    ['hang', 'ETIMEDOUT'],
    ['drip headers', 'ETIMEDOUT'],
    ['reset', 'ECONNRESET'],
    ['close', 'ECONNRESET'],
    ['no http', 'HPE_INVALID_CONSTANT'],
  ])('after the connection stood counts as sent: %s', async (reply, code) => {
    for (const tls of [undefined, certificate('server')]) {
      const server = await socialcast(tls === undefined ? {} : { tls }, reply);
      expect(await send(post(server.url), TRUSTING, 1_000)).toMatchObject({ kind: 'failure', sent: true, code });
      // A server that never reads never hears of the end either.
      if (reply !== 'never read') await until(() => !server.busy());
    }
  });

  it('by a reset as soon as the connection stands is one like any other', async () => {
    const server = await socialcast({}, 'reset at once');
    expect(await send(post(server.url))).toMatchObject({ kind: 'failure', code: 'ECONNRESET' });
    expect(server.requests).toEqual([]);
  });

  it.each([
    [
      'a refused connection',
      async () => `http://127.0.0.1:${await unusedPort()}`,
      'ECONNREFUSED',
      /^127\.0\.0\.1:\d+: the connection was refused$/,
    ],
    [
      'an unknown name',
      () => Promise.resolve('http://no-such-host.invalid'),
      /ENOTFOUND|EAI_AGAIN/,
      /^no-such-host\.invalid: the name /,
    ],
    ['TLS asked of a plain server', async () => (await socialcast()).url.replace('http:', 'https:'), /ERR_SSL_|EPROTO/, /TLS/],
  ])('before that counts as not sent: %s', async (_, address, code, message) => {
    const result = await send(post(await address()));
    expect(result).toMatchObject({
      kind: 'failure',
      sent: false,
      code: expect.stringMatching(code) as string,
      message: expect.stringMatching(message) as string,
    });
  });

  // Nobody can connect to an address that stands for many hosts, and the system says so at once.
  const NOWHERE = '224.0.0.1';
  it.each<[string, string, string | false]>([
    ['http', `http://${NOWHERE}`, false],
    ['https', `https://${NOWHERE}`, false],
    ['an address of IPv6', 'http://[ff02::1]', false],
    ['a proxy for http', 'http://stand-in.example', `http://${NOWHERE}:3128`],
    ['a proxy for https', 'https://stand-in.example', `http://${NOWHERE}:3128`],
    ['a proxy with TLS for http', 'http://stand-in.example', `https://${NOWHERE}:3128`],
    ['a proxy with TLS for https', 'https://stand-in.example', `https://${NOWHERE}:3128`],
  ])('at once, before anybody could listen, counts as not sent: %s', async (_, url, between) => {
    const settings = { proxy: between === false ? false : new Secret(between) } as const;
    expect(await send(post(url), settings)).toMatchObject({ kind: 'failure', sent: false });
  });

  it('at the deadline without a connection counts as not sent', async () => {
    // A TLS handshake that nobody answers: TCP stands, yet not a byte of the request can have gone out.
    const begin = Date.now();
    const server = net.createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const closed = new Promise((resolve) => server.once('close', resolve));
    server.once('connection', () => server.close());
    const { port } = server.address() as AddressInfo;
    const result = await send(post(`https://127.0.0.1:${port}`), DIRECT, 300);
    expect(result).toEqual({ kind: 'failure', sent: false, code: 'ETIMEDOUT', message: `127.0.0.1:${port}: no answer in time` });
    expect(Date.now() - begin).toBeLessThan(300 + BUSY_MS);
    // Closes only once the connection is gone.
    await closed;
  });

  it('before anything began counts as not sent', async () => {
    const server = await socialcast();
    expect(await sendHttp(post(server.url), DIRECT, AbortSignal.abort())).toMatchObject({
      kind: 'failure',
      sent: false,
      code: 'ETIMEDOUT',
    });
    expect(server.connections()).toBe(0);
  });

  it('shows neither login nor query', async () => {
    const url = `http://127.0.0.1:${await unusedPort()}/a?token=geheim`;
    const result = await send(post('', { url }));
    expect(JSON.stringify(result)).not.toMatch(/geheim|crm@example/);
  });
});

describe('TLS', () => {
  it('trusts the company beside the usual issuers, when it is told to', async () => {
    const server = await socialcast({ tls: certificate('server') });
    expect(await send(post(server.url), TRUSTING)).toMatchObject({ kind: 'answer', status: 201 });
  });

  it.each([
    ['server', DIRECT, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', /signed by nobody whom we trust/],
    ['expired', TRUSTING, 'CERT_HAS_EXPIRED', /has expired/],
    ['wrong-host', TRUSTING, 'ERR_TLS_CERT_ALTNAME_INVALID', /another name/],
  ] as const)('sends nothing to a server whose certificate is wrong: %s', async (name, settings, code, message) => {
    const server = await socialcast({ tls: certificate(name) });
    const result = await send(post(server.url), settings);
    expect(result).toMatchObject({ kind: 'failure', sent: false, code, message: expect.stringMatching(message) as string });
    expect(server.requests).toEqual([]);
  });

  it('speaks an old version only when it is told to', async () => {
    const old = { ...certificate('server'), minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const server = await socialcast({ tls: old });
    expect(await send(post(server.url), TRUSTING)).toMatchObject({ kind: 'failure', sent: false });
    expect(await send(post(server.url), { ...TRUSTING, minTlsVersion: 'TLSv1' })).toMatchObject({ kind: 'answer', status: 201 });
    expect(await send(post(server.url), { ...TRUSTING, minTlsVersion: 'TLSv1.3' })).toMatchObject({
      kind: 'failure',
      sent: false,
    });
  });
});

describe('a proxy', () => {
  const login = { username: 'proxy user', password: 'p@ss:wörd%' };
  const through = (port: number, user = ''): HttpSettings => ({
    ca: authority(),
    proxy: new Secret(`http://${user}127.0.0.1:${port}`),
  });
  const user = `${encodeURIComponent(login.username)}:${encodeURIComponent(login.password)}@`;

  it.each(['http', 'https'])('passes a request on: %s', async (scheme) => {
    const server = await socialcast(scheme === 'https' ? { tls: certificate('server') } : {});
    const between = await proxy({ login });
    expect(await send(post(server.url), through(between.port, user))).toMatchObject({ kind: 'answer', status: 201 });
    expect(between.asked).toEqual([
      scheme === 'https' ? `CONNECT localhost:${server.port}` : `POST ${server.url}/api/messages.xml`,
    ]);
    expect(server.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(server.requests[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it.each(['http', 'https'])('that wants another login has sent nothing on: %s', async (scheme) => {
    const server = await socialcast(scheme === 'https' ? { tls: certificate('server') } : {});
    const between = await proxy({ login });
    const result = await send(post(server.url), through(between.port));
    expect(result).toMatchObject({
      kind: 'failure',
      sent: false,
      code: 'EPROXYLOGIN',
      message: expect.stringMatching(/through the proxy/) as string,
    });
    expect(server.connections()).toBe(0);
    await until(() => !between.busy());
  });

  it.each([403, 502, 503])('that refuses a tunnel with %i has sent nothing on', async (refuse) => {
    const between = await proxy({ refuse });
    const result = await send(post('https://localhost:1'), through(between.port));
    expect(result).toMatchObject({ kind: 'failure', sent: false, code: 'EPROXY' });
    expect(JSON.stringify(between)).not.toContain('Authorization');
    await until(() => !between.busy());
  });

  it.each(['read', 'close'] as const)('that is silent leaves nothing behind at the deadline: %s', async (silent) => {
    const between = await proxy({ silent });
    const result = await send(post('https://localhost:1'), through(between.port), 300);
    expect(result).toMatchObject({ kind: 'failure', sent: false, code: 'ETIMEDOUT' });
    await until(() => !between.busy());
  });

  it('that is not there has sent nothing on', async () => {
    const port = await unusedPort();
    for (const url of ['https://localhost:1', 'http://localhost:1']) {
      const result = await send(post(url), through(port, user));
      expect(result).toMatchObject({ kind: 'failure', sent: false, code: 'ECONNREFUSED' });
      expect(JSON.stringify(result)).not.toContain('proxy%20user');
    }
  });

  it('counts as sent once the tunnel and TLS in it stand', async () => {
    const server = await socialcast({ tls: certificate('server') }, 'hang');
    const between = await proxy();
    expect(await send(post(server.url), through(between.port), 400)).toMatchObject({
      kind: 'failure',
      sent: true,
      code: 'ETIMEDOUT',
    });
    await until(() => !between.busy() && !server.busy());
  });

  it('does not hide a wrong certificate', async () => {
    const server = await socialcast({ tls: certificate('expired') });
    const between = await proxy();
    expect(await send(post(server.url), through(between.port))).toMatchObject({
      kind: 'failure',
      sent: false,
      code: 'CERT_HAS_EXPIRED',
    });
  });

  describe('of the environment', () => {
    // The loopback address itself is never asked of a proxy, so a name stands for it here.
    const URL_BEHIND = 'http://stand-in.example:8080';
    const before = process.env['http_proxy'];
    afterEach(() => {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
    });

    it('is used unless the settings say otherwise', async () => {
      const server = await socialcast();
      const between = await proxy();
      process.env['http_proxy'] = `http://127.0.0.1:${between.port}`;
      expect(await send(post(URL_BEHIND), {})).toMatchObject({ kind: 'answer' });
      expect(between.asked).toEqual([`POST ${URL_BEHIND}/api/messages.xml`]);
      expect(await send(post(server.url), DIRECT)).toMatchObject({ kind: 'answer', status: 201 });
      expect(between.asked).toHaveLength(1);
    });

    it.each(['http://', ''])('cannot make us show its login by sending it back: %sme:…', async (scheme) => {
      const echo = http.createServer((request, response) => {
        const login = String(request.headers['proxy-authorization']);
        response.writeHead(403, { 'X-Login': login }).end(`${login} ${atob(login.slice('Basic '.length))}`);
      });
      await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
      process.env['http_proxy'] = `${scheme}me:Pr0xy-S3cret@127.0.0.1:${(echo.address() as AddressInfo).port}`;
      const result = await maskingProxyLogins(sendHttp, process.env)(post(URL_BEHIND), {}, new AbortController().signal);
      await new Promise((resolve) => echo.close(resolve));
      expect(result).toMatchObject({ kind: 'answer', status: 403, body: expect.stringMatching(/ me:\*{3}$/) as string });
      expect(JSON.stringify(result)).not.toMatch(/Pr0xy|HktUzNj/);
    });

    it('that is no address is named as what is wrong', async () => {
      process.env['http_proxy'] = 'me:Pr0xy-S3cret@proxy:none';
      const result = await send(post(URL_BEHIND), {});
      expect(result).toMatchObject({ sent: false, message: expect.stringContaining('the proxy in the environment') as string });
      expect(JSON.stringify(result)).not.toContain('Pr0xy');
    });
  });
});
