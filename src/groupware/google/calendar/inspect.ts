// What Google says about a calendar when it is only asked. Whether a calendar of the CRM can be made it says nowhere, and to make one on trial
// could be seen by people.

import type { Deadline } from '../../../core/deadline';
import { clockIn } from '../../../core/server-clock';
import { at } from '../../../core/shape';
import type { GroupwareUser, Inspected, Refused, Unwritable } from '../../groupware';
import { isMissing, isWell, NO_FIRST_CALENDAR, troubleOf } from '../calls/answers';
import type { GoogleClient } from '../calls/client';
import { findCalendar, type PlaceParts } from './place';

/** Looks at a calendar. `now` is in ms since 1970 UTC. */
export async function inspectCalendar(
  parts: PlaceParts,
  login: NonNullable<Inspected['login']>,
  now: () => number,
  deadline: Deadline,
): Promise<Inspected | Unwritable> {
  let clock: Pick<Inspected, 'aheadMs'> = {};
  const client: PlaceParts['client'] = {
    call: async (user, call, until) => {
      const before = now();
      // By itself: what travels in a batch has no time of its own.
      const called = await parts.client.call(user, { ...call, alone: true }, until);
      if (called.kind === 'answer') clock = clockIn(called.headers, (before + now()) / 2);
      return called;
    },
  };
  const found = await findCalendar({ ...parts, client }, deadline);
  if (found.kind !== 'calendar' && found.kind !== 'absent') return found;
  const known = { kind: 'inspected', login, tellsChanges: true } as const;
  if (found.kind === 'absent') return { ...known, isThere: false, ...clock };
  const role = parts.calendar === 'own' ? OWNER : await roleOf(client, parts.user, deadline);
  if (typeof role !== 'string') return role;
  if (CANNOT_WRITE.includes(role)) return READ_ONLY;
  return { ...known, isThere: true, ...(CAN_WRITE.includes(role) ? { writable: 'said' } : {}), ...clock };
}

/** What the list of calendars says of each that is found by its mark. */
const OWNER = 'owner';
/** What a role lets somebody do (https://developers.google.com/workspace/calendar/api/v3/reference/events/list, accessRole). */
const CAN_WRITE = [OWNER, 'writer'];
const CANNOT_WRITE = ['none', 'freeBusyReader', 'reader'];
const READ_ONLY: Refused = { kind: 'refused', reason: 'Google says that the account may only read its first calendar' };

/** The user's role in the first calendar; an empty text where Google does not say. It is a part of each listing, of which no event is asked for. */
async function roleOf(client: Pick<GoogleClient, 'call'>, user: GroupwareUser, deadline: Deadline): Promise<string | Unwritable> {
  const query = { maxResults: '1', fields: 'accessRole' };
  const called = await client.call(user, { method: 'GET', path: 'calendars/primary/events', query }, deadline);
  if (called.kind !== 'answer' || !isWell(called))
    return called.kind === 'answer' && isMissing(called) ? NO_FIRST_CALENDAR : troubleOf(called);
  const role = at(called.json, 'accessRole');
  return typeof role === 'string' ? role : '';
}
