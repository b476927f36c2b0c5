// Steps on the tasks of a list: all of them at once, each about the version that it names. Nobody says whether Google looks at that version,
// so each task is looked at right before it is changed.

import type { Deadline } from '../../../core/deadline';
import type { RemoteItem, RemoteStep, StepOutcome } from '../../groupware';
import type { StepTo } from '../../text-item';
import { isMissing, isOfItem, isWell, refusalOf, type Answer } from '../calls/answers';
import type { GoogleCall } from '../calls/sending';
import { foundIn, getItem, itemAt, notThere, type Shelf } from '../places/items';
import { notesOf, TASK_FIELDS, taskItemOf } from './task';
import { changeOfTask, newTask } from './task-body';

/** What became of a step; `unknown` may have been done. */
type Stepped = StepOutcome | { readonly kind: 'unknown' };

/** Does the steps. `seen` are tasks as they were last seen: what is made already is made no second time. */
export async function doSteps(
  shelf: Shelf,
  steps: readonly RemoteStep[],
  seen: ReadonlyMap<string, RemoteItem>,
  deadline: Deadline,
): Promise<ReadonlyMap<string, StepOutcome>> {
  const stepped = await Promise.all(steps.map((step) => stepOf(step, shelf, [...seen.values()], deadline)));
  return new Map(
    steps.flatMap(({ linkId }, at) => {
      const came = stepped[at];
      return came === undefined || came.kind === 'unknown' ? [] : [[linkId, came] as const];
    }),
  );
}

async function stepOf(step: RemoteStep, shelf: Shelf, seen: readonly RemoteItem[], deadline: Deadline): Promise<Stepped> {
  if (step.do === 'create') {
    const made = seen.find(({ mark }) => mark === step.linkId);
    const there = made === undefined ? 'absent' : foundIn(await getItem(shelf, made.id, deadline), shelf);
    if (there === undefined) return { kind: 'unknown' };
    return there === 'absent' ? create(step, shelf, deadline) : { kind: 'exists', item: there };
  }
  const before = await getItem(shelf, step.id, deadline);
  if (before.kind !== 'answer') return before;
  const there = foundIn(before, shelf);
  if (there === undefined) return isWell(before) ? { kind: 'unknown' } : refused(before);
  if (there === 'absent' || there.version !== step.version) return { kind: 'stale' };
  if (there.content.kind !== 'entry')
    return { kind: 'rejected', reason: `what is there is ${there.content.kind}, and no entry to be changed` };
  if (step.do === 'delete') return write(shelf, step, { method: 'DELETE' }, deadline);
  const json = changeOfTask({ entry: there.content.entry, notes: notesOf(before.json) }, step, shelf.user.timeZone);
  if (json === undefined) return { kind: 'done', item: there };
  return write(shelf, step, { method: 'PATCH', query: { fields: TASK_FIELDS }, json }, deadline);
}

async function create(step: StepTo<'create'>, shelf: Shelf, deadline: Deadline): Promise<Stepped> {
  const { client, user, placeId, items } = shelf;
  const call: GoogleCall = {
    ...{ ...itemAt(shelf, step.linkId), method: 'POST', path: items.path(placeId) },
    ...{ query: { fields: TASK_FIELDS }, json: newTask(step, user.timeZone) },
  };
  const called = await client.call(user, call, deadline);
  if (called.kind !== 'answer') return called;
  if (isWell(called)) return doneBy(called);
  return isMissing(called) ? notThere(shelf) : refused(called);
}

/** Changes or deletes a task of the version that it was just seen to have. */
async function write(
  shelf: Shelf,
  { id, version }: StepTo<'update' | 'delete'>,
  call: Pick<GoogleCall, 'method' | 'query' | 'json'>,
  deadline: Deadline,
): Promise<Stepped> {
  const headers = { 'If-Match': version };
  const called = await shelf.client.call(shelf.user, { ...call, ...itemAt(shelf, id), headers }, deadline);
  if (called.kind !== 'answer') return called;
  if (isWell(called)) return call.method === 'DELETE' ? { kind: 'deleted' } : doneBy(called);
  return called.status === 412 || called.status === 409 || isMissing(called) ? { kind: 'stale' } : refused(called);
}

/** A task that was written says how it is now. */
function doneBy({ json }: Answer): Stepped {
  const item = taskItemOf(json);
  if (item === undefined) return { kind: 'unknown' };
  return 'gone' in item ? { kind: 'stale' } : { kind: 'done', item };
}

/** Something about this one task; or about the list, or whatever stands before Google: then nothing of the others goes either. */
function refused(answer: Answer): Stepped {
  return isOfItem(answer) ? { kind: 'rejected', reason: refusalOf(answer).reason } : refusalOf(answer);
}
