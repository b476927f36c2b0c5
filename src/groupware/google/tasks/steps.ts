// Steps on the tasks of a list: all of them at once, each about the version that it names. Nobody says whether Google looks at that version,
// so each task is looked at right before it is changed.

import type { Deadline } from '../../../core/deadline';
import { looksComputed } from '../../../core/sync/entry-id';
import type { Found, GroupwareUser, RemoteItem, RemoteStep, StepOutcome, Trouble } from '../../groupware';
import type { StepTo } from '../../text-item';
import { isMissing, isOfItem, isWell, refusalOf, troubleOf, type Answer } from '../calls/answers';
import type { Called, GoogleClient } from '../calls/client';
import type { GoogleCall } from '../calls/sending';
import { notesOf, TASK_FIELDS, taskItemOf } from './task';
import { changeOfTask, newTask } from './task-body';

/** A list, and what its tasks are written with. */
export interface TaskShelf {
  readonly client: GoogleClient;
  readonly user: GroupwareUser;
  readonly listId: string;
}

/** What became of a step; `unknown` may have been done. */
type Stepped = StepOutcome | { readonly kind: 'unknown' };

/** Asks for tasks by their ids. Those that are missing in the result are unknown. */
export async function getTasks(
  shelf: TaskShelf,
  ids: readonly string[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, Found> | Trouble> {
  // Google chooses ids, and none of ours: what is only known by its link is found by its mark, or not at all.
  const asked = ids.filter((id) => !looksComputed(id));
  const found = new Map<string, Found>(ids.filter(looksComputed).map((id) => [id, 'absent']));
  const called = await Promise.all(asked.map((id) => get(shelf, id, deadline)));
  for (const [at, id] of asked.entries()) {
    const there = called[at] === undefined ? undefined : foundIn(called[at]);
    if (there !== undefined) found.set(id, there);
  }
  const trouble = called.find((each) => each.kind === 'retry' || each.kind === 'refused');
  return found.size === 0 && trouble !== undefined ? troubleOf(trouble) : found;
}

function get(shelf: TaskShelf, id: string, deadline: Deadline): Promise<Called> {
  return shelf.client.call(shelf.user, { method: 'GET', ...taskAt(shelf, id), query: { fields: TASK_FIELDS } }, deadline);
}

function foundIn(called: Called): Found | undefined {
  if (called.kind !== 'answer') return undefined;
  if (isMissing(called)) return 'absent';
  const item = isWell(called) ? taskItemOf(called.json) : undefined;
  return item === undefined || !('gone' in item) ? item : 'absent';
}

function taskAt({ listId }: TaskShelf, id: string): Pick<GoogleCall, 'path' | 'about'> {
  return { path: `lists/${encodeURIComponent(listId)}/tasks/${encodeURIComponent(id)}`, about: `${listId} ${id}` };
}

/** Does the steps. `known` are tasks as they were seen: what is made already is made no second time. */
export async function doTaskSteps(
  shelf: TaskShelf,
  steps: readonly RemoteStep[],
  known: readonly RemoteItem[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, StepOutcome>> {
  const stepped = await Promise.all(steps.map((step) => stepOf(step, shelf, known, deadline)));
  return new Map(
    steps.flatMap(({ linkId }, at) => {
      const came = stepped[at];
      return came === undefined || came.kind === 'unknown' ? [] : [[linkId, came] as const];
    }),
  );
}

async function stepOf(step: RemoteStep, shelf: TaskShelf, known: readonly RemoteItem[], deadline: Deadline): Promise<Stepped> {
  if (step.do === 'create') {
    const made = known.find(({ mark }) => mark === step.linkId);
    const there = made === undefined ? 'absent' : foundIn(await get(shelf, made.id, deadline));
    if (there === undefined) return { kind: 'unknown' };
    return there === 'absent' ? create(step, shelf, deadline) : { kind: 'exists', item: there };
  }
  const before = await get(shelf, step.id, deadline);
  if (before.kind !== 'answer') return before;
  const there = foundIn(before);
  if (there === undefined) return isWell(before) ? { kind: 'unknown' } : refused(before);
  if (there === 'absent' || there.version !== step.version) return { kind: 'stale' };
  if (there.content.kind !== 'entry')
    return { kind: 'rejected', reason: `what is there is ${there.content.kind}, and no entry to be changed` };
  if (step.do === 'delete') return write(shelf, step, { method: 'DELETE' }, deadline);
  const json = changeOfTask({ entry: there.content.entry, notes: notesOf(before.json) }, step, shelf.user.timeZone);
  if (json === undefined) return { kind: 'done', item: there };
  return write(shelf, step, { method: 'PATCH', query: { fields: TASK_FIELDS }, json }, deadline);
}

async function create(step: StepTo<'create'>, shelf: TaskShelf, deadline: Deadline): Promise<Stepped> {
  const path = `lists/${encodeURIComponent(shelf.listId)}/tasks`;
  const json = newTask(step, shelf.user.timeZone);
  const call: GoogleCall = {
    method: 'POST',
    path,
    query: { fields: TASK_FIELDS },
    json,
    about: `${shelf.listId} ${step.linkId}`,
  };
  const called = await shelf.client.call(shelf.user, call, deadline);
  if (called.kind !== 'answer') return called;
  if (isWell(called)) return doneBy(called);
  return isMissing(called) ? NO_LIST : refused(called);
}

/** Changes or deletes a task of the version that it was just seen to have. */
async function write(
  shelf: TaskShelf,
  { id, version }: StepTo<'update' | 'delete'>,
  call: Pick<GoogleCall, 'method' | 'query' | 'json'>,
  deadline: Deadline,
): Promise<Stepped> {
  const headers = { 'If-Match': version };
  const called = await shelf.client.call(shelf.user, { ...call, ...taskAt(shelf, id), headers }, deadline);
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

/** The list is not where it was. */
export const NO_LIST: Trouble = { kind: 'retry', reason: 'the list is not there' };
