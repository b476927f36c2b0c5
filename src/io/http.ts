// HTTP through axios: one request, no redirects, and a result that says whether the request may have reached the server.
// axios gets agents and a transport of ours, because it tells neither when a connection stood nor lets go of a silent proxy.

import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { createGunzip } from 'node:zlib';
import type { AxiosProxyConfig } from 'axios';
import { codeOf } from '../core/errors';
import { NETWORK_FAILURES } from './network-failures';
import { agentsOf, hearOfClosed, poolFor } from './http-connections';
import type { HttpRequest, HttpResult, HttpSettings, SendHttp } from './http-contract';
import { urlOf } from '../core/web-address';

export { closeConnections } from './http-connections';

/** As much of a body as is kept where nobody asked for more, in bytes. */
const USUAL_MOST_BYTES = 1024 * 1024;

/** Sends one request through axios, see {@link SendHttp}. */
export const sendHttp: SendHttp = async (request, settings, signal) => {
  const headers = headersOf(request);
  const wire = new Wire(settings);
  const { default: axios } = await import('axios');
  await hearOfClosed();
  if (signal.aborted) return failure('ETIMEDOUT', request, wire);
  // Aborted at the end in any case, so that no socket outlives the request but those that are kept. Without a reason, Node would make
  // an error of it each time.
  const over = new AbortController();
  const abort = () => over.abort('the request is over');
  signal.addEventListener('abort', abort, { once: true });
  try {
    const response = await axios.request<Readable>({
      method: request.method,
      url: request.url,
      headers,
      // Bytes, because axios rewrites a text that is sent as JSON.
      ...(request.body === undefined ? {} : { data: Buffer.from(request.body, 'utf8') }),
      adapter: 'http',
      ...agentsOf(settings, over.signal),
      ...proxyOf(settings),
      transport: wire,
      maxRedirects: 0,
      // axios takes a packed body that is cut off for a whole one.
      ...(request.gzip === true ? { decompress: false } : {}),
      validateStatus: () => true,
      responseType: 'stream',
      signal: over.signal,
    });
    // Stays for good: an aborted stream fails more than once, and an error that nobody hears ends the process.
    response.data.on('error', () => undefined);
    if (wire.refusedByProxy(response.status)) return failure(response.status === 407 ? 'EPROXYLOGIN' : 'EPROXY', request, wire);
    const answered = Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
    const headersIn = Object.fromEntries(answered);
    const { certificateUntil } = wire;
    return {
      kind: 'answer',
      status: response.status,
      headers: headersIn,
      ...(await readBody(unpacked(response.data, request, headersIn), request.mostBytes ?? USUAL_MOST_BYTES)),
      ...(certificateUntil === undefined ? {} : { certificateUntil }),
    };
  } catch (error) {
    if (over.signal.aborted) return failure('ETIMEDOUT', request, wire);
    return failure(wire.tunnelRefused ? 'EPROXY' : codeOf(error), request, wire, error);
  } finally {
    signal.removeEventListener('abort', abort);
    abort();
  }
};

/** Watches one request on its way: axios calls it in place of node:http and node:https. */
class Wire {
  /** Whether the request could have been written to a connection. */
  sent = false;
  /** Whether a proxy stands between us and the server. */
  proxied = false;
  /** Whether the proxy answered our CONNECT with a refusal, which https-proxy-agent plays back as if the server had said it. */
  tunnelRefused = false;
  /** Until when the server's certificate is valid, in ms since 1970 UTC, once it is known. */
  certificateUntil: number | undefined;

  constructor(private readonly settings: HttpSettings) {}

  request(options: https.RequestOptions, answered: (response: http.IncomingMessage) => void): http.ClientRequest {
    const secure = options.protocol === 'https:';
    const tunnelled = secure && !(options.agent instanceof https.Agent);
    this.proxied = tunnelled || urlOf(options.path ?? '') !== undefined;
    // A tunnel is for one request.
    const kept = tunnelled ? undefined : poolFor(options, this.settings).next();
    const request = (secure ? https : http).request(kept === undefined ? options : { ...options, agent: kept }, answered);
    request.once('socket', (socket) => {
      if (tunnelled && !(socket instanceof TLSSocket)) this.tunnelRefused = true;
      else this.#watch(socket);
    });
    return request;
  }

  /** Whether an answer comes from the proxy and the request went no further. */
  refusedByProxy(status: number): boolean {
    if (this.proxied && status === 407) this.sent = false;
    return this.tunnelRefused || (this.proxied && status === 407);
  }

