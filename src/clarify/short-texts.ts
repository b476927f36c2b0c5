// The texts of the CRM, cut where they come in: no column of its own is that long, but a site may have made one of any length, and all that
// comes later (templates, escapes, cards, pages, the ledger) works on each of its characters.

import { fitText } from '../core/fit';
import type { Database, Row } from '../io/database';

/** The longest text that is taken from the CRM, in UTF-16 units; a longer one ends in `…`. */
export const LONGEST_TEXT = 20_000;
/** As much of it as a server need send, in any of its encodings: still too long, so that the cut is marked. */
export const MOST_TEXT_BYTES = 5 * LONGEST_TEXT;

/** The database, with every text cut. Half of a pair of surrogates, as a cut column may end in, becomes U+FFFD. */
export function withShortTexts(database: Database): Database {
  return { ...database, query: async (...asked) => (await database.query(...asked)).map(shortened) };
}

function shortened(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? shortText(value) : value]),
  );
}

function shortText(text: string): string {
  return fitText(text, LONGEST_TEXT).toWellFormed();
}
