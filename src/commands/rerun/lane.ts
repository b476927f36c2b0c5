// One destination during a rerun: how many deliveries go to it at once and how fast, and when it is better left alone.

import { sleep } from '../../core/deadline';
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

  /** Does the work when it is its turn; `undefined` where the lane is closed by then, or the work came to nothing. */
  async pass<T extends Verdict>(work: () => Promise<T | undefined>): Promise<T | undefined> {
    await this.#enter();
    try {
      if (this.#closed) return undefined;
      const done = await work();
      this.#judge(done?.destinationFailed);
      return done;
    } finally {
      this.#leave();
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

  #leave(): void {
    this.#busy -= 1;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #judge(failed: boolean | undefined): void {
    if (failed === undefined) return;
    this.#failures = failed ? this.#failures + 1 : 0;
    if (this.#failures >= (this.#probing ? 1 : FAILURES_IN_ROW)) this.#closed = true;
    if (!failed) this.#probing = false;
  }
}
