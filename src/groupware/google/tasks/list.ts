// Listing the tasks of a list: everything, or what changed since a moment of the server's own clock. Tasks has no sync token, and does not
// say how soon a listing shows a change: some minutes are listed again each time.
// https://developers.google.com/workspace/tasks/reference/rest/v1/tasks/list

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { GroupwareUser, RemoteGone, RemoteItem, Trouble } from '../../groupware';
import { isMissing, isWell, troubleOf, type Answer } from '../calls/answers';
import type { GoogleClient } from '../calls/client';
import { staleIn } from '../places/pages';
import type { TasksPlace } from './cursor';
import { TASK_FIELDS, taskItemOf } from './task';

/** How long it may take until a listing shows a change; how long it is in truth, Google says nowhere. */
export const TASKS_SETTLED_AFTER_MS = 300_000;

/** What is listed again: more than what a listing may not show yet. */
const OVERLAP_MS = 2 * TASKS_SETTLED_AFTER_MS;

/** A page of tasks. */
export type TaskPage =
  | {
      readonly kind: 'page';
      readonly items: readonly (RemoteItem | RemoteGone)[];
      /** Where the next page is; or, of the last one, from where the next listing goes on. */
      readonly to: TasksPlace;
      readonly isLast: boolean;
    }
  | { readonly kind: 'expired' }
  /** There is no such list. */
  | { readonly kind: 'missing' }
  | Trouble;

/** What is fixed of a listing. What people complete in Google's own apps is hidden; what was assigned to them is not asked for. */
export const TASKS_FIXED = { maxResults: '100', showCompleted: 'true', showHidden: 'true' } as const;

/** Lists a page. */
export async function listTasks(
  client: GoogleClient,
  user: GroupwareUser,
  from: TasksPlace,
  deadline: Deadline,
): Promise<TaskPage> {
  const { listId, since, pageToken } = from;
  const query = {
    ...TASKS_FIXED,
    fields: `nextPageToken,items(${TASK_FIELDS})`,
    ...(since === '' ? {} : { updatedMin: since, showDeleted: 'true' }),
    ...(pageToken === '' ? {} : { pageToken }),
  };
  const path = `lists/${encodeURIComponent(listId)}/tasks`;
  const called = await client.call(user, { method: 'GET', path, query, alone: since === '' }, deadline);
  if (called.kind !== 'answer') return troubleOf(called);
  return isWell(called) ? pageOf(called, from) : unlisted(called, from);
}

function unlisted(answer: Answer, { since, pageToken }: TasksPlace): TaskPage {
  return staleIn(answer, since, pageToken) ?? (isMissing(answer) ? { kind: 'missing' } : troubleOf(answer));
}

function pageOf({ json }: Answer, from: TasksPlace): TaskPage {
  const [listed, next] = [at(json, 'items') ?? [], at(json, 'nextPageToken') ?? ''];
  if (!Array.isArray(listed) || typeof next !== 'string') return UNREADABLE;
  const items = listed.map(taskItemOf);
  // What is left out would be taken for deleted, and so would all where an answer is none.
  if (items.includes(undefined) || typeof json !== 'object' || (next !== '' && next === from.pageToken)) return UNREADABLE;
  const latest = [from.latest, ...listed.map(updatedOf)].reduce((one, other) => (other > one ? other : one));
  const known = items.filter((item) => item !== undefined);
  if (next !== '') return { kind: 'page', items: known, to: { ...from, pageToken: next, latest }, isLast: false };
  const to = { ...from, since: sinceOf(latest, from.since), pageToken: '', latest: '' };
  return { kind: 'page', items: known, to, isLast: true };
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

const UNREADABLE: Trouble = { kind: 'retry', reason: 'Google’s listing cannot be read' };
