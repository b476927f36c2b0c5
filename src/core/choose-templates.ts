// Which words a message is in: those of its route and its rule, then those of the configuration, then those of the program.

import type { ActivityEntry } from './activity';
import type { Voice, Words } from './routing';

/** The parts of a message that are templates. */
export const WORDED_PARTS = ['title', 'body', 'link'] as const;
export type WordedPart = (typeof WORDED_PARTS)[number];

/** Where words stand: with the rule, with a route (its number, counted from 1), in `templates`, or in the program itself. */
export interface WordsSource {
  readonly of: 'rule' | number | 'templates' | 'program';
  /** The name or the code of an activity, `*` or `none`; empty for what is not sorted by activity. */
  readonly key: string;
}

/** A template, and where it stands. */
export interface Chosen extends WordsSource {
  readonly template: string;
}

/** Words by activity, for one object type. */
type Table = Readonly<Record<string, Words>>;

/** What there is to choose from beside the voice. */
export interface Choice {
  readonly changes: Table;
  readonly wording: Table;
  readonly link: string;
}

/** The most specific template for each part of a message about an activity of this name. */
export function chooseTemplates(
  entry: Pick<ActivityEntry, 'code'> | undefined,
  name: string,
  voice: Voice,
  { changes, wording, link }: Choice,
): Readonly<Record<WordedPart, Chosen>> {
  const keys = entry === undefined ? ['none'] : [name, String(entry.code), '*'];
  const own = keys.flatMap((key) => [wordsFor(key, changes, 'templates'), wordsFor(key, wording, 'program')]);
  const candidates = [
    ...voice.words.map(({ of, words }) => ({ of, key: '', words })),
    ...own.filter((found) => found !== undefined),
  ];
  const choose = (part: WordedPart, otherwise: string): Chosen => {
    for (const { of, key, words } of candidates) {
      const template = words[part];
      if (template !== undefined) return { of, key, template };
    }
    return { of: 'program', key: '', template: otherwise };
  };
  return { title: choose('title', ''), body: choose('body', ''), link: choose('link', link) };
}

interface Candidate extends WordsSource {
  readonly words: Words;
}

/** The key comes back as the table spells it. */
function wordsFor(key: string, table: Table, of: WordsSource['of']): Candidate | undefined {
  const known = Object.keys(table).find((each) => each.toLowerCase() === key.toLowerCase());
  const words = known === undefined ? undefined : table[known];
  return known === undefined || words === undefined ? undefined : { of, key: known, words };
}
