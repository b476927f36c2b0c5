// Which of a user's lists tasks are kept in. A list has no property of ours and an id of Google's, so the own one is known by its title; and
// where there are several of that title, by the marks of what is in it.

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { GroupwareUser, Later, Refused } from '../../groupware';
import { isWell, troubleOf } from '../calls/answers';
import { beginOf } from '../places/cursor';
import type { Asker } from '../places/items';
import { listPage } from '../places/listing';
import { readWhole, type WholeList } from '../places/pages';
import type { FoundPlace } from '../places/place';
import { TASK_LISTING } from './list';

const LISTS = 'users/@me/lists';
const UNREADABLE: Later = { kind: 'retry', reason: 'Google’s answer about lists of tasks cannot be read' };

/** There are 2000 of them at the most, on pages of 1000. */
const ALL_LISTS: WholeList = {
  path: LISTS,
  query: { maxResults: '1000', fields: 'nextPageToken,items(id,title)' },
  ...{ holds: 'items', mostPages: 3, unreadable: UNREADABLE },
};

/** Finds the list. */
export async function findList(asker: Asker, deadline: Deadline): Promise<FoundPlace> {
  const listed = await readWhole(ALL_LISTS, asker, deadline);
  return 'kind' in listed ? listed : oneOf(listed, asker, deadline);
}

/** Makes the list. Where nobody knows whether it was made, the next turn finds it, or makes it. */
export async function makeList({ client, user }: Asker, deadline: Deadline): Promise<FoundPlace> {
  const json = { title: titleOf(user) };
  const called = await client.call(user, { method: 'POST', path: LISTS, json, about: 'lists' }, deadline);
  if (called.kind !== 'answer' || !isWell(called)) return troubleOf(called);
  const id = at(called.json, 'id');
  return typeof id === 'string' && id !== '' ? { kind: 'place', id } : UNREADABLE;
}

/** What the list is called; that of another CRM than the usual one names it. This spelling can never change. */
export function titleOf({ system }: Pick<GroupwareUser, 'system'>): string {
  return system === 'crm' ? 'CRM tasks' : `CRM tasks (${system})`;
}

async function oneOf(listed: readonly unknown[], asker: Asker, deadline: Deadline): Promise<FoundPlace> {
  // Everybody has a first list: an answer with nothing in it is none.
  if (listed.length === 0) return UNREADABLE;
  const ids = listed.flatMap((each) => {
    const [id, title] = [at(each, 'id'), at(each, 'title')];
    return typeof id === 'string' && typeof title === 'string' && title.trim() === titleOf(asker.user) ? [id] : [];
  });
  const [first, ...more] = ids.sort();
  if (first === undefined) return { kind: 'absent' };
  if (more.length === 0) return { kind: 'place', id: first };
  const marked: string[] = [];
  for (const listId of ids) {
    const page = await listPage(TASK_LISTING, asker, beginOf(listId), deadline);
    if (page.kind === 'retry' || page.kind === 'refused') return page;
    if (page.kind === 'page' && page.items.some((item) => 'mark' in item)) marked.push(listId);
  }
  const [own = first, ...others] = marked;
  return others.length === 0 ? { kind: 'place', id: own } : SEVERAL;
}

const SEVERAL: Refused = {
  kind: 'refused',
  reason: 'several lists have the title of that of the CRM, and tasks of the CRM in them; give all but one another title',
};
