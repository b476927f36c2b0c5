// One destination during a rerun: how many deliveries go to it at once and how fast, and when it is better left alone.

import { sleep } from '../../core/deadline';
import type { Outcome } from '../../core/outcome';
import type { ReadyDestination } from '../deliver';

/** What a piece of work tells about its destination; nothing where the destination was not asked. */
export interface Verdict {
  readonly destinationFailed?: boolean;
}

/** After so many failures in a row a destination is left alone. */
export const FAILURES_IN_ROW = 3;

/**
 * Lets work pass to a destination. A `probing` lane, whose destination failed when it was last heard of, lets one piece pass before
 * all others, and closes where that fails too. Any lane closes after some failures in a row, and stays closed for this run.
 */
export class Lane {
  #probing: boolean;
  #failures = 0;
  #closed = false;
  #busy = 0;
  #waiting: (() => void)[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(
    readonly destination: ReadyDestination,
    probing: boolean,
    private readonly stop: AbortSignal,
  ) {
    this.#probing = probing;
  }

  /** Whether the destination is left alone from now on. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Does the work when it is its turn; `undefined` where the lane is closed by then, or the work came to nothing. The work gets the
   * destination in a form that lets the next piece of work pass as soon as it has answered: what is left is between us and the ledger.
   */
  async pass<T extends Verdict>(work: (destination: ReadyDestination) => Promise<T | undefined>): Promise<T | undefined> {
    await this.#enter();
    let inside = true;
    const leave = (failed: boolean | undefined) => {
      if (inside) this.#leave(failed);
      inside = false;
    };
    try {
      if (this.#closed) return undefined;
      const send: ReadyDestination['send'] = async (...delivery) => {
        const outcome = await this.destination.send(...delivery);
        leave(isFailure(outcome));
        return outcome;
      };
      const done = await work({ ...this.destination, send });
      leave(done?.destinationFailed);
      return done;
    } finally {
      leave(undefined);
    }
  }

  async #enter(): Promise<void> {
    while (!this.#closed && this.#busy >= (this.#probing ? 1 : this.destination.concurrency))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy += 1;
    const { maxPerSecond } = this.destination;
    if (maxPerSecond === 0 || this.#closed) return;
    const turn = this.#turn;
    this.#turn = turn.then(() => sleep(1_000 / maxPerSecond, this.stop));
    await turn;
  }

  #leave(failed: boolean | undefined): void {
    if (failed !== undefined) this.#judge(failed);
    this.#busy -= 1;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #judge(failed: boolean): void {
    this.#failures = failed ? this.#failures + 1 : 0;
    if (this.#failures >= (this.#probing ? 1 : FAILURES_IN_ROW)) this.#closed = true;
    if (!failed) this.#probing = false;
  }
}

/** Whether it is the destination that failed, and not the delivery. */
function isFailure(outcome: Outcome): boolean {
  return outcome.kind === 'retry' || outcome.kind === 'unknown' || (outcome.kind === 'rejected' && outcome.loginRefused === true);
}
