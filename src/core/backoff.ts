// When a delivery is tried again: 1 minute, doubling to 4 hours, each 20 % more or less, for 5 days. And when what went well is looked at
// again.

/** The first wait, the longest one, and how long a delivery is tried at all, in ms. */
export const BACKOFF = { firstMs: 60_000, longestMs: 4 * 3_600_000, jitter: 0.2, lifeMs: 5 * 86_400_000 } as const;

/** The longest that anything ever waits for its next moment, in ms. */
export const LONGEST_BACKOFF_MS = BACKOFF.longestMs * (1 + BACKOFF.jitter);

/**
 * The wait before the next attempt, in ms, after `attempts` of them. A wait that the destination asked for is obeyed where it is
 * longer, up to the longest one. `random` is between 0 and 1, and spreads deliveries that failed together.
 */
export function backoffMs(attempts: number, askedMs: number | undefined, random: number): number {
  const doubled = Math.min(BACKOFF.longestMs, BACKOFF.firstMs * 2 ** Math.max(0, attempts - 1));
  const spread = Math.round(doubled * (1 - BACKOFF.jitter + 2 * BACKOFF.jitter * random));
  return Math.min(LONGEST_BACKOFF_MS, Math.max(spread, askedMs ?? 0));
}

/** The least time, in ms, from the first of so many failures in a row to the last one. */
export function leastFailingMs(failures: number): number {
  return Array.from({ length: Math.max(0, failures - 1) }, (_, index) => backoffMs(index + 1, undefined, 0)).reduce(
    (sum, ms) => sum + ms,
    0,
  );
}

/** How much sooner or later than it is told something is looked at again, as a part of 1. */
const POLL_JITTER = 0.25;

/**
 * When what went well is looked at again, in ms from now: 25 % sooner or later, so that those who began together spread
 * (https://developers.google.com/workspace/calendar/api/guides/quota). `random` is between 0 and 1.
 */
export function pollMs(everyMs: number, random: number): number {
  return Math.round(everyMs * (1 - POLL_JITTER + 2 * POLL_JITTER * random));
}
