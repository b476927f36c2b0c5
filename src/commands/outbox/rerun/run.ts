// What every part of a rerun works with.

import type { Deadline } from '../../../core/deadline';
import { LONGEST_BACKOFF_MS } from '../../../core/backoff';
import type { Config } from '../../../config/schema';
import type { DeliveryFilter, DeliveryState, Ledger, RequestState } from '../../../ledger/ledger';
import type { PublishParts } from '../publish/parts';
import type { AttemptParts } from '../deliver';
import type { CircuitBreaker } from './circuit-breaker';
import type { Tally } from './tally';

/** A rerun in progress. */
export interface Run {
  readonly ledger: Ledger;
  readonly parts: Omit<PublishParts, 'ledger'> & AttemptParts;
  readonly whenInDoubt: Config['whenInDoubt'];
  /** Which deliveries it is about. */
  readonly filter: DeliveryFilter;
  /** States of deliveries in the ledger that are none. */
  readonly damagedStates: readonly DeliveryState[];
  /** The states of the requests that are taken up. */
  readonly requestStates: readonly RequestState[];
  /** A breaker for each configured destination, by its name. */
  readonly breakers: ReadonlyMap<string, CircuitBreaker>;
  /** Aborted by --timeout and Ctrl-C: nothing new is begun then. */
  readonly stop: AbortSignal;
  /** Aborted by Ctrl-C alone. */
  readonly interrupted: AbortSignal;
  /** Gives a piece of work a deadline of its own, which the end of the run does not cut short. */
  readonly within: <T>(work: (deadline: Deadline) => Promise<T>) => Promise<T>;
  readonly budget: Budget;
  readonly tally: Tally;
}

/** How much may still be taken up: --limit. */
export class Budget {
  constructor(private left: number) {}

  /** Whether there is nothing left of it. */
  get spent(): boolean {
    return this.left <= 0;
  }

  /** Takes one; false where there is none. */
  take(): boolean {
    if (this.spent) return false;
    this.left -= 1;
    return true;
  }

  /** Gives one back that came to nothing. */
  giveBack(): void {
    this.left += 1;
  }
}

/** Whether a moment has come. One that is further away than anything is ever put off was set by a clock that was wrong. */
export function hasCome(dueAt: number, now: number): boolean {
  return dueAt <= now || isFarOff(dueAt, now);
}

/** Whether a moment is further away than anything is ever put off. */
export function isFarOff(dueAt: number, now: number): boolean {
  return dueAt > now + LONGEST_BACKOFF_MS;
}
