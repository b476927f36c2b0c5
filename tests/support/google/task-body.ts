// What may be written into a task, and what Google makes of it.
// https://developers.google.com/workspace/tasks/reference/rest/v1/tasks

import { GoogleError } from './errors';
import { TASK_LIMITS, type GoogleTask } from './task-world';
import { without } from './world';

/** A task whose parts are in order, or a refusal. */
export function checkedTask(draft: GoogleTask, now: number): GoogleTask {
  const { title = '', notes = '', status = 'needsAction' } = draft;
  if (title.length > TASK_LIMITS.title) throw new GoogleError('invalid', 'Title is too long.');
  if (notes.length > TASK_LIMITS.notes) throw new GoogleError('invalid', 'Notes are too long.');
  if (notes !== '' && draft.assignmentInfo?.surfaceType === 'DOCUMENT')
    throw new GoogleError('invalid', 'Tasks assigned from Docs cannot have notes.');
  if (status !== 'needsAction' && status !== 'completed') throw new GoogleError('invalid', 'Invalid value for: status');
  const due = draft.due === undefined ? {} : { due: dayOf(draft.due) };
  const rest = without(draft, 'completed', ...(notes === '' ? (['notes'] as const) : []));
  if (status === 'needsAction') return { ...without(rest, 'hidden'), ...due, title, status };
  return { ...rest, ...due, title, status, completed: draft.completed ?? new Date(now).toISOString() };
}

/** "Only date information is recorded; the time portion of the timestamp is discarded". */
function dayOf(due: string): string {
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(due) ? Date.parse(due) : Number.NaN;
  if (Number.isNaN(moment)) throw new GoogleError('invalid', 'Invalid value for: due');
  return `${new Date(moment).toISOString().slice(0, 10)}T00:00:00.000Z`;
}
