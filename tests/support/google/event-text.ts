// An event of Google's as a text of iCalendar and back, for tests whose people write texts. Nothing of the program reads or writes here.

import { escaped, unescaped, unfoldedLines } from './text-lines';
import type { EventTime, GoogleEvent } from './world';
import { wallClockOf } from './zones';

const TEXTS = { SUMMARY: 'summary', LOCATION: 'location', DESCRIPTION: 'description' } as const;
const VISIBILITIES: Readonly<Record<string, string>> = { PUBLIC: 'public', CONFIDENTIAL: 'confidential' };
/** Private properties that hold lines of which Google has no field, in their order. */
const LINE = /^line(\d+)$/;
/** Where the program's mark stands in a text. */
const MARK = 'X-CRM-LINK';
const NO_LINES = /^(BEGIN|END):(VCALENDAR|VEVENT)$|^(VERSION|PRODID|UID|DTSTAMP)[;:]/;

/** The text of an event as it is kept. */
export function textOfEvent(event: GoogleEvent): string {
  const { private: properties = {} } = event.extendedProperties ?? {};
  const mark = properties['crmLink'];
  const lines = [
    `UID:${event.iCalUID ?? ''}`,
    'DTSTAMP:20260101T000000Z',
    ...Object.entries(TEXTS).flatMap(([name, field]) => (event[field] === undefined ? [] : [`${name}:${escaped(event[field])}`])),
    ...timeLine('DTSTART', event.start),
    ...timeLine('DTEND', event.end),
    ...(event.visibility === undefined ? [] : [`CLASS:${event.visibility.toUpperCase()}`]),
    ...(event.recurrence ?? []),
    ...(mark === undefined ? [] : [`${MARK}:${mark}`]),
    ...Object.entries(properties)
      .filter(([name]) => LINE.test(name))
      .sort(([one], [other]) => Number(one.slice(4)) - Number(other.slice(4)))
      .map(([, line]) => line),
  ];
  const whole = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//stand-in//EN', 'BEGIN:VEVENT', ...lines, 'END:VEVENT'];
  return [...whole, 'END:VCALENDAR', ''].join('\r\n');
}

/** What has to be patched so that an event is what a text says; of a new one, `before` is left out. What no text says stays as it is. */
export function changeOfText(text: string, before?: GoogleEvent): GoogleEvent {
  const lines = unfoldedLines(text).filter((line) => !NO_LINES.test(line));
  const firstAlarm = lines.findIndex((line) => line === 'BEGIN:VALARM');
  const own = firstAlarm < 0 ? lines : lines.slice(0, firstAlarm);
  const taken = new Set<string>();
  const take = (name: string) => {
    const line = own.find((each) => new RegExp(`^${name}[;:]`).test(each));
    if (line !== undefined) taken.add(line);
    return line;
  };
  const valueOf = (name: string) => take(name)?.replace(/^[^:]*:/, '');
  const texts = Object.entries(TEXTS).map(([name, field]) => [field, textOrNull(valueOf(name))]);
  const [start, end, rule, visibility] = [timeIn(take('DTSTART')), timeIn(take('DTEND')), take('RRULE'), valueOf('CLASS')];
  const mark = valueOf(MARK);
  const old = Object.keys(before?.extendedProperties?.private ?? {}).filter((name) => LINE.test(name));
  const rest = lines.filter((line) => !taken.has(line)).map((line, n) => [`line${n}`, line]);
  const properties = {
    ...Object.fromEntries([...old.map((name) => [name, null]), ...rest]),
    ...(mark && { crmLink: mark }),
  } as object;
  const change = {
    ...Object.fromEntries(texts),
    ...{ start, end, recurrence: rule === undefined ? null : [rule] },
    visibility: visibility === undefined ? null : (VISIBILITIES[visibility] ?? 'private'),
    ...(Object.keys(properties).length === 0 ? {} : { extendedProperties: { private: properties } }),
  };
  return change as GoogleEvent;
}

function timeLine(name: string, time: EventTime | undefined): readonly string[] {
  if (time?.date !== undefined) return [`${name};VALUE=DATE:${plain(time.date)}`];
  const { dateTime = '', timeZone = 'UTC' } = time ?? {};
  const clock = plain(wallClockOf(Date.parse(dateTime), timeZone === 'Nowhere/Land' ? 'UTC' : timeZone));
  return [timeZone === 'UTC' ? `${name}:${clock}Z` : `${name};TZID=${timeZone}:${clock}`];
}

function timeIn(line = ''): object | null {
  const [, zone, value = ''] = /^\w+(?:;VALUE=DATE|;TZID="?([^":]+)"?)?:(.*)$/.exec(line) ?? [];
  if (value === '') return null;
  const [day, clock] = [value.replace(/^(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3'), /T(\d\d)(\d\d)(\d\d)/.exec(value)];
  if (clock === null) return { date: day, dateTime: null, timeZone: null };
  const [, hour, minute, second] = clock;
  const inZone = value.endsWith('Z') ? { zone: 'UTC', end: 'Z' } : { zone: zone ?? null, end: '' };
  return { date: null, dateTime: `${day}T${hour}:${minute}:${second}${inZone.end}`, timeZone: inZone.zone };
}

function plain(wallClock: string): string {
  return wallClock.replace(/[-:]/g, '');
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined ? null : unescaped(text);
}
