// The nearest known word to one that somebody mistyped.

/** The known word with the fewest edits to `word`, if it is near enough to be what was meant; case is ignored. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return nearestFew(word, known, 1)[0];
}

/** The known words that are near enough to be what was meant, nearest first. */
export function nearestFew(word: string, known: readonly string[], most: number): string[] {
  const wanted = word.toLowerCase().slice(0, 100);
  const limit = Math.ceil(wanted.length / 3);
  return known
    .map((candidate) => ({ candidate, edits: editsBetween(wanted, candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** The number of insertions, removals, replacements and swaps of neighbours that turn one word into the other. */
function editsBetween(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(last, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? at(beforeLast, j - 2) + 1 : Infinity;
      row.push(Math.min(replaced, swapped, at(last, j) + 1, at(row, j - 1) + 1));
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, to.length);
}

/** Outside the table there is no way to turn one word into the other. */
function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
