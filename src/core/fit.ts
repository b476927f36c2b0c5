// Texts that have to fit: each place counts a text's length in its own way (UTF-16 units, characters, bytes of UTF-8).

/** The length of a text in bytes of UTF-8. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The length of a text in UTF-16 units, as JavaScript, Java and .NET count. */
export function unitsOf(text: string): number {
  return text.length;
}

/** How long a text may be. Characters are UTF-16 units: no place counts a text as longer. */
export interface Limit {
  readonly most: number;
  readonly unit: 'characters' | 'bytes';
}

/** A limit in characters. */
export function characters(most: number): Limit {
  return { most, unit: 'characters' };
}

/** A limit in bytes of UTF-8. */
export function bytes(most: number): Limit {
  return { most, unit: 'bytes' };
}

/** The text, cut like {@link fitText} to a limit. */
export function fitLimit(text: string, { most, unit }: Limit): string {
  return fitText(text, most, unit === 'bytes' ? bytesOf : unitsOf);
}

/**
 * The text, or as much of its beginning as fits with a `…` at the end. A character that is made of several code points (a flag, a
 * family, a letter with its accent) stays whole. `most` is in what `lengthOf` counts.
 */
export function fitText(text: string, most: number, lengthOf: (text: string) => number = unitsOf): string {
  if (lengthOf(text) <= most) return text;
  const fits = (units: number) => lengthOf(`${text.slice(0, units)}…`) <= most;
  // No character that is counted at all has more units than this.
  let [low, high] = [0, Math.min(text.length, most * 4)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  const kept = text.slice(0, beginOfCharacter(text, low)).trimEnd();
  return kept === '' && !fits(0) ? '' : `${kept}…`;
}

/** As far from a place as its character can begin or end, in UTF-16 units. */
const NEAR = 100;

/**
 * Where the character begins that stands at a place. Only its neighbourhood is taken apart: V8 copies the whole of what it segments
 * for each segment that it hands out.
 */
function beginOfCharacter(text: string, place: number): number {
  const from = Math.max(0, place - NEAR);
  const segments = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text.slice(from, place + NEAR));
  return from + (segments.containing(place - from)?.index ?? place - from);
}
