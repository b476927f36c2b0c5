// What became of the calls of a batch. Answers are matched by Content-ID and never by their place: a batch holds calls of several users.
// What is missing, cut off, there twice or cannot be understood may have been carried out: it is unknown. Pure.

import { waitIn } from '../../../core/retry-after';
import type { HttpResult } from '../../../io/http-contract';
import type { Later, Refused } from '../../groupware';
import { parsedJson } from '../../../core/parsed-json';
import type { BatchCall, PackedBatch } from './batch';
import { isTooFast, reasonsOf } from './error-reasons';
import { boundaryOf, nestedAnswerOf, partsOf, sectionOf } from './multipart';

/** What became of a call. */
export type CallOutcome =
  /** Its service answered it. What the status means is the service's own. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Lower-case names. */
      readonly headers: Readonly<Record<string, string>>;
      /** The body; left out where there is none, and where an error is no JSON. */
      readonly json?: unknown;
    }
  /** Certainly not carried out, and the same call fits later. `tooFast`: its user's share of a batch has to shrink. */
  | (Later & { readonly tooFast: boolean })
  /** Certainly not carried out: the batch itself was refused, with this status. */
  | (Refused & { readonly status: number })
  /** It may have been carried out. A question can be asked again; of anything else somebody has to look. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** What became of a batch. */
export interface BatchOutcome {
  /** By the calls' ids, one for each. */
  readonly outcomes: ReadonlyMap<string, CallOutcome>;
  /** How many parts the answer has that nobody asked for. */
  readonly surplus: number;
}

/** So many parts that nobody asked for make an answer nonsense. */
const MOST_SURPLUS = 100;

type Answer = Extract<HttpResult, { readonly kind: 'answer' }>;

/** What became of the calls of a batch, by what became of its request. `now` is in ms since 1970 UTC. Never throws. */
export function outcomesOf({ callIds }: Pick<PackedBatch, 'callIds'>, result: HttpResult, now: number): BatchOutcome {
  const outer = outerOutcome(result, now);
  const told = result.kind === 'answer' && outer === undefined ? toldOf(result, callIds, now) : undefined;
  const missing = outer ?? unknown(told?.whyMissing ?? 'nothing was understood of it');
  return {
    outcomes: new Map([...callIds.values()].map((id) => [id, told?.outcomes.get(id) ?? missing])),
    surplus: told?.surplus ?? 0,
  };
}

/** The calls that can be sent once more at no risk: those that were put back, and questions without an answer. */
export function callsToRepeat<C extends Pick<BatchCall, 'id' | 'method'>>(
  calls: readonly C[],
  { outcomes }: BatchOutcome,
): readonly C[] {
  return calls.filter(({ id, method }) => {
    const kind = outcomes.get(id)?.kind;
    return kind === 'retry' || (kind === 'unknown' && method === 'GET');
  });
}

/** What became of all calls, where the batch as a whole was not answered call by call. */
function outerOutcome(result: HttpResult, now: number): CallOutcome | undefined {
  if (result.kind === 'failure') {
    const reason = `${result.message} (${result.code})`;
    return result.sent ? unknown(reason) : { kind: 'retry', reason, tooFast: false };
  }
  const { status, headers, body, complete } = result;
  if (status >= 200 && status < 300) return undefined;
  const reasons = complete ? reasonsOf(parsedJson(body)) : [];
  if (isTooFast(status, reasons)) return tooFast(status, reasons, headers, now);
  // Why it was refused may stand in what was cut off.
  if (status === 403 && !complete) return { kind: 'retry', reason: 'the batch was answered 403, and cut off', tooFast: false };
  // 303 is the answer to something that was taken (https://www.rfc-editor.org/rfc/rfc9110#section-15.4.4), 408 one to what was still under way.
  if (status >= 300 && status < 500 && status !== 303 && status !== 408)
    return { kind: 'refused', status, reason: `the batch was answered ${status}${inBrackets(reasons)}` };
  return unknown(`the batch was answered ${status}`);
}

interface Told {
  readonly outcomes: ReadonlyMap<string, CallOutcome>;
  readonly surplus: number;
  readonly whyMissing: string;
}

function toldOf({ headers, body, complete }: Answer, callIds: ReadonlyMap<string, string>, now: number): Told {
  const boundary = boundaryOf(headers['content-type'] ?? '');
  const told = boundary === undefined ? undefined : partsOf(body, boundary, complete, callIds.size + MOST_SURPLUS);
  const outcomes = new Map<string, CallOutcome>();
  if (told === undefined)
    return { outcomes, surplus: 0, whyMissing: 'the batch was answered with something else than its parts' };
  let surplus = 0;
  for (const part of told.parts) {
    const { fields, rest } = sectionOf(part);
    const id = callIds.get(contentIdOf(fields['content-id'] ?? ''));
    if (id === undefined) surplus += 1;
    // Nobody knows which one is true.
    else outcomes.set(id, outcomes.has(id) ? unknown('it was answered twice') : outcomeOfPart(rest, now));
  }
  return { outcomes, surplus, whyMissing: told.isClosed ? 'its answer is missing' : 'the answer was cut off before it' };
}

/** The id that was sent, of an answer's: Google puts `response-` before it, within the brackets. */
function contentIdOf(field: string): string {
  return /^<?(?:response-)?<?([^<>]*)>{0,2}$/.exec(field)?.[1] ?? '';
}

function outcomeOfPart(text: string, now: number): CallOutcome {
  const nested = nestedAnswerOf(text);
  return nested === undefined ? unknown('its answer is none of HTTP') : outcomeOfAnswer(nested, now);
}

/** What became of a call, by its own answer. `now` is in ms since 1970 UTC. */
export function outcomeOfAnswer(
  { status, headers, body }: Pick<Answer, 'status' | 'headers' | 'body'>,
  now: number,
): CallOutcome {
  const json = parsedJson(body);
  const reasons = reasonsOf(json);
  if (isTooFast(status, reasons)) return tooFast(status, reasons, headers, now);
  if (status < 300 && json === undefined && body.trim() !== '') return unknown(`its answer (${status}) cannot be read`);
  return { kind: 'answer', status, headers, ...(json === undefined ? {} : { json }) };
}

function tooFast(status: number, reasons: readonly string[], headers: Answer['headers'], now: number): CallOutcome {
  const afterMs = waitIn(headers, now);
  const reason = `Google asks to slow down (${[status, ...reasons].join(', ')})`;
  return { kind: 'retry', reason, tooFast: true, ...(afterMs === undefined ? {} : { afterMs }) };
}

function unknown(reason: string): CallOutcome {
  return { kind: 'unknown', reason };
}

function inBrackets(words: readonly string[]): string {
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
