// The methods of tasks, but for listing.
// https://developers.google.com/workspace/tasks/reference/rest/v1/tasks

import { one, type Call } from './api';
import { GoogleError, type Answer } from './errors';
import { patched } from './event-body';
import { checkedTask } from './task-body';
import { listIn } from './task-lists';
import {
  keepTask,
  latestOf,
  TASK_LIMITS,
  taskEtag,
  taskListsOf,
  tasksIn,
  type GoogleTask,
  type StoredTask,
  type TaskList,
} from './task-world';
import { randomText, without } from './world';

/** A task as it is answered. */
export function shownTask(list: TaskList, stored: StoredTask): object {
  const { id } = stored.data;
  const links = {
    selfLink: `https://www.googleapis.com/tasks/v1/lists/${list.id}/tasks/${id}`,
    webViewLink: `https://tasks.google.com/task/${id}`,
  };
  return { kind: 'tasks#task', etag: taskEtag(stored), ...stored.data, links: [], ...links };
}

function answered(list: TaskList, stored: StoredTask): Answer {
  return { status: 200, headers: { ETag: taskEtag(stored) }, body: shownTask(list, stored) };
}

/** A task that there is, deleted or not. */
function taskIn(call: Call, list: TaskList, name = 'task'): StoredTask {
  const stored = latestOf(list, one(call, name) ?? '');
  if (stored === undefined) throw new GoogleError('notFound');
  return stored;
}

export function getTask(call: Call): Answer {
  const list = listIn(call);
  return answered(list, taskIn(call, list));
}

/** Makes a task. Its id is Google's: twice is two. */
export function insertTask(call: Call): Answer {
  const list = listIn(call);
  const { tasks, now } = call.world;
  const alive = (in_: TaskList) => tasksIn(in_).filter(({ data }) => data.deleted !== true);
  const own = taskListsOf(tasks, call.user.email).reduce((sum, each) => sum + alive(each).length, 0);
  if (alive(list).filter(({ data }) => data.hidden !== true).length >= TASK_LIMITS.inList || own >= TASK_LIMITS.inAll)
    throw new GoogleError('quotaExceeded');
  const draft = patched({}, without(call.body, 'id', 'etag')) as GoogleTask;
  const placed = placedIn(call, list);
  return answered(list, keepTask(tasks, list, { ...checkedTask(draft, now()), ...placed, id: randomText(11) }, now()));
}

/** Below a parent, and behind a sibling; else before all of them. */
function placedIn(call: Call, list: TaskList): GoogleTask {
  const [parent, previous] = [one(call, 'parent'), one(call, 'previous')];
  for (const name of ['parent', 'previous'])
    if (one(call, name) !== undefined) {
      const { data } = taskIn(call, list, name);
      if (name === 'parent' && data.assignmentInfo !== undefined)
        throw new GoogleError('invalid', 'Assigned tasks are no parents.');
    }
  const before = previous === undefined ? undefined : latestOf(list, previous)?.data.position;
  const first = String(99_999_999 - call.world.tasks.revision).padStart(20, '0');
  return { ...(parent === undefined ? {} : { parent }), position: before === undefined ? first : `${before}5` };
}

/** Changes what is named, and nothing else. That something was deleted does not keep it from being changed. */
export function patchTask(call: Call): Answer {
  return changed(call, (before) => patched(before, without(call.body, 'id', 'etag')) as GoogleTask);
}

/** Replaces a task: what is not sent is gone. */
export function updateTask(call: Call): Answer {
  if (call.body['id'] !== one(call, 'task')) throw new GoogleError('invalid', 'Missing task ID');
  return changed(call, ({ parent, position, assignmentInfo, hidden }) => {
    const fixed = Object.fromEntries(
      Object.entries({ parent, position, assignmentInfo, hidden }).filter(([, value]) => value !== undefined),
    );
    return { ...(patched({}, without(call.body, 'etag')) as GoogleTask), ...fixed };
  });
}

function changed(call: Call, work: (before: GoogleTask) => GoogleTask): Answer {
  const list = listIn(call);
  const before = taskIn(call, list);
  checkVersion(call, before);
  const { tasks, now } = call.world;
  const task = checkedTask(work(before.data), now());
  if (task.deleted === true && before.data.assignmentInfo !== undefined)
    throw new GoogleError('invalid', 'Assigned tasks are deleted by tasks.delete.');
  return answered(list, keepTask(tasks, list, { ...task, id: before.data.id }, now()));
}

/** Only where it is switched on: no page says that a version is looked at. */
function checkVersion({ headers, world }: Call, before: StoredTask): void {
  const wanted = headers['if-match'];
  const isOther = wanted !== undefined && wanted !== '*' && wanted !== taskEtag(before);
  if (world.tasks.honoursVersions && isOther) throw new GoogleError('conditionNotMet');
}

/** Deletes a task, and of one that was assigned the original as well. */
export function deleteTask(call: Call): Answer {
  const list = listIn(call);
  const before = taskIn(call, list);
  checkVersion(call, before);
  const { tasks, now } = call.world;
  tasks.originals.delete(before.data.assignmentInfo?.linkToTask ?? '');
  keepTask(tasks, list, { ...before.data, deleted: true }, now());
  return { status: 204 };
}

/** Hides what is completed. */
export function clearTasks(call: Call): Answer {
  const list = listIn(call);
  const { tasks, now } = call.world;
  for (const { data } of tasksIn(list))
    if (data.status === 'completed' && data.hidden !== true) keepTask(tasks, list, { ...data, hidden: true }, now());
  return { status: 204 };
}

/** Puts a task elsewhere, in its list or in another one. */
export function moveTask(call: Call): Answer {
  const list = listIn(call);
  const { data } = taskIn(call, list);
  const { tasks, now } = call.world;
  const to = one(call, 'destinationTasklist') === undefined ? list : listIn(call, 'destinationTasklist');
  const placed = placedIn(call, to);
  if (placed.parent !== undefined && data.assignmentInfo !== undefined)
    throw new GoogleError('invalid', 'Assigned tasks have no parents.');
  if (to !== list) {
    list.tasks.delete(data.id);
    list.revision += 1;
  }
  return answered(to, keepTask(tasks, to, { ...without(data, 'parent'), ...placed, id: data.id }, now()));
}