  /** Node writes the waiting request in the same turn in which the connection stands, so that moment counts as sent. */
  #watch(socket: NonNullable<http.ClientRequest['socket']>): void {
    const handshaking = 'secureConnecting' in socket && socket.secureConnecting === true;
    const connected = () => {
      this.sent = true;
      // A connection that takes up an earlier session has no certificate.
      if (socket instanceof TLSSocket) this.certificateUntil = Date.parse(socket.getPeerCertificate().valid_to) || undefined;
    };
    // Pending is what is being connected, and what never will be: an attempt that fails at once is over before anybody can listen.
    if (handshaking || socket.pending) socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', connected);
    else connected();
  }
}

function headersOf(request: HttpRequest): Record<string, string> {
  for (const [name, value] of Object.entries(request.headers)) {
    if (/[\r\n]/.test(name + value)) throw new TypeError(`the header ${JSON.stringify(name)} holds a line end`);
  }
  // Most answers are a page at most: packing them would only make the dry run and the wire harder to compare.
  return { 'Accept-Encoding': request.gzip === true ? 'gzip' : 'identity', ...request.headers, ...authorization(request) };
}

function authorization({ basic, bearer }: HttpRequest): Record<string, string> {
  if (bearer !== undefined) return { Authorization: `Bearer ${bearer.reveal()}` };
  if (basic === undefined) return {};
  return { Authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password.reveal()}`, 'utf8').toString('base64')}` };
}

/** The proxy as axios takes it. Its own reading of an address leaves escapes such as `%40` in name and password. */
function proxyOf(settings: HttpSettings): { proxy?: AxiosProxyConfig | false } {
  if (settings.proxy === undefined) return {};
  if (settings.proxy === false) return { proxy: false };
  const url = new URL(settings.proxy.reveal());
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const port = url.port === '' ? { 'http:': 80, 'https:': 443 }[url.protocol] : Number(url.port);
  return {
    proxy: {
      protocol: url.protocol,
      host: url.hostname,
      port: port ?? 80,
      ...(username === '' && password === '' ? {} : { auth: { username, password } }),
    },
  };
}

/** The body as it was before it was packed. What is packed in another way than was asked for stays as it is. */
function unpacked(stream: Readable, { gzip }: HttpRequest, headers: Readonly<Record<string, string>>): Readable {
  if (gzip !== true || !/^(x-)?gzip$/i.test(headers['content-encoding'] ?? '')) return stream;
  // One that is cut off, or is no gzip, ends with an error, and so without its end.
  return pipeline(stream, createGunzip(), () => undefined).on('error', () => undefined);
}

/** Reads a body until it ends, is cut off or grows too long. Aborting the request destroys the stream, which settles this too. */
function readBody(stream: Readable, mostBytes: number): Promise<{ body: string; complete: boolean }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (complete: boolean) => {
      stream.removeAllListeners('data').destroy();
      resolve({ body: Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8'), complete });
    };
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > mostBytes) settle(false);
    });
    stream.once('end', () => settle(true)).once('close', () => settle(false));
  });
}

const PROXY_WORDS: Readonly<Record<string, string>> = {
  EPROXY: 'the proxy refused to pass the request on',
  EPROXYLOGIN: 'the proxy wants another login (407)',
};
const NO_TLS = 'no TLS connection can be agreed on (is it https, and is the version of TLS allowed by minTlsVersion?)';
/** Words for whole families of codes, OpenSSL's and the HTTP parser's. */
const FAMILIES: readonly (readonly [start: string, words: string])[] = [
  ['EPROTO', NO_TLS],
  ['ERR_SSL_', NO_TLS],
  ['ERR_OSSL_', 'the certificate of caFile cannot be read'],
  ['HPE_', 'the answer is not HTTP'],
  ['ERR_INVALID_URL', 'the address of the proxy in the environment (HTTPS_PROXY, HTTP_PROXY) is none'],
];

/** A failure in words. What libraries say is never passed on: it may hold addresses with logins. */
function failure(code: string, request: HttpRequest, wire: Wire, error?: unknown): HttpResult {
  const words =
    PROXY_WORDS[code] ??
    NETWORK_FAILURES[code] ??
    FAMILIES.find(([start]) => code.startsWith(start))?.[1] ??
    'the connection failed';
  const where = unknownName(error) ?? new URL(request.url).host;
  const message = `${where}${wire.proxied ? ', through the proxy' : ''}: ${words}`;
  return { kind: 'failure', sent: wire.sent, code: code === '' ? 'EUNKNOWN' : code, message };
}

/** The name that the resolver did not know; it is the proxy's where that is the wrong one. */
function unknownName(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'hostname' in cause && typeof cause.hostname === 'string' ? cause.hostname : undefined;
}
