// Series: their rules, and their instances. An instance is called as its series with the moment at which it would begin by the rule.

import ICAL from 'ical.js';
import { without, type Calendar, type EventTime, type GoogleEvent, type StoredEvent } from './world';
import { momentOf, wallClockOf } from './zones';

/** What is wrong with a line of a recurrence. */
export function ruleProblem(line: string): string | undefined {
  const match = /^(RRULE|EXRULE|EXDATE|RDATE)((?:;[^:]*)?):(.+)$/.exec(line);
  if (match === null) return `not of these: RRULE, EXRULE, RDATE, EXDATE`;
  if (!(match[1] ?? '').endsWith('RULE')) return undefined;
  try {
    ICAL.Recur.fromString(match[3] ?? '');
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** An instance as its rule has it. */
interface Occurrence {
  readonly id: string;
  readonly start: EventTime;
}

/** No series goes on for ever here: how far Google goes is nowhere said. */
const MOST_INSTANCES = 730;

/** The instances by the rules of a series, from its begin on. */
function occurrences(series: StoredEvent['data']): readonly Occurrence[] {
  const { start } = series;
  if (start === undefined) return [];
  const zone = start.timeZone ?? 'UTC';
  const clock = start.date ?? wallClockOf(Date.parse(start.dateTime ?? ''), zone);
  const lines = series.recurrence ?? [];
  const ruled = lines.filter((line) => line.startsWith('RRULE')).flatMap((line) => clocks(line, clock));
  const excluded = new Set(lines.filter((line) => line.startsWith('EXDATE')).flatMap((line) => listed(line, zone)));
  const added = lines.filter((line) => line.startsWith('RDATE')).flatMap((line) => listed(line, zone));
  return [...new Set([clock, ...ruled, ...added])]
    .filter((each) => !excluded.has(each))
    .sort()
    .map((each) => occurrence(series.id, each, start, zone));
}

function clocks(line: string, from: string): readonly string[] {
  const iterator = ICAL.Recur.fromString(line.slice(line.indexOf(':') + 1)).iterator(ICAL.Time.fromString(from, undefined));
  const all: string[] = [];
  // Its declarations do not say that it ends.
  const next = () => iterator.next() as ICAL.Time | null | undefined;
  for (let time = next(); time && all.length < MOST_INSTANCES; time = next()) all.push(time.toString());
  return all;
}

/** Dates of a line, as wall clocks. */
function listed(line: string, zone: string): readonly string[] {
  const own = /TZID=([^;:]+)/.exec(line)?.[1] ?? zone;
  const values = line.slice(line.indexOf(':') + 1).split(',');
  return values.map((value) => {
    const [, year, month, day, hour, minute, second, utc] = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(value) ?? [];
    const date = `${year}-${month}-${day}`;
    if (hour === undefined) return date;
    const text = `${date}T${hour}:${minute}:${second}`;
    return wallClockOf(utc === undefined ? momentOf(text, own) : Date.parse(`${text}Z`), zone);
  });
}

function occurrence(id: string, clock: string, start: EventTime, zone: string): Occurrence {
  const named = start.timeZone === undefined ? {} : { timeZone: start.timeZone };
  if (start.date !== undefined) return { id: `${id}_${clock.replaceAll('-', '')}`, start: { date: clock, ...named } };
  const dateTime = new Date(momentOf(clock, zone)).toISOString().replace('.000Z', 'Z');
  return { id: `${id}_${dateTime.replace(/[-:]/g, '')}`, start: { dateTime, ...named } };
}

/** The instances of a series, those that somebody changed or cancelled among them. */
export function instancesOf(calendar: Calendar, series: StoredEvent): readonly StoredEvent[] {
  const own = [...calendar.events.values()].filter(({ data }) => data.recurringEventId === series.data.id);
  const changed = new Map(own.map((each) => [each.data.id, each]));
  return occurrences(series.data).map((each) => changed.get(each.id) ?? instance(series, each));
}

function instance({ data, revision }: StoredEvent, { id, start }: Occurrence): StoredEvent {
  return {
    revision,
    data: {
      ...without(data, 'recurrence'),
      id,
      start,
      end: endOf(data, start),
      originalStartTime: start,
      recurringEventId: data.id,
    },
  };
}

function endOf({ start, end }: GoogleEvent, from: EventTime): EventTime {
  const at = (time: EventTime | undefined) => Date.parse(time?.date ?? time?.dateTime ?? '');
  const text = new Date(at(from) + at(end) - at(start)).toISOString();
  return { ...end, ...(from.date === undefined ? { dateTime: text.replace('.000Z', 'Z') } : { date: text.slice(0, 10) }) };
}

/** An event by its id, also an instance that stands nowhere but in the rule of its series. */
export function findEvent(calendar: Calendar, id: string): StoredEvent | undefined {
  const stored = calendar.events.get(id);
  if (stored !== undefined) return stored;
  const series = calendar.events.get(id.slice(0, id.lastIndexOf('_')));
  if (series?.data.recurrence === undefined) return undefined;
  return instancesOf(calendar, series).find(({ data }) => data.id === id);
}
