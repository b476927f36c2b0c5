// A user's list of tasks at Google: the description of the place in which tasks stand.

import { looksComputed } from '../../../core/sync/entry-id';
import type { Place } from '../places/place';
import { TASK_LISTING, TASKS_SETTLED_AFTER_MS, tasksOf } from './list';
import { findList, makeList } from './place';
import { doSteps } from './steps';
import { TASK_FIELDS, taskItemOf } from './task';

/** The list of a user, which is listed so often, in ms. */
export function taskList(listEveryMs: number): Place {
  return {
    ...{ called: 'list', way: 'tasks', settledAfterMs: TASKS_SETTLED_AFTER_MS, listEveryMs },
    path: (id) => `users/@me/lists/${encodeURIComponent(id)}`,
    items: {
      ...{ path: tasksOf, fields: TASK_FIELDS, itemOf: taskItemOf },
      // Google chooses ids, and none of ours: what is only known by its link is found by its mark, or not at all.
      isId: (id) => !looksComputed(id),
    },
    listing: TASK_LISTING,
    ...{ find: findList, make: makeList, doSteps },
  };
}
