// Steps on the events of a calendar: all of them at once, each about the version that it names, and without a mail to anybody.

import type { Deadline } from '../../../core/deadline';
import type { Found, GroupwareUser, RemoteItem, RemoteStep, StepOutcome, Trouble } from '../../groupware';
import { whyNotWritten } from '../../spans';
import type { StepTo } from '../../text-item';
import { isGoogles, isMissing, isOfItem, isWell, refusalOf, troubleOf, type Answer } from '../calls/answers';
import type { Called, GoogleClient } from '../calls/client';
import { reasonsOf } from '../calls/error-reasons';
import type { GoogleCall } from '../calls/sending';
import { EVENT_FIELDS, itemOf, type EventRules } from './event';
import { changeOf, newEvent } from './event-body';

/** A calendar, and what its events are read by. */
export interface Shelf {
  readonly client: GoogleClient;
  readonly user: GroupwareUser;
  readonly calendarId: string;
  readonly rules: EventRules;
}

/** What became of a step. `unknown` may have been done, and `look` has to be looked at: Google says no more than that it was not done. */
type Stepped = StepOutcome | { readonly kind: 'unknown' } | { readonly kind: 'look'; readonly answer: Answer };

/** Nobody is ever told by mail. https://developers.google.com/workspace/calendar/api/v3/reference/events/patch, `sendUpdates` */
const QUIET = { sendUpdates: 'none' } as const;

