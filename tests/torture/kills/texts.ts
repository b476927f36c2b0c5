// The texts that people of the office write: what their programs make of an entry, and nothing of ours. Pure.

import { COMPONENTS, type Item, type Kind } from './items';
import { ZONE } from './users';

export type Field = 'subject' | 'time' | 'place' | 'notes' | 'done' | 'title' | 'phone' | 'mobile';

/** Wall clocks of the office. */
export interface Times {
  readonly begin: string;
  readonly end: string;
}

/** What somebody puts into an entry beside what it says: the lines, and those of them that are known again. */
export interface Decoration {
  readonly lines: readonly string[];
  readonly known: readonly string[];
  /** Whether it comes in place of what was put there before. */
  readonly isInstead?: boolean;
}

/** A new event or task. */
export function newText(kind: Kind, uid: string, subject: string, times: Times, own: string): string {
  const when = kind === 'event' ? [timeLine('DTSTART', times.begin), timeLine('DTEND', times.end)] : [timeLine('DUE', times.end)];
  const lines = [`UID:${uid}`, 'DTSTAMP:20260101T000000Z', `SUMMARY:${subject}`, ...when, own];
  const entry = [`BEGIN:${COMPONENTS[kind]}`, ...lines, `END:${COMPONENTS[kind]}`];
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//somebody//telephone//EN', ...entry, 'END:VCALENDAR', ''].join('\r\n');
}

/** An entry of which somebody changed a field. */
export function changedText(item: Item, field: Field, value: string, { begin, end }: Times): string {
  const changes: Readonly<Record<Field, () => string>> = {
    subject: () => withLine(item, 'SUMMARY', value),
    time: () =>
      item.text
        .replace(/^(DTSTART[^:\r\n]*TZID=[^:\r\n]*):\d{8}T\d{6}/m, item.kind === 'event' ? `$1:${plain(begin)}` : '$&')
        .replace(/^((?:DTEND|DUE)[^:\r\n]*):\d{8}T\d{6}/m, `$1:${plain(end)}`)
        .replace(/^(DUE;VALUE=DATE):\d{8}/m, `$1:${plain(end).slice(0, 8)}`),
    place: () => withLine(item, 'LOCATION', value),
    notes: () => withLine(item, 'DESCRIPTION', value),
    done: () => withLine(item, 'STATUS', item.done ? 'NEEDS-ACTION' : 'COMPLETED'),
    title: () => withLine(item, 'TITLE', value),
    phone: () => withTelephone(item, /^TEL;(?!.*(?:CELL|HOME)).*\r\n/im, 'WORK,VOICE', value),
    mobile: () => withTelephone(item, /^TEL;(?=.*CELL)(?!.*HOME).*\r\n/im, 'CELL', value),
  };
  return changes[field]();
}

/** An entry with something more in it. */
export function decoratedText({ text, kind }: Item, { lines }: Decoration): string {
  const end = `END:${COMPONENTS[kind]}`;
  return text.replace(end, [...lines, end].join('\r\n'));
}

/** A long line of somebody's own. */
export function ownLine(number: number): Decoration {
  const line = `X-NOTE-OF-SOMEBODY;X-Q="1;2":${'long '.repeat(20)}${number}.`;
  const folded = `${line.slice(0, 70)}\r\n ${line.slice(70)}`;
  return { lines: [folded], known: [folded] };
}

/** What programs hang on an entry: a reminder, whose lines have names that the entry's own lines have, too; on a card, a number at home. */
export function extra(kind: Kind, number: number): Decoration {
  const own = `DESCRIPTION:Wake up ${number}.`;
  const alarm = ['BEGIN:VALARM', 'ACTION:DISPLAY', own, 'SUMMARY:Wake up', 'TRIGGER:-PT15M', 'END:VALARM'];
  const home = `TEL;TYPE=HOME:+977 1 ${String(number).padStart(7, '0')}`;
  return kind === 'contact' ? { lines: [home], known: [home] } : { lines: alarm, known: [own] };
}

function timeLine(name: string, wallClock: string): string {
  return `${name};TZID=${ZONE}:${plain(wallClock)}`;
}

function plain(wallClock: string): string {
  return wallClock.replace(/[-:]/g, '');
}

/** The text with a line in place of that of its name, or one more; before all that hangs on the entry, which has lines of that name, too. */
function withLine({ text, kind }: Item, name: string, value: string): string {
  const begin = `BEGIN:${COMPONENTS[kind]}\r\n`;
  const [before = '', after = ''] = text.split(begin, 2);
  const line = new RegExp(`^${name}[;:].*(\\r\\n[ \\t].*)*\\r\\n`, 'm');
  const at = after.search(line);
  const isOwn = at >= 0 && !after.slice(0, at).includes('BEGIN:VALARM');
  return before + begin + (isOwn ? after.replace(line, `${name}:${value}\r\n`) : `${name}:${value}\r\n${after}`);
}

function withTelephone({ text }: Item, line: RegExp, types: string, value: string): string {
  const own = `TEL;TYPE=${types}:${value}\r\n`;
  return line.test(text) ? text.replace(line, own) : text.replace(/^END:VCARD/m, `${own}END:VCARD`);
}
