// How the items of a kind are read and written by whatever keeps them as texts.

import type { EntryKind } from '../core/sync/entry';
import type { GroupwareUser } from './groupware';
import { icalTexts } from './ical-text';
import type { ItemTexts } from './text-item';
import type { Tools } from './tools';
import { vcardTexts } from './vcard-text';

/** The texts of a user's items of a kind. */
export async function openItemTexts(user: GroupwareUser, kind: EntryKind, tools: Tools): Promise<ItemTexts> {
  const now = () => tools.now();
  if (kind === 'contact') return vcardTexts({ vcards: await tools.vcards(), now });
  const rules = { user, kind, timeZone: user.timeZone, zoneOfWindows: await tools.zoneOfWindows() };
  return icalTexts({ icalendar: await tools.icalendar(), rules, now });
}
