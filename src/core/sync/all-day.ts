// Whole days. The CRM has none: there they are from midnight to midnight, and only the link knows better. Pure.

import { instantOf, siteTimeAt, type SiteTime } from '../wall-clock';
import { isDay, type Entry, type When } from './entry';

const MIDNIGHT = 'T00:00:00';

/** Whether a clock shows midnight. */
export function isMidnight({ wallClock }: SiteTime): boolean {
  return wallClock.slice(10) === MIDNIGHT;
}

/** A day as the midnight with which it begins, on the clock of a zone; a moment stays as it is. */
export function midnightOf<T extends When | undefined>(when: T, timeZone: string): T | SiteTime {
  return isDay(when) ? { wallClock: `${when.day}${MIDNIGHT}`, timeZone } : when;
}

/**
 * The entry in days, where all of its moments are midnights of the clock that they are spelled by, and an event is at least a day long.
 * Any other entry stays as it is.
 */
export function asDays(entry: Entry): Entry {
  const [begin, end] = [dayOf(entry.time.begin), dayOf(entry.time.end)];
  const isWhole = (when: When | undefined, day: string | undefined) => when === undefined || day !== undefined;
  if (!isWhole(entry.time.begin, begin) || !isWhole(entry.time.end, end)) return entry;
  if (entry.kind === 'event' && (begin === undefined || end === undefined || begin >= end)) return entry;
  const time = { ...(begin === undefined ? {} : { begin: { day: begin } }), ...(end === undefined ? {} : { end: { day: end } }) };
  return { ...entry, time };
}

/** The day of a moment in a zone, such as `2026-11-29`; of a midnight, the day that begins with it on its own clock. */
export function dayIn(moment: SiteTime, timeZone: string): string {
  return clockIn(moment, timeZone).wallClock.slice(0, 10);
}

/** A moment on another day of a zone, at the same time of the day there; as it is where that is its day. */
export function onDay(moment: SiteTime, day: string, timeZone: string): SiteTime {
  const there = clockIn(moment, timeZone);
  return there.wallClock.startsWith(day) ? moment : { ...there, wallClock: `${day}${there.wallClock.slice(10)}` };
}

function clockIn(moment: SiteTime, timeZone: string): SiteTime {
  const instant = isMidnight(moment) ? undefined : instantOf(moment);
  return instant === undefined ? moment : siteTimeAt(Date.parse(instant), timeZone);
}

/** The CRM's entry in days, where the other side's is one of days, and this one still is from midnight to midnight. */
export function asKnown(entry: Entry, other: Entry | undefined): Entry {
  return [other?.time.begin, other?.time.end].some(isDay) ? asDays(entry) : entry;
}

function dayOf(when: When | undefined): string | undefined {
  if (when === undefined || isDay(when)) return when?.day;
  return isMidnight(when) ? when.wallClock.slice(0, 10) : undefined;
}
