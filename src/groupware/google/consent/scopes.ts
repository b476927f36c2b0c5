// What users agree to, and what an administrator lets a service account do: no more than the configuration needs.

import type { EntryKind } from '../../../core/sync/entry';
import type { GoogleOptions } from '../options';

const AUTH = 'https://www.googleapis.com/auth/';

/** Who somebody is: asked for beside a consent, and by no service account. */
export const IDENTITY_SCOPES: readonly string[] = ['openid', 'email'];

/**
 * Scopes of Calendar (https://developers.google.com/workspace/calendar/api/auth). `calendar.app.created` reaches the calendars alone that the
 * program made, and no list of them: by that list the own one is found again.
 */
const CALENDAR: Readonly<Record<GoogleOptions['calendar'], readonly string[]>> = {
  own: ['calendar.app.created', 'calendar.calendarlist.readonly'],
  primary: ['calendar.events.owned'],
};

/** When a user is busy, and nothing else (https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query). */
const BUSY = 'calendar.freebusy';

/** What of the options decides about scopes. */
type ScopeOptions = Pick<GoogleOptions, 'calendar' | 'busy'>;

/**
 * Scopes of each kind of entry. Neither Tasks (https://developers.google.com/workspace/tasks/auth) nor People
 * (https://developers.google.com/people/api/rest/v1/people.connections/list) has a narrower one that writes.
 */
const SCOPES: Readonly<Record<EntryKind, (options: ScopeOptions) => readonly string[]>> = {
  event: ({ calendar, busy }) => [...CALENDAR[calendar], ...(busy ? [BUSY] : [])],
  task: () => ['tasks'],
  contact: () => ['contacts'],
};

/** What has to be granted, as Google spells it, so that entries of these kinds can be kept in step. */
export function scopesOf(options: ScopeOptions, kinds: readonly EntryKind[]): readonly string[] {
  return kinds.flatMap((kind) => SCOPES[kind](options)).map((name) => `${AUTH}${name}`);
}
