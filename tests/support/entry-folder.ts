// A folder as a groupware, and a person who writes into it with an editor.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgendaKind, EntryKind } from '../../src/core/sync/entry';
import { folder } from '../../src/groupware/folder/index';
import type { GroupwareUser } from '../../src/groupware/groupware';
import { groupwareTools } from '../../src/parts/groupware';
import type { Person, Subject } from '../groupware/suite';
import { cardEditor } from './card-editor';
import { DECORATIONS, edited, entryLines, itemText, respelled, turned, withLines } from './item-text';
import { temporaryFolder } from './sample';
import type { Texts } from './worlds';

const FOLDERS = { event: 'calendar', task: 'tasks', contact: 'contacts' } as const;

/** A folder for tests. */
export interface EntryFolder extends Subject {
  readonly root: string;
  /** The folder of a user's entries, made if it is not there. */
  at(user: GroupwareUser, kind: EntryKind): string;
  /** Its files, without their endings. */
  texts(user: GroupwareUser, kind: EntryKind): Texts;
  /** Takes the folder of a user away, and brings it back. */
  takeAway(user: GroupwareUser): () => void;
}

/** Makes one, in a folder of its own if nobody says where. */
export function entryFolder(root = temporaryFolder(), now = () => Date.parse('2026-03-01T12:00:00Z')): EntryFolder {
  const tools = groupwareTools({ now });
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
    texts: (user, kind) => textsIn(at(user, kind), kind === 'contact' ? '.vcf' : '.ics'),
    takeAway: ({ login }) => {
      const away = join(root, `${login} is away`);
      renameSync(join(root, login), away);
      return () => renameSync(away, join(root, login));
    },
    close: () => Promise.resolve(rmSync(root, { recursive: true, force: true })),
  };
}

function textsIn(path: string, ending: string): Texts {
  const fileOf = (name: string) => join(path, name + ending);
  const settled = <T>(work: () => T) => Promise.resolve().then(work);
  return {
    names: () => settled(() => readdirSync(path).map((name) => name.slice(0, -ending.length))),
    read: (name) => settled(() => readFileSync(fileOf(name), 'utf8')),
    write: (name, text) => settled(() => writeFileSync(fileOf(name), text)),
    remove: (name) => settled(() => rmSync(fileOf(name))),
  };
}

function editor(path: string, kind: AgendaKind): Person {
  const files = () => readdirSync(path).map((name) => join(path, name));
  const fileOf = (id: string) => files().find((file) => readFileSync(file, 'utf8').includes(`\r\nUID:${id}\r\n`)) ?? '';
  const change = (id: string, work: (text: string) => string) =>
    Promise.resolve().then(() => writeFileSync(fileOf(id), work(readFileSync(fileOf(id), 'utf8'))));
  return {
    add: (entry) => {
      writeFileSync(
        join(path, 'any name.ics'),
        itemText(kind, ['UID:theirs@phone', 'DTSTAMP:20260101T000000Z', ...entryLines(entry)]),
      );
      return Promise.resolve('theirs@phone');
    },
    edit: (id, entry) => change(id, (text) => edited(text, kind, entry)),
    remove: (id) => Promise.resolve(rmSync(fileOf(id))),
    turn: (id, into) =>
      change(id, (text) => (into === 'unreadable' ? text.slice(0, text.search(/END:V(EVENT|TODO)/)) : turned(text, kind, into))),
    decorate: (id) => change(id, (text) => withLines(text, kind, DECORATIONS)),
    decorations: (id) => {
      const lines = readFileSync(fileOf(id), 'utf8').replace(/\r\n /g, '').split('\r\n');
      return Promise.resolve(lines.filter((line) => DECORATIONS.includes(line)));
    },
    respell: (id) => change(id, respelled),
  };
}
