// Steps on the events of a calendar: all of them at once, each about the version that it names, and without a mail to anybody.

import type { Deadline } from '../../../core/deadline';
import type { Found, RemoteItem, RemoteStep, StepOutcome } from '../../groupware';
import { whyNotWritten } from '../../spans';
import type { StepTo } from '../../text-item';
import { isGoogles, isMissing, isOfItem, isWell, refusalOf, type Answer } from '../calls/answers';
import type { Called } from '../calls/client';
import { reasonsOf } from '../calls/error-reasons';
import type { GoogleCall } from '../calls/sending';
import { foundIn, getItem, itemAt, notThere, type Shelf } from '../places/items';
import { EVENT_FIELDS } from './event';
import { changeOf, newEvent } from './event-body';

/** What became of a step. `unknown` may have been done, and `look` has to be looked at: Google says no more than that it was not done. */
type Stepped = StepOutcome | { readonly kind: 'unknown' } | { readonly kind: 'look'; readonly answer: Answer };

/** Nobody is ever told by mail. https://developers.google.com/workspace/calendar/api/v3/reference/events/patch, `sendUpdates` */
const QUIET = { sendUpdates: 'none' } as const;

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
      const called = await getItem(shelf, id, deadline);
      return [id, foundIn(called, shelf) ?? called];
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
  const { client, user, placeId, items } = shelf;
  const call: GoogleCall = {
    ...{ ...itemAt(shelf, step.linkId), method: 'POST', path: items.path(placeId) },
    ...{ query: { ...QUIET, fields: EVENT_FIELDS }, json: newEvent(step, user.timeZone) },
  };
  const called = await client.call(user, call, deadline);
  if (called.kind !== 'answer') return called;
  if (isWell(called)) return doneBy(called, shelf);
  if (called.status === 409) return { kind: 'look', answer: called };
  return isMissing(called) ? notThere(shelf) : refused(called);
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
  const json = changeOf(before.content.entry, step, shelf.user.timeZone);
  if (json === undefined) return { kind: 'done', item: before };
  const query = { ...QUIET, fields: EVENT_FIELDS };
  const called = await shelf.client.call(
    shelf.user,
    { method: 'PATCH', ...itemAt(shelf, id), query, headers: { 'If-Match': version }, json },
    deadline,
  );
  if (called.kind !== 'answer') return called;
  if (isWell(called)) return doneBy(called, shelf);
  if (called.status === 412 || called.status === 409 || isMissing(called)) return { kind: 'stale' };
  return called.status === 403 && isGoogles(called) ? { kind: 'look', answer: called } : refused(called);
}

async function remove({ id, version }: StepTo<'delete'>, shelf: Shelf, deadline: Deadline): Promise<Stepped> {
  // What no header can hold is no version of Google's.
  if (!isVersion(version)) return { kind: 'stale' };
  const called = await shelf.client.call(
    shelf.user,
    { method: 'DELETE', ...itemAt(shelf, id), query: QUIET, headers: { 'If-Match': version } },
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
function doneBy({ json }: Answer, { items }: Shelf): Stepped {
  const item = items.itemOf(json);
  return item === undefined || 'gone' in item ? { kind: 'unknown' } : { kind: 'done', item };
}

/** Something about this one event; or about the calendar, or whatever stands before Google: then nothing of the others goes either. */
function refused(answer: Answer): Stepped {
  const isOfCalendar = reasonsOf(answer.json).includes('requiredAccessLevel');
  return isOfItem(answer) && !isOfCalendar ? { kind: 'rejected', reason: refusalOf(answer).reason } : refusalOf(answer);
}

/** What has to be looked at, is. One that is unknown has no outcome. */
async function settledOf(
  came: Stepped,
  step: RemoteStep | undefined,
  shelf: Shelf,
  deadline: Deadline,
): Promise<StepOutcome | undefined> {
  if (came.kind === 'unknown' || step === undefined) return undefined;
  if (came.kind !== 'look') return came;
  const called = await getItem(shelf, step.do === 'create' ? step.linkId : step.id, deadline);
  const there = foundIn(called, shelf);
  if (there === undefined) return called.kind === 'retry' || called.kind === 'refused' ? called : undefined;
  if (step.do === 'create') return there === 'absent' ? { kind: 'burnt' } : { kind: 'exists', item: there };
  // A deleted event may be answered as if nobody had a right to it: https://github.com/googleapis/google-api-ruby-client/issues/1811
  if (there === 'absent' || there.version !== step.version) return { kind: 'stale' };
  const outcome = refused(came.answer);
  return outcome.kind === 'unknown' || outcome.kind === 'look' ? undefined : outcome;
}
