// The one client of a service that all collections of a run share: each call with a token of its user, packed with others, repeated where
// that does no harm, and told apart where nobody knows.

import type { Deadline } from '../../../core/deadline';
import type { Secret } from '../../../core/secret';
import type { Later, Trouble } from '../../groupware';
import { TOO_LATE } from '../../too-late';
import type { Bearer, TokenSource } from '../consent/tokens';
import type { BatchCall } from './batch';
import type { CallOutcome } from './batch-answer';
import { reasonsOf } from './error-reasons';
import { Lanes, type Going, type Timer } from './lanes';
import { meaningOf } from './refusals';
import { sendCalls, travelling, type GoogleCall, type GoogleUser, type SendParts } from './sending';

/** What became of a call: its answer, that it may have been carried out, or why it was not. A question is never `unknown`. */
export type Called =
  Extract<CallOutcome, { readonly kind: 'answer' }> | { readonly kind: 'unknown'; readonly reason: string } | Trouble;

/** What a client is made of. */
export interface ClientParts extends SendParts {
  /** Whether calls of one user only travel together, or those of several. */
  readonly batch: 'own' | 'shared';
  readonly tokens: Pick<TokenSource, 'bearer' | 'park'>;
  /** How many users’ turns are under way; 0 where nobody counts them. */
  readonly turnsUnderWay: () => number;
  readonly timer: Timer;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** So often is a call put back that came too fast. */
const MOST_SLOW = 3;
/** So long is left alone who has used up a day's quota, or whose account takes no more, in ms. */
const LONG_MS = 3_600_000;

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
      send: (calls, signal) => sendCalls(calls, parts, signal),
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

  /**
   * Makes a question for each of several users, all in one request, whatever the configuration says of that; once. What becomes of each stands
   * in their order. Where somebody has no token, nobody is asked, and that is told.
   */
  async askTogether(
    questions: readonly { readonly user: GoogleUser; readonly call: GoogleCall }[],
    deadline: Deadline,
  ): Promise<readonly CallOutcome[] | Trouble> {
    const calls: BatchCall[] = [];
    for (const [index, { user, call }] of questions.entries()) {
      const bearer = await this.#bearer(user, deadline, undefined);
      if (bearer.kind !== 'token') return bearer;
      calls.push({ ...travelling(user, call, bearer.token, this.parts), id: String(index) });
    }
    const outcomes = await sendCalls(calls, this.parts, deadline.signal);
    return calls.map(({ id }) => outcomes.get(id) ?? { kind: 'unknown', reason: 'nobody knows its answer' });
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

  #going(user: GoogleUser, call: GoogleCall, bearer: Secret, deadline: Deadline): Going {
    const { batch } = this.parts;
    return {
      ...{ login: user.login, alone: call.alone ?? false, deadline, lane: batch === 'own' ? user.login : '' },
      call: travelling(user, call, bearer, this.parts),
    };
  }
}

/** Whether a call changes nothing. */
function asks({ method, isQuestion = false }: GoogleCall): boolean {
  return method === 'GET' || isQuestion;
}

/** A server in trouble may have carried it out nevertheless; a proxy that waited too long, too. */
function asUnsure(outcome: CallOutcome): CallOutcome {
  if (outcome.kind !== 'answer' || (outcome.status < 500 && outcome.status !== 408)) return outcome;
  return { kind: 'unknown', reason: `Google answered ${outcome.status}` };
}

function laterOf({ reason, afterMs }: Later): Later {
  return { kind: 'retry', reason, ...(afterMs === undefined ? {} : { afterMs }) };
}
