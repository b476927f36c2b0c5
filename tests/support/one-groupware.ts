// A configuration of one groupware, as the commands see it.

import type { All } from '../../src/commands/groupware/named-groupwares';
import type { OpenGroupware } from '../../src/commands/groupware/sync/parts';
import { CARD_ENTRY_FIELDS } from '../../src/groupware/vcard-fields';

/** What calendars and lists of tests hold. */
const FIELDS: OpenGroupware['fields'] = {
  event: ['subject', 'time', 'place', 'notes'],
  task: ['subject', 'time', 'notes', 'done'],
  contact: CARD_ENTRY_FIELDS,
};

/** One with events and tasks, whose turns are taken one by one, unless something else is said. */
export function oneGroupware(given: Pick<OpenGroupware, 'open'> & Partial<OpenGroupware>): All<OpenGroupware> {
  const named = { name: '', type: 'memory', identity: '', called: 'Memory' };
  return [{ ...named, kinds: ['event', 'task'], fields: FIELDS, concurrency: 1, ...given }];
}
