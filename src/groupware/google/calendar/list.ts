// Listing the events of a calendar: everything, or what changed since a sync token. Whoever lists says the same each time, or the token would
// count no more (https://developers.google.com/workspace/calendar/api/guides/sync).

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { GroupwareUser, RemoteGone, RemoteItem, Trouble } from '../../groupware';
import { isMissing, isWell, troubleOf, type Answer } from '../calls/answers';
import type { GoogleClient } from '../calls/client';
import type { Place } from '../places/cursor';
import { staleIn } from '../places/pages';
import { EVENT_FIELDS, itemOf, type EventRules } from './event';

/** A page of events. */
export type EventPage =
  | {
      readonly kind: 'page';
      readonly items: readonly (RemoteItem | RemoteGone)[];
      /** Where the next page is; or, of the last one, from where the next listing goes on. */
      readonly to: Place;
      readonly isLast: boolean;
    }
  | { readonly kind: 'expired' }
  /** There is no such calendar. */
  | { readonly kind: 'missing' }
  | Trouble;

/** What is fixed of a listing, and a part of each cursor. */
export const FIXED = { singleEvents: 'false', maxResults: '2500' } as const;

/** Lists a page. */
export async function listEvents(
  client: GoogleClient,
  user: GroupwareUser,
  from: Place,
  rules: EventRules,
  deadline: Deadline,
): Promise<EventPage> {
  const { calendarId, syncToken, pageToken } = from;
  const query = {
    ...FIXED,
    fields: `nextPageToken,nextSyncToken,items(${EVENT_FIELDS})`,
    ...(syncToken === '' ? {} : { syncToken }),
    ...(pageToken === '' ? {} : { pageToken }),
  };
  const path = `calendars/${encodeURIComponent(calendarId)}/events`;
  // A page of everything may be as long as the rest of a batch together; one of changes is short.
  const called = await client.call(user, { method: 'GET', path, query, alone: syncToken === '' }, deadline);
  if (called.kind !== 'answer') return troubleOf(called);
  if (!isWell(called)) return unlisted(called, from);
  return pageOf(called, from, rules);
}

function unlisted(answer: Answer, { syncToken, pageToken }: Place): EventPage {
  return staleIn(answer, syncToken, pageToken) ?? (isMissing(answer) ? { kind: 'missing' } : troubleOf(answer));
}

function pageOf({ json }: Answer, from: Place, rules: EventRules): EventPage {
  const [listed, page = '', sync = ''] = [at(json, 'items') ?? [], at(json, 'nextPageToken'), at(json, 'nextSyncToken')];
  if (!Array.isArray(listed) || typeof page !== 'string' || typeof sync !== 'string') return UNREADABLE;
  const items = listed.map((each) => itemOf(each, rules));
  // What is left out would be taken for deleted.
  if (items.includes(undefined)) return UNREADABLE;
  // So is a listing that does not say where it goes on: an empty answer is none of an empty calendar.
  if (page === '' && sync === '') return UNREADABLE;
  if (page !== '' && page === from.pageToken) return UNREADABLE;
  const to = page === '' ? { ...from, syncToken: sync, pageToken: '' } : { ...from, pageToken: page };
  return { kind: 'page', items: items.filter((item) => item !== undefined), to, isLast: page === '' };
}

const UNREADABLE: Trouble = { kind: 'retry', reason: 'Google’s listing cannot be read' };
