// Texts that have to fit: each place counts a text's length in its own way (UTF-16 units, characters, bytes of UTF-8).

/** The length of a text in bytes of UTF-8. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The length of a text in UTF-16 units, as JavaScript, Java and .NET count. */
export function unitsOf(text: string): number {
  return text.length;
}

/**
 * The text, or as much of its beginning as fits with a `…` at the end. A character that is made of several code points (a flag, a
 * family, a letter with its accent) stays whole. `most` is in what `lengthOf` counts.
 */
export function fitText(text: string, most: number, lengthOf: (text: string) => number = unitsOf): string {
  if (lengthOf(text) <= most) return text;
  // Only the beginning of an endless text is taken apart; a character cut in half by that lies beyond what fits.
  const characters = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text.slice(0, most + 100))].map(
    ({ segment }) => segment,
  );
  const fits = (count: number) => lengthOf(`${characters.slice(0, count).join('')}…`) <= most;
  let [low, high] = [0, characters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low === 0 && !fits(0) ? '' : `${characters.slice(0, low).join('').trimEnd()}…`;
}
