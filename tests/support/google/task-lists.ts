// Lists of tasks.
// https://developers.google.com/workspace/tasks/reference/rest/v1/tasklists

import { one, type Call } from './api';
import { GoogleError, type Answer } from './errors';
import { pageOf } from './listings';
import { addTaskList, TASK_LIMITS, taskListFor, taskListsOf, tasksIn, type TaskList } from './task-world';

function shown({ id, title, updated }: TaskList): object {
  return { kind: 'tasks#taskList', id, etag: `"l${updated}${title.length}"`, title, updated };
}

/** The list that a call names. */
export function listIn(call: Call, parameter = 'tasklist'): TaskList {
  return taskListFor(call.world.tasks, call.user.email, one(call, parameter) ?? '');
}

export function getTaskList(call: Call): object {
  return shown(listIn(call));
}

export function listTaskLists(call: Call): object {
  const lists = taskListsOf(call.world.tasks, call.user.email);
  const { items, nextPageToken } = pageOf(call, {
    of: 'lists of tasks',
    revision: 0,
    ids: () => lists.map(({ id }) => id),
    item: (id) => {
      const list = lists.find((each) => each.id === id);
      return list && shown(list);
    },
    notWithSync: [],
    hasNoSync: true,
    pages: { usual: 1_000, longest: 1_000 },
  });
  return { kind: 'tasks#taskLists', etag: '"lists"', items, ...(nextPageToken === undefined ? {} : { nextPageToken }) };
}

/** Makes a list. It has no id of the caller's, and titles need not differ: twice is two. */
export function insertTaskList(call: Call): object {
  const { world, user } = call;
  if (taskListsOf(world.tasks, user.email).length >= TASK_LIMITS.lists) throw new GoogleError('quotaExceeded');
  return shown(addTaskList(world.tasks, user.email, titleIn(call), world.now()));
}

export function changeTaskList(call: Call): object {
  const list = listIn(call);
  list.title = titleIn(call, call.method === 'tasklists.patch' ? list.title : '');
  list.updated = new Date(call.world.now()).toISOString();
  return shown(list);
}

function titleIn({ body }: Call, before = ''): string {
  const title = body['title'] ?? before;
  if (typeof title !== 'string' || title === '' || title.length > TASK_LIMITS.title)
    throw new GoogleError('invalid', 'Invalid value for: title');
  return title;
}

/** Deletes a list with all that is in it, and what of it was assigned, where it comes from, too. */
export function deleteTaskList(call: Call): Answer {
  const list = listIn(call);
  const { lists, originals } = call.world.tasks;
  if (taskListsOf(call.world.tasks, call.user.email)[0] === list)
    throw new GoogleError('invalid', 'The default list cannot be deleted.');
  for (const { data } of tasksIn(list)) originals.delete(data.assignmentInfo?.linkToTask ?? '');
  lists.delete(list.id);
  return { status: 204 };
}
