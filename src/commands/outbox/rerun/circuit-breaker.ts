// One destination during a rerun: how many deliveries go to it at once and how fast, and when it is better left alone.

import { sleep } from '../../../core/deadline';
import type { Outcome } from '../../../core/outcome';
import { waitEnd } from '../../../core/settle';
import type { Finding } from '../../../destinations/destination';
import type { ReadyDestination } from '../deliver';
import { waitWords } from '../follow';

/** What a piece of work tells about its destination; nothing where the destination was not asked. */
export interface Verdict {
  readonly destinationFailed?: boolean;
}

/** After so many failures in a row a destination is left alone. */
export const FAILURES_IN_ROW = 3;

/** An answer within so many ms is quick: what is begun meanwhile waits no noticeable part of its deadline. */
const QUICK_MS = 500;

/**
 * Lets work pass to a destination. A half-open breaker, whose destination failed when it was last heard of, lets one piece pass before
 * all others, and opens where that fails too. Any breaker opens after some failures in a row, and stays open for this run: then nothing
 * passes (https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker).
 */
export class CircuitBreaker {
  #halfOpen: boolean;
  #failures = 0;
  /** Why the destination is left alone; nothing while it is not. */
  #openBecause: string | undefined;
  /** Whether the destination answered quickly when it was last heard of. */
  #quick = false;
  /** How much was let pass and has not been answered, and how much of that the destination is being asked about. */
  #passed = 0;
  #asked = 0;
  #waiting: (() => void)[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(
    readonly destination: ReadyDestination,
    isHalfOpen: boolean,
    private readonly stop: AbortSignal,
    /** In ms since 1970 UTC. */
    private readonly now: () => number,
    /** Until when the destination asked to be left alone; nothing where it did not. */
    waitUntil?: number,
  ) {
    this.#halfOpen = isHalfOpen;
    this.#openBecause = destination.unusable;
    if (waitUntil !== undefined) this.#waitUntil(waitUntil);
  }

  /** Whether the destination is left alone from now on. */
  get isOpen(): boolean {
    return this.#openBecause !== undefined;
  }

  /** Why it is left alone, in words; empty while it is not. */
  get openBecause(): string {
    return this.#openBecause ?? '';
  }

  /**
   * Does the work when it is its turn; `undefined` where the breaker is open by then, or the work came to nothing. The work gets the
   * destination in a form that the breaker counts: as soon as it has answered, the next piece of work passes,
   * however long the ledger takes, and at a destination that answers quickly one piece more than it may be sent passes, so that its attempt has begun
   * when it can be sent.
   */
  async pass<T extends Verdict>(work: (destination: ReadyDestination) => Promise<T | undefined>): Promise<T | undefined> {
    await this.#enter();
    let inside = true;
    const leave = (failed: boolean | undefined) => {
      if (inside) this.#leave(failed);
      inside = false;
    };
    try {
      if (this.isOpen) return undefined;
      const done = await work(this.#destinationFor(leave));
      leave(done?.destinationFailed);
      return done;
    } finally {
      leave(undefined);
    }
  }

  #destinationFor(leave: (failed: boolean) => void): ReadyDestination {
    const { send, find } = this.destination;
    return {
      ...this.destination,
      send: (...delivery) =>
        this.#ask(async () => {
          const reason = `${this.openBecause}, so it was not asked any more`;
          const outcome: Outcome = this.isOpen ? { kind: 'retry', reason } : await send(...delivery);
          this.#obey(outcome);
          leave(isFailure(outcome));
          return outcome;
        }),
      ...(find === undefined
        ? {}
        : {
            find: (...question) =>
              this.#ask(async () => {
                const finding = await find(...question);
                this.#obey(finding);
                return finding;
              }),
          }),
    };
  }

  /** A wait that the destination asks for is for everything that goes there. */
  #obey(said: Outcome | Finding): void {
    const until = 'afterMs' in said ? waitEnd(said.afterMs, this.now()) : undefined;
    if (until !== undefined) this.#waitUntil(until);
  }

  #waitUntil(until: number): void {
    this.#openBecause ??= waitWords(this.destination.name, until);
  }

  async #enter(): Promise<void> {
    while (!this.isOpen && this.#passed >= this.#room()) await this.#change();
    this.#passed += 1;
    const { maxPerSecond } = this.destination;
    if (maxPerSecond === 0 || this.isOpen) return;
    const turn = this.#turn;
    this.#turn = turn.then(() => sleep(1_000 / maxPerSecond, this.stop));
    await turn;
  }

  /** How much may have passed without an answer. */
  #room(): number {
    if (this.#halfOpen) return 1;
    return this.destination.concurrency + (this.#quick && this.#failures === 0 ? 1 : 0);
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    while (this.#asked >= this.destination.concurrency) await this.#change();
    this.#asked += 1;
    const begin = performance.now();
    try {
      return await question();
    } finally {
      this.#asked -= 1;
      this.#quick = performance.now() - begin < QUICK_MS;
      this.#wake();
    }
  }

  #leave(failed: boolean | undefined): void {
    this.#passed -= 1;
    if (failed !== undefined) this.#judge(failed);
    this.#wake();
  }

  /** Whoever waits for room looks again then, and takes what there is before anybody else looks. */
  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #judge(failed: boolean): void {
    this.#failures = failed ? this.#failures + 1 : 0;
    if (this.#failures >= (this.#halfOpen ? 1 : FAILURES_IN_ROW)) this.#openBecause ??= `${this.destination.name} keeps failing`;
    if (!failed) this.#halfOpen = false;
  }
}

/** Whether it is the destination that failed, and not the delivery. */
function isFailure(outcome: Outcome): boolean {
  return outcome.kind === 'retry' || outcome.kind === 'unknown' || (outcome.kind === 'rejected' && outcome.loginRefused === true);
}
