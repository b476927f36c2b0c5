// A person with another program at a server of CalDAV: what is written is put there over HTTP, and without asking anybody.

import type { Entry, AgendaKind } from '../../src/core/sync/entry';
import type { Person } from '../groupware/suite';
import { DECORATIONS, edited, entryLines, itemText, respelled, turned, withLines } from './item-text';

/** A person who has a calendar. */
export function davPerson(calendar: string, kind: AgendaKind, login: string): Person {
  const headers = { Authorization: `Basic ${Buffer.from(`${login}:x`).toString('base64')}`, 'Content-Type': 'text/calendar' };
  // What nobody can understand, and every server takes.
  const unreadable = (text: string) => text.replace(/^(DTSTART|DTEND|DUE);TZID=Europe\/Zurich/gm, '$1;TZID=Nowhere/Land');
  const url = (id: string) => `${calendar}${encodeURIComponent(id.startsWith('/') ? id.slice(1) : `${id}.ics`)}`;
  const send = async (method: string, id: string, body?: string) => {
    const response = await fetch(url(id), { method, headers, ...(body === undefined ? {} : { body }) });
    if (!response.ok) throw new Error(`${method} ${id}: ${response.status} ${await response.text()}`);
    return response.text();
  };
  const change = async (id: string, work: (text: string) => string) => {
    await send('PUT', id, work(await send('GET', id)));
  };
  return {
    add: async (entry: Entry) => {
      await send('PUT', 'a phone’s name', itemText(kind, ['UID:theirs@phone', 'DTSTAMP:20260101T000000Z', ...entryLines(entry)]));
      return 'a phone’s name';
    },
    edit: (id, entry) => change(id, (text) => edited(text, kind, entry)),
    remove: async (id) => {
      await send('DELETE', id);
    },
    turn: (id, into) => change(id, (text) => (into === 'unreadable' ? unreadable(text) : turned(text, kind, into))),
    decorate: (id) => change(id, (text) => withLines(text, kind, DECORATIONS)),
    // In whatever order the server keeps them, and with what quotes.
    decorations: async (id) => {
      const lines = (await send('GET', id)).replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
      return lines.filter((line) => isDecoration.test(line)).sort();
    },
    respell: (id) => change(id, respelled),
  };
}

const isDecoration = new RegExp(
  `^(${DECORATIONS.map((line) => line.split(/[;:]/)[0])
    .filter((name) => !/^(SUMMARY|DESCRIPTION|BEGIN|END)$/.test(name ?? ''))
    .join('|')}|SUMMARY:Wake|DESCRIPTION:Go|BEGIN:VALARM)`,
);
