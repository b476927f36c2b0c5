// A server that takes batches as Google's does, with a parser of its own and by the letter of the guide
// (https://developers.google.com/workspace/calendar/api/guides/batch), and that can misbehave in its answers.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as it stood in a part. */
export interface InnerCall {
  readonly contentId: string;
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface InnerAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How an answer differs from a plain one. */
export interface Quirks {
  readonly reversed?: true;
  readonly quotedBoundary?: true;
  readonly lineFeedsOnly?: true;
  readonly withoutLengths?: true;
  readonly preamble?: string;
  readonly withoutIds?: true;
  /** The place of a part that is sent twice, and of some that are left out. */
  readonly twice?: number;
  readonly missing?: readonly number[];
  /** The part of the body after which the connection breaks. */
  readonly cutAfter?: number;
  /** Something else than parts. */
  readonly instead?: { readonly status: number; readonly type: string; readonly body: string };
}

export interface BatchServer {
  readonly url: string;
  /** All that was taken, and whether each request had an Authorization outside. */
  readonly calls: InnerCall[];
  readonly outerLogins: (string | undefined)[];
  quirks: Quirks;
  answer: (call: InnerCall) => InnerAnswer;
  close(): Promise<void>;
}

const BOUNDARY = 'batch_ZnhaH7=AA/x';

/** Starts it on a free port of 127.0.0.1. */
export async function startBatchServer(): Promise<BatchServer> {
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing, batches));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const batches: BatchServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/batch/calendar/v3`,
    calls: [],
    outerLogins: [],
    quirks: {},
    answer: ({ headers }) => ({ status: 200, body: JSON.stringify({ bearer: headers['authorization'] }, undefined, 1) }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return batches;
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse, batches: BatchServer): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  batches.outerLogins.push(incoming.headers.authorization);
  // As Google does: a semicolon at the end makes it another type, https://github.com/mixmaxhq/batchelor/issues/25.
  const boundary = /^multipart\/mixed; boundary=([\w'()+,./:=?-]{1,70})$/.exec(incoming.headers['content-type'] ?? '')?.[1];
  const calls = boundary === undefined ? undefined : callsOf(Buffer.concat(chunks), boundary);
  if (calls === undefined) {
    outgoing.writeHead(400, { 'Content-Type': 'application/json' }).end('{"error":{"code":400,"status":"INVALID_ARGUMENT"}}');
    return;
  }
  batches.calls.push(...calls);
  const { instead } = batches.quirks;
  if (instead !== undefined) outgoing.writeHead(instead.status, { 'Content-Type': instead.type }).end(instead.body);
  else
    send(
      calls.map((call) => ({ call, answer: batches.answer(call) })),
      batches.quirks,
      outgoing,
    );
}

/** The calls in a body; `undefined` where it breaks a rule. */
function callsOf(body: Buffer, boundary: string): readonly InnerCall[] | undefined {
  const text = body.toString('latin1');
  const begin = `--${boundary}\r\n`;
  const end = `\r\n--${boundary}--\r\n`;
  if (!text.startsWith(begin) || !text.endsWith(end)) return undefined;
  const parts = text.slice(begin.length, -end.length).split(`\r\n--${boundary}\r\n`);
  const calls = parts.map(callOf);
  return calls.includes(undefined) ? undefined : (calls as readonly InnerCall[]);
}

function callOf(part: string): InnerCall | undefined {
  const [mime = '', head = '', ...rest] = part.split('\r\n\r\n');
  const [requestLine = '', ...lines] = head.split('\r\n');
  const outer = fields(mime.split('\r\n'));
  const headers = fields(lines);
  const [, method = '', path = ''] = /^([A-Z]+) (\/[^\s/][^\s]*) HTTP\/1\.1$/.exec(requestLine) ?? [];
  const body = rest.join('\r\n\r\n');
  const contentId = /^<(\S+)>$/.exec(outer['content-id'] ?? '')?.[1];
  const isRight = outer['content-type'] === 'application/http' && contentId !== undefined && path !== '';
  if (!isRight || body.length !== Number(headers['content-length'] ?? 0)) return undefined;
  return { contentId, method, path, headers, body: Buffer.from(body, 'latin1').toString('utf8') };
}

function fields(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(lines.map((line) => [line.split(': ', 1)[0]?.toLowerCase() ?? '', line.replace(/^.*?: /, '')]));
}

interface Answered {
  readonly call: InnerCall;
  readonly answer: InnerAnswer;
}

function send(all: readonly Answered[], quirks: Quirks, outgoing: ServerResponse): void {
  const kept = all.flatMap((each, at) => (quirks.missing?.includes(at) ? [] : quirks.twice === at ? [each, each] : [each]));
  const ordered = quirks.reversed ? [...kept].reverse() : kept;
  const parts = ordered.map((each) => partOf(each, quirks)).map((part) => `--${BOUNDARY}\r\n${part}\r\n`);
  const text = `${quirks.preamble ?? ''}${parts.join('')}--${BOUNDARY}--\r\n`;
  const bytes = Buffer.from(quirks.lineFeedsOnly ? text.replaceAll('\r\n', '\n') : text, 'utf8');
  const type = `multipart/mixed; boundary=${quirks.quotedBoundary ? `"${BOUNDARY}"` : BOUNDARY}`;
  outgoing.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length });
  if (quirks.cutAfter === undefined) outgoing.end(bytes);
  else outgoing.write(bytes.subarray(0, Math.floor(bytes.length * quirks.cutAfter)), () => outgoing.socket?.destroySoon());
}

function partOf({ call, answer: { status, headers = {}, body = '' } }: Answered, quirks: Quirks): string {
  return [
    'Content-Type: application/http',
    ...(quirks.withoutIds ? [] : [`Content-ID: <response-${call.contentId}>`]),
    '',
    `HTTP/1.1 ${status} Whatever`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(quirks.withoutLengths ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    '',
    body,
  ].join('\r\n');
}
