// What stands in a user's folder, by what a groupware calls it: the UID, and never the name of a file. Pure.

import type { ItemFile } from '../../io/item-folder-contract';
import type { RemoteGone, RemoteItem } from '../groupware';
import type { ItemTexts, TextItem } from '../text-item';

/** A file and what it is. */
export interface SeenFile {
  readonly file: ItemFile;
  readonly item: TextItem;
}

/** Everything in the folder. */
export interface Seen {
  /** Whether the folder itself is there. */
  readonly isThere: boolean;
  /** The files of each id. */
  readonly files: ReadonlyMap<string, readonly SeenFile[]>;
  /** Whether a file is there that nobody knows the UID of: it could be that of any entry that seems to be missing. */
  readonly isUnsure: boolean;
}

/** Reads files; there are none where there is no folder. */
export function seenIn(files: readonly ItemFile[] | undefined, texts: ItemTexts): Seen {
  const all = (files ?? []).map((file) => seenFile(file, texts));
  const byId = new Map<string, readonly SeenFile[]>();
  for (const seen of all) for (const id of seen.item.uids) byId.set(id, [...(byId.get(id) ?? []), seen]);
  const nameless = all.filter(({ item }) => item.uids.length === 0);
  for (const seen of nameless) {
    const id = idWithoutUid(seen);
    if (!byId.has(id)) byId.set(id, [seen]);
  }
  // What is certainly no entry of ours is none of those that seem to be missing.
  const isUnsure = nameless.some(({ item }) => item.content.kind !== 'foreign');
  return { isThere: files !== undefined, files: byId, isUnsure };
}

/** Most programs name a file by its UID. A person may have named it by what it says, which nobody may see of a private one. */
function idWithoutUid({ file, item }: SeenFile): string {
  return item.content.kind === 'private' ? file.version : file.name.replace(/\.[^.]*$/, '');
}

/** The file of this text. */
export function seenFile(file: ItemFile, texts: ItemTexts): SeenFile {
  if (file.text !== undefined) return { file, item: texts.read(file.text) };
  const words = `its file cannot be read, is no text in UTF-8, or has more than ${texts.largest / 1024 ** 2} MB`;
  return { file, item: { uids: [], content: { kind: 'unreadable', words } } };
}

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
