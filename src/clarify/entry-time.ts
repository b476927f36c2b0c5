// The time of an entry, as the CRM's columns hold it: wall clocks of one zone, to the second, and durations in seconds. Pure.

import { midnightOf } from '../core/sync/all-day';
import { isDay, type EntryKind, type Span, type When } from '../core/sync/entry';
import { instantOf, isMoment, wallClockAt, type SiteTime } from '../core/wall-clock';
import type { Role } from './entry-type';

/** Values of columns, by what they mean. */
export type TimeValues = Readonly<Partial<Record<Extract<Role, 'begin' | 'end' | 'duration'>, string | number | null>>>;

/** "No date", as it is written (docs/crm.md, "Dates and time zones"). */
export const NO_DATE = '1753-01-01T00:00:00';
/** Where the CRM parks what shall never come (docs/crm.md, "Dates and time zones"). */
const PARKED_YEAR = '2999';

/** A column's moment to the second; `undefined` for "no date", NULL and what is no moment. */
export function momentOf(value: string | number | null | undefined): string | undefined {
  const text = String(value ?? '').replace(' ', 'T');
  return isMoment(text) && !text.startsWith(PARKED_YEAR) ? text.slice(0, 19) : undefined;
}

/** The ms since 1970 UTC of a moment or of a day's first one; `undefined` where there is none. */
export function msOf(when: When | undefined, timeZone: string): number | undefined {
  const instant = when === undefined ? undefined : instantOf(midnightOf(when, timeZone) as SiteTime);
  return instant === undefined ? undefined : Date.parse(instant);
}

/** When a row is: of an event, from a begin on; of a task, until it is due. `undefined` for a row that is in no calendar and no list. */
export function spanOf(kind: EntryKind, values: TimeValues, timeZone: string): Span | undefined {
  const at = (wallClock: string | undefined) => (wallClock === undefined ? undefined : { wallClock, timeZone });
  if (kind === 'contact') return {};
  const [begin, end] = [at(momentOf(values.begin)), at(momentOf(values.end))];
  if (kind === 'task') return end && { ...(begin && { begin }), end };
  if (begin === undefined) return undefined;
  const [beginMs, endMs] = [msOf(begin, timeZone) ?? 0, msOf(end, timeZone)];
  if (end !== undefined && endMs !== undefined && endMs > beginMs) return { begin, end };
  // An end that is not after the begin says less than a duration: an hour that the clocks repeat shows such ends.
  const seconds = Math.max(0, Math.min(LONGEST_SECONDS, Number(values.duration ?? 0) || 0));
  return { begin, end: { wallClock: wallClockAt(beginMs + seconds * 1_000, timeZone), timeZone } };
}

/** A duration of ten years is a mistake, and the year 9999 is the last one. */
const LONGEST_SECONDS = 10 * 366 * 86_400;

/** What the columns of a span hold; or why none can hold it. */
export function timeValues(kind: EntryKind, time: Span, timeZone: string): TimeValues | { readonly problem: string } {
  if (kind === 'contact') return {};
  const [begin, end] = [columnValue(time.begin, timeZone), columnValue(time.end, timeZone)];
  if (begin === undefined || end === undefined) return { problem: 'the CRM holds moments of the years 1754 to 2998 only' };
  if (kind === 'task')
    return end === NO_DATE ? { problem: 'it is not due at any time, and the CRM wants to know when' } : { begin, end };
  const [from, to] = [msOf(time.begin, timeZone), msOf(time.end, timeZone)];
  if (from === undefined || to === undefined) return { problem: 'it has no begin or no end' };
  if (to < from) return { problem: 'it ends before it begins' };
  return { begin, end, duration: Math.round((to - from) / 1_000) };
}

/** A moment as a column holds it, "no date" for none; `undefined` where a column cannot. A day is the midnight that its zone's clock may skip. */
function columnValue(when: When | undefined, timeZone: string): string | undefined {
  if (when === undefined) return NO_DATE;
  const ms = msOf(when, timeZone);
  if (ms === undefined) return undefined;
  const value = isDay(when) ? `${when.day}T00:00:00` : wallClockAt(ms, timeZone);
  return momentOf(value) !== undefined && value >= '1754' && value < PARKED_YEAR ? value : undefined;
}
