// What the destinations share that post JSON: one way to post, one way to ask, and how both are shown.

import type { Deadline } from '../../core/deadline';
import type { Outcome } from '../../core/outcome';
import type { Secret } from '../../core/secret';
import { isRecord } from '../../core/shape';
import type { HttpRequest } from '../../io/http-contract';
import { outcomeOf, probeOf, type AnswerReader } from './answer';
import type { Finding, Preview, Probe, Tools } from '../destination';
import { behindMs, CLOCK_DIFFERENCE_MS, LOOK_BACK_MS, plainAddress, sendPatiently, type HttpOptions } from './http-options';
import { redactorFor } from './redactor';
import { parsedJson } from '../../core/parsed-json';

/** A JSON object, as an answer may hold it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A message on its way. */
export interface JsonPost {
  readonly body: string;
  /** The body without its thread, for where the first post of the thread is gone. */
  readonly alone?: string;
}

/** Where JSON goes. */
export interface JsonTarget {
  /** Secret where whoever knows it can post. */
  readonly url: string | Secret;
  /** What is sent along; nothing to an address that is a secret itself. */
  readonly token?: Secret;
}

/** What can be read in an answer, and whether it says that the first post of a thread is gone. */
export interface JsonReader extends AnswerReader {
  threadIsGone?(body: string): boolean;
}

/** Posts a message. Where its thread is gone it certainly was not posted, and a post outside its thread is better than none. */
export async function postJson(
  { body, alone }: JsonPost,
  target: JsonTarget,
  reader: JsonReader,
  options: HttpOptions,
  tools: Tools,
  deadline: Deadline,
): Promise<Outcome> {
  const post = (text: string) => sendPatiently(requestOf('POST', target, text), options, tools, deadline);
  let result = await post(body);
  if (alone !== undefined && result.kind === 'answer' && reader.threadIsGone?.(result.body) === true) result = await post(alone);
  return outcomeOf(result, reader, tools.now(), redactorFor(options));
}

/** What asking came to: a JSON object, and by how much the server's clock is behind ours (ms), or that it could not be found out. */
export type JsonPage =
  | { readonly kind: 'page'; readonly page: JsonObject; readonly behindMs: number }
  | Extract<Finding, { readonly kind: 'unknown' }>;

/** Asks for JSON. `verdict` of the reader may say that a 200 is none. */
export async function getJson(
  target: JsonTarget,
  reader: AnswerReader,
  options: HttpOptions,
  tools: Tools,
  deadline: Deadline,
): Promise<JsonPage> {
  const result = await sendPatiently(requestOf('GET', target), options, tools, deadline);
  if (result.kind === 'answer' && result.status === 200 && reader.verdict?.(result.body, 200) === undefined) {
    const page = result.complete ? jsonObject(result.body) : undefined;
    return page === undefined
      ? cannotTell(result.complete ? 'its answer is no JSON' : 'its answer is too long')
      : { kind: 'page', page, behindMs: behindMs(result.headers['date'], tools.now()) };
  }
  const outcome = outcomeOf(result, { ...reader, receipt: () => undefined }, tools.now(), redactorFor(options));
  if (outcome.kind === 'delivered') return cannotTell('its answer is not the page that was asked for');
  const { reason } = outcome;
  return outcome.kind === 'retry' && outcome.afterMs !== undefined
    ? { ...cannotTell(reason), afterMs: outcome.afterMs }
    : cannotTell(reason);
}

/** Tries a target by asking for JSON, see {@link probeOf}. */
export async function probeJson(
  target: JsonTarget,
  reader: AnswerReader,
  words: (page: JsonObject) => string,
  options: HttpOptions,
  tools: Tools,
  deadline: Deadline,
): Promise<Probe> {
  const result = await sendPatiently(requestOf('GET', target), options, tools, deadline);
  const read = (body: string) => {
    const page = jsonObject(body);
    return page === undefined ? undefined : words(page);
  };
  return probeOf(result, reader, read, tools.now(), redactorFor(options));
}

/** What a look since a moment found, and by how much the server's clock was behind ours at it, in ms. */
export interface Looked {
  readonly finding: Finding;
  readonly behindMs: number;
}

/** Looks since a moment of our clock, and once more, further back, where the server's clock turns out to be behind it. */
export async function lookSince(sinceMs: number, look: (sinceMs: number) => Promise<Looked>): Promise<Finding> {
  const first = await look(sinceMs - LOOK_BACK_MS);
  if (first.behindMs <= CLOCK_DIFFERENCE_MS) return first.finding;
  return (await look(sinceMs - first.behindMs - LOOK_BACK_MS)).finding;
}

/** That it could not be found out whether a message is there. */
export function cannotTell(reason: string): Extract<Finding, { readonly kind: 'unknown' }> {
  return { kind: 'unknown', reason: `asked whether the message is there: ${reason}` };
}

function requestOf(method: 'GET' | 'POST', { url, token }: JsonTarget, body?: string): HttpRequest {
  const headers = {
    ...(body === undefined ? {} : { 'Content-Type': CONTENT_TYPE }),
    Accept: 'application/json',
    ...(token === undefined ? {} : { Authorization: `Bearer ${token.reveal()}` }),
  };
  return { method, url: plainAddress(url), headers, ...(body === undefined ? {} : { body }) };
}

// Slack warns in its answers where the charset is missing.
const CONTENT_TYPE = 'application/json; charset=utf-8';

/** A post as people read it, its JSON broken into lines. `address` must hold no secret. */
export function previewJson(address: string, body: string, hasToken: boolean): Preview {
  const headers = { 'Content-Type': CONTENT_TYPE, ...(hasToken ? { Authorization: 'Bearer ***' } : {}) };
  return { line: `POST ${address}`, headers, body: JSON.stringify(JSON.parse(body), undefined, 2) };
}

/** The JSON object in a text that comes from outside; `undefined` where there is none. */
export function jsonObject(text: string): JsonObject | undefined {
  const value = parsedJson(text);
  return isRecord(value) ? value : undefined;
}

/**
 * Reads the answers of a place that gives nothing back. Whatever is no page was said by that place, and not by a login or a proxy
 * that stands before it. An error in JSON has its words as `error.message`, `error`, `detail` (RFC 9457) or `message`.
 */
export const plainReader: AnswerReader = {
  receipt: (body) => (/^\s*</.test(body) ? undefined : {}),
  errors: (body) => {
    const said = jsonObject(body);
    const words = [textIn(said?.['error'], 'message'), ...['error', 'detail', 'message'].map((key) => textIn(said, key))];
    return words.filter((word) => word !== '').slice(0, 1);
  },
};

/** A text under a key of a JSON object that comes from outside; an empty one where there is none. */
export function textIn(value: unknown, key: string): string {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : '';
}

/** How long a text is as a part of JSON, in UTF-16 units: a line end and a quotation mark count twice. */
export function unitsInJson(text: string): number {
  return JSON.stringify(text).length - 2;
}
