// The one client of a service that all collections of a run share: each call with a token of its user, packed with others, repeated where
// that does no harm, and told apart where nobody knows.

import type { Deadline } from '../../core/deadline';
import type { Secret } from '../../core/secret';
import type { HttpSettings, SendHttp } from '../../io/http-contract';
import type { Later, Trouble } from '../groupware';
import type { GoogleApi } from './apis';
import { MOST_ANSWER_BYTES, pack, type BatchCall } from './batch';
import { outcomeOfAnswer, outcomesOf, type CallOutcome } from './batch-answer';
import { quotaUserOf } from './budget';
import { reasonsOf } from './error-reasons';
import { batchToken, Lanes, type Timer } from './lanes';
import { meaningOf } from './refusals';
import type { Bearer, TokenSource, TokenUser } from './tokens';

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
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: object;
  /** What it is about: two calls about one thing of a user never travel together. */
  readonly about?: string;
  /** Whether it never travels with others, since its answer is long. */
  readonly alone?: boolean;
  /** Whether it changes nothing although it is a POST. */
  readonly isQuestion?: boolean;
}

/** What became of a call: its answer, that it may have been carried out, or why it was not. A question is never `unknown`. */
export type Called =
  Extract<CallOutcome, { readonly kind: 'answer' }> | { readonly kind: 'unknown'; readonly reason: string } | Trouble;

/** What a client is made of. */
export interface ClientParts {
  readonly api: GoogleApi;
  /** Whether calls of one user only travel together, or those of several. */
  readonly batch: 'own' | 'shared';
  readonly tokens: Pick<TokenSource, 'bearer' | 'park'>;
  /** Whether a service account asks for its users, who agreed to nothing. */
  readonly isServiceAccount: boolean;
  readonly http: SendHttp;
  readonly settings: HttpSettings;
  /** Of this program, for User-Agent. */
  readonly version: string;
  /** How many users’ turns are under way; 0 where nobody counts them. */
  readonly turnsUnderWay: () => number;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  readonly timer: Timer;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** So often is a call put back that came too fast. */
const MOST_SLOW = 3;
/** So long is left alone who has used up a day's quota, or whose account takes no more, in ms. */
const LONG_MS = 3_600_000;

const TOO_LATE: Later = { kind: 'retry', reason: 'the time of the run is over' };

/** Calls of one service, for all users. */
export class GoogleClient {
  readonly #lanes: Lanes;
  readonly #asking = new Map<string, { readonly deadline: Deadline; readonly bearer: Promise<Bearer> }>();
  /** Until when nothing is written for a user, by the timer. */
  readonly #fullUntil = new Map<string, number>();

