// A request of HTTP to a service: with one call as it is, or with several in a batch.

import type { Secret } from '../../../core/secret';
import type { HttpSettings, SendHttp } from '../../../io/http-contract';
import type { TokenUser } from '../consent/tokens';
import type { GoogleApi } from './apis';
import { MOST_ANSWER_BYTES, pack, type BatchCall } from './batch';
import { outcomeOfAnswer, outcomesOf, type CallOutcome } from './batch-answer';
import { quotaUserOf } from './budget';
import { batchToken } from './lanes';

/** Whose calls they are. */
export interface GoogleUser extends TokenUser {
  /** Which CRM it is. */
  readonly system: string;
}

/** A call of a service. */
export interface GoogleCall {
  readonly method: BatchCall['method'];
  /** Below the service's prefix, escaped. */
  readonly path: string;
  /** A list is a parameter that is given several times. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: object;
  /** What it is about: two calls about one thing of a user never travel together. */
  readonly about?: string;
  /** Whether it never travels with others, since its answer is long, or what stands around it counts. */
  readonly alone?: boolean;
  /** Whether it changes nothing although it is a POST. */
  readonly isQuestion?: boolean;
}

/** What requests need. */
export interface SendParts {
  readonly api: GoogleApi;
  /** Whether a service account asks for its users, who agreed to nothing. */
  readonly isServiceAccount: boolean;
  readonly http: SendHttp;
  readonly settings: HttpSettings;
  /** Of this program, for User-Agent. */
  readonly version: string;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/** A call as it travels, with the token of its user. */
export function travelling(
  user: GoogleUser,
  { method, path, query, headers, json, about }: GoogleCall,
  bearer: Secret,
  { api, isServiceAccount }: Pick<SendParts, 'api' | 'isServiceAccount'>,
): Omit<BatchCall, 'id'> {
  // Else all users of a service account count as one.
  const quotaUser = isServiceAccount ? { quotaUser: quotaUserOf(user.system, user.login) } : {};
  const given = Object.entries({ ...query, ...quotaUser }).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const asked = new URLSearchParams(given).toString();
  const whole = {
    ...{ method, path: `${api.prefix}${path}${asked === '' ? '' : `?${asked}`}`, bearer },
    ...(headers === undefined ? {} : { headers }),
    ...(json === undefined ? {} : { json }),
  };
  // One batch holds calls of several users, of whom each may have a thing of that name.
  return about === undefined ? whole : { ...whole, about: JSON.stringify([user.login, about]) };
}

/** Sends calls in one request, and tells by their ids what became of them. Rejects only for what no caller may hand in. */
export async function sendCalls(
  calls: readonly BatchCall[],
  { api, http, settings, version, now }: SendParts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, CallOutcome>> {
  const [first, ...more] = calls;
  const usual = {
    headers: { 'User-Agent': `publish-activity/${version} (gzip)` },
    ...{ mostBytes: MOST_ANSWER_BYTES, gzip: true },
  };
  if (first !== undefined && more.length === 0) {
    const { method, path, headers, json, bearer } = first;
    const content = json === undefined ? {} : { 'Content-Type': 'application/json; charset=UTF-8' };
    const request = {
      ...{ ...usual, method, url: `${api.root}${path}`, bearer },
      headers: { ...usual.headers, ...content, ...headers },
    };
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    return new Map([[first.id, outcomeOf(await http({ ...request, ...body }, settings, signal), now())]]);
  }
  const packed = pack(calls, { prefix: api.prefix, token: batchToken() });
  const result = await http(
    {
      ...{ ...usual, method: 'POST', url: `${api.root}${api.batch}`, body: packed.body.reveal() },
      headers: { ...usual.headers, 'Content-Type': packed.contentType },
    },
    settings,
    signal,
  );
  return outcomesOf(packed, result, now()).outcomes;
}

/** What became of a call that travelled by itself. */
function outcomeOf(result: Awaited<ReturnType<SendHttp>>, now: number): CallOutcome {
  if (result.kind === 'failure') {
    const reason = `${result.message} (${result.code})`;
    return result.sent ? { kind: 'unknown', reason } : { kind: 'retry', reason, tooFast: false };
  }
  if (!result.complete && result.status < 300) return { kind: 'unknown', reason: `its answer (${result.status}) is cut off` };
  return outcomeOfAnswer(result, now);
}
