// How fast a user's calls may go after what became of the last ones. Pure.

import { MOST_CALLS } from './batch';
import type { CallOutcome } from './batch-answer';
import { nextShare, slowDownMs } from './budget';

/** How fast a user's calls go. */
export interface Pace {
  /** None before this moment. */
  readonly notBefore: number;
  /** So many answers in a row asked to slow down. */
  readonly failures: number;
  /** So many are under way at once at the most. */
  readonly share: number;
}

/** That of a user of whom nothing is known. */
export const USUAL_PACE: Pace = { notBefore: 0, failures: 0, share: MOST_CALLS };

/** The pace after a request with calls of the user. `random` is between 0 and 1. */
export function paceAfter(pace: Pace, outcomes: readonly CallOutcome[], now: number, random: number): Pace {
  const slow = outcomes.flatMap((outcome) => (outcome.kind === 'retry' && outcome.tooFast ? [outcome] : []));
  const isTooFast = slow.length > 0;
  const share = nextShare(pace.share, isTooFast, MOST_CALLS);
  if (!isTooFast) return { notBefore: pace.notBefore, failures: 0, share };
  const failures = pace.failures + 1;
  const asked = Math.max(0, ...slow.map(({ afterMs = 0 }) => afterMs));
  return { notBefore: Math.max(pace.notBefore, now + slowDownMs(failures, asked, random)), failures, share };
}
