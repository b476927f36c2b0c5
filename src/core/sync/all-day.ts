// Whole days of a side that knows only moments: from midnight to midnight. Pure.

import { isDay, type Entry, type When } from './entry';

const MIDNIGHT = 'T00:00:00';

/** A day as the midnight with which it begins, on the clock of a zone; a moment stays as it is. */
export function midnightOf<T extends When | undefined>(when: T, timeZone: string): T | { wallClock: string; timeZone: string } {
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

function dayOf(when: When | undefined): string | undefined {
  if (when === undefined || isDay(when)) return when?.day;
  return when.wallClock.slice(10) === MIDNIGHT ? when.wallClock.slice(0, 10) : undefined;
}
