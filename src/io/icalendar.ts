// Texts in iCalendar. ical.js takes lines apart; the lines themselves are kept here, because it writes even those anew that nobody
// changed, with other quotes. Dates and zones are none of its business: it gives 02:30Z for 02:30 in Chicago.

import ICAL from 'ical.js';
import { componentFrom, next } from './icalendar-components';
import { componentLines, contentLines, folded, nameOf, NotWhole } from './icalendar-lines';
import type { CalendarChange, CalendarComponent, CalendarProperty, ICalendar } from './icalendar-contract';

/** {@link ICalendar} by ical.js. */
export const icalendar: ICalendar = {
  read,
  change,
  write: (calendar) =>
    componentLines(calendar)
      .map((line) => folded(line, '\r\n'))
      .join(''),
};

function read(text: string): CalendarComponent | undefined {
  try {
    const lines = contentLines(text);
    const calendar = componentFrom(lines, next(lines, 0), propertyFrom);
    return calendar.name === 'VCALENDAR' && next(lines, calendar.end + 1) === lines.length ? calendar : undefined;
  } catch (error) {
    if (error instanceof NotWhole) return undefined;
    throw error;
  }
}

function change(text: string, { component, lines: changes, before, without }: CalendarChange): string {
  const lines = contentLines(text);
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\r\n';
  const [first] = componentFrom(lines, next(lines, 0), propertyFrom).components;
  const [inner] = component.components;
  const standing = new Set(component.properties.map(({ name }) => name));
  const write = (name: string) => {
    const line = changes.get(name);
    return line === undefined ? '' : folded(line, lineEnd);
  };
  const isOwn = (index: number) =>
    index > component.begin &&
    index < component.end &&
    component.components.every(({ begin, end }) => index < begin || index > end);
  const met = new Set<string>();
  return lines
    .flatMap(({ raw, text: line }, index) => {
      const added = index === first?.begin ? before.flatMap(componentLines).map((each) => folded(each, lineEnd)) : [];
      if (without.some(({ begin, end }) => index >= begin && index <= end)) return added;
      // What has no place yet comes before the first component inside, or else before the end.
      if (index === (inner?.begin ?? component.end))
        return [...added, ...[...changes.keys()].filter((name) => !standing.has(name)).map(write), raw];
      const name = isOwn(index) ? nameOf(line) : undefined;
      if (name === undefined || !changes.has(name)) return [...added, raw];
      const isFirst = !met.has(name);
      met.add(name);
      return isFirst ? [write(name)] : [];
    })
    .join('');
}

/** A property, which ical.js takes apart when somebody asks for more than its name: most lines are never asked for. */
function propertyFrom(line: string): CalendarProperty {
  const name = nameOf(line);
  if (name === undefined) throw new NotWhole();
  let parsed: ReturnType<typeof takenApart> | undefined;
  const known = () => (parsed ??= takenApart(line));
  return {
    name,
    get isBroken() {
      return known().isBroken;
    },
    get raw() {
      return known().raw;
    },
    get text() {
      return known().text;
    },
    parameter: (wanted) => {
      const { parameters } = known();
      const key = wanted.toLowerCase();
      return Object.hasOwn(parameters, key) ? String(parameters[key]) : undefined;
    },
  };
}

/** No property has a type of its own, so that ical.js leaves a value as it stands; a date that is none would become another one. */
const AS_IT_STANDS = { ...ICAL.design.icalendar, property: {}, value: {} };
const { text: TEXT } = ICAL.design.icalendar.value as { readonly text: object };
const AS_TEXT = { ...AS_IT_STANDS, value: { text: TEXT, unknown: TEXT } };

function takenApart(line: string) {
  try {
    const [, parameters, , raw] = ICAL.parse.property(line, AS_IT_STANDS) as PropertyInJson;
    const [, , , text] = ICAL.parse.property(line, AS_TEXT) as PropertyInJson;
    return { raw: String(raw), text: String(text), parameters, isBroken: false };
  } catch {
    return { raw: '', text: '', parameters: {}, isBroken: true };
  }
}

/** A property as ical.js gives it (RFC 7265, 3.4). */
type PropertyInJson = readonly [name: string, parameters: Readonly<Record<string, unknown>>, type: string, value: unknown];