/** Asks for events by their ids. Those that are missing in the result are unknown. */
export async function getEvents(
  shelf: Shelf,
  ids: readonly string[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, Found> | Trouble> {
  const called = await Promise.all(ids.map((id) => get(shelf, id, deadline)));
  const found = new Map<string, Found>();
  for (const [at, id] of ids.entries()) {
    const there = called[at] === undefined ? undefined : foundIn(called[at], shelf.rules);
    if (there !== undefined) found.set(id, there);
  }
  const trouble = called.find((each) => each.kind === 'retry' || each.kind === 'refused');
  return found.size === 0 && trouble !== undefined ? troubleOf(trouble) : found;
}

function get(shelf: Shelf, id: string, deadline: Deadline): Promise<Called> {
  return shelf.client.call(shelf.user, { method: 'GET', ...eventOf(shelf, id), query: { fields: EVENT_FIELDS } }, deadline);
}

function foundIn(called: Called, rules: EventRules): Found | undefined {
  if (called.kind !== 'answer') return undefined;
  if (isMissing(called)) return 'absent';
  const item = isWell(called) ? itemOf(called.json, rules) : undefined;
  return item === undefined || !('gone' in item) ? item : 'absent';
}

function eventOf({ calendarId }: Shelf, id: string): Pick<GoogleCall, 'path' | 'about'> {
  return { path: `calendars/${encodeURIComponent(calendarId)}/events/${encodeURIComponent(id)}`, about: `${calendarId} ${id}` };
}

/** Does the steps. `known` are items as they were seen; whatever is not among them is looked at before it is changed. */
export async function doSteps(
  shelf: Shelf,
  steps: readonly RemoteStep[],
  known: ReadonlyMap<string, RemoteItem>,
  deadline: Deadline,
): Promise<ReadonlyMap<string, StepOutcome>> {
  const before = await lookedAt(shelf, steps, known, deadline);
  const stepped = await Promise.all(steps.map((step) => stepOf(step, shelf, before, deadline)));
  const settled = await Promise.all(stepped.map((came, at) => settledOf(came, steps[at], shelf, deadline)));
  return new Map(
    steps.flatMap(({ linkId }, at) => {
      const came = settled[at];
      return came === undefined ? [] : [[linkId, came] as const];
    }),
  );
}

type Before = ReadonlyMap<string, Found | Called>;

/** The items that are to be changed, as they are. */
async function lookedAt(
  shelf: Shelf,
  steps: readonly RemoteStep[],
  known: ReadonlyMap<string, RemoteItem>,
  deadline: Deadline,
): Promise<Before> {
  const updates = steps.filter((step) => step.do === 'update');
  const looked = await Promise.all(
    updates.map(async ({ id, version }): Promise<readonly [string, Found | Called]> => {
      const seen = known.get(id);
      if (seen?.version === version) return [id, seen];
      const called = await get(shelf, id, deadline);
      return [id, foundIn(called, shelf.rules) ?? called];
    }),
  );
  return new Map(looked);
}

function stepOf(step: RemoteStep, shelf: Shelf, before: Before, deadline: Deadline): Promise<Stepped> {
  if (step.do === 'create') return create(step, shelf, deadline);
  return step.do === 'update' ? update(step, shelf, before.get(step.id), deadline) : remove(step, shelf, deadline);
}

async function create(step: StepTo<'create'>, shelf: Shelf, deadline: Deadline): Promise<Stepped> {
  const reason = whyNotWritten(step.entry);
  if (reason !== undefined) return { kind: 'rejected', reason };
  const { client, user, calendarId, rules } = shelf;
  const call: GoogleCall = {
    ...{ method: 'POST', path: `calendars/${encodeURIComponent(calendarId)}/events`, query: { ...QUIET, fields: EVENT_FIELDS } },
    ...{ json: newEvent(step, rules.timeZone), about: eventOf(shelf, step.linkId).about ?? '' },
  };
  const called = await client.call(user, call, deadline);
  if (called.kind !== 'answer') return called;
  if (isWell(called)) return doneBy(called, rules);
  if (called.status === 409) return { kind: 'look', answer: called };
  return isMissing(called) ? NO_CALENDAR : refused(called);
}

async function update(
  step: StepTo<'update'>,
  shelf: Shelf,
  before: Found | Called | undefined,
  deadline: Deadline,
): Promise<Stepped> {
  const { id, version, entry, fields } = step;
  if (before === undefined || before === 'absent') return { kind: 'stale' };
  if ('kind' in before) return before.kind === 'answer' ? { kind: 'look', answer: before } : before;
  if (before.version !== version) return { kind: 'stale' };
  if (before.content.kind !== 'entry')
    return { kind: 'rejected', reason: `what is there is ${before.content.kind}, and no entry to be changed` };
  const reason = fields.includes('time') ? whyNotWritten(entry) : undefined;
  if (reason !== undefined) return { kind: 'rejected', reason };
  const json = changeOf(before.content.entry, step, shelf.rules.timeZone);
  if (json === undefined) return { kind: 'done', item: before };
  const query = { ...QUIET, fields: EVENT_FIELDS };
  const called = await shelf.client.call(
    shelf.user,
    { method: 'PATCH', ...eventOf(shelf, id), query, headers: { 'If-Match': version }, json },
    deadline,
  );
  if (called.kind !== 'answer') return called;
  if (isWell(called)) return doneBy(called, shelf.rules);
  if (called.status === 412 || called.status === 409 || isMissing(called)) return { kind: 'stale' };
  return called.status === 403 && isGoogles(called) ? { kind: 'look', answer: called } : refused(called);
}

async function remove({ id, version }: StepTo<'delete'>, shelf: Shelf, deadline: Deadline): Promise<Stepped> {
  // What no header can hold is no version of Google's.
  if (!isVersion(version)) return { kind: 'stale' };
  const called = await shelf.client.call(
    shelf.user,
    { method: 'DELETE', ...eventOf(shelf, id), query: QUIET, headers: { 'If-Match': version } },
    deadline,
  );
  if (called.kind !== 'answer') return called;
  if (isWell(called)) return { kind: 'deleted' };
  if (called.status === 412 || called.status === 409 || isMissing(called)) return { kind: 'stale' };
  return called.status === 403 && isGoogles(called) ? { kind: 'look', answer: called } : refused(called);
}

function isVersion(version: string): boolean {
  return /^[ -~]+$/.test(version);
}

/** An event that was written says how it is now. */
function doneBy({ json }: Answer, rules: EventRules): Stepped {
  const item = itemOf(json, rules);
  return item === undefined || 'gone' in item ? { kind: 'unknown' } : { kind: 'done', item };
}

/** Something about this one event; or about the calendar, or whatever stands before Google: then nothing of the others goes either. */
function refused(answer: Answer): Stepped {
  const isOfCalendar = reasonsOf(answer.json).includes('requiredAccessLevel');
  return isOfItem(answer) && !isOfCalendar ? { kind: 'rejected', reason: refusalOf(answer).reason } : refusalOf(answer);
}

const NO_CALENDAR: Trouble = { kind: 'retry', reason: 'the calendar is not there' };

/** What has to be looked at, is. One that is unknown has no outcome. */
async function settledOf(
  came: Stepped,
  step: RemoteStep | undefined,
  shelf: Shelf,
  deadline: Deadline,
): Promise<StepOutcome | undefined> {
  if (came.kind === 'unknown' || step === undefined) return undefined;
  if (came.kind !== 'look') return came;
  const called = await get(shelf, step.do === 'create' ? step.linkId : step.id, deadline);
  const there = foundIn(called, shelf.rules);
  if (there === undefined) return called.kind === 'retry' || called.kind === 'refused' ? called : undefined;
  if (step.do === 'create') return there === 'absent' ? { kind: 'burnt' } : { kind: 'exists', item: there };
  // A deleted event may be answered as if nobody had a right to it: https://github.com/googleapis/google-api-ruby-client/issues/1811
  if (there === 'absent' || there.version !== step.version) return { kind: 'stale' };
  const outcome = refused(came.answer);
  return outcome.kind === 'unknown' || outcome.kind === 'look' ? undefined : outcome;
}
