// Rows of words as columns for a terminal.

/** The longest that a column is made wide, so that one long value does not push the others off the screen. */
const WIDEST = 60;

/** Rows as lines, each column as wide as its longest cell, up to a width. */
export function columns(rows: readonly (readonly string[])[]): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.min(WIDEST, Math.max(...rows.map((row) => row[index]?.length ?? 0))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
