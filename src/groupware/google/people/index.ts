// One user's contacts at Google as the engine sees them: those people of the address book that were made for the CRM.

import type { Deadline } from '../../../core/deadline';
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
import type { GoogleClient } from '../calls/client';
import { readPlace, spellPlace, type Way } from '../places/cursor';
import { pageAsked, pageTold } from '../places/pages';
import { askPeople, foundIn, isTrouble, type Book } from './ask';
import { contactGroup, type FoundGroup } from './contact-group';
import { FIXED, listPeople } from './list';
import { doSteps } from './steps';

/** Whose contacts they are, and how they are asked for. */
export interface ContactParts {
  readonly user: GroupwareUser;
  /** Where the service is. */
  readonly root: string;
  /** How long a listing counts as new enough, in ms. */
  readonly listEveryMs: number;
  /** Opens the client, once in a run. */
  client(): Promise<GoogleClient>;
}

/**
 * "The first page of a full sync request has an additional quota" (https://developers.google.com/people/api/rest/v1/people.connections/list)
 * which no page tells: so many whole listings an hour over all users are what this program allows itself.
 */
const FIRST_LISTINGS = { most: 20, perMs: 3_600_000 } as const;

/**
 * How long a listing may show people as they were, in ms: "Writes may have a propagation delay of several minutes for sync requests"
 * (https://developers.google.com/people/api/rest/v1/people.connections/list).
 */
const SETTLED_AFTER_MS = 600_000;

/** So many pages has a listing at the most. */
const MOST_PAGES = 100;

/** Whose contacts are listed: there is no other way. */
const OWN = 'people/me';

/** The contacts of a user. */
export function openContacts(parts: ContactParts): Collection {
  return new Contacts(parts);
}

class Contacts implements Collection {
  readonly remoteUser: string;
  readonly settledAfterMs = SETTLED_AFTER_MS;
  readonly firstListings = FIRST_LISTINGS;
  readonly listEveryMs: number;
  readonly #way: Way;
  #group: string | undefined;
  /** People by the links that they were made for, as this run saw them. */
  readonly #made = new Map<string, RemoteItem>();
  /** What people are called by now, by what they were called before. */
  readonly #renamed = new Map<string, string>();

  constructor(private readonly parts: ContactParts) {
    this.remoteUser = parts.user.email;
    this.listEveryMs = parts.listEveryMs;
    this.#way = [parts.root, ...Object.values(FIXED)];
  }

  async list(cursor: string | undefined, page: string | undefined, deadline: Deadline): Promise<Listing> {
    if (deadline.signal.aborted) return TOO_LATE;
    const asked = pageAsked(cursor, page);
    const { from } = asked;
    const known = from === undefined ? undefined : readPlace(this.#way, from);
    if (from !== undefined && known === undefined) return { kind: 'expired' };
    const place = known ?? { calendarId: OWN, syncToken: '', pageToken: '' };
    const listed = await listPeople(await this.parts.client(), this.parts.user, place, deadline);
    if (listed.kind !== 'page') return listed;
    this.#note(listed.items);
    for (const [before, name] of listed.renamed) this.#renamed.set(before, name);
    const told = { items: listed.items, isLast: listed.isLast, isWhole: place.syncToken === '' };
    return pageTold(told, spellPlace(this.#way, listed.to), asked, MOST_PAGES);
  }

  async get(ids: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Found> | Trouble> {
    if (deadline.signal.aborted) return TOO_LATE;
    const people = await askPeople(
      await this.#book(),
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

  async apply(steps: readonly RemoteStep[], deadline: Deadline): Promise<ReadonlyMap<string, StepOutcome>> {
    if (deadline.signal.aborted) return new Map(steps.map(({ linkId }) => [linkId, TOO_LATE]));
    const book = await this.#book();
    const there = steps.flatMap((step) => {
      const item = step.do === 'create' ? this.#made.get(step.linkId) : undefined;
      return item === undefined ? [] : [[step.linkId, { kind: 'exists', item }] as const];
    });
    const known = new Map<string, StepOutcome>(there);
    const left = steps.filter(({ linkId }) => !known.has(linkId));
    const group = left.some((step) => step.do === 'create') ? await this.#groupOf(book, deadline) : undefined;
    // Whoever cannot be made holds up nobody else.
    const isIn = (step: RemoteStep) => step.do !== 'create' || group?.kind === 'group';
    for (const step of left) if (!isIn(step) && group !== undefined && group.kind !== 'group') known.set(step.linkId, group);
    const outcomes = await doSteps(book, left.filter(isIn), group?.kind === 'group' ? group.name : '', deadline);
    this.#note([...outcomes.values()].flatMap((each) => (each.kind === 'done' ? [each.item] : [])));
    return new Map([...known, ...outcomes]);
  }

  async #book(): Promise<Book> {
    return { client: await this.parts.client(), user: this.parts.user };
  }

  async #groupOf({ client, user }: Book, deadline: Deadline): Promise<FoundGroup> {
    if (this.#group !== undefined) return { kind: 'group', name: this.#group };
    const found = await contactGroup(client, user, deadline);
    if (found.kind === 'group') this.#group = found.name;
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
