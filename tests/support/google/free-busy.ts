// When calendars are busy, without a word of why.
// https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query

import type { Call } from './api';
import { GoogleError } from './errors';
import { startOf } from './event-list';
import { instancesOf } from './series';
import type { Calendar, StoredEvent } from './world';
import { isZone, readDateTime, spelledMoment } from './zones';

const MOST_CALENDARS = 50;
/** Which no page says: https://github.com/calcom/cal.diy/pull/11962, and for the words https://github.com/calcom/cal.diy/pull/11696 */
const LONGEST_MS = 90 * 86_400_000;

interface Asked {
  readonly timeMin?: string;
  readonly timeMax?: string;
  readonly timeZone?: string;
  readonly items?: readonly { readonly id?: string }[];
}

export function queryFreeBusy(call: Call): object {
  const { timeMin, timeMax, timeZone = 'UTC', items = [] }: Asked = call.body;
  const [from, to] = [bound(timeMin, 'timeMin'), bound(timeMax, 'timeMax')];
  if (to <= from) throw new GoogleError('timeRangeEmpty');
  if (to - from > LONGEST_MS) throw new GoogleError('timeRangeTooLong');
  if (!isZone(timeZone)) throw new GoogleError('invalid', 'Invalid time zone.');
  if (items.length > MOST_CALENDARS) throw new GoogleError('invalid', 'Too many calendars requested.');
  const spelled = (moment: number) => spelledMoment(moment, timeZone);
  const calendars = items.map(({ id = '' }) => [id, busyTimes(call, id, from, to, spelled)] as const);
  return { kind: 'calendar#freeBusy', timeMin: spelled(from), timeMax: spelled(to), calendars: Object.fromEntries(calendars) };
}

function bound(text: string | undefined, name: string): number {
  if (text === undefined) throw new GoogleError('required', `Missing ${name}.`);
  const moment = readDateTime(text)?.moment;
  if (moment === undefined) throw new GoogleError('badRequest');
  return moment;
}

/** Times that overlap or meet are one. */
function busyTimes(call: Call, id: string, from: number, to: number, spelled: (moment: number) => string): object {
  const calendar = call.world.calendars.get(id === 'primary' ? call.user.email : id);
  // Within a company everybody sees when a colleague is busy; whom nobody knows is not found.
  if (calendar === undefined || calendar.isDeleted) return { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] };
  const merged: [number, number][] = [];
  for (const [begin, end] of timesOf(calendar, from, to)) {
    const last = merged.at(-1);
    if (last !== undefined && begin <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([begin, end]);
  }
  return { busy: merged.map(([begin, end]) => ({ start: spelled(begin), end: spelled(end) })) };
}

function timesOf(calendar: Calendar, from: number, to: number): readonly [number, number][] {
  return [...calendar.events.values()]
    .flatMap((stored) => (stored.data.recurringEventId === undefined ? eachOf(calendar, stored) : []))
    .filter(({ data }) => isBusy(calendar, data))
    .map(({ data }): [number, number] => [
      Math.max(startOf(data.start, calendar), from),
      Math.min(startOf(data.end, calendar), to),
    ])
    .filter(([begin, end]) => begin < end)
    .sort(([a], [b]) => a - b);
}

function eachOf(calendar: Calendar, stored: StoredEvent): readonly StoredEvent[] {
  return stored.data.recurrence === undefined ? [stored] : instancesOf(calendar, stored);
}

function isBusy(calendar: Calendar, { status, transparency, eventType, attendees }: StoredEvent['data']): boolean {
  const answer = attendees?.find(({ email }) => email === calendar.id)?.responseStatus;
  return status !== 'cancelled' && transparency !== 'transparent' && eventType !== 'workingLocation' && answer !== 'declined';
}
