// One host of Google's on a port of the loopback: it reads whole requests, and sends whatever comes of them, also nothing.

import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { answerTo, type Answer } from './errors';

/** A request that was read to its end. */
export interface HostRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What comes of a request. */
export type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly broken?: 'truncated' | 'cut' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

export interface Host {
  /** `http://127.0.0.1:1234` */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a host, whose clock is `now`, in ms since 1970 UTC. */
export async function startHost(handle: (request: HostRequest) => Promise<Outcome>, now: () => number = Date.now): Promise<Host> {
  const server = http.createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    outgoing.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]));
      const request = { method: incoming.method ?? '', path: incoming.url ?? '/', headers, body: Buffer.concat(chunks) };
      // What the stand-in cannot read is told as its own fault, and is none of the test's.
      const wrong = (problem: unknown): Outcome => ({ kind: 'answer', answer: answerTo(problem) });
      void handle(request)
        .catch(wrong)
        .then((outcome) => send(outcome, request, incoming, outgoing.setHeader('Date', new Date(now()).toUTCString())));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(outcome: Outcome, request: HostRequest, incoming: http.IncomingMessage, outgoing: http.ServerResponse): void {
  if (outcome.kind === 'hang') return;
  if (outcome.kind === 'reset') return void incoming.socket.resetAndDestroy();
  const { status, headers, text } = written(outcome);
  const isZipped = wantsGzip(request) && text !== '';
  const bytes = isZipped ? gzipSync(text) : Buffer.from(text);
  outgoing.writeHead(status, {
    ...(isZipped ? { 'Content-Encoding': 'gzip' } : {}),
    ...(status === 204 || status === 304 ? {} : { 'Content-Length': bytes.length }),
    ...headers,
  });
  if (outcome.broken !== 'cut') outgoing.end(bytes);
  else outgoing.write(shortened(bytes), () => incoming.socket.destroy());
}

/** An answer as it is written, unpacked; one that is truncated, up to its middle. */
export function written({ answer, broken }: Extract<Outcome, { readonly kind: 'answer' }>): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
} {
  const { status, headers, body } = answer;
  const type = typeof body === 'string' ? 'text/html; charset=UTF-8' : 'application/json; charset=UTF-8';
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return {
    ...{ status, headers: { ...(body === undefined ? {} : { 'Content-Type': type }), ...headers } },
    text: broken === 'truncated' ? text.slice(0, Math.floor(text.length * KEPT)) : text,
  };
}

/** As much of an answer arrives that is cut off. */
const KEPT = 0.62;

/** The bytes of an answer that arrive before its connection ends. */
export function shortened(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length * KEPT));
}

/** Both are asked for: https://developers.google.com/workspace/calendar/api/guides/performance#gzip */
function wantsGzip({ headers }: HostRequest): boolean {
  return /\bgzip\b/.test(headers['accept-encoding'] ?? '') && /\bgzip\b/.test(headers['user-agent'] ?? '');
}
