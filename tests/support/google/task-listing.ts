// tasks.list.
// https://developers.google.com/workspace/tasks/reference/rest/v1/tasks/list

import { isSet, one, type Call } from './api';
import { GoogleError } from './errors';
import { pageOf } from './listings';
import { listIn } from './task-lists';
import { shownTask } from './tasks';
import { listedOf, type GoogleTask } from './task-world';

export function listTasks(call: Call): object {
  const list = listIn(call);
  const { tasks, now } = call.world;
  const wanted = [isShown, within(call, 'due'), within(call, 'completed'), within(call, 'updated')];
  const chosen = [...list.tasks.values()]
    .flatMap((versions) => listedOf(tasks, versions, now()) ?? [])
    .filter(({ data }) => wanted.every((is) => is(data, call)))
    .sort((a, b) => ((a.data.position ?? '') < (b.data.position ?? '') ? -1 : 1));
  const { items, nextPageToken } = pageOf(call, {
    of: `tasks of ${list.id}`,
    revision: 0,
    ids: () => chosen.map(({ data }) => data.id),
    item: (id) => {
      const versions = list.tasks.get(id);
      const stored = versions && listedOf(tasks, versions, now());
      return stored && shownTask(list, stored);
    },
    notWithSync: [],
    hasNoSync: true,
    pages: { usual: 20, longest: 100 },
  });
  return { kind: 'tasks#tasks', etag: `"p${tasks.revision}"`, items, ...(nextPageToken === undefined ? {} : { nextPageToken }) };
}

/** What is deleted, hidden or assigned only if it is asked for; what is completed unless it is not. */
function isShown({ deleted, hidden, assignmentInfo, status }: GoogleTask, call: Call): boolean {
  if (deleted === true && !isSet(call, 'showDeleted')) return false;
  if (hidden === true && !isSet(call, 'showHidden')) return false;
  if (assignmentInfo !== undefined && !isSet(call, 'showAssigned')) return false;
  return status !== 'completed' || one(call, 'showCompleted') !== 'false';
}

/** Between the bounds of a field, where there are some. What does not have it lies in none. */
function within(call: Call, field: 'due' | 'completed' | 'updated'): (task: GoogleTask) => boolean {
  const [least, most] = [bound(call, `${field}Min`), field === 'updated' ? undefined : bound(call, `${field}Max`)];
  if (least === undefined && most === undefined) return () => true;
  return (task) => {
    const moment = Date.parse(task[field] ?? '');
    return moment >= (least ?? -Infinity) && moment <= (most ?? Infinity);
  };
}

function bound(call: Call, name: string): number | undefined {
  const text = one(call, name);
  if (text === undefined) return undefined;
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment)) throw new GoogleError('invalid', `Invalid value for: ${name}`, { location: name });
  return moment;
}
