// One user's list of tasks at Google as the engine sees it.

import type { Deadline } from '../../../core/deadline';
import { looksComputed } from '../../../core/sync/entry-id';
import type {
  Collection,
  Found,
  GroupwareUser,
  Listing,
  RemoteGone,
  RemoteItem,
  RemoteStep,
  StepOutcome,
  Trouble,
} from '../../groupware';
import { TOO_LATE } from '../../too-late';
import { isMissing, isWell, troubleOf } from '../calls/answers';
import type { GoogleClient } from '../calls/client';
import type { Way } from '../places/cursor';
import { pageAsked, pageTold } from '../places/pages';
import { readTasksPlace, spellTasksPlace } from './cursor';
import { listTasks, TASKS_FIXED, TASKS_SETTLED_AFTER_MS } from './list';
import { findList, makeList, type FoundList } from './place';
import { doTaskSteps, getTasks, NO_LIST, type TaskShelf } from './steps';

/** Whose tasks they are, and how they are asked for. */
export interface TasksParts {
  readonly user: GroupwareUser;
  /** Where the service is. */
  readonly root: string;
  /** How long after one listing the next one comes, in ms. */
  readonly listEveryMs: number;
  /** Opens the client, once in a run. */
  client(): Promise<GoogleClient>;
}

/** So many pages has a listing at the most. */
const MOST_PAGES = 1_000;

/** The tasks of a user. */
export function openTasks(parts: TasksParts): Collection {
  return new Tasks(parts);
}

class Tasks implements Collection {
  readonly remoteUser: string;
  readonly settledAfterMs = TASKS_SETTLED_AFTER_MS;
  readonly listEveryMs: number;
  readonly #way: Way;
  /** How far the listing of a list came that is not there. */
  readonly #nowhere: string;
  /** Which list it is, once that is known. */
  #id: string | undefined;
  /** Tasks as they were last seen, by their ids. */
  readonly #seen = new Map<string, RemoteItem>();

  constructor(private readonly parts: TasksParts) {
    this.remoteUser = parts.user.email;
    this.listEveryMs = parts.listEveryMs;
    this.#way = [parts.root, 'tasks', ...Object.values(TASKS_FIXED)];
    this.#nowhere = spellTasksPlace(this.#way, { listId: '', since: '', pageToken: '', latest: '' });
  }

  async list(cursor: string | undefined, page: string | undefined, deadline: Deadline): Promise<Listing> {
    if (deadline.signal.aborted) return TOO_LATE;
    const asked = pageAsked(cursor, page);
    const { from } = asked;
    const known = from === undefined ? undefined : readTasksPlace(this.#way, from);
    const isNowhere = from === this.#nowhere;
    if (from !== undefined && known === undefined && !isNowhere) return { kind: 'expired' };
    this.#id = known?.listId;
    const found = await this.#find(deadline);
    if (found.kind === 'absent') return { kind: 'absent', cursor: this.#nowhere };
    if (found.kind !== 'list') return found;
    if (isNowhere) return { kind: 'expired' };
    const place = known ?? { listId: found.id, since: '', pageToken: '', latest: '' };
    const listed = await listTasks(await this.parts.client(), this.parts.user, place, deadline);
    if (listed.kind === 'missing') return this.#missing(found.id, deadline);
    if (listed.kind !== 'page') return listed;
    this.#note(listed.items);
    const told = { items: listed.items, isLast: listed.isLast, isWhole: place.since === '' };
    return pageTold(told, spellTasksPlace(this.#way, listed.to), asked, MOST_PAGES);
  }

  async get(ids: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Found> | Trouble> {
    const shelf = deadline.signal.aborted ? TOO_LATE : await this.#shelf(deadline);
    if (!('client' in shelf)) return shelf.kind === 'absent' ? NO_LIST : shelf;
    const found = await getTasks(shelf, ids, deadline);
    if ('reason' in found) return found;
    this.#note([...found.values()].filter((each) => each !== 'absent'));
    if (!ids.some((id) => !looksComputed(id) && found.get(id) === 'absent')) return found;
    // Of a list that was deleted just now, each task is missing, and none was deleted by itself.
    return (await this.#whyNotThere(shelf, deadline)) ?? found;
  }

  async apply(steps: readonly RemoteStep[], deadline: Deadline): Promise<ReadonlyMap<string, StepOutcome>> {
    const shelf = deadline.signal.aborted ? TOO_LATE : await this.#shelfFor(steps, deadline);
    if (!('client' in shelf)) return new Map(steps.map(({ linkId }) => [linkId, shelf]));
    const outcomes = await doTaskSteps(shelf, steps, [...this.#seen.values()], deadline);
    this.#note([...outcomes.values()].flatMap((each) => (each.kind === 'done' || each.kind === 'exists' ? [each.item] : [])));
    return outcomes;
  }

  /** The list, which is made where it is not there and something is to be put into it. */
  async #shelfFor(steps: readonly RemoteStep[], deadline: Deadline): Promise<TaskShelf | Trouble> {
    const shelf = await this.#shelf(deadline);
    if ('client' in shelf || shelf.kind !== 'absent') return shelf;
    if (!steps.some((step) => step.do === 'create')) return NO_LIST;
    const made = await makeList(await this.parts.client(), this.parts.user, deadline);
    if (made.kind !== 'list') return made.kind === 'absent' ? NO_LIST : made;
    this.#id = made.id;
    return this.#shelfOf(made.id);
  }

  async #shelf(deadline: Deadline): Promise<TaskShelf | Exclude<FoundList, { readonly kind: 'list' }>> {
    const found = await this.#find(deadline);
    return found.kind === 'list' ? this.#shelfOf(found.id) : found;
  }

  async #shelfOf(listId: string): Promise<TaskShelf> {
    return { client: await this.parts.client(), user: this.parts.user, listId };
  }

  async #find(deadline: Deadline): Promise<FoundList> {
    if (this.#id !== undefined) return { kind: 'list', id: this.#id };
    const found = await findList(await this.parts.client(), this.parts.user, deadline);
    if (found.kind === 'list') this.#id = found.id;
    return found;
  }

  /** What it means that a list cannot be listed: only the lists of the user say whether it is there. */
  async #missing(id: string, deadline: Deadline): Promise<Listing> {
    this.#id = undefined;
    const found = await this.#find(deadline);
    if (found.kind !== 'list') return found;
    if (found.id !== id) return { kind: 'expired' };
    return { kind: 'retry', reason: 'the list is there, and cannot be listed' };
  }

  async #whyNotThere({ client, user, listId }: TaskShelf, deadline: Deadline): Promise<Trouble | undefined> {
    const path = `users/@me/lists/${encodeURIComponent(listId)}`;
    const called = await client.call(user, { method: 'GET', path, query: { fields: 'id' } }, deadline);
    if (called.kind === 'answer' && isWell(called)) return undefined;
    this.#id = undefined;
    return called.kind === 'answer' && isMissing(called) ? NO_LIST : troubleOf(called);
  }

  #note(items: readonly (RemoteItem | RemoteGone)[]): void {
    for (const item of items)
      if ('gone' in item) this.#seen.delete(item.id);
      else this.#seen.set(item.id, item);
  }
}
