// What an event of Google's Calendar is: an entry, or why it is none. Pure. What is private leaves no word behind here, not even in a reason.
// https://developers.google.com/workspace/calendar/api/v3/reference/events

import { at } from '../../../core/shape';
import { isDay, normalized, spelledWhen, type Entry, type Span, type When } from '../../../core/sync/entry';
import { isTimeZone, siteTimeAt } from '../../../core/wall-clock';
import type { RemoteContent, RemoteGone, RemoteItem } from '../../groupware';
import { isDate, momentOf } from '../places/moment';
import { textOfHtml } from './html-text';

/** Our mark: a private property of the event, which holds the id of its link. This spelling can never change. */
export const MARK = 'crmLink';

/** Everything of an event that is ever looked at; the rest is not even asked for. */
export const EVENT_FIELDS = [
  ...['id', 'etag', 'status', 'eventType', 'visibility', 'organizer/self', 'recurrence', 'recurringEventId'],
  ...['summary', 'description', 'location', 'start', 'end', `extendedProperties/private`],
].join(',');

/** Which events are looked at, and how. */
export interface EventRules {
  readonly calendar: 'own' | 'primary';
  /** The zone of a moment that names none. */
  readonly timeZone: string;
}

/** An event as it was understood; `undefined` for what is none. */
export function itemOf(event: unknown, rules: EventRules): RemoteItem | RemoteGone | undefined {
  const [id, version] = [at(event, 'id'), at(event, 'etag')];
  if (typeof id !== 'string' || id === '') return undefined;
  // Of what was deleted, nothing but its id has to be there.
  if (at(event, 'status') === 'cancelled') return { id, gone: true };
  // It goes back in a header.
  if (typeof version !== 'string' || !/^[ -~]+$/.test(version)) return undefined;
  const content = contentOf(event, rules);
  const mark = markOf(event);
  // An instance of a series has the properties of the whole.
  const isMarked = mark !== undefined && (content.kind === 'entry' || content.kind === 'unreadable');
  return { id, version, content, ...(isMarked ? { mark } : {}) };
}

function contentOf(event: unknown, rules: EventRules): RemoteContent {
  if (isPrivate(event)) return { kind: 'private' };
  if (!isOwn(event) || (rules.calendar === 'primary' && markOf(event) === undefined)) return { kind: 'foreign' };
  if (isOfSeries(event)) return { kind: 'series' };
  try {
    return { kind: 'entry', entry: entryOf(event, rules) };
  } catch (error) {
    if (error instanceof Unclear) return { kind: 'unreadable', words: error.message };
    throw error;
  }
}

/** A visibility that nobody knows here counts as private. */
function isPrivate(event: unknown): boolean {
  const visibility = at(event, 'visibility');
  return visibility !== undefined && visibility !== 'default' && visibility !== 'public';
}

/** Birthdays, working places, what came by mail, and types that do not exist yet, are somebody else's; so is another person's meeting. */
function isOwn(event: unknown): boolean {
  return (at(event, 'eventType') ?? 'default') === 'default' && at(at(event, 'organizer'), 'self') === true;
}

function isOfSeries(event: unknown): boolean {
  const recurrence = at(event, 'recurrence');
  return at(event, 'recurringEventId') !== undefined || (Array.isArray(recurrence) && recurrence.length > 0);
}

function markOf(event: unknown): string | undefined {
  const mark = at(at(at(event, 'extendedProperties'), 'private'), MARK);
  return typeof mark === 'string' && mark !== '' ? mark : undefined;
}

/** Why something cannot be understood, in words that stand in the middle of a sentence. */
class Unclear extends Error {
  override readonly name = 'Unclear';
}

function entryOf(event: unknown, rules: EventRules): Entry {
  return normalized({
    kind: 'event',
    subject: textOf(event, 'summary'),
    time: spanOf(event, rules),
    place: textOf(event, 'location'),
    notes: textOfHtml(textOf(event, 'description')),
    done: false,
  });
}

function textOf(event: unknown, name: string): string {
  const text = at(event, name) ?? '';
  if (typeof text !== 'string') throw new Unclear(`its ${name} is no text`);
  return text;
}

function spanOf(event: unknown, rules: EventRules): Span {
  const [begin, end] = [whenOf(event, 'start', rules), whenOf(event, 'end', rules)];
  if (isDay(begin) !== isDay(end)) throw new Unclear('its start and its end are not both days, or both moments');
  if (spelledWhen(end) < spelledWhen(begin)) throw new Unclear('it ends before it begins');
  return { begin, end };
}

/** A day, or a moment as the clock of its own zone shows it. The offset that it is spelled with is that of whoever looks. */
function whenOf(event: unknown, name: 'start' | 'end', { timeZone }: EventRules): When {
  const time = at(event, name);
  const [date, dateTime, zone = timeZone] = [at(time, 'date'), at(time, 'dateTime'), at(time, 'timeZone')];
  if (typeof date === 'string' && isDate(date)) return { day: date };
  const moment = momentOf(dateTime);
  if (Number.isNaN(moment)) throw new Unclear(`its ${name} is no time`);
  if (typeof zone !== 'string' || !isTimeZone(zone))
    throw new Unclear(`nobody knows its time zone "${String(zone).slice(0, 60)}"`);
  return siteTimeAt(moment, zone);
}
