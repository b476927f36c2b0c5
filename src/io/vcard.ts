// Texts with vCards in them. As with iCalendar, the lines themselves are kept: nothing is written anew that nobody changed.

import { componentFrom, next } from './icalendar-components';
import { componentLines, contentLines, folded, NotWhole } from './icalendar-lines';
import type { Card, CardChange, VCards } from './vcard-contract';
import { cardLine } from './vcard-line';

/** {@link VCards} line by line. */
export const vcards: VCards = {
  read,
  change,
  write: (lines) =>
    componentLines({ name: 'VCARD', lines, components: [] })
      .map((line) => folded(line, '\r\n'))
      .join(''),
};

function read(text: string): readonly Card[] | undefined {
  const cards: Card[] = [];
  try {
    const lines = contentLines(text);
    for (let begin = next(lines, 0); begin < lines.length;) {
      const { name, properties, components, end } = componentFrom(lines, begin, cardLine);
      if (name !== 'VCARD' || components.length > 0) return undefined;
      cards.push({ lines: properties, end });
      begin = next(lines, end + 1);
    }
  } catch (error) {
    if (error instanceof NotWhole) return undefined;
    throw error;
  }
  return cards.length === 0 ? undefined : cards;
}

function change(text: string, { lines, before }: CardChange): string {
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\r\n';
  return contentLines(text)
    .map(({ raw }, at) => {
      const added = (before.get(at) ?? []).map((line) => folded(line, lineEnd)).join('');
      const line = lines.get(at);
      if (line !== undefined) return added + folded(line, lineEnd);
      return lines.has(at) ? added : added + raw;
    })
    .join('');
}
