// A person with another program at a server of CalDAV: what is written is put there over HTTP, and without asking anybody.

import type { Entry, EntryKind } from '../../src/core/sync/entry';
import type { Person } from '../groupware/suite';
import { CARD_DECORATIONS, cardText, editedCard, respelledCard, turnedCard, withCardLines } from './card-text';
import { DECORATIONS, edited, entryLines, itemText, respelled, turned, withLines } from './item-text';
import type { Texts } from './worlds';

/** The items of a calendar or an address book over HTTP. */
export function davTexts(calendar: string, kind: EntryKind, login: string): Texts {
  const [type, ending] = kind === 'contact' ? ['text/vcard', '.vcf'] : ['text/calendar', '.ics'];
  const headers = { Authorization: `Basic ${Buffer.from(`${login}:x`).toString('base64')}`, 'Content-Type': type };
  const send = async (method: string, name: string, body?: string, more: Readonly<Record<string, string>> = {}) => {
    const url = `${calendar}${encodeURIComponent(name)}`;
    const response = await fetch(url, { method, headers: { ...headers, ...more }, ...(body === undefined ? {} : { body }) });
    if (!response.ok) throw new Error(`${method} ${name}: ${response.status} ${await response.text()}`);
    return response.text();
  };
  // An id that begins with a slash is a name without our ending.
  const file = (name: string) => (name.startsWith('/') ? name.slice(1) : name + ending);
  return {
    names: async () => {
      const hrefs = [...(await send('PROPFIND', '', undefined, { Depth: '1' })).matchAll(/<(?:\w+:)?href>([^<]*)</g)];
      const names = hrefs.map(([, href = '']) => decodeURIComponent(href.split('/').at(-1) ?? ''));
      return names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
    },
    read: (name) => send('GET', file(name)),
    write: async (name, text) => {
      await send('PUT', file(name), text);
    },
    remove: async (name) => {
      await send('DELETE', file(name));
    },
  };
}

/** A person who has a calendar. */
export function davPerson(calendar: string, kind: EntryKind, login: string): Person {
  const isCard = kind === 'contact';
  const { read, write, remove } = davTexts(calendar, kind, login);
  // What nobody can understand, and every server takes.
  const unreadable = (text: string) =>
    text.replace(/BEGIN:(VEVENT|VTODO)[^]*END:\1/, (item) =>
      item.replace(/^(DTSTART|DTEND|DUE)(?:;TZID=[^:;]+)?:(\d{8}T\d{6})Z?/gm, '$1;TZID=Nowhere/Land:$2'),
    );
  const change = async (id: string, work: (text: string) => string) => write(id, work(await read(id)));
  const common = {
    remove,
    // In whatever order the server keeps them, and with what quotes.
    decorations: async (id: string) => {
      const lines = (await read(id)).replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
      return lines.filter((line) => (isCard ? CARDS.has(plain(line)) : isDecoration.test(line))).sort();
    },
  };
  if (kind === 'contact')
    return {
      ...common,
      add: async (entry: Entry) => {
        await write('a phone’s name', cardText(entry));
        return 'a phone’s name';
      },
      edit: (id, entry) => change(id, (text) => editedCard(text, entry)),
      turn: (id, into) =>
        change(id, (text) => {
          if (into === 'series') throw new Error('no card is a series');
          return into === 'unreadable' ? withCardLines(text, TOO_MANY) : turnedCard(text, into);
        }),
      decorate: (id) => change(id, (text) => withCardLines(text, CARD_DECORATIONS)),
      respell: (id) => change(id, respelledCard),
    };
  return {
    ...common,
    add: async (entry: Entry) => {
      await write('a phone’s name', itemText(kind, ['UID:theirs@phone', 'DTSTAMP:20260101T000000Z', ...entryLines(entry)]));
      return 'a phone’s name';
    },
    edit: (id, entry) => change(id, (text) => edited(text, kind, entry)),
    turn: (id, into) => change(id, (text) => (into === 'unreadable' ? unreadable(text) : turned(text, kind, into))),
    decorate: (id) => change(id, (text) => withLines(text, kind, DECORATIONS)),
    respell: (id) => change(id, respelled),
  };
}

/** More lines than anybody reads. */
const TOO_MANY: readonly string[] = Array.from({ length: 2_100 }, (_, n) => `TEL;TYPE=WORK:${n}`);

/** With whatever quotes and capitals. */
const plain = (line: string) => line.replaceAll('"', '').toUpperCase();
const CARDS: ReadonlySet<string> = new Set(CARD_DECORATIONS.map(plain));

const isDecoration = new RegExp(
  `^(${DECORATIONS.map((line) => line.split(/[;:]/)[0])
    .filter((name) => !/^(SUMMARY|DESCRIPTION|BEGIN|END)$/.test(name ?? ''))
    .join('|')}|SUMMARY:Wake|DESCRIPTION:Go|BEGIN:VALARM)`,
);
