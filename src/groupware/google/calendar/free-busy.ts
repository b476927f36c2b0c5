// When the first calendar of a user is busy: one question for all that is wanted, without a word of any event.
// https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query

import type { Deadline } from '../../../core/deadline';
import { at, isRecord } from '../../../core/shape';
import { joined, type BusyTime } from '../../../core/sync/busy';
import { isoSeconds } from '../../../core/wall-clock';
import type { GroupwareUser, Trouble } from '../../groupware';
import { isWell, troubleOf } from '../calls/answers';
import type { GoogleClient } from '../calls/client';
import { wordsOf } from '../calls/error-reasons';
import { momentOf } from '../places/moment';

const WEEK_MS = 7 * 86_400_000;

/**
 * So many weeks are asked about: as many as fit into one question, since each more is one more in each turn. Google takes 90 days, which
 * its pages do not say (https://github.com/calcom/cal.diy/pull/11962).
 */
const WEEKS = 12;

/**
 * What is asked about at a moment (ms since 1970 UTC): from between one and two weeks before it. Google may cut off what lies across an
 * end; in whole weeks it is cut at the same place for a week, and only if it is longer than one, at the begin.
 */
export function askedAbout(now: number): BusyTime {
  const begin = (Math.floor(now / WEEK_MS) - 1) * WEEK_MS;
  return { begin, end: begin + WEEKS * WEEK_MS };
}

/** Asks when a user is busy. */
export async function askBusy(
  client: GoogleClient,
  user: GroupwareUser,
  { begin, end }: BusyTime,
  deadline: Deadline,
): Promise<readonly BusyTime[] | Trouble> {
  const json = { timeMin: isoSeconds(begin), timeMax: isoSeconds(end), items: [{ id: 'primary' }] };
  const call = { method: 'POST', path: 'freeBusy', query: { fields: 'calendars' }, json, isQuestion: true } as const;
  const called = await client.call(user, call, deadline);
  return called.kind === 'answer' && isWell(called) ? readBusy(called.json) : troubleOf(called);
}

/** What Google answered about the one calendar that it was asked for: that it cannot tell stands in an answer like any other. */
export function readBusy(json: unknown): readonly BusyTime[] | Trouble {
  const calendars = at(json, 'calendars');
  // Whether it is called as it was asked for, or by its own id, no page says.
  const [calendar, ...others] = isRecord(calendars) ? Object.values(calendars) : [];
  const [errors = [], busy] = [at(calendar, 'errors'), at(calendar, 'busy')];
  if (!Array.isArray(errors) || others.length > 0) return UNREADABLE;
  if (errors.length > 0) {
    const reasons = wordsOf(errors.map((error) => at(error, 'reason')));
    return { kind: 'retry', reason: `Google does not tell when the user is busy (${reasons.join(', ') || 'no reason'})` };
  }
  // Nobody is free because an answer says nothing.
  if (!Array.isArray(busy)) return UNREADABLE;
  const times = busy.map((each) => ({ begin: momentOf(at(each, 'start')), end: momentOf(at(each, 'end')) }));
  return times.every(({ begin, end }) => begin < end) ? joined(times) : UNREADABLE;
}

const UNREADABLE: Trouble = { kind: 'retry', reason: 'Google’s answer about when the user is busy cannot be read' };
