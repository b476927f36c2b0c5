// What stands in a user's folder, by what a groupware calls it: the UID, and never the name of a file. Pure.

import type { ItemFile } from '../../io/item-folder-contract';
import type { RemoteGone, RemoteItem } from '../groupware';
import { readItem, type IcalParts, type IcalText } from '../ical-text';

/** A file and what it is. */
export interface SeenFile extends IcalText {
  readonly file: ItemFile;
}

/** Everything in the folder. */
export interface Seen {
  /** The files of each id. */
  readonly files: ReadonlyMap<string, readonly SeenFile[]>;
  /** Whether a file is there that nobody knows the UID of: it could be that of any entry that seems to be missing. */
  readonly isUnsure: boolean;
}

/** Reads files. */
export function seenIn(files: readonly ItemFile[], parts: IcalParts): Seen {
  const all = files.map((file) => seenFile(file, parts));
  const byId = new Map<string, readonly SeenFile[]>();
  for (const seen of all) for (const id of seen.item.uids) byId.set(id, [...(byId.get(id) ?? []), seen]);
  const nameless = all.filter(({ item }) => item.uids.length === 0);
  for (const seen of nameless) {
    const id = idWithoutUid(seen);
    if (!byId.has(id)) byId.set(id, [seen]);
  }
  return { files: byId, isUnsure: nameless.length > 0 };
}

/** Most programs name a file by its UID. A person may have named it by what it says, which nobody may see of a private one. */
function idWithoutUid({ file, item }: SeenFile): string {
  return item.content.kind === 'private' ? file.version : file.name.slice(0, -'.ics'.length);
}

/** The file of this text. */
export function seenFile(file: ItemFile, parts: IcalParts): SeenFile {
  const { text } = file;
  if (text === undefined)
    return { file, calendar: undefined, item: { uids: [], content: { kind: 'unreadable', words: UNREAD } } };
  return { file, ...readItem(text, parts) };
}

const UNREAD = 'its file cannot be read, is no text in UTF-8, or has more than a megabyte';

/** What is told of an id. */
export function remoteItem(id: string, files: readonly SeenFile[]): RemoteItem | RemoteGone {
  const standing = files.filter(({ item }) => item.content.kind !== 'gone');
  const [first, ...more] = standing;
  if (first === undefined) return { id, gone: true };
  const { mark, content } = first.item;
  const version = standing.map(({ file }) => file.version).join(' ');
  const isPrivate = standing.some(({ item }) => item.content.kind === 'private');
  if (isPrivate || content.kind === 'gone') return { id, version, content: { kind: 'private' } };
  if (more.length === 0) return { id, version, content, ...(mark === undefined ? {} : { mark }) };
  const names = standing.map(({ file }) => file.name).join(', ');
  return { id, version, content: { kind: 'unreadable', words: `several files have its UID: ${names}` } };
}
