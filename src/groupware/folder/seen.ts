// What stands in a user's folder, by what a groupware calls it: the UID, and never the name of a file. Pure.

import type { CalendarComponent, ICalendar } from '../../io/icalendar-contract';
import type { ItemFile } from '../../io/item-folder-contract';
import type { RemoteGone, RemoteItem } from '../groupware';
import { itemOf, type IcalItem, type IcalRules } from '../ical-entry';

/** A file and what it is. */
export interface SeenFile {
  readonly file: ItemFile;
  readonly calendar: CalendarComponent | undefined;
  readonly item: IcalItem;
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
export function seenIn(files: readonly ItemFile[] | undefined, icalendar: ICalendar, rules: IcalRules): Seen {
  const all = (files ?? []).map((file) => seenFile(file, icalendar, rules));
  const byId = new Map<string, readonly SeenFile[]>();
  for (const seen of all) for (const id of seen.item.uids) byId.set(id, [...(byId.get(id) ?? []), seen]);
  const nameless = all.filter(({ item }) => item.uids.length === 0);
  for (const seen of nameless) {
    const id = idWithoutUid(seen);
    if (!byId.has(id)) byId.set(id, [seen]);
  }
  return { isThere: files !== undefined, files: byId, isUnsure: nameless.length > 0 };
}

/** Most programs name a file by its UID. A person may have named it by what it says, which nobody may see of a private one. */
function idWithoutUid({ file, item }: SeenFile): string {
  return item.content.kind === 'private' ? file.version : file.name.slice(0, -'.ics'.length);
}

/** The file of this text. */
export function seenFile(file: ItemFile, icalendar: ICalendar, rules: IcalRules): SeenFile {
  const { text } = file;
  if (text === undefined)
    return { file, calendar: undefined, item: { uids: [], content: { kind: 'unreadable', words: UNREAD } } };
  const calendar = icalendar.read(text);
  const item = itemOf(calendar, rules);
  return { file, calendar, item: calendar === undefined ? ofBroken(text, item) : item };
}

/** A text that is broken may still say which one it is, and that it is private. */
function ofBroken(text: string, item: IcalItem): IcalItem {
  const valueOf = (name: string) => new RegExp(`^${name}(?:;[^:\\r\\n]*)?:(.*)$`, 'im').exec(text)?.[1]?.trim();
  const [uid, level] = [valueOf('UID'), valueOf('CLASS')];
  const isPrivate = level !== undefined && level.toUpperCase() !== 'PUBLIC';
  return { uids: uid === undefined ? [] : [uid], content: isPrivate ? { kind: 'private' } : item.content };
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
