// A server of JSON on loopback that a stand-in for a chat is built on: it knows how a network fails; what a request is answered with
// comes from the stand-in.

import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that was read to its end. */
export interface JsonRequest {
  readonly method: string;
  /** The path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** An answer. A body that is not a text is sent as JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: unknown;
}

/** What comes instead of the usual answer, once the request was read; with `keep and …` the stand-in does its part first. */
export type JsonReply = JsonAnswer | 'hang' | 'reset' | 'keep and hang' | 'keep and reset' | 'keep and cut';

/** A running stand-in. */
export interface JsonServer {
  readonly url: string;
  readonly requests: readonly JsonRequest[];
  /** What the next requests get, in this order; after that the usual answers again. */
  answer(...replies: readonly JsonReply[]): void;
  close(): Promise<void>;
}

/** Starts a server on loopback. */
export async function startJsonServer(handle: (request: JsonRequest) => JsonAnswer): Promise<JsonServer> {
  const requests: JsonRequest[] = [];
  const replies: JsonReply[] = [];
  const server = http.createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { pathname: path, searchParams: query } = new URL(incoming.url ?? '', 'http://stand-in');
      const body = Buffer.concat(chunks).toString('utf8');
      const request = { method: incoming.method ?? '', path, query, headers: incoming.headers, body };
      requests.push(request);
      const reply = replies.shift();
      if (reply === 'hang') return;
      if (reply === 'reset') return void incoming.socket.resetAndDestroy();
      const { status, headers, body: said = '' } = typeof reply === 'object' ? reply : handle(request);
      if (reply === 'keep and hang') return;
      if (reply === 'keep and reset') return void incoming.socket.resetAndDestroy();
      const text = typeof said === 'string' ? said : JSON.stringify(said);
      const type = typeof said === 'string' ? 'text/plain' : 'application/json; charset=utf-8';
      outgoing.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), ...headers });
      if (reply === 'keep and cut') outgoing.write(text.slice(0, 5), () => incoming.socket.destroy());
      else outgoing.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (...next) => void replies.push(...next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The JSON object of a request whose content type says that it is one; `undefined` for anything else. */
export function jsonOf({ headers, body }: JsonRequest): Readonly<Record<string, unknown>> | undefined {
  if (!/^application\/json(; *charset=utf-8)?$/i.test(headers['content-type'] ?? '')) return undefined;
  // A surrogate without its partner is not UTF-8, in whatever way it is spelled.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/i.test(body) || body.includes('\uFFFD\uFFFD')) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
