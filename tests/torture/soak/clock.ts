// The clock of a soak: weeks pass in minutes. Whatever waits, waits by it; and it goes on only once nothing can happen any more at the moment
// that it shows.

import { setImmediate } from 'node:timers/promises';
import { setMaxListeners } from 'node:events';
import type { Deadline } from '../../../src/core/deadline';
import type { Timer } from '../../../src/groupware/google/calls/lanes';

interface Waiting {
  readonly at: number;
  readonly work: () => void;
  isOff: boolean;
}

/** Why deadlines ended: nobody looks where. */
const [PASSED, OVER] = [new Error('the deadline has passed'), new Error('the run is over')];

/** So many turns of the event loop does what happens in memory take between two waits, at the most. */
const TURNS = 4;

/** A clock that begins at a moment, in ms since 1970 UTC. */
export class SoakClock implements Timer {
  /** What waits, the next one last. */
  readonly #waiting: Waiting[] = [];

  constructor(private at: number) {}

  now(): number {
    return this.at;
  }

  after(ms: number, work: () => void): () => void {
    const waiting = { at: this.at + Math.max(0, Math.ceil(ms)), work, isOff: false };
    // Of what is due at once, the one that began to wait first comes first.
    let [place, behind] = [0, this.#waiting.length];
    while (place < behind) {
      const middle = (place + behind) >> 1;
      if ((this.#waiting[middle]?.at ?? 0) > waiting.at) place = middle + 1;
      else behind = middle;
    }
    this.#waiting.splice(place, 0, waiting);
    return () => {
      waiting.isOff = true;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** A deadline in so many ms. */
  deadline(ms: number): Deadline {
    const [until, controller] = [this.at + ms, new AbortController()];
    // Many wait for it at once.
    setMaxListeners(0, controller.signal);
    const expired = () => this.at >= until;
    const callOff = this.after(ms, () => controller.abort(PASSED));
    return {
      signal: controller.signal,
      remainingMs: () => (controller.signal.aborted ? 0 : Math.max(0, until - this.at)),
      expired,
      end: () => {
        callOff();
        controller.abort(OVER);
      },
    };
  }

  /** Lets time pass until some moment, or until something is done. */
  async runUntil(isDone: () => boolean): Promise<void> {
    for (;;) {
      for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
      if (isDone()) return;
      const next = this.#waiting.pop();
      if (next === undefined) throw new Error('nothing happens any more');
      if (next.isOff) continue;
      this.at = Math.max(this.at, next.at);
      next.work();
    }
  }
}
