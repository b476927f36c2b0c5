// What is in a place, by its ids.

import type { Deadline } from '../../../core/deadline';
import type { Found, GroupwareUser, Later, RemoteGone, RemoteItem, Trouble } from '../../groupware';
import { isMissing, isWell, troubleOf } from '../calls/answers';
import type { Called, GoogleClient } from '../calls/client';
import type { GoogleCall } from '../calls/sending';

/** Who asks Google for something. */
export interface Asker {
  readonly client: Pick<GoogleClient, 'call'>;
  readonly user: GroupwareUser;
}

/** How items stand in a place, and how they are understood. */
export interface ItemRules {
  /** The path of what is in a place. */
  readonly path: (placeId: string) => string;
  /** Everything of an item that is ever looked at; the rest is not even asked for. */
  readonly fields: string;
  /** An item as it was understood; `undefined` for what is none. */
  readonly itemOf: (json: unknown) => RemoteItem | RemoteGone | undefined;
  /** Whether there can be an item of this id; left out where there can be one of any. */
  readonly isId?: (id: string) => boolean;
}

/** A place, as whoever asks for its items or changes them has to know it. */
export interface Shelf extends Asker {
  readonly placeId: string;
  /** What texts call it. */
  readonly called: string;
  readonly items: ItemRules;
}

/** That a place is not there. */
export function notThere({ called }: Pick<Shelf, 'called'>): Later {
  return { kind: 'retry', reason: `the ${called} is not there` };
}

/** Asks for items by their ids. Those that are missing in the result are unknown. */
export async function getItems(
  shelf: Shelf,
  ids: readonly string[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, Found> | Trouble> {
  const asked = ids.filter((id) => canBe(shelf, id));
  const found = new Map<string, Found>(ids.filter((id) => !canBe(shelf, id)).map((id) => [id, 'absent']));
  const called = await Promise.all(asked.map((id) => getItem(shelf, id, deadline)));
  for (const [at, id] of asked.entries()) {
    const there = called[at] === undefined ? undefined : foundIn(called[at], shelf);
    if (there !== undefined) found.set(id, there);
  }
  const trouble = called.find((each) => each.kind === 'retry' || each.kind === 'refused');
  return found.size === 0 && trouble !== undefined ? troubleOf(trouble) : found;
}

/** Whether there can be an item of an id. */
export function canBe({ items }: Pick<Shelf, 'items'>, id: string): boolean {
  return items.isId?.(id) ?? true;
}

/** Asks for one. */
export function getItem(shelf: Shelf, id: string, deadline: Deadline): Promise<Called> {
  const query = { fields: shelf.items.fields };
  return shelf.client.call(shelf.user, { method: 'GET', ...itemAt(shelf, id), query }, deadline);
}

/** What an answer about one says; `undefined` where that is nothing. */
export function foundIn(called: Called, { items }: Pick<Shelf, 'items'>): Found | undefined {
  if (called.kind !== 'answer') return undefined;
  if (isMissing(called)) return 'absent';
  const item = isWell(called) ? items.itemOf(called.json) : undefined;
  return item === undefined || !('gone' in item) ? item : 'absent';
}

/** Where an item is. */
export function itemAt({ placeId, items }: Shelf, id: string): Pick<GoogleCall, 'path' | 'about'> {
  return { path: `${items.path(placeId)}/${encodeURIComponent(id)}`, about: `${placeId} ${id}` };
}
