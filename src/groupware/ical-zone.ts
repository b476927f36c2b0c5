// A time zone as iCalendar wants it beside the moments that name it (RFC 5545, 3.6.5), for the years that are needed, from Intl. Pure.

import { clockChanges, isoSeconds, offsetMs, type ClockChange } from '../core/wall-clock';
import type { CalendarChange, CalendarComponent, NewComponent } from '../io/icalendar-contract';

const known = new Map<string, NewComponent>();

/** The zone in these years, both included. Most items of a user have the same, so it is made once. */
export function zoneComponent(timeZone: string, firstYear: number, lastYear: number): NewComponent {
  const key = `${timeZone} ${firstYear} ${lastYear}`;
  const component = known.get(key) ?? makeComponent(timeZone, firstYear, lastYear);
  known.set(key, component);
  return component;
}

function makeComponent(timeZone: string, firstYear: number, lastYear: number): NewComponent {
  const [since, until] = [Date.UTC(firstYear, 0), Date.UTC(lastYear + 1, 0)];
  const atFirst = offsetMs(since, timeZone);
  // What is said of the time before the first change holds from the first new year on.
  const changes = [{ at: since - atFirst, before: atFirst, after: atFirst }, ...clockChanges(since, until, timeZone)];
  const least = Math.min(...changes.map(({ after }) => after));
  return {
    name: 'VTIMEZONE',
    lines: [{ name: 'TZID', value: { plain: timeZone } }],
    components: changes.map((change) => observance(change, change.after > least ? 'DAYLIGHT' : 'STANDARD')),
  };
}

/** What describes zones for the years in which they are named, where the components that are there do not do that already. */
export function describeZones(
  years: ReadonlyMap<string, readonly number[]>,
  components: readonly CalendarComponent[],
): Pick<CalendarChange, 'before' | 'without'> {
  const before: NewComponent[] = [];
  const without: CalendarComponent[] = [];
  for (const [zone, all] of years) {
    const [first, last] = [Math.min(...all), Math.max(...all)];
    const there = components.filter(
      ({ name, properties }) => name === 'VTIMEZONE' && properties.some((each) => each.name === 'TZID' && each.raw === zone),
    );
    if (there.some((each) => isDescribed(each, first, last))) continue;
    before.push(zoneComponent(zone, first, last));
    without.push(...there);
  }
  return { before, without };
}

/** Whether a description of a zone says how its clocks go in these years: by a rule, or for each of them. */
function isDescribed({ components }: CalendarComponent, firstYear: number, lastYear: number): boolean {
  const properties = components.flatMap((each) => each.properties);
  if (properties.some(({ name }) => name === 'RRULE' || name === 'RDATE')) return true;
  const years = properties.filter(({ name }) => name === 'DTSTART').map(({ raw }) => Number(raw.slice(0, 4)));
  return Math.min(...years) <= firstYear && Math.max(...years) >= lastYear;
}

function observance({ at, before, after }: ClockChange, name: string): NewComponent {
  const lines = [
    // As the clock showed it that was about to be set.
    { name: 'DTSTART', value: { plain: isoSeconds(at + before).replace(/[-:Z]/g, '') } },
    { name: 'TZOFFSETFROM', value: { plain: offset(before) } },
    { name: 'TZOFFSETTO', value: { plain: offset(after) } },
  ];
  return { name, lines, components: [] };
}

/** `+0530`, with seconds where there are some. */
function offset(ms: number): string {
  const total = Math.abs(ms) / 1_000;
  const parts = [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60].map((part) => String(part).padStart(2, '0'));
  return (ms < 0 ? '-' : '+') + (parts[2] === '00' ? parts.slice(0, 2) : parts).join('');
}
