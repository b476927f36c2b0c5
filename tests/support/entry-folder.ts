// A folder as a groupware, and a person who writes into it with an editor.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDay, spelledWhen, type AgendaKind, type Entry, type EntryKind, type When } from '../../src/core/sync/entry';
import { folder } from '../../src/groupware/folder/index';
import type { GroupwareUser } from '../../src/groupware/groupware';
import { groupwareTools } from '../../src/parts/groupware';
import type { Person, Subject } from '../groupware/suite';
import { cardEditor } from './card-editor';
import { temporaryFolder } from './sample';

const FOLDERS = { event: 'calendar', task: 'tasks', contact: 'contacts' } as const;
const COMPONENTS = { event: 'VEVENT', task: 'VTODO' } as const;

/** A folder for tests. */
export interface EntryFolder extends Subject {
  readonly root: string;
  /** The folder of a user's entries, made if it is not there. */
  at(user: GroupwareUser, kind: EntryKind): string;
}

/** Makes one, in a folder of its own if nobody says where. */
export function entryFolder(root = temporaryFolder()): EntryFolder {
  const tools = groupwareTools(() => Date.parse('2026-03-01T12:00:00Z'));
  const at = ({ login }: GroupwareUser, kind: EntryKind) => {
    const path = join(root, login, FOLDERS[kind]);
    mkdirSync(path, { recursive: true });
    return path;
  };
  return {
    root,
    at,
    fields: folder.fields,
    open: (user, kind) => folder.open(user, kind, { folder: root }, tools),
    person: (user, kind) => (kind === 'contact' ? cardEditor(at(user, kind)) : editor(at(user, kind), kind)),
    close: () => Promise.resolve(rmSync(root, { recursive: true, force: true })),
  };
}

/** An item in iCalendar with these lines in it. */
export function itemText(kind: AgendaKind, lines: readonly string[]): string {
  const component = COMPONENTS[kind];
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', `BEGIN:${component}`, ...lines, `END:${component}`, 'END:VCALENDAR', ''].join('\r\n');
}

const GUEST = 'ATTENDEE;CN="Guest, A";PARTSTAT=ACCEPTED:mailto:guest@example.com';
const DECORATIONS = [
  ...[
    'COLOR:red',
    'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE="a:b;c":geo:47,8',
    'CONFERENCE;VALUE=URI:https://meet.example.com/x',
  ],
  ...['ORGANIZER;CN=Ann:mailto:Ann@Example.com', GUEST, 'CATEGORIES:a,b\\,c', 'X-CRM-OTHER;X="q":1'],
  ...['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT15M', 'SUMMARY:Wake up', 'DESCRIPTION:Go', 'END:VALARM'],
];

function editor(path: string, kind: AgendaKind): Person {
  const files = () => readdirSync(path).map((name) => join(path, name));
  const fileOf = (id: string) => files().find((file) => readFileSync(file, 'utf8').includes(`\r\nUID:${id}\r\n`)) ?? '';
  const change = (id: string, work: (text: string) => string) =>
    Promise.resolve().then(() => writeFileSync(fileOf(id), work(readFileSync(fileOf(id), 'utf8'))));
  const end = `END:${COMPONENTS[kind]}`;
  const withLines = (text: string, lines: readonly string[]) => text.replace(end, [...lines, end].join('\r\n'));
  /** The item, and not what describes its zone, with lines in the place of others. */
  const withItemLines = (text: string, names: string, lines: readonly string[]) => {
    const [head = '', item = ''] = text.split(/(?=BEGIN:V(?:EVENT|TODO)\r\n)/);
    return head + withLines(item.replace(new RegExp(`^(?:${names})[;:].*(?:\r\n[ \t].*)*\r\n`, 'gm'), ''), lines);
  };
  return {
    add: (entry) => {
      writeFileSync(
        join(path, 'any name.ics'),
        itemText(kind, ['UID:theirs@phone', 'DTSTAMP:20260101T000000Z', ...linesOf(entry)]),
      );
      return Promise.resolve('theirs@phone');
    },
    edit: (id, edited) =>
      change(id, (text) => {
        const { subject, place, notes, time, done } = edited;
        const lines: readonly (readonly [string, readonly string[]])[] = [
          ...(subject === undefined ? [] : [['SUMMARY', [`SUMMARY:${subject}`]] as const]),
          ...(place === undefined ? [] : [['LOCATION', [`LOCATION:${place}`]] as const]),
          ...(notes === undefined ? [] : [['DESCRIPTION', [`DESCRIPTION:${notes}`]] as const]),
          ...(time === undefined ? [] : [['DTSTART', whenLine('DTSTART', time.begin)] as const]),
          ...(time === undefined ? [] : [['DTEND|DUE', whenLine(kind === 'event' ? 'DTEND' : 'DUE', time.end)] as const]),
          ...(done === undefined ? [] : [['STATUS', [`STATUS:${done ? 'COMPLETED' : 'NEEDS-ACTION'}`]] as const]),
        ];
        return lines.reduce((all, [names, own]) => withItemLines(all, names, own), text);
      }),
    remove: (id) => Promise.resolve(rmSync(fileOf(id))),
    turn: (id, into) =>
      change(id, (text) => {
        if (into === 'unreadable') return text.slice(0, text.indexOf(end));
        if (into === 'series') return withLines(text, ['RRULE:FREQ=DAILY']);
        if (into === 'foreign') return withLines(text, ['ORGANIZER:mailto:boss@example.com', 'ATTENDEE:mailto:ann@example.com']);
        return withLines(text.replace(/SUMMARY:.*/, 'SUMMARY:SECRET'), ['CLASS:CONFIDENTIAL', 'DESCRIPTION:SECRET']);
      }),
    decorate: (id) => change(id, (text) => withLines(text, DECORATIONS)),
    decorations: (id) => {
      const lines = readFileSync(fileOf(id), 'utf8').replace(/\r\n /g, '').split('\r\n');
      return Promise.resolve(lines.filter((line) => DECORATIONS.includes(line)));
    },
    respell: (id) =>
      change(id, (text) =>
        text
          .replace(/BEGIN:VTIMEZONE[^]*END:VTIMEZONE\r\n/, '')
          .replace(
            /;TZID=Europe\/Zurich:20260302T(\d\d)(\d{4})/g,
            (_, hour: string, rest: string) => `:20260302T${String(Number(hour) - 1).padStart(2, '0')}${rest}Z`,
          ),
      ),
  };
}

function linesOf({ kind, subject, time, place, notes }: Entry): readonly string[] {
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
