// The life of one process of the program: before and after each of its questions it may be killed, or stand still.

import type { SoakClock } from './clock';
import type { Faults } from './faults';

/** So long does a process stand still: longer than any of its leases lasts, in ms. */
const STANDSTILL_MS = 300_000;

/** A process. */
export class Life {
  isDead = false;
  /** How many users' turns it has under way. */
  turns = 0;
  #awake: Promise<void> | undefined;

  constructor(
    private readonly clock: SoakClock,
    private readonly faults: Faults,
    private readonly died: () => void,
  ) {}

  /** Asks the outside. Whoever is dead hears of nothing any more. */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    await this.#goOn(true);
    const answer = await question();
    await this.#goOn(false);
    return answer;
  }

  async #goOn(isBefore: boolean): Promise<void> {
    if (!this.isDead && this.faults.strikes('kills')) {
      this.isDead = true;
      this.died();
    }
    if (this.isDead) await new Promise(() => undefined);
    if (isBefore && this.#awake === undefined && this.faults.strikes('sleeps')) {
      this.#awake = this.clock.sleep(STANDSTILL_MS).then(() => {
        this.#awake = undefined;
      });
    }
    await this.#awake;
    if (this.isDead) await new Promise(() => undefined);
  }
}
