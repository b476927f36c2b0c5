// How tasks are listed: everything, or what changed since a moment of the server's own clock. Tasks has no sync token, and does not say how
// soon a listing shows a change: some minutes are listed again each time. Pure.
// https://developers.google.com/workspace/tasks/reference/rest/v1/tasks/list

import { at, isRecord } from '../../../core/shape';
import type { AnsweredPage, ListingRules } from '../places/listing';
import { TASK_FIELDS, taskItemOf } from './task';

/** How long it may take until a listing shows a change; how long it is in truth, Google says nowhere. */
export const TASKS_SETTLED_AFTER_MS = 300_000;

/** What is listed again: more than what a listing may not show yet. */
const OVERLAP_MS = 2 * TASKS_SETTLED_AFTER_MS;

/** What is fixed of a listing. What people complete in Google's own apps is hidden; what was assigned to them is not asked for. */
const FIXED = { maxResults: '100', showCompleted: 'true', showHidden: 'true' } as const;

/** How tasks are listed. */
export const TASK_LISTING: ListingRules = {
  path: tasksOf,
  itemOf: taskItemOf,
  fixed: FIXED,
  fields: `nextPageToken,items(${TASK_FIELDS})`,
  holds: 'items',
  changesSince: (since) => ({ updatedMin: since, showDeleted: 'true' }),
  goesOn,
};

/** The path of the tasks of a list. */
export function tasksOf(listId: string): string {
  return `lists/${encodeURIComponent(listId)}/tasks`;
}

function goesOn({ json, listed, from, isLast }: AnsweredPage): ReturnType<ListingRules['goesOn']> {
  if (!isRecord(json)) return undefined;
  const latest = [from.latest, ...listed.map(updatedOf)].reduce((one, other) => (other > one ? other : one));
  return isLast ? { since: sinceOf(latest, from.since), latest: '' } : { since: from.since, latest };
}

/** A moment in one spelling, so that its text is later where it is; an empty text for none. */
function updatedOf(task: unknown): string {
  const moment = Date.parse(String(at(task, 'updated')));
  return Number.isNaN(moment) ? '' : new Date(moment).toISOString();
}

/** From when on the next listing goes: never by our clock, which may be another one. */
function sinceOf(latest: string, before: string): string {
  const since = latest === '' ? '' : new Date(Date.parse(latest) - OVERLAP_MS).toISOString();
  return since > before ? since : before;
}
