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

/**
 * Whether nothing is there any more of several entries, as far as anybody knows: one of which nothing is known is no sign that the others were
 * deleted one by one. Not of one alone: people delete the only one that they have, and nobody could tell. A calendar that is not there at all
 * is no empty one; that its groupware says, and then one alone is held, too.
 */
export function isEmpty(sides: readonly ({ readonly kind: string } | undefined)[]): boolean {
  const kinds = sides.map((side) => side?.kind ?? 'unknown');
  return kinds.length > 1 && kinds.includes('absent') && kinds.every((kind) => kind === 'absent' || kind === 'unknown');
}
