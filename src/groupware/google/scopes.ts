// What users agree to, and what an administrator lets a service account do: no more than the configuration needs.

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

/** What has to be granted, as Google spells it. */
export function scopesOf({ calendar }: Pick<GoogleOptions, 'calendar'>): readonly string[] {
  return CALENDAR[calendar].map((name) => `${AUTH}${name}`);
}
