// The kinds of entries that the program knows, one row each (docs/crm.md, "Calendar, tasks" and "Address book"). A site changes them, and adds its own.

import { contactType } from './contact-type';
import type { EntryType } from './entry-type';
import { appointment, dispatch, phoneLog } from './event-types';
import { actionItem, commitment } from './task-types';

/** Every kind of entry that the program brings along. */
export const entryTypes: readonly EntryType[] = [appointment, phoneLog, dispatch, actionItem, commitment, contactType];
