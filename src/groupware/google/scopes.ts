// What users agree to, and what an administrator lets a service account do: no more than the configuration needs.

import type { EntryKind } from '../../core/sync/entry';
import type { GoogleOptions } from './options';

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

/**
 * Scopes of each kind of entry. Neither Tasks (https://developers.google.com/workspace/tasks/auth) nor People
 * (https://developers.google.com/people/api/rest/v1/people.connections/list) has a narrower one that writes.
 */
const SCOPES: Readonly<Record<EntryKind, (options: Pick<GoogleOptions, 'calendar'>) => readonly string[]>> = {
  event: ({ calendar }) => CALENDAR[calendar],
  task: () => ['tasks'],
  contact: () => ['contacts'],
};

/** What has to be granted, as Google spells it, so that entries of these kinds can be kept in step. */
export function scopesOf(options: Pick<GoogleOptions, 'calendar'>, kinds: readonly EntryKind[]): readonly string[] {
  return kinds.flatMap((kind) => SCOPES[kind](options)).map((name) => `${AUTH}${name}`);
}
