// Entries into iCalendar: a new item, and an item of which some fields change. Pure.

import { isDay, normalized, spelledWhen, type Entry, type EntryField, type Span, type When } from '../core/sync/entry';
import { isoSeconds, siteTimeAt } from '../core/wall-clock';
import type { CalendarChange, CalendarComponent, CalendarProperty, NewComponent, NewLine } from '../io/icalendar-contract';
import { COMPONENTS, entryOf, impliedEnd, itemsOf, propertyOf, type IcalRules } from './ical-entry';
import { isPlain } from './ical-when';
import { describeZones } from './ical-zone';
import { MARK, PRODID } from './text-item';

/** Lines by their names; nothing is a line that goes. */
type Lines = Map<string, NewLine | undefined>;

const TEXTS = { subject: 'SUMMARY', place: 'LOCATION', notes: 'DESCRIPTION' } as const;

/** A new item, in the user's zone. `now` is in ms since 1970 UTC. */
export function newCalendar(
  step: { readonly linkId: string; readonly entry: Entry; readonly url: string },
  rules: IcalRules,
  now: number,
): NewComponent {
  const entry = normalized(step.entry);
  const { name, end } = COMPONENTS[rules.kind];
  const lines: Lines = new Map();
  setPlain(lines, 'UID', step.linkId);
  setPlain(lines, 'DTSTAMP', stamp(now));
  for (const field of ['subject', 'place', 'notes'] as const) setText(lines, TEXTS[field], entry[field]);
  setWhen(lines, 'DTSTART', entry.time.begin, rules.timeZone);
  setWhen(lines, end, entry.time.end, rules.timeZone);
  if (rules.kind === 'task') setDone(lines, entry.done, now);
  setPlain(lines, 'URL', step.url);
  setPlain(lines, MARK, step.linkId);
  const item = { name, lines: [...lines.values()].filter((line) => line !== undefined), components: [] };
  return {
    name: 'VCALENDAR',
    lines: [
      { name: 'VERSION', value: { plain: '2.0' } },
      { name: 'PRODID', value: { plain: PRODID } },
    ],
    components: [...describeZones(zoneYears(lines, []), []).before, item],
  };
}

/**
 * What has to change in an item so that some of its fields are those of an entry; `undefined` where they are so already. Only the lines
 * of what changes are written, and those that say when somebody changed it. Throws `Unclear` for an item that is no entry.
 */
export function changeOf(
  calendar: CalendarComponent,
  wanted: Entry,
  fields: readonly EntryField[],
  rules: IcalRules,
  now: number,
): CalendarChange | undefined {
  const [component] = itemsOf(calendar);
  if (component === undefined) return undefined;
  const [current, entry] = [entryOf(component, rules), normalized(wanted)];
  const lines: Lines = new Map();
  for (const field of ['subject', 'place', 'notes'] as const)
    if (fields.includes(field) && current[field] !== entry[field]) setText(lines, TEXTS[field], entry[field]);
  if (fields.includes('done') && rules.kind === 'task' && current.done !== entry.done) setDone(lines, entry.done, now);
  if (fields.includes('time')) setSpan(lines, component, current.time, entry.time, rules);
  if (lines.size === 0) return undefined;
  setPlain(lines, 'DTSTAMP', stamp(now));
  setPlain(lines, 'LAST-MODIFIED', stamp(now));
  setPlain(lines, 'SEQUENCE', String((Number(propertyOf(component, 'SEQUENCE')?.raw) || 0) + 1));
  const stays = ['DTSTART', COMPONENTS[rules.kind].end].map((name) => propertyOf(component, name));
  return { component, lines, ...describeZones(zoneYears(lines, stays), calendar.components) };
}

