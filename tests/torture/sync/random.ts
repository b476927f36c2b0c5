// Chance that can be repeated: the same seed gives the same numbers (mulberry32).

/** Numbers by chance. */
export interface Chance {
  /** Whether something of this rate (0 to 1) happens now. */
  happens(rate: number): boolean;
  /** A whole number below another one. */
  below(most: number): number;
  /** One of some; nothing where there is none. */
  oneOf<T>(all: readonly T[]): T | undefined;
}

/** Chance from a seed. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  return { happens: (rate) => rate > 0 && next() < rate, below, oneOf: (all) => all[below(all.length)] };
}