  constructor(private readonly parts: ClientParts) {
    const { timer, api } = parts;
    this.#lanes = new Lanes({
      quotas: api.quotas,
      // Where nobody travels with others, nobody waits for them.
      usersToCome: () => (parts.batch === 'shared' ? parts.turnsUnderWay() : 0),
      send: (calls, signal) => this.#send(calls, signal),
      timer,
      random: () => parts.random(),
    });
  }

  /** Makes a call. Rejects with a DatabaseError of the ledger, and for no trouble outside. */
  async call(user: GoogleUser, call: GoogleCall, deadline: Deadline): Promise<Called> {
    const tries = { slow: 0, again: 0, token: 0 };
    let refused: Secret | undefined;
    for (;;) {
      if (deadline.signal.aborted) return TOO_LATE;
      const full = asks(call) ? undefined : this.#full(user);
      if (full !== undefined) return full;
      const bearer = await this.#bearer(user, deadline, refused);
      if (bearer.kind !== 'token') return bearer;
      const outcome = await this.#lanes.put(this.#going(user, call, bearer.token, deadline));
      const judged = await this.#judged(user, call, asUnsure(outcome), tries, deadline);
      if (judged !== 'again' && judged !== 'with another token') return judged;
      if (judged === 'with another token') refused = bearer.token;
    }
  }

  /** What an outcome means for its call, unless it is to be made again. */
  async #judged(
    user: GoogleUser,
    call: GoogleCall,
    outcome: CallOutcome,
    tries: { slow: number; again: number; token: number },
    deadline: Deadline,
  ): Promise<Called | 'again' | 'with another token'> {
    switch (outcome.kind) {
      case 'retry': {
        const isAgain = outcome.tooFast
          ? (tries.slow += 1) <= MOST_SLOW
          : outcome.afterMs === undefined && (tries.again += 1) <= 1;
        return isAgain ? 'again' : laterOf(outcome);
      }
      case 'unknown':
        if (!asks(call)) return outcome;
        return (tries.again += 1) <= 1 ? 'again' : { kind: 'retry', reason: outcome.reason };
      case 'refused':
        return { kind: 'refused', reason: outcome.reason };
      default:
        return this.#read(user, outcome, tries, deadline);
    }
  }

  /** What an answer means that is the same for all calls. */
  async #read(
    user: GoogleUser,
    answer: Extract<CallOutcome, { readonly kind: 'answer' }>,
    tries: { token: number },
    deadline: Deadline,
  ): Promise<Called | 'with another token'> {
    const meaning = meaningOf(answer.status, reasonsOf(answer.json));
    if (meaning === undefined) return answer;
    switch (meaning.kind) {
      case 'login':
        if ((tries.token += 1) <= 1) return 'with another token';
        // Whatever it is, it is nothing that a user could agree to.
        return { kind: 'retry', reason: meaning.words };
      case 'scopes':
        if ((tries.token += 1) <= 1) return 'with another token';
        return this.#unscoped(user, meaning.words, deadline);
      case 'full':
        this.#fullUntil.set(user.login, this.parts.timer.now() + LONG_MS);
        return { kind: 'retry', reason: meaning.words, afterMs: LONG_MS };
      case 'day':
        return { kind: 'retry', reason: meaning.words, afterMs: LONG_MS };
      default:
        return { kind: 'refused', reason: meaning.words, ...(meaning.kind === 'everybody' ? { by: 'everybody' as const } : {}) };
    }
  }

  async #unscoped(user: GoogleUser, words: string, deadline: Deadline): Promise<Trouble> {
    if (!this.parts.isServiceAccount) return this.parts.tokens.park(user, words, deadline);
    return { kind: 'refused', by: 'user', reason: `${words}; an administrator has to let the service account do more` };
  }

  #full({ login }: GoogleUser): Later | undefined {
    const leftMs = (this.#fullUntil.get(login) ?? 0) - this.parts.timer.now();
    if (leftMs <= 0) return undefined;
    return { kind: 'retry', reason: 'Google takes nothing more for this user for a while', afterMs: Math.ceil(leftMs) };
  }

  /** A token of a user. Calls that need one at the same time ask once. */
  async #bearer(user: GoogleUser, deadline: Deadline, refused: Secret | undefined): Promise<Bearer> {
    const key = JSON.stringify([user.login, refused?.reveal() ?? '']);
    let asking = this.#asking.get(key);
    if (asking === undefined) {
      const bearer = this.parts.tokens.bearer(user, deadline, refused).finally(() => this.#asking.delete(key));
      asking = { deadline, bearer };
      this.#asking.set(key, asking);
    }
    // All of them wait alike, so that they stay in their order.
    const bearer = await asking.bearer;
    const isOthersEnd = bearer.kind !== 'token' && asking.deadline.signal.aborted && !deadline.signal.aborted;
    return isOthersEnd ? this.#bearer(user, deadline, refused) : bearer;
  }

  #going(user: GoogleUser, { alone = false, path, query, about, ...call }: GoogleCall, bearer: Secret, deadline: Deadline) {
    const { api, batch, isServiceAccount } = this.parts;
    // Else all users of a service account count as one.
    const quotaUser = isServiceAccount ? { quotaUser: quotaUserOf(user.system, user.login) } : {};
    const asked = new URLSearchParams({ ...query, ...quotaUser }).toString();
    const whole = { ...call, path: `${api.prefix}${path}${asked === '' ? '' : `?${asked}`}`, bearer };
    return {
      ...{ login: user.login, alone, deadline, lane: batch === 'own' ? user.login : '' },
      // One batch holds calls of several users, of whom each may have a thing of that name.
      call: about === undefined ? whole : { ...whole, about: JSON.stringify([user.login, about]) },
    };
  }

  async #send(calls: readonly BatchCall[], signal: AbortSignal): Promise<ReadonlyMap<string, CallOutcome>> {
    const [first, ...more] = calls;
    const { api, http, settings, version } = this.parts;
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
      return new Map([[first.id, outcomeOf(await http({ ...request, ...body }, settings, signal), this.parts.now())]]);
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
    return outcomesOf(packed, result, this.parts.now()).outcomes;
  }
}

/** Whether a call changes nothing. */
function asks({ method, isQuestion = false }: GoogleCall): boolean {
  return method === 'GET' || isQuestion;
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

/** A server in trouble may have carried it out nevertheless; a proxy that waited too long, too. */
function asUnsure(outcome: CallOutcome): CallOutcome {
  if (outcome.kind !== 'answer' || (outcome.status < 500 && outcome.status !== 408)) return outcome;
  return { kind: 'unknown', reason: `Google answered ${outcome.status}` };
}

function laterOf({ reason, afterMs }: Later): Later {
  return { kind: 'retry', reason, ...(afterMs === undefined ? {} : { afterMs }) };
}