/** A moment that stays keeps its line, unless the other one gets a zone and this one has none that everybody knows. */
function setSpan(lines: Lines, component: CalendarComponent, current: Span, entry: Span, rules: IcalRules): void {
  const wanted = rules.kind === 'task' ? withOwnBegin(entry, current) : entry;
  const isSame = (one: When | undefined, other: When | undefined) => spelledWhen(one) === spelledWhen(other);
  if (isSame(current.begin, wanted.begin) && isSame(current.end, wanted.end)) return;
  const zone = [current.begin, current.end].flatMap((when) => (when === undefined || isDay(when) ? [] : [when.timeZone]))[0];
  const timeZone = zone === undefined || zone === 'UTC' ? rules.timeZone : zone;
  const set = (name: string, from: When | undefined, to: When | undefined) => {
    const property = propertyOf(component, name);
    const stays = isSame(from, to) && (to === undefined || isDay(to) || (property !== undefined && isPlain(property)));
    if (!stays) setWhen(lines, name, to, timeZone);
  };
  const { end } = COMPONENTS[rules.kind];
  set('DTSTART', current.begin, wanted.begin);
  if (propertyOf(component, end) !== undefined) return set(end, current.end, wanted.end);
  // There is no line of its end: its length, or nothing, may say the new end as well.
  if (isSame(impliedEnd(component, wanted.begin, rules.kind), wanted.end)) return;
  if (propertyOf(component, 'DURATION') !== undefined) lines.set('DURATION', undefined);
  setWhen(lines, end, wanted.end, timeZone);
}

/** The begin of a task that the CRM does not know is a person's own, as long as it can stand in front of its end (RFC 5545, 3.8.2.3). */
function withOwnBegin(wanted: Span, { begin }: Span): Span {
  if (wanted.begin !== undefined || begin === undefined) return wanted;
  const fits = wanted.end === undefined || (isDay(begin) === isDay(wanted.end) && spelledWhen(begin) < spelledWhen(wanted.end));
  return fits ? { ...wanted, begin } : wanted;
}

function setPlain(lines: Lines, name: string, plain: string): void {
  if (plain !== '') lines.set(name, { name, value: { plain } });
}

function setText(lines: Lines, name: string, text: string): void {
  lines.set(name, text === '' ? undefined : { name, value: { text } });
}

function setDone(lines: Lines, done: boolean, now: number): void {
  setPlain(lines, 'STATUS', done ? 'COMPLETED' : 'NEEDS-ACTION');
  for (const name of ['COMPLETED', 'PERCENT-COMPLETE']) lines.set(name, undefined);
  if (!done) return;
  setPlain(lines, 'COMPLETED', stamp(now));
  setPlain(lines, 'PERCENT-COMPLETE', '100');
}

/** A moment in a zone; a day, or one that the zone's clock shows twice, in none. */
function setWhen(lines: Lines, name: string, when: When | undefined, timeZone: string): void {
  const plain = (text: string) => text.replace(/[-:]/g, '');
  if (when === undefined || spelledWhen(when) === '') lines.set(name, undefined);
  else if (isDay(when)) lines.set(name, { name, parameters: { VALUE: 'DATE' }, value: { plain: plain(when.day) } });
  else {
    const time = siteTimeAt(Date.parse(spelledWhen(when)), timeZone);
    if (time.timeZone === 'UTC') setPlain(lines, name, `${plain(time.wallClock)}Z`);
    else lines.set(name, { name, parameters: { TZID: timeZone }, value: { plain: plain(time.wallClock) } });
  }
}

/** The zones that the lines name, and the years in which they do. A moment that stays needs its zone as well. */
function zoneYears(lines: Lines, stays: readonly (CalendarProperty | undefined)[]): ReadonlyMap<string, readonly number[]> {
  const years = new Map<string, readonly number[]>();
  const note = (zone: string, plain: string) => years.set(zone, [...(years.get(zone) ?? []), Number(plain.slice(0, 4))]);
  for (const line of lines.values()) {
    const zone = line?.parameters?.['TZID'];
    if (zone !== undefined && line !== undefined && 'plain' in line.value) note(zone, line.value.plain);
  }
  for (const property of stays) {
    const zone = property?.parameter('TZID');
    if (zone !== undefined && property !== undefined && years.has(zone) && !lines.has(property.name)) note(zone, property.raw);
  }
  return years;
}

function stamp(now: number): string {
  return isoSeconds(now).replace(/[-:]/g, '');
}
