// One user's calendar as the engine sees it.

import type { Deadline } from '../../core/deadline';
import { looksComputed } from '../../core/sync/entry-id';
import type {
  Collection,
  Found,
  GroupwareUser,
  Inspected,
  Listing,
  RemoteStep,
  StepOutcome,
  Trouble,
  Unwritable,
} from '../groupware';
import { TOO_LATE } from '../too-late';
import type { ItemTexts } from '../text-item';
import type { DavClient } from './client';
import { readCursor, spellCursor, type CalendarCursor } from './cursor';
import type { DavKind } from './dav-kinds';
import { nameOfId } from './hrefs';
import { fetchItems, findByUid, type Fetched, type Shelf } from './items';
import { listFrom, type Mark } from './listing';
import { findPlace, makePlace, type DavPlace, type NoPlace, type PlaceParts } from './place';
import { afterPut, stepped, type Stepped } from './step';

/** What is loaded when the first question is asked. */
export interface Desk {
  readonly client: DavClient;
  readonly texts: ItemTexts;
}

type Parts = Omit<PlaceParts, 'client'>;

/** So many pages has a listing at the most. */
const MOST_PAGES = 1_000;

/** The entries of a user who has no login. */
export function withoutLogin({ login }: GroupwareUser): Collection {
  const refused: Trouble = { kind: 'refused', reason: `${login} has no login there; name one in groupware.people.${login}` };
  return {
    remoteUser: login,
    list: () => Promise.resolve(refused),
    get: () => Promise.resolve(refused),
    inspect: () => Promise.resolve(refused),
    apply: (steps) => Promise.resolve(new Map(steps.map(({ linkId }) => [linkId, refused]))),
  };
}

/** Looks at a place without changing anything. */
type Inspect = (parts: PlaceParts, deadline: Deadline) => Promise<Inspected | Unwritable>;

/** The entries of a user. */
export function openCalendar(parts: Parts, openDesk: () => Promise<Desk>, inspect: Inspect): Collection {
  return new Calendar(parts, openDesk, inspect);
}

class Calendar implements Collection {
  readonly remoteUser: string;
  /** Where the calendar is, once that is known. */
  #url: URL | undefined;
  /** Where it may be made, once a listing found that it is not there. */
  #noPlace: NoPlace | undefined;
  /** Where it is, as a listing saw that has to begin anew. */
  #seen: URL | undefined;

  constructor(
    private readonly parts: Parts,
    private readonly openDesk: () => Promise<Desk>,
    private readonly look: Inspect,
  ) {
    const { options, user } = parts;
    this.remoteUser = options.people[user.login]?.user ?? user.login;
  }

  async list(cursor: string | undefined, page: string | undefined, deadline: Deadline): Promise<Listing> {
    if (deadline.signal.aborted) return TOO_LATE;
    const isWhole = cursor === undefined;
    const from = page === undefined ? undefined : readPage(this.parts, page);
    const known = from?.cursor ?? (isWhole ? undefined : readCursor(this.parts, cursor));
    if (!isWhole && known === undefined) return EXPIRED;
    if (known?.of === 'home') return this.#lookIn(known.url, deadline);
    this.#url = known?.url ?? this.#seen;
    this.#seen = undefined;
    const shelf = await this.#shelf(deadline);
    if (!('client' in shelf)) return shelf.kind === 'absent' ? this.#absent(shelf) : shelf;
    const listed = await listFrom(shelf, known?.mark, isWhole, deadline);
    if (listed.kind !== 'page') {
      this.#url = undefined;
      // Under this path there is none, where the configuration says that there is one.
      if (listed.kind === 'absent' && this.parts.wanted !== undefined) return notAtItsPath(this.parts.kind);
      if (listed.kind !== 'expired') return listed;
      if (listed.isThere) this.#seen = shelf.url;
      return EXPIRED;
    }
    const { items, next, mark } = listed;
    const number = (from?.number ?? 0) + 1;
    if (next !== undefined && number >= MOST_PAGES) return { kind: 'retry', reason: 'the server’s listing has no end' };
    const spelled = (to: Mark) => spellCursor(this.parts, { of: 'calendar', url: shelf.url, mark: to });
    return {
      kind: 'page',
      items,
      isWhole: listed.isWhole,
      ...(next === undefined ? {} : { next: `${number} ${spelled(next)}` }),
      ...(mark === undefined || next !== undefined ? {} : { cursor: spelled(mark) }),
    };
  }

