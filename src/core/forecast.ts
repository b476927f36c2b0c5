// A forecast of noise: how many posts each destination would have had, and when it was worst. Pure.

import type { WallClock } from './wall-clock';

/** What a destination would have had. */
export interface Expected {
  readonly destination: string;
  readonly posts: number;
  /** The wall clock of the site at which the hour with the most posts began, and how many it had. */
  readonly busiest: { readonly hour: WallClock; readonly posts: number };
}

/** Counts posts by destination and hour. */
export class Forecast {
  readonly #hours = new Map<string, Map<WallClock, number>>();

  constructor(destinations: readonly string[]) {
    for (const destination of destinations) this.#hours.set(destination, new Map());
  }

  /** A post about something that happened at a moment of the site's clock. */
  add(destination: string, happened: WallClock): void {
    const hours = this.#hours.get(destination) ?? new Map<WallClock, number>();
    const hour = `${happened.slice(0, 13)}:00`;
    hours.set(hour, (hours.get(hour) ?? 0) + 1);
    this.#hours.set(destination, hours);
  }

  /** The destinations in their order; of several hours with as many posts, the first one counts. */
  result(): readonly Expected[] {
    return [...this.#hours].map(([destination, hours]) => {
      const sorted = [...hours].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
      const [hour, posts] = sorted[0] ?? ['', 0];
      return { destination, posts: sorted.reduce((sum, [, count]) => sum + count, 0), busiest: { hour, posts } };
    });
  }
}
