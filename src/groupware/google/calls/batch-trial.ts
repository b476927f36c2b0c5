// How Google answers calls of several users in one request. Its page says that each part may have an Authorization of its own
// (https://developers.google.com/workspace/calendar/api/guides/batch); nobody saw it on the live service, so it is tried: with a question whose
// answer differs from user to user, says nothing of anybody's entries, and is compared and forgotten.

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { SharedTried } from '../../groupware';
import type { GoogleOptions } from '../options';
import { isWell, refusalOf, troubleOf } from './answers';
import type { CallOutcome } from './batch-answer';
import type { GoogleClient } from './client';
import type { GoogleCall, GoogleUser } from './sending';

/** A question, and the fields of its answer that are compared; the first one is always there. */
interface Question {
  readonly path: string;
  readonly query?: GoogleCall['query'];
  readonly fields: readonly string[];
}

/** As the scopes allow it: the address of the account, or how the first calendar is called. */
const QUESTIONS: Readonly<Record<GoogleOptions['calendar'], Question>> = {
  own: { path: 'users/me/calendarList/primary', fields: ['id'] },
  primary: { path: 'calendars/primary/events', query: { maxResults: '1' }, fields: ['summary', 'description', 'timeZone'] },
};

/** So many users are asked until two are found whose answers differ. */
const MOST_ASKED = 5;

/** Tries it with two of these users: each is asked alone, and then both in one request. */
export async function tryBatch(
  client: GoogleClient,
  calendar: GoogleOptions['calendar'],
  users: readonly GoogleUser[],
  deadline: Deadline,
): Promise<SharedTried> {
  const { fields, path, query } = QUESTIONS[calendar];
  const call: GoogleCall = { method: 'GET', path, query: { ...query, fields: fields.join(',') } };
  const known: { readonly user: GoogleUser; readonly call: GoogleCall; readonly answer: string }[] = [];
  let reason: string | undefined;
  for (const user of users.slice(0, MOST_ASKED)) {
    const called = await client.call(user, { ...call, alone: true }, deadline);
    const answer = called.kind === 'answer' && isWell(called) ? answerIn(called.json, fields) : undefined;
    if (answer !== undefined) known.push({ user, call, answer });
    else reason ??= called.kind === 'answer' && isWell(called) ? UNREADABLE : troubleOf(called).reason;
    if (known.some((each) => each.answer !== known[0]?.answer)) break;
  }
  const [one] = known;
  const other = known.find((each) => each.answer !== one?.answer);
  if (one === undefined || other === undefined)
    return reason === undefined || known.length > 1 ? { kind: 'alike', users: known.length } : { kind: 'untold', reason };
  const outcomes = await client.askTogether([one, other], deadline);
  if ('kind' in outcomes) return { kind: 'untold', reason: outcomes.reason };
  const tried = [one, other].map(({ answer }, index) => compared(outcomes[index], answer, fields));
  return WORST.flatMap((kind) => tried.filter((each) => each.kind === kind))[0] ?? { kind: 'right' };
}

/** What is the worst of two parts is true of both. */
const WORST = ['mixed', 'wrong', 'untold'] as const;
const UNREADABLE = 'its answer cannot be read';

/** What a part of the request came to, whose user was answered so alone. */
function compared(outcome: CallOutcome | undefined, alone: string, fields: readonly string[]): SharedTried {
  if (outcome === undefined) return { kind: 'untold', reason: UNREADABLE };
  if (outcome.kind === 'refused') return { kind: 'wrong', reason: outcome.reason };
  if (outcome.kind !== 'answer') return { kind: 'untold', reason: outcome.reason };
  if (!isWell(outcome)) return { kind: outcome.status < 500 ? 'wrong' : 'untold', reason: refusalOf(outcome).reason };
  const answer = answerIn(outcome.json, fields);
  if (answer === undefined) return { kind: 'wrong', reason: UNREADABLE };
  return { kind: answer === alone ? 'right' : 'mixed' };
}

/** What is compared of an answer. */
function answerIn(json: unknown, fields: readonly string[]): string | undefined {
  const values = fields.map((field) => at(json, field));
  return typeof values[0] === 'string' && values[0] !== '' ? JSON.stringify(values) : undefined;
}
