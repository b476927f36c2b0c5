// What a user may do in the first calendar, as Google says.

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { Refused, Unwritable } from '../../groupware';
import { isMissing, isWell, NO_FIRST_CALENDAR, troubleOf } from '../calls/answers';
import type { Asker } from '../places/items';

/** What a role lets somebody do (https://developers.google.com/workspace/calendar/api/v3/reference/events/list, accessRole). */
const CAN_WRITE: readonly unknown[] = ['owner', 'writer'];
const CANNOT_WRITE: readonly unknown[] = ['none', 'freeBusyReader', 'reader'];
const READ_ONLY: Refused = { kind: 'refused', reason: 'Google says that the account may only read its first calendar' };

/** Whether events may be changed there. The role is a part of each listing, of which no event is asked for. */
export async function mayWriteFirst({ client, user }: Asker, deadline: Deadline): Promise<'said' | undefined | Unwritable> {
  const query = { maxResults: '1', fields: 'accessRole' };
  const called = await client.call(user, { method: 'GET', path: 'calendars/primary/events', query }, deadline);
  if (called.kind !== 'answer' || !isWell(called))
    return called.kind === 'answer' && isMissing(called) ? NO_FIRST_CALENDAR : troubleOf(called);
  const role = at(called.json, 'accessRole');
  if (CANNOT_WRITE.includes(role)) return READ_ONLY;
  return CAN_WRITE.includes(role) ? 'said' : undefined;
}
