// Whole days. The CRM has none: there they are from midnight to midnight, and only the link knows better. Pure.

import type { SiteTime } from '../wall-clock';
import { isDay, type Entry, type When } from './entry';

/** Whether a clock shows midnight. */
export function isMidnight({ wallClock }: SiteTime): boolean {
  return wallClock.slice(10, 19) === 'T00:00:00';
}

/** The CRM's entry as one of whole days, where it was one of these when both sides last agreed, and still is from midnight to midnight. */
export function asKnown(entry: Entry, remoteBase: Entry | undefined): Entry {
  const { begin, end } = entry.time;
  const wasDays = [remoteBase?.time.begin, remoteBase?.time.end].some(isDay);
  const spans = [begin, end].filter((when) => when !== undefined);
  if (!wasDays || !spans.every((when) => isDay(when) || isMidnight(when))) return entry;
  return { ...entry, time: { ...(begin && { begin: dayOf(begin) }), ...(end && { end: dayOf(end) }) } };
}

function dayOf(when: When): When {
  return isDay(when) ? when : { day: when.wallClock.slice(0, 10) };
}
