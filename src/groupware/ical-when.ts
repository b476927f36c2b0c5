// Dates and times of iCalendar (RFC 5545, 3.3.4 to 3.3.6), read through core/wall-clock. Pure.

import { isDay, type When } from '../core/sync/entry';
import { instantOf, isoSeconds, isTimeZone, siteTimeAt, type WallClock } from '../core/wall-clock';
import type { CalendarProperty } from '../io/icalendar-contract';

/** Why something cannot be understood, in words that stand in the middle of a sentence. */
export class Unclear extends Error {
  override readonly name = 'Unclear';
}

/** What a moment is read with. */
export interface ZoneRules {
  /** The zone of a moment that names none. */
  readonly timeZone: string;
  /** The IANA name of a zone of Windows. */
  readonly zoneOfWindows: (name: string) => string | undefined;
}

const DAY_MS = 24 * 3_600_000;
/** A hundred years. */
const LONGEST_MS = 36_525 * DAY_MS;

/** The moment or the day of a property. Throws {@link Unclear}. */
export function whenOf(property: CalendarProperty, rules: ZoneRules): When {
  const [, day, time, utc] = /^(\d{8})(?:T(\d{6})(Z?))?$/.exec(property.raw.trim()) ?? [];
  const spelledDay = `${day?.slice(0, 4)}-${day?.slice(4, 6)}-${day?.slice(6)}`;
  const clock = time === undefined ? '00:00:00' : `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`;
  const wallClock = `${spelledDay}T${clock}`;
  if (!isReal(wallClock)) throw new Unclear(`its ${property.name} is no date of a calendar`);
  if (time === undefined) return { day: spelledDay };
  return { wallClock, timeZone: utc === 'Z' ? 'UTC' : zoneOf(property, rules) };
}

/** Whether the moment stands there in UTC, or in a zone by its IANA name: then it is that moment for everybody. */
export function isPlain(property: CalendarProperty): boolean {
  return property.raw.trim().endsWith('Z') || isTimeZone(property.parameter('TZID') ?? '');
}

/** What comes a duration after it, such as `PT1H30M`: days and weeks by the clock, hours by the time that passes. Throws {@link Unclear}. */
export function whenAfter(begin: When, duration: string): When {
  const match = /^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration.trim());
  if (match === null) throw new Unclear('its DURATION is none');
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part || 0));
  const [wholeDays, restMs] = [weeks * 7 + days, ((hours * 60 + minutes) * 60 + seconds) * 1_000];
  // So long a duration is a mistake, or an attack.
  if (wholeDays * DAY_MS + restMs > LONGEST_MS) throw new Unclear('its DURATION is too long');
  if (isDay(begin)) return dayAfter(begin.day, wholeDays + Math.floor(restMs / DAY_MS));
  const { timeZone } = begin;
  const wallClock = shifted(begin.wallClock, wholeDays * DAY_MS);
  return restMs === 0
    ? { wallClock, timeZone }
    : siteTimeAt(Date.parse(instantOf({ wallClock, timeZone }) ?? '') + restMs, timeZone);
}

/** The day that is so many days after another one. */
export function dayAfter(day: string, days: number): When {
  return { day: shifted(`${day}T00:00:00`, days * DAY_MS).slice(0, 10) };
}

function shifted(wallClock: WallClock, ms: number): WallClock {
  return isoSeconds(Date.parse(`${wallClock}Z`) + ms).slice(0, -1);
}

/** Whether there is such a day and time, in years that the CRM can hold, too. */
function isReal(wallClock: WallClock): boolean {
  const asUtc = Date.parse(`${wallClock}Z`);
  // JavaScript takes 31 February for 3 March.
  return /^(19|2\d)/.test(wallClock) && !Number.isNaN(asUtc) && isoSeconds(asUtc) === `${wallClock}Z`;
}

/** The zone of a moment: by its IANA name, also behind a prefix as libical writes it, or by that of Windows. */
function zoneOf(property: CalendarProperty, { timeZone, zoneOfWindows }: ZoneRules): string {
  const name = property.parameter('TZID')?.trim();
  if (name === undefined) return timeZone;
  const parts = name.startsWith('/') ? name.split('/') : [];
  const names = [name, ...[-3, -2].map((from) => parts.slice(from).join('/'))];
  const zone = names.find(isTimeZone) ?? zoneOfWindows(name);
  if (zone === undefined || !isTimeZone(zone)) throw new Unclear(`nobody knows its time zone "${name.slice(0, 60)}"`);
  return zone;
}
