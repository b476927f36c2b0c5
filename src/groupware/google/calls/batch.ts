// Packs calls of one of Google's services into one request, each with the Authorization of its own user and none outside: a call that
// loses its own is refused, and never sees another user's data. Pure.
// https://developers.google.com/workspace/calendar/api/guides/batch

import { bytesOf } from '../../../core/fit';
import { Secret } from '../../../core/secret';

/** A call that goes into a batch. */
export interface BatchCall {
  /** The caller's name for it, once in a batch. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the service's prefix on, with its query; escaped. */
  readonly path: string;
  /** Such as If-Match. What speaks of the body, the host and the login is added here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent as JSON. */
  readonly json?: object;
  /** The token of the user whose call it is. */
  readonly bearer: Secret;
  /** What it changes. Two calls about one thing never share a batch, since its order is free. */
  readonly about?: string;
}

/** A batch, ready to be posted. */
export interface PackedBatch {
  /** The one header that the request needs; it must have no Authorization. */
  readonly contentType: string;
  /** Its text, as UTF-8 has to carry it. It is a secret as a whole, because it holds the tokens of all its users. */
  readonly body: Secret;
  /** The calls' ids by the Content-IDs that the answer has to name. */
  readonly callIds: ReadonlyMap<string, string>;
}

/**
 * As many calls as one batch takes. Calendar's page allows 1,000 (https://developers.google.com/workspace/calendar/api/guides/batch), and said
 * 50 before (https://github.com/googleapis/google-api-dotnet-client/issues/1621); too many were answered as too fast
 * (https://github.com/googleapis/google-api-python-client/issues/2201).
 */
export const MOST_CALLS = 50;

/** As much of a batch's answer as has to be read, in bytes: 50 listings of changes are some, and none is long. */
export const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Packs calls of one service. `prefix` is how the path of each of them begins; `token` is new and random for each batch, so that nobody's
 * text can hold the boundary and no other batch's answer fits. Throws a TypeError for what no caller may hand in.
 */
export function pack(
  calls: readonly BatchCall[],
  { prefix, token }: { readonly prefix: string; readonly token: string },
): PackedBatch {
  checkCalls(calls, prefix);
  if (!/^[\da-z]{16,40}$/i.test(token)) throw new TypeError('a batch needs a random token of 16 to 40 letters and digits');
  const named = calls.map((call, at) => ({ contentId: `${at}.${token}`, call }));
  const parts = named.map(({ contentId, call }) => partOf(contentId, call));
  const boundary = freeBoundary(`batch_${token}`, parts);
  const body = [...parts.map((part) => `--${boundary}\r\n${part}\r\n`), `--${boundary}--\r\n`].join('');
  return {
    // A semicolon at its end makes Google refuse it: https://github.com/mixmaxhq/batchelor/issues/25
    contentType: `multipart/mixed; boundary=${boundary}`,
    body: new Secret(body),
    callIds: new Map(named.map(({ contentId, call }) => [contentId, call.id])),
  };
}

/** Deals calls out to batches: no more than fit into each, and those about one thing in their order, in one batch after the other. */
export function batchesOf<C extends Pick<BatchCall, 'about'>>(calls: readonly C[], most = MOST_CALLS): readonly (readonly C[])[] {
  const batches: C[][] = [];
  const next = new Map<string, number>();
  let roomy = 0;
  for (const call of calls) {
    let at = Math.max(roomy, call.about === undefined ? 0 : (next.get(call.about) ?? 0));
    while ((batches[at]?.length ?? 0) >= most) at += 1;
    (batches[at] ??= []).push(call);
    if (call.about !== undefined) next.set(call.about, at + 1);
    while ((batches[roomy]?.length ?? 0) >= most) roomy += 1;
  }
  return batches;
}

function partOf(contentId: string, { method, path, headers = {}, json, bearer }: BatchCall): string {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const lines = [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    `Content-ID: <${contentId}>`,
    '',
    `${method} ${path} HTTP/1.1`,
    `Authorization: Bearer ${bearer.reveal()}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['Content-Type: application/json; charset=UTF-8', `Content-Length: ${bytesOf(body)}`]),
    '',
    body ?? '',
  ];
  return lines.join('\r\n');
}

/** A boundary that stands in no part, even where somebody knew the token. */
function freeBoundary(wanted: string, parts: readonly string[]): string {
  let boundary = wanted;
  for (let count = 1; parts.some((part) => part.includes(boundary)); count += 1) boundary = `${wanted}_${count}`;
  return boundary;
}

/** The headers that only this file writes. */
const OURS = /^(authorization|content-.*|host|transfer-encoding|connection)$/i;

function checkCalls(calls: readonly BatchCall[], prefix: string): void {
  if (calls.length === 0 || calls.length > MOST_CALLS)
    throw new TypeError(`a batch takes 1 to ${MOST_CALLS} calls, not ${calls.length}`);
  if (new Set(calls.map(({ id }) => id)).size < calls.length) throw new TypeError('two calls of a batch have the same id');
  const about = calls.flatMap((call) => call.about ?? []);
  if (new Set(about).size < about.length) throw new TypeError('two calls of a batch are about the same thing');
  for (const call of calls) checkCall(call, prefix);
}

/** What is wrong is told without a character of it: a path may say what nobody else should read. */
function checkCall({ method, path, headers = {}, json, bearer }: BatchCall, prefix: string): void {
  // A backslash counts as a slash in some parsers, and what stands behind # never leaves.
  if (!path.startsWith(prefix) || !/^\/[!"$-[\]-~]*$/.test(path))
    throw new TypeError('the path of a call is none of its service');
  if (json !== undefined && (method === 'GET' || method === 'DELETE')) throw new TypeError(`a ${method} has no body`);
  if (!/^[!-~]+$/.test(bearer.reveal())) throw new TypeError('the token of a call holds a character that no token can have');
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || OURS.test(name))
      throw new TypeError('a header of a call has a name that it must not have');
    if (!/^[\t -~]*$/.test(value)) throw new TypeError(`the header ${name} of a call holds a character that no header can have`);
  }
}
