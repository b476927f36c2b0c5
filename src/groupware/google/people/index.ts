// One user's contacts at Google as the engine sees them: those people of the address book that were made for the CRM.

import type { Deadline } from '../../../core/deadline';
import type {
  Collection,
  Found,
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
import type { CollectionParts } from '../places/collection';
import { beginOf, readCursor, spellCursor, type Way } from '../places/cursor';
import { inspectPlace } from '../places/inspect';
import type { Asker } from '../places/items';
import { listPage } from '../places/listing';
import { pageAsked, pageTold } from '../places/pages';
import { askPeople, foundIn, isTrouble } from './ask';
import { contactGroup, findGroup, type FoundGroup } from './contact-group';
import { ownPeople, PEOPLE_LISTING } from './list';
import { doSteps } from './steps';

/**
 * "The first page of a full sync request has an additional quota" (https://developers.google.com/people/api/rest/v1/people.connections/list)
 * which no page tells: so many whole listings an hour over all users are what this program allows itself.
 */
export const FIRST_LISTINGS = { most: 20, perMs: 3_600_000 } as const;

/**
 * How long a listing may show people as they were, in ms: "Writes may have a propagation delay of several minutes for sync requests"
 * (https://developers.google.com/people/api/rest/v1/people.connections/list).
 */
export const CONTACTS_SETTLED_AFTER_MS = 600_000;

/** So many pages has a listing at the most. */
const MOST_PAGES = 100;

/** Whose contacts are listed: there is no other way. */
const OWN = 'people/me';

/** The contacts of a user, which are listed so often, in ms. */
export function openContacts(listEveryMs: number, parts: CollectionParts): Collection {
  return new Contacts(listEveryMs, parts);
}

class Contacts implements Collection {
  readonly remoteUser: string;
  readonly settledAfterMs = CONTACTS_SETTLED_AFTER_MS;
  readonly firstListings = FIRST_LISTINGS;
  readonly #way: Way;
  #group: string | undefined;
  /** People by the links that they were made for, as this run saw them. */
  readonly #made = new Map<string, RemoteItem>();
  /** What people are called by now, by what they were called before. */
  readonly #renamed = new Map<string, string>();

  constructor(
    readonly listEveryMs: number,
    private readonly parts: CollectionParts,
  ) {
    this.remoteUser = parts.user.email;
    this.#way = [parts.root, ...Object.values(PEOPLE_LISTING.fixed)];
  }

  async list(cursor: string | undefined, page: string | undefined, deadline: Deadline): Promise<Listing> {
    if (deadline.signal.aborted) return TOO_LATE;
    const asked = pageAsked(cursor, page);
    const from = asked.from === undefined ? beginOf(OWN) : readCursor(this.#way, asked.from);
    if (from?.placeId !== OWN) return { kind: 'expired' };
    const listed = await listPage(PEOPLE_LISTING, await this.#asker(), from, deadline);
    if (listed.kind === 'missing') return listed.refusal;
    if (listed.kind !== 'page') return listed;
    const { items, renamed } = ownPeople(listed);
    this.#note(items);
    for (const [before, name] of renamed) this.#renamed.set(before, name);
    const told = { items, isLast: listed.isLast, isWhole: from.since === '' };
    return pageTold(told, spellCursor(this.#way, listed.to), asked, MOST_PAGES);
  }

  async get(ids: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Found> | Trouble> {
    if (deadline.signal.aborted) return TOO_LATE;
    const people = await askPeople(
      await this.#asker(),
      ids.map((id) => this.#nameOf(id)),
      deadline,
    );
    if (isTrouble(people)) return people;
    const found = new Map<string, Found>();
    for (const id of ids) {
      const there = foundIn(people, this.#nameOf(id));
      if (there !== undefined) found.set(id, there);
    }
    this.#note([...found.values()].filter((each) => each !== 'absent'));
    return found;
  }

  /** The address book is there; what the first contact makes is the group. */
  async inspect(deadline: Deadline): Promise<Inspected | Unwritable> {
    if (deadline.signal.aborted) return TOO_LATE;
    return inspectPlace({ find: findGroup }, await this.#asker(), this.parts, deadline);
  }

  async apply(steps: readonly RemoteStep[], deadline: Deadline): Promise<ReadonlyMap<string, StepOutcome>> {
    if (deadline.signal.aborted) return new Map(steps.map(({ linkId }) => [linkId, TOO_LATE]));
    const asker = await this.#asker();
    const there = steps.flatMap((step) => {
      const item = step.do === 'create' ? this.#made.get(step.linkId) : undefined;
      return item === undefined ? [] : [[step.linkId, { kind: 'exists', item }] as const];
    });
    const known = new Map<string, StepOutcome>(there);
    const left = steps.filter(({ linkId }) => !known.has(linkId));
    const group = left.some((step) => step.do === 'create') ? await this.#groupOf(asker, deadline) : undefined;
    // Whoever cannot be made holds up nobody else.
    const isIn = (step: RemoteStep) => step.do !== 'create' || group?.kind === 'place';
    for (const step of left) if (!isIn(step) && group !== undefined && group.kind !== 'place') known.set(step.linkId, group);
    const outcomes = await doSteps(asker, left.filter(isIn), group?.kind === 'place' ? group.id : '', deadline);
    this.#note([...outcomes.values()].flatMap((each) => (each.kind === 'done' ? [each.item] : [])));
    return new Map([...known, ...outcomes]);
  }

  async #asker(): Promise<Asker> {
    return { client: await this.parts.client(), user: this.parts.user };
  }

  async #groupOf(asker: Asker, deadline: Deadline): Promise<FoundGroup> {
    if (this.#group !== undefined) return { kind: 'place', id: this.#group };
    const found = await contactGroup(asker, deadline);
    if (found.kind === 'place') this.#group = found.id;
    return found;
  }

  #nameOf(id: string): string {
    return this.#renamed.get(id) ?? id;
  }

  #note(items: readonly (RemoteItem | RemoteGone)[]): void {
    for (const item of items)
      if ('gone' in item) {
        for (const [mark, { id }] of this.#made) if (id === item.id) this.#made.delete(mark);
      } else if (item.mark !== undefined) this.#made.set(item.mark, item);
  }
}
