// A person with another program at a server of CalDAV: what is written is put there over HTTP, and without asking anybody.

import type { Entry, EntryKind } from '../../src/core/sync/entry';
import type { Person } from '../groupware/suite';
import { CARD_DECORATIONS, cardText, editedCard, respelledCard, turnedCard, withCardLines } from './card-text';
import { DECORATIONS, edited, entryLines, itemText, respelled, turned, withLines } from './item-text';

/** A person who has a calendar. */
export function davPerson(calendar: string, kind: EntryKind, login: string): Person {
  const isCard = kind === 'contact';
  const type = isCard ? 'text/vcard' : 'text/calendar';
  const headers = { Authorization: `Basic ${Buffer.from(`${login}:x`).toString('base64')}`, 'Content-Type': type };
  // What nobody can understand, and every server takes.
  const unreadable = (text: string) => text.replace(/^(DTSTART|DTEND|DUE);TZID=Europe\/Zurich/gm, '$1;TZID=Nowhere/Land');
  const url = (id: string) =>
    `${calendar}${encodeURIComponent(id.startsWith('/') ? id.slice(1) : `${id}.${isCard ? 'vcf' : 'ics'}`)}`;
  const send = async (method: string, id: string, body?: string) => {
    const response = await fetch(url(id), { method, headers, ...(body === undefined ? {} : { body }) });
    if (!response.ok) throw new Error(`${method} ${id}: ${response.status} ${await response.text()}`);
    return response.text();
  };
  const change = async (id: string, work: (text: string) => string) => {
    await send('PUT', id, work(await send('GET', id)));
  };
  const common = {
    remove: async (id: string) => {
      await send('DELETE', id);
    },
    // In whatever order the server keeps them, and with what quotes.
    decorations: async (id: string) => {
      const lines = (await send('GET', id)).replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
      return lines.filter((line) => (isCard ? CARDS.has(plain(line)) : isDecoration.test(line))).sort();
    },
  };
  if (kind === 'contact')
    return {
      ...common,
      add: async (entry: Entry) => {
        await send('PUT', 'a phone’s name', cardText(entry));
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
      await send('PUT', 'a phone’s name', itemText(kind, ['UID:theirs@phone', 'DTSTAMP:20260101T000000Z', ...entryLines(entry)]));
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
