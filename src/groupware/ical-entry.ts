// What an item in iCalendar is: an entry, or why it is none. Pure. What is private leaves no word behind here, not even in a reason.

import { isDay, normalized, spelledWhen, type Entry, type AgendaKind, type Span } from '../core/sync/entry';
import type { CalendarComponent, CalendarProperty } from '../io/icalendar-contract';
import type { GroupwareUser, RemoteContent } from './groupware';
import { dayAfter, Unclear, whenAfter, whenOf, type ZoneRules } from './ical-when';
import { MARK, type TextItem } from './text-item';

/** Whose items they are, and how they are read. */
export interface IcalRules extends ZoneRules {
  readonly user: GroupwareUser;
  readonly kind: AgendaKind;
}

/** A text as it was understood. */
export type IcalItem = TextItem;

/** The names of what an item can be, and the line with its end. */
export const COMPONENTS = { event: { name: 'VEVENT', end: 'DTEND' }, task: { name: 'VTODO', end: 'DUE' } } as const;
const ITEMS: readonly string[] = ['VEVENT', 'VTODO', 'VJOURNAL'];

/** The lines that an entry is read from. */
const READ: readonly string[] = [
  ...['UID', 'SUMMARY', 'LOCATION', 'DESCRIPTION', 'DTSTART', 'DTEND', 'DUE', 'DURATION'],
  ...['STATUS', 'COMPLETED', 'PERCENT-COMPLETE', 'ORGANIZER', MARK],
];
const RECURRING: readonly string[] = ['RRULE', 'RDATE', 'RECURRENCE-ID'];

/** Understands a calendar; `undefined` is one that could not be read. */
export function itemOf(calendar: CalendarComponent | undefined, rules: IcalRules): IcalItem {
  const items = itemsOf(calendar);
  const uids = [...new Set(items.map((item) => textOf(item, 'UID')))].filter((uid) => uid !== '');
  const [item] = items;
  const mark = item === undefined ? '' : textOf(item, MARK);
  return { uids, ...(mark === '' ? {} : { mark }), content: contentOf(items, uids, rules) };
}

/** The events and tasks of a calendar. */
export function itemsOf(calendar: CalendarComponent | undefined): readonly CalendarComponent[] {
  return calendar?.components.filter(({ name }) => ITEMS.includes(name)) ?? [];
}

function contentOf(items: readonly CalendarComponent[], uids: readonly string[], rules: IcalRules): IcalItem['content'] {
  const [item] = items;
  if (item === undefined) return unreadable('it is no whole iCalendar text with an event or a task in it');
  if (items.some(isPrivate)) return { kind: 'private' };
  if (uids.length !== 1) return unreadable(uids.length === 0 ? 'it has no UID' : 'it holds entries of several UIDs');
  const broken = items.flatMap(({ properties }) => properties).find(({ name, isBroken }) => READ.includes(name) && isBroken);
  if (broken !== undefined) return unreadable(`its ${broken.name} cannot be read`);
  if (items.every((each) => textOf(each, 'STATUS').toUpperCase() === 'CANCELLED')) return { kind: 'gone' };
  if (items.length > 1 || item.properties.some(({ name }) => RECURRING.includes(name))) return { kind: 'series' };
  if (item.name !== COMPONENTS[rules.kind].name || isOfOthers(item, rules.user.email)) return { kind: 'foreign' };
  try {
    return { kind: 'entry', entry: entryOf(item, rules) };
  } catch (error) {
    if (error instanceof Unclear) return unreadable(error.message);
    throw error;
  }
}

function unreadable(words: string): RemoteContent {
  return { kind: 'unreadable', words };
}

/** A class that nobody knows counts as private (RFC 5545, 3.8.1.3), and so does one that cannot be read. */
function isPrivate({ properties }: CalendarComponent): boolean {
  return properties.some(({ name, raw }) => name === 'CLASS' && raw.trim().toUpperCase() !== 'PUBLIC');
}

/** Whether another person invites to it. Nobody can tell where the user's address is unknown. */
function isOfOthers(item: CalendarComponent, email: string): boolean {
  const organizer = propertyOf(item, 'ORGANIZER');
  const hasGuests = item.properties.some(({ name }) => name === 'ATTENDEE');
  return hasGuests && organizer !== undefined && organizer.raw.trim().toLowerCase() !== `mailto:${email.toLowerCase()}`;
}

/** The entry of a component of the kind that is wanted. Throws {@link Unclear}. */
export function entryOf(item: CalendarComponent, rules: IcalRules): Entry {
  return normalized({
    kind: rules.kind,
    subject: textOf(item, 'SUMMARY'),
    time: spanOf(item, rules),
    place: textOf(item, 'LOCATION'),
    notes: textOf(item, 'DESCRIPTION'),
    done: rules.kind === 'task' && isDone(item),
  });
}

/** When it is. Throws {@link Unclear}. */
function spanOf(item: CalendarComponent, rules: IcalRules): Span {
  const when = (name: string) => {
    const property = propertyOf(item, name);
    return property === undefined ? undefined : whenOf(property, rules);
  };
  const begin = when('DTSTART');
  const end = when(COMPONENTS[rules.kind].end) ?? impliedEnd(item, begin, rules.kind);
  if (rules.kind === 'event') {
    if (begin === undefined || end === undefined) throw new Unclear('it has no DTSTART');
    if (isDay(begin) !== isDay(end)) throw new Unclear('its begin and its end are not both days, or both moments');
    // Some programs write the day itself as its end.
    if (isDay(begin) && isDay(end) && begin.day === end.day) return { begin, end: dayAfter(begin.day, 1) };
    if (spelledWhen(end) < spelledWhen(begin)) throw new Unclear('it ends before it begins');
  }
  return { ...(begin === undefined ? {} : { begin }), ...(end === undefined ? {} : { end }) };
}

/** The end of what has no line for it: by its length, or that of an event by what RFC 5545 says (3.6.1). */
export function impliedEnd(item: CalendarComponent, begin: Span['begin'], kind: AgendaKind): Span['end'] {
  const duration = propertyOf(item, 'DURATION');
  if (begin === undefined) return undefined;
  if (duration !== undefined) return whenAfter(begin, duration.raw);
  if (kind === 'task') return undefined;
  return isDay(begin) ? dayAfter(begin.day, 1) : begin;
}

/** The status counts where there is one: some programs leave the rest behind when a task is opened again. */
function isDone(item: CalendarComponent): boolean {
  const status = textOf(item, 'STATUS').toUpperCase();
  if (status !== '') return status === 'COMPLETED';
  return propertyOf(item, 'COMPLETED') !== undefined || textOf(item, 'PERCENT-COMPLETE') === '100';
}

/** The first property of a name. */
export function propertyOf(item: CalendarComponent, name: string): CalendarProperty | undefined {
  return item.properties.find((property) => property.name === name);
}

function textOf(item: CalendarComponent, name: string): string {
  return propertyOf(item, name)?.text.trim() ?? '';
}
