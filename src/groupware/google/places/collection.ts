// One user's items in a place of Google's as the engine sees them, whatever the place is.

import type { Deadline } from '../../../core/deadline';
import type {
  Collection,
  Found,
  GroupwareUser,
  Inspected,
  Listing,
  RemoteGone,
  RemoteItem,
  RemoteStep,
  StepOutcome,
  Trouble,
  Unwritable,
} from '../../groupware';
import { TOO_LATE } from '../../too-late';
import { isMissing, isWell, troubleOf } from '../calls/answers';
import type { GoogleClient } from '../calls/client';
import { beginOf, readCursor, spellCursor, type Way } from './cursor';
import { inspectPlace } from './inspect';
import { canBe, getItems, notThere, type Asker, type Shelf } from './items';
import { listPage } from './listing';
import { pageAsked, pageTold } from './pages';
import type { FoundPlace, Place } from './place';

/** Whose items they are, and how they are asked for. */
export interface CollectionParts {
  readonly user: GroupwareUser;
  /** Where the service is. */
  readonly root: string;
  /** Whose login it is that asks. */
  readonly login: 'own' | 'shared';
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** Opens the client, once in a run. */
  readonly client: () => Promise<GoogleClient>;
}

/** So many pages has a listing at the most. */
const MOST_PAGES = 1_000;

/** Where the listing of a place goes on that is not there. */
const NOWHERE = beginOf('');

/** The items of a place. */
export function openPlace(place: Place, parts: CollectionParts): Collection {
  return new PlaceCollection(place, parts);
}

class PlaceCollection implements Collection {
  readonly remoteUser: string;
  readonly settledAfterMs: number;
  readonly listEveryMs?: number;
  readonly #way: Way;
  /** Which place it is, once that is known. */
  #id: string | undefined;
  /** Items as they were last seen, by their ids. */
  readonly #seen = new Map<string, RemoteItem>();

  constructor(
    private readonly place: Place,
    private readonly parts: CollectionParts,
  ) {
    this.remoteUser = parts.user.email;
    this.settledAfterMs = place.settledAfterMs;
    if (place.listEveryMs !== undefined) this.listEveryMs = place.listEveryMs;
    this.#way = [parts.root, place.way, ...Object.values(place.listing.fixed)];
  }

