// What listings are made of: an index, which may be behind what is there. Of Calendar no page says that it is, and none that it is not; of
// contacts Google says minutes: https://developers.google.com/people/api/rest/v1/people.connections/list

import type { StoredEvent } from './world';

/** A change that listings may not show yet. */
interface Late {
  /** Ms since 1970 UTC. */
  readonly at: number;
  readonly id: string;
  /** The event as it was, and how often its calendar had changed by then. */
  readonly before: StoredEvent | undefined;
  readonly revision: number;
}

/** How far listings are behind. */
export interface Lag {
  readonly now: () => number;
  lagMs: number;
}

/** The index of one calendar. */
export class Index {
  #late: Late[] = [];

  constructor(private readonly lag: Lag) {}

  /** Notes what a calendar has before something changes in it. */
  note(id: string, before: StoredEvent | undefined, revision: number): void {
    if (this.lag.lagMs > 0) this.#late.push({ at: this.lag.now(), id, before, revision });
  }

  /** What listings show of a calendar that has this now. */
  shown<T extends { readonly events: ReadonlyMap<string, StoredEvent>; readonly revision: number }>(calendar: T): T {
    const seen = this.lag.now() - this.lag.lagMs;
    this.#late = this.#late.filter(({ at }) => at > seen);
    const [first] = this.#late;
    if (first === undefined) return calendar;
    const events = new Map(calendar.events);
    for (const { id, before } of this.#late.toReversed())
      if (before === undefined) events.delete(id);
      else events.set(id, before);
    return { ...calendar, events, revision: first.revision };
  }
}
