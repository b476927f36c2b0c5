// The guard against losing much at once: a listing that is half of what it should be, a login that sees nothing, a calendar that somebody
// deleted. What is missing then is held, and people are asked. Pure.

/** So many may be missing at once, and such a part. */
const MOST = 20;
const MOST_PART = 1 / 4;

/** Whether what is missing on one side of a user's links is too much to be true. One entry alone may go. */
export function isTooMuch(missing: number, all: number): boolean {
  if (missing > MOST && missing > all * MOST_PART) return true;
  return all > 1 && missing === all;
}

/** Whether nothing is there any more of several entries: not of one alone, which may go. */
export function isEmpty(sides: readonly ({ readonly kind: string } | undefined)[]): boolean {
  return sides.length > 1 && sides.every((side) => side?.kind === 'absent');
}