  async list(cursor: string | undefined, page: string | undefined, deadline: Deadline): Promise<Listing> {
    if (deadline.signal.aborted) return TOO_LATE;
    const asked = pageAsked(cursor, page);
    const known = asked.from === undefined ? undefined : readCursor(this.#way, asked.from);
    if (asked.from !== undefined && known === undefined) return { kind: 'expired' };
    const wasNowhere = known?.placeId === NOWHERE.placeId;
    const asker = await this.#asker();
    this.#id = wasNowhere ? undefined : known?.placeId;
    const found = await this.#find(asker, deadline);
    if (found.kind === 'absent') return this.#absent();
    if (found.kind !== 'place') return found;
    if (wasNowhere) return { kind: 'expired' };
    const from = known ?? beginOf(found.id);
    const listed = await listPage(this.place.listing, asker, from, deadline);
    if (listed.kind === 'missing') return this.#missing(asker, found.id, deadline);
    if (listed.kind !== 'page') return listed;
    this.#note(listed.items);
    const told = { items: listed.items, isLast: listed.isLast, isWhole: from.since === '' };
    return pageTold(told, spellCursor(this.#way, listed.to), asked, MOST_PAGES);
  }

  async get(ids: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Found> | Trouble> {
    const shelf = deadline.signal.aborted ? TOO_LATE : await this.#shelf(deadline);
    if (!('client' in shelf)) return shelf.kind === 'absent' ? notThere(this.place) : shelf;
    const found = await getItems(shelf, ids, deadline);
    if ('reason' in found) return found;
    this.#note([...found.values()].filter((each) => each !== 'absent'));
    if (!ids.some((id) => canBe(shelf, id) && found.get(id) === 'absent')) return found;
    // Of a place that was deleted just now, each item is missing, and none was deleted by itself.
    return (await this.#whyNotThere(shelf, deadline)) ?? found;
  }

  async apply(steps: readonly RemoteStep[], deadline: Deadline): Promise<ReadonlyMap<string, StepOutcome>> {
    const shelf = deadline.signal.aborted ? TOO_LATE : await this.#shelfFor(steps, deadline);
    if (!('client' in shelf)) return new Map(steps.map(({ linkId }) => [linkId, shelf]));
    const outcomes = await this.place.doSteps(shelf, steps, this.#seen, deadline);
    this.#note([...outcomes.values()].flatMap((each) => (each.kind === 'done' || each.kind === 'exists' ? [each.item] : [])));
    return outcomes;
  }

  async inspect(deadline: Deadline): Promise<Inspected | Unwritable> {
    if (deadline.signal.aborted) return TOO_LATE;
    return inspectPlace(this.place, await this.#asker(), this.parts, deadline);
  }

  /** The place, which is made where it is not there and something is to be put into it. */
  async #shelfFor(steps: readonly RemoteStep[], deadline: Deadline): Promise<Shelf | Trouble> {
    const shelf = await this.#shelf(deadline);
    if ('client' in shelf || shelf.kind !== 'absent') return shelf;
    if (!steps.some((step) => step.do === 'create')) return notThere(this.place);
    const asker = await this.#asker();
    const made = await this.place.make(asker, deadline);
    if (made.kind !== 'place') return made.kind === 'absent' ? notThere(this.place) : made;
    this.#id = made.id;
    return this.#shelfOf(asker, made.id);
  }

  async #shelf(deadline: Deadline): Promise<Shelf | Exclude<FoundPlace, { readonly kind: 'place' }>> {
    const asker = await this.#asker();
    const found = await this.#find(asker, deadline);
    return found.kind === 'place' ? this.#shelfOf(asker, found.id) : found;
  }

  #shelfOf(asker: Asker, placeId: string): Shelf {
    const { called, items } = this.place;
    return { ...asker, placeId, called, items };
  }

  async #asker(): Promise<Asker> {
    return { client: await this.parts.client(), user: this.parts.user };
  }

  async #find(asker: Asker, deadline: Deadline): Promise<FoundPlace> {
    if (this.#id !== undefined) return { kind: 'place', id: this.#id };
    const found = await this.place.find(asker, deadline);
    if (found.kind === 'place') this.#id = found.id;
    return found;
  }

  /** Where listings come at their own times, one takes a cursor of a place that is not there as well. */
  #absent(): Listing {
    return { kind: 'absent', ...(this.listEveryMs === undefined ? {} : { cursor: spellCursor(this.#way, NOWHERE) }) };
  }

  /** What it means that a place cannot be listed: only whoever lists the places of a user knows whether it is there. */
  async #missing(asker: Asker, id: string, deadline: Deadline): Promise<Listing> {
    this.#id = undefined;
    if (this.place.ifMissing !== undefined) return this.place.ifMissing;
    const found = await this.#find(asker, deadline);
    if (found.kind !== 'place') return found;
    if (found.id !== id) return { kind: 'expired' };
    return { kind: 'retry', reason: `the ${this.place.called} is there, and cannot be listed` };
  }

  async #whyNotThere({ client, user, placeId }: Shelf, deadline: Deadline): Promise<Trouble | undefined> {
    if (this.place.ifMissing !== undefined) return undefined;
    const called = await client.call(user, { method: 'GET', path: this.place.path(placeId), query: { fields: 'id' } }, deadline);
    if (called.kind === 'answer' && isWell(called)) return undefined;
    this.#id = undefined;
    return called.kind === 'answer' && isMissing(called) ? notThere(this.place) : troubleOf(called);
  }

  #note(items: readonly (RemoteItem | RemoteGone)[]): void {
    for (const item of items)
      if ('gone' in item) this.#seen.delete(item.id);
      else this.#seen.set(item.id, item);
  }
}
