// Where calls wait until they go: for others that travel with them, for their quota, and for what Google asked for. Those of a lane travel
// together, each user's only with their own token.

import { randomBytes } from 'node:crypto';
import type { Deadline } from '../../../core/deadline';
import { TOO_LATE } from '../../too-late';
import { whenAllAreOver } from './all-over';
import type { GoogleApi } from './apis';
import { MOST_CALLS, type BatchCall } from './batch';
import type { CallOutcome } from './batch-answer';
import { goesAt, unitsOf, use, type Cost, type Used } from './budget';
import { paceAfter, USUAL_PACE, type Pace } from './pace';

/** A clock that counts whole ms and is never set, and what is done later by it. */
export interface Timer {
  now(): number;
  /** Calls `work` after `ms`; answers with what calls it off. */
  after(ms: number, work: () => void): () => void;
}

/** The real one. */
export const TIMER: Timer = {
  now: () => Math.floor(performance.now()),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/** A call that is to go. */
export interface Going {
  readonly login: string;
  /** Calls of one lane share requests. */
  readonly lane: string;
  /** Whether it never shares a request. */
  readonly alone: boolean;
  readonly call: Omit<BatchCall, 'id'>;
  readonly deadline: Deadline;
}

/** Sends calls in one request. Never rejects. */
export type Send = (calls: readonly BatchCall[], signal: AbortSignal) => Promise<ReadonlyMap<string, CallOutcome>>;

export interface LaneParts {
  readonly quotas: GoogleApi['quotas'];
  readonly send: Send;
  readonly timer: Timer;
  /** How many users are at work, who have calls that travel together, or will have some; 0 where nobody knows. */
  usersToCome(): number;
  /** Between 0 and 1. */
  random(): number;
}

/** While a request of a lane is under way, others wait so long for more of them, in ms. */
const GATHER_MS = 50;

/** So long does a call wait for those of other users that are known to come, in ms. One whose own time ends soon waits for nobody. */
const LONGEST_GATHER_MS = 1_000;

/** So many calls that are long are under way at once: a page of everything that somebody has may be some MB, and takes more than that to read. */
const MOST_LONG = 4;

interface Waiting extends Going {
  readonly since: number;
  isSent: boolean;
  settle(outcome: CallOutcome): void;
  fail(error: unknown): void;
}

interface Lane {
  waiting: readonly Waiting[];
  underWay: number;
  callOff: (() => void) | undefined;
  isAboutToLook: boolean;
}

const NEW_LANE: Lane = { waiting: [], underWay: 0, callOff: undefined, isAboutToLook: false };

/** The calls of one service. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #paces = new Map<string, Pace>();
  /** How many calls of a user are under way, where there are any. */
  readonly #going = new Map<string, number>();
  /** How many of all those under way are long. */
  #long = 0;
  /** What calls under way are about. */
  readonly #things = new Set<string>();
  #used: Used = new Map();

  constructor(private readonly parts: LaneParts) {}

  /** Lets a call go as soon as it may. Rejects only for one that no caller may hand in. What is put in one turn of the event loop goes together, as far as it fits. */
  put(going: Going): Promise<CallOutcome> {
    const key = going.alone ? `alone ${going.login}` : going.lane;
    const lane = this.#lanes.get(key) ?? { ...NEW_LANE };
    this.#lanes.set(key, lane);
    return new Promise((resolve, reject) => {
      const { signal } = going.deadline;
      const ended = () => {
        signal.removeEventListener('abort', tooLate);
        lane.waiting = lane.waiting.filter((each) => each !== waiting);
      };
      const waiting: Waiting = {
        ...{ ...going, since: this.parts.timer.now(), isSent: false },
        settle: (outcome) => {
          ended();
          resolve(outcome);
        },
        fail: (error) => {
          ended();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      const tooLate = () =>
        waiting.settle(waiting.isSent ? { kind: 'unknown', reason: TOO_LATE.reason } : later(TOO_LATE.reason));
      if (signal.aborted) return tooLate();
      signal.addEventListener('abort', tooLate, { once: true });
      lane.waiting = [...lane.waiting, waiting];
      this.#lookSoon(lane);
    });
  }

  /** Looks at a lane when everything of this turn of the event loop is in it. */
  #lookSoon(lane: Lane): void {
    if (lane.isAboutToLook) return;
    lane.isAboutToLook = true;
    setImmediate(() => {
      lane.isAboutToLook = false;
      this.#pump(lane);
    });
  }

  /** Sends what may go, and sees to it that the rest is looked at when it may. */
  #pump(lane: Lane): void {
    lane.callOff?.();
    lane.callOff = undefined;
    for (;;) {
      const now = this.parts.timer.now();
      if (lane.waiting.length === 0) return;
      const ready = lane.waiting.filter(({ login }) => this.#pace(login).notBefore <= now);
      const leftMs = this.#gathersUntil(lane, ready) - now;
      // Meanwhile users may have come to their end without a call.
      if (leftMs > 0) return this.#wake(lane, Math.min(leftMs, GATHER_MS));
      const { chosen, next } = this.#choose(lane, now);
      if (chosen.length > 0) void this.#send(lane, chosen);
      // What waits for an answer is looked at when it comes.
      else return next === Infinity ? undefined : this.#wake(lane, Math.max(1, next - now));
    }
  }

  /**
   * Until when calls wait for others that travel with them, by the timer. Where many users are at work their calls come one shortly after the
   * other: the last one of them is waited for. Whoever is alone waits for nobody, since that may be a person.
   */
  #gathersUntil({ underWay }: Lane, [first, ...more]: readonly Waiting[]): number {
    if (first === undefined || first.alone || more.length + 1 >= MOST_CALLS) return 0;
    const users = this.parts.usersToCome();
    if (users <= 1) return underWay > 0 ? first.since + GATHER_MS : 0;
    const isComplete = underWay === 0 && this.#usersHere() >= users;
    const isLate = first.deadline.remainingMs() <= 2 * LONGEST_GATHER_MS;
    return isComplete || isLate ? 0 : first.since + LONGEST_GATHER_MS;
  }

  /** How many users wait for an answer, or for a call to go. */
  #usersHere(): number {
    const here = new Set(this.#going.keys());
    for (const { waiting } of this.#lanes.values()) for (const { login } of waiting) here.add(login);
    return here.size;
  }

  #wake(lane: Lane, ms: number): void {
    lane.callOff = this.parts.timer.after(ms, () => this.#pump(lane));
  }

  /** The calls that go now, and when the next ones may. What can never go in time is told so. */
  #choose(lane: Lane, now: number): { readonly chosen: readonly Waiting[]; readonly next: number } {
    const chosen: Waiting[] = [];
    let next = Infinity;
    for (const waiting of lane.waiting) {
      const { login, call, alone } = waiting;
      if (chosen.length >= (alone ? 1 : MOST_CALLS) || (alone && this.#long >= MOST_LONG)) break;
      if (this.#things.has(call.about ?? '') || this.#underWay(login) >= this.#pace(login).share) continue;
      const at = this.#mayGoAt(login, call, now);
      if (at > now) {
        if (at - now >= waiting.deadline.remainingMs())
          waiting.settle(later('no more calls fit into Google’s quota for now', at - now));
        else next = Math.min(next, at);
        continue;
      }
      this.#used = use(this.#used, [costOf(waiting)], this.parts.quotas, now);
      this.#going.set(login, this.#underWay(login) + 1);
      if (call.about !== undefined) this.#things.add(call.about);
      chosen.push(waiting);
    }
    return { chosen, next };
  }

  #mayGoAt(login: string, call: Going['call'], now: number): number {
    return Math.max(this.#pace(login).notBefore, goesAt(this.#used, [costOf({ login, call })], this.parts.quotas, now));
  }

  #underWay(login: string): number {
    return this.#going.get(login) ?? 0;
  }

  #pace(login: string): Pace {
    return this.#paces.get(login) ?? USUAL_PACE;
  }

  async #send(lane: Lane, chosen: readonly Waiting[]): Promise<void> {
    for (const each of chosen) each.isSent = true;
    lane.waiting = lane.waiting.filter(({ isSent }) => !isSent);
    lane.underWay += 1;
    const long = chosen.filter(({ alone }) => alone).length;
    this.#long += long;
    const ids = new Map(chosen.map((each, at) => [String(at), each]));
    const over = whenAllAreOver(chosen.map(({ deadline }) => deadline.signal));
    try {
      const calls = [...ids].map(([id, { call }]) => ({ ...call, id }));
      this.#settle(ids, await this.parts.send(calls, over.signal));
    } catch (error) {
      for (const each of chosen) each.fail(error);
    }
    over.end();
    lane.underWay -= 1;
    this.#long -= long;
    for (const { login, call } of chosen) {
      const left = this.#underWay(login) - 1;
      if (left > 0) this.#going.set(login, left);
      else this.#going.delete(login);
      this.#things.delete(call.about ?? '');
    }
    // What waited for this answer may stand in another lane.
    for (const each of this.#lanes.values()) this.#pump(each);
  }

  #settle(ids: ReadonlyMap<string, Waiting>, outcomes: ReadonlyMap<string, CallOutcome>): void {
    const now = this.parts.timer.now();
    for (const login of new Set([...ids.values()].map((each) => each.login))) {
      const own = [...ids].flatMap(([id, each]) => (each.login === login ? (outcomes.get(id) ?? []) : []));
      this.#paces.set(login, paceAfter(this.#pace(login), own, now, this.parts.random()));
    }
    for (const [id, each] of ids) each.settle(this.#withWait(each.login, outcomes.get(id), now));
  }

  /** What is put back says how long its user has to wait. */
  #withWait(login: string, outcome: CallOutcome | undefined, now: number): CallOutcome {
    if (outcome === undefined) return { kind: 'unknown', reason: 'nobody knows its answer' };
    if (outcome.kind !== 'retry' || !outcome.tooFast) return outcome;
    return { ...outcome, afterMs: Math.ceil(this.#pace(login).notBefore - now) };
  }
}

function later(reason: string, afterMs?: number): CallOutcome {
  return { kind: 'retry', reason, tooFast: false, ...(afterMs === undefined ? {} : { afterMs: Math.ceil(afterMs) }) };
}

function costOf({ login, call }: Pick<Going, 'login' | 'call'>): Cost {
  return { user: login, units: unitsOf(call.method) };
}

/** A text for a batch that nobody guesses. */
export function batchToken(): string {
  return randomBytes(12).toString('hex');
}
