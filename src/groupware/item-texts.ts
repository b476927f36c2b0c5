// How the items of a kind are read and written by whatever keeps them as texts.

import type { EntryKind } from '../core/sync/entry';
import type { GroupwareUser } from './groupware';
import { icalTexts } from './ical-text';
import { itemOfBroken, notChanged, type ItemTexts } from './text-item';
import type { Tools } from './tools';
import { vcardTexts } from './vcard-text';

/** The texts of a user's items of a kind. */
export async function openItemTexts(user: GroupwareUser, kind: EntryKind, tools: Tools): Promise<ItemTexts> {
  const now = () => tools.now();
  if (kind === 'contact') return ofUsualSize(vcardTexts({ vcards: await tools.vcards(), now }));
  const rules = { user, kind, timeZone: user.timeZone, zoneOfWindows: await tools.zoneOfWindows() };
  return ofUsualSize(icalTexts({ icalendar: await tools.icalendar(), rules, now }));
}

/** The same, but a text that is larger than an item stays unread, wherever it comes from. It still says which one it is. */
function ofUsualSize(texts: ItemTexts): ItemTexts {
  const isLarger = (text: string) => Buffer.byteLength(text) > texts.largest;
  const content = { kind: 'unreadable', words: `it has more than ${texts.largest / 1024 ** 2} MB` } as const;
  return {
    ...texts,
    read: (text) => (isLarger(text) ? itemOfBroken(text, content) : texts.read(text)),
    change: (text, step) => (isLarger(text) ? notChanged(content) : texts.change(text, step)),
  };
}
