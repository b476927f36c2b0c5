// Texts in iCalendar as other programs write them, and what people make of an item.

import { isDay, spelledWhen, type Entry, type AgendaKind, type When } from '../../src/core/sync/entry';

const COMPONENTS = { event: 'VEVENT', task: 'VTODO' } as const;

/** An item in iCalendar with these lines in it. */
export function itemText(kind: AgendaKind, lines: readonly string[]): string {
  const component = COMPONENTS[kind];
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', `BEGIN:${component}`, ...lines, `END:${component}`, 'END:VCALENDAR', ''].join('\r\n');
}

const GUEST = 'ATTENDEE;CN="Guest, A";PARTSTAT=ACCEPTED:mailto:guest@example.com';

/** A colour, guests, an alarm and whatever else there is. */
export const DECORATIONS: readonly string[] = [
  ...[
    'COLOR:red',
    'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE="a:b;c":geo:47,8',
    'CONFERENCE;VALUE=URI:https://meet.example.com/x',
  ],
  ...['ORGANIZER;CN=Ann:mailto:Ann@Example.com', GUEST, 'CATEGORIES:a,b\\,c', 'X-CRM-OTHER;X="q":1'],
  ...['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT15M', 'SUMMARY:Wake up', 'DESCRIPTION:Go', 'END:VALARM'],
];

/** An item with some lines more. */
export function withLines(text: string, kind: AgendaKind, lines: readonly string[]): string {
  const end = `END:${COMPONENTS[kind]}`;
  return text.replace(end, [...lines, end].join('\r\n'));
}

/** An item of which somebody changed something. */
export function edited(text: string, kind: AgendaKind, { subject, place, notes, time, done }: Partial<Entry>): string {
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ...(subject === undefined ? [] : [['SUMMARY', [`SUMMARY:${subject}`]] as const]),
    ...(place === undefined ? [] : [['LOCATION', [`LOCATION:${place}`]] as const]),
    ...(notes === undefined ? [] : [['DESCRIPTION', [`DESCRIPTION:${notes}`]] as const]),
    ...(time === undefined ? [] : [['DTSTART', whenLine('DTSTART', time.begin)] as const]),
    ...(time === undefined ? [] : [['DTEND|DUE', whenLine(kind === 'event' ? 'DTEND' : 'DUE', time.end)] as const]),
    ...(done === undefined ? [] : [['STATUS', [`STATUS:${done ? 'COMPLETED' : 'NEEDS-ACTION'}`]] as const]),
  ];
  return lines.reduce((all, [names, own]) => withOthers(all, kind, names, own), text);
}

/** The item, and not what describes its zone, with lines in the place of others. */
function withOthers(text: string, kind: AgendaKind, names: string, lines: readonly string[]): string {
  const [head = '', item = ''] = text.split(/(?=BEGIN:V(?:EVENT|TODO)\r\n)/);
  return head + withLines(item.replace(new RegExp(`^(?:${names})[;:].*(?:\r\n[ \t].*)*\r\n`, 'gm'), ''), kind, lines);
}

/** Something else made of an item; a private one says `SECRET` wherever it can. */
export function turned(text: string, kind: AgendaKind, into: 'private' | 'series' | 'foreign'): string {
  if (into === 'series') return withLines(text, kind, ['RRULE:FREQ=DAILY']);
  if (into === 'foreign') return withLines(text, kind, ['ORGANIZER:mailto:boss@example.com', 'ATTENDEE:mailto:ann@example.com']);
  return withLines(text.replace(/(SUMMARY|DESCRIPTION):.*/g, '$1:SECRET'), kind, ['CLASS:CONFIDENTIAL']);
}

/** The moments of 2 March 2026 in Zurich in UTC, and no zones. */
export function respelled(text: string): string {
  return text
    .replace(/BEGIN:VTIMEZONE[^]*END:VTIMEZONE\r\n/, '')
    .replace(
      /;TZID=Europe\/Zurich:20260302T(\d\d)(\d{4})/g,
      (_, hour: string, rest: string) => `:20260302T${String(Number(hour) - 1).padStart(2, '0')}${rest}Z`,
    );
}

/** The lines of an entry. */
export function entryLines({ kind, subject, time, place, notes }: Entry): readonly string[] {
  return [
    `SUMMARY:${subject}`,
    `LOCATION:${place}`,
    `DESCRIPTION:${notes}`,
    ...whenLine('DTSTART', time.begin),
    ...whenLine(kind === 'event' ? 'DTEND' : 'DUE', time.end),
  ];
}

function whenLine(name: string, when: When | undefined): readonly string[] {
  if (when === undefined) return [];
  const spelled = spelledWhen(when).replace(/[-:]/g, '');
  return [isDay(when) ? `${name};VALUE=DATE:${spelled}` : `${name}:${spelled}`];
}
