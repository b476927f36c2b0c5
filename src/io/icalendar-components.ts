// How lines of iCalendar and of vCards stand in each other, between their BEGIN and END.

import type { CalendarComponent } from './icalendar-contract';
import { NotWhole, type ContentLine } from './icalendar-lines';

/** How deep components stand in each other at the most: an alarm in an event in a calendar, and some more. */
const DEEPEST = 10;

/** The component that begins at a line, and what is made of each of its lines. Throws {@link NotWhole}. */
export function componentFrom<Property>(
  lines: readonly ContentLine[],
  begin: number,
  propertyFrom: (line: string, index: number) => Property,
  depth = 1,
): CalendarComponent<Property> {
  const name = componentName('BEGIN', lines[begin]);
  if (name === undefined || depth > DEEPEST) throw new NotWhole();
  const properties: Property[] = [];
  const components: CalendarComponent<Property>[] = [];
  for (let index = next(lines, begin + 1); index < lines.length; index = next(lines, index + 1)) {
    const line = lines[index];
    const ends = componentName('END', line);
    if (ends === name) return { name, properties, components, begin, end: index };
    if (line === undefined || ends !== undefined) break;
    if (componentName('BEGIN', line) === undefined) properties.push(propertyFrom(line.text, index));
    else {
      const inner = componentFrom(lines, index, propertyFrom, depth + 1);
      components.push(inner);
      index = inner.end;
    }
  }
  throw new NotWhole();
}

/** The next line that is not empty: editors leave empty ones behind. */
export function next(lines: readonly ContentLine[], from: number): number {
  let index = from;
  while (lines[index]?.text.trim() === '') index += 1;
  return index;
}

const BOUNDS = { BEGIN: /^BEGIN:(.+)$/i, END: /^END:(.+)$/i };

function componentName(word: keyof typeof BOUNDS, line: ContentLine | undefined): string | undefined {
  return BOUNDS[word]
    .exec(line?.text ?? '')?.[1]
    ?.trim()
    .toUpperCase();
}
