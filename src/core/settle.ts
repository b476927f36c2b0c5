// From the outcome of an attempt to what the ledger keeps of it. Pure.

import { BACKOFF, backoffMs } from './backoff';
import type { Outcome, Receipt } from './outcome';

/** What becomes of a delivery after an attempt. */
export interface Settled {
  readonly state: 'delivered' | 'due' | 'in-doubt' | 'rejected' | 'abandoned';
  /** When it is taken up again, in ms since 1970 UTC; for an end it means nothing. */
  readonly dueAt: number;
  readonly reason: string;
  readonly receipt?: Receipt;
  /** Until when the destination asked to be left alone, in ms since 1970 UTC. */
  readonly waitUntil?: number;
}

/** What settling needs to know of the delivery: how often it was begun, and when it was accepted (ms since 1970 UTC). */
export interface Attempted {
  readonly started: number;
  readonly acceptedAt: number;
}

/**
 * Settles an attempt at the moment `now`; `random` is between 0 and 1. A refused login is tried again, because somebody will mend
 * it. What would be tried again after the end of its life is abandoned; what is in doubt is not, because it may have arrived.
 */
export function settle(outcome: Outcome, { started, acceptedAt }: Attempted, now: number, random: number): Settled {
  switch (outcome.kind) {
    case 'delivered':
      return { state: 'delivered', dueAt: now, reason: outcome.reason ?? '', receipt: outcome.receipt };
    case 'unknown':
      return { state: 'in-doubt', dueAt: now + backoffMs(started, undefined, random), reason: outcome.reason };
    case 'rejected':
      if (outcome.loginRefused !== true) return { state: 'rejected', dueAt: now, reason: outcome.reason };
      return putOff(outcome.reason, undefined);
    case 'retry':
      return putOff(outcome.reason, outcome.afterMs);
  }

  function putOff(reason: string, askedMs: number | undefined): Settled {
    const dueAt = now + backoffMs(started, askedMs, random);
    const state = dueAt > acceptedAt + BACKOFF.lifeMs ? 'abandoned' : 'due';
    const waitUntil = waitEnd(askedMs, now);
    return { state, dueAt, reason, ...(waitUntil === undefined ? {} : { waitUntil }) };
  }
}

/** The end of a wait that a destination asked for, in ms since 1970 UTC; `undefined` for none. It is as bounded as any other. */
export function waitEnd(askedMs: number | undefined, now: number): number | undefined {
  return askedMs === undefined || askedMs <= 0 ? undefined : now + Math.min(BACKOFF.longestMs, askedMs);
}