  /** Whether the calendar is by now where it was not. Then all of it is new. */
  async #lookIn(home: URL, deadline: Deadline): Promise<Listing> {
    const { client } = await this.openDesk();
    const place = await findPlace({ ...this.parts, client }, deadline, home);
    if (place.kind === 'absent') return this.#absent(place);
    if (place.kind !== 'place') return place;
    this.#seen = place.url;
    return EXPIRED;
  }

  #absent(place: NoPlace): Listing {
    this.#noPlace = place;
    return { kind: 'absent', cursor: spellCursor(this.parts, { of: 'home', url: place.home }) };
  }

  async get(ids: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Found> | Trouble> {
    if (deadline.signal.aborted) return TOO_LATE;
    const shelf = await this.#shelf(deadline);
    if (!('client' in shelf)) return shelf.kind === 'absent' ? notThere(this.parts.kind) : shelf;
    const { ending } = shelf.kind;
    const fetched = await fetchItems(
      shelf,
      ids.map((id) => nameOfId(id, ending)),
      deadline,
    );
    if ('reason' in fetched) return fetched;
    const found = new Map<string, Found>();
    for (const id of ids) {
      const there = fetched.get(nameOfId(id, ending));
      // One that we made may have got another name.
      const now = there === 'absent' && looksComputed(id) ? await findByUid(shelf, id, deadline) : there;
      if (now !== undefined) found.set(id, isGone(now) ? 'absent' : now);
    }
    return found;
  }

  async inspect(deadline: Deadline): Promise<Inspected | Unwritable> {
    if (deadline.signal.aborted) return TOO_LATE;
    const { client } = await this.openDesk();
    return this.look({ ...this.parts, client }, deadline);
  }

  async apply(steps: readonly RemoteStep[], deadline: Deadline): Promise<ReadonlyMap<string, StepOutcome>> {
    const shelf = deadline.signal.aborted ? TOO_LATE : await this.#shelfFor(steps, deadline);
    if (!('client' in shelf)) return new Map(steps.map(({ linkId }) => [linkId, shelf]));
    const sofar = new Map<string, Stepped>();
    let trouble: Trouble | undefined;
    for (const step of steps) {
      if (deadline.signal.aborted) trouble ??= TOO_LATE;
      const came: Stepped = trouble ?? (await stepped(step, shelf, deadline));
      sofar.set(step.linkId, came);
      if (came.kind === 'retry' || came.kind === 'refused') trouble = came;
    }
    return settled(sofar, shelf, deadline);
  }

  /** The calendar, which is made where it is not there and something is to be put into it. */
  async #shelfFor(steps: readonly RemoteStep[], deadline: Deadline): Promise<Shelf | Trouble> {
    // Whose turn it is has just seen whether it is there, and nobody else makes it meanwhile.
    const shelf = this.#noPlace ?? (await this.#shelf(deadline));
    this.#noPlace = undefined;
    if ('client' in shelf || shelf.kind !== 'absent') return shelf;
    if (!steps.some((step) => step.do === 'create')) return notThere(this.parts.kind);
    const { client } = await this.openDesk();
    const made = await makePlace({ ...this.parts, client }, shelf, deadline);
    if (made.kind === 'place') this.#url = made.url;
    const again = made.kind === 'place' ? await this.#shelf(deadline) : made;
    return 'client' in again || again.kind !== 'absent' ? again : notThere(this.parts.kind);
  }

  async #shelf(deadline: Deadline): Promise<Shelf | Exclude<DavPlace, { readonly kind: 'place' }>> {
    const { client, texts } = await this.openDesk();
    const { kind } = this.parts;
    if (this.#url === undefined) {
      const place = await findPlace({ ...this.parts, client }, deadline);
      if (place.kind !== 'place') return place;
      this.#url = place.url;
    }
    return { client, kind, url: this.#url, texts };
  }
}

const EXPIRED: Listing = { kind: 'expired' };

function notThere({ called }: DavKind): Trouble {
  return { kind: 'retry', reason: `the ${called} is not there` };
}

function notAtItsPath({ called, key }: DavKind): Trouble {
  return { kind: 'refused', reason: `there is no ${called} at the path that ${key} names; it has another one, or was deleted` };
}

/** What became of the steps: what was put is read again, all at once. */
async function settled(
  sofar: ReadonlyMap<string, Stepped>,
  shelf: Shelf,
  deadline: Deadline,
): Promise<ReadonlyMap<string, StepOutcome>> {
  const put = [...sofar].flatMap(([linkId, came]) => (came.kind === 'put' ? [{ linkId, came }] : []));
  const fetched =
    put.length === 0
      ? new Map<string, Fetched>()
      : await fetchItems(
          shelf,
          put.map(({ came }) => came.name),
          deadline,
        );
  const outcomes = new Map<string, StepOutcome>();
  // What fails alone may fail for ever; only where nothing else went well it is the server.
  const isServers = ![...sofar.values()].some(({ kind }) => WELL.includes(kind));
  for (const [linkId, came] of sofar) {
    if (came.kind === 'alone') {
      if (isServers) outcomes.set(linkId, came.trouble);
    } else if (came.kind !== 'put' && came.kind !== 'unknown') outcomes.set(linkId, came);
  }
  if ('reason' in fetched) return outcomes;
  for (const { linkId, came } of put) {
    const there = fetched.get(came.name);
    const now = there === 'absent' ? await findByUid(shelf, linkId, deadline) : there;
    const item = now === undefined ? undefined : afterPut(came, now, shelf);
    if (item !== undefined) outcomes.set(linkId, { kind: 'done', item });
  }
  return outcomes;
}

const WELL: readonly Stepped['kind'][] = ['put', 'done', 'deleted', 'exists', 'stale', 'burnt', 'rejected'];

function isGone(fetched: Fetched): fetched is Exclude<Fetched, { readonly version: string }> {
  return fetched === 'absent' || 'gone' in fetched;
}

/** A page: its number, and the cursor in the middle of a listing. */
function readPage(parts: Parts, page: string): { readonly number: number; readonly cursor: CalendarCursor } | undefined {
  const [, number, cursor = ''] = /^(\d{1,6}) (.+)$/s.exec(page) ?? [];
  const read = readCursor(parts, cursor);
  return read?.of !== 'calendar' ? undefined : { number: Number(number), cursor: read };
}
