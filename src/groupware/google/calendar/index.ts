// A user's calendar at Google: the description of the place in which events stand.

import type { GroupwareUser } from '../../groupware';
import { NO_FIRST_CALENDAR } from '../calls/answers';
import type { GoogleOptions } from '../options';
import type { ItemRules } from '../places/items';
import { BY_SYNC_TOKEN, type ListingRules } from '../places/listing';
import type { Place } from '../places/place';
import { EVENT_FIELDS, itemOf, type EventRules } from './event';
import { findCalendar, makeCalendar } from './place';
import { mayWriteFirst } from './role';
import { doSteps } from './steps';

/** How long a listing may show an event as it was; how long it is in truth, Google says nowhere. */
const SETTLED_AFTER_MS = 60_000;

/** What is fixed of a listing, and a part of each cursor. */
const FIXED = { singleEvents: 'false', maxResults: '2500' } as const;

/** The calendar of a user: one of the CRM's own, or the user's first one. */
export function calendarOf({ timeZone }: GroupwareUser, calendar: GoogleOptions['calendar']): Place {
  const items = eventsIn({ calendar, timeZone });
  const listing: ListingRules = {
    ...{ ...BY_SYNC_TOKEN, path: items.path, itemOf: items.itemOf, fixed: FIXED, holds: 'items' },
    fields: `nextPageToken,nextSyncToken,items(${EVENT_FIELDS})`,
  };
  return {
    ...{ called: 'calendar', way: calendar, settledAfterMs: SETTLED_AFTER_MS },
    ...(calendar === 'primary' ? { ifMissing: NO_FIRST_CALENDAR } : {}),
    path: (id) => `calendars/${encodeURIComponent(id)}`,
    ...{ items, listing, doSteps },
    find: (asker, deadline) => findCalendar(asker, calendar, deadline),
    make: makeCalendar,
    // What the list of calendars says of each that is found by its mark.
    mayWrite: calendar === 'own' ? () => Promise.resolve('said') : mayWriteFirst,
  };
}

function eventsIn(rules: EventRules): ItemRules {
  return {
    path: (calendarId) => `calendars/${encodeURIComponent(calendarId)}/events`,
    fields: EVENT_FIELDS,
    itemOf: (event) => itemOf(event, rules),
  };
}
