// One user's calendar at Google as the engine sees it.

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
import { isMissing, isWell, NO_FIRST_CALENDAR, troubleOf } from '../calls/answers';
import type { GoogleClient } from '../calls/client';
import type { GoogleOptions } from '../options';
import { readPlace, spellPlace, type Way } from '../places/cursor';
import { pageAsked, pageTold } from '../places/pages';
import type { EventRules } from './event';
import { inspectCalendar } from './inspect';
import { FIXED, listEvents } from './list';
import { findCalendar, makeCalendar, type FoundCalendar } from './place';
import { doSteps, getEvents, type Shelf } from './steps';

/** Whose calendar it is, and how it is asked for. */
export interface CalendarParts {
  readonly user: GroupwareUser;
  readonly options: Pick<GoogleOptions, 'calendar' | 'serviceAccount'>;
  /** Where the service is. */
  readonly root: string;
  /** Opens the client, once in a run. */
  client(): Promise<GoogleClient>;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/** How long a listing may show an event as it was; how long it is in truth, Google says nowhere. */
const SETTLED_AFTER_MS = 60_000;

/** So many pages has a listing at the most. */
const MOST_PAGES = 1_000;

const NO_CALENDAR: Trouble = { kind: 'retry', reason: 'the calendar is not there' };

/** The events of a user. */
export function openCalendar(parts: CalendarParts): Collection {
  return new Calendar(parts);
}

class Calendar implements Collection {
  readonly remoteUser: string;
  readonly settledAfterMs = SETTLED_AFTER_MS;
  readonly #way: Way;
  readonly #rules: EventRules;
  /** Which calendar it is, once that is known. */
  #id: string | undefined;
  /** Items as they were last seen, by their ids. */
  readonly #seen = new Map<string, RemoteItem>();

  constructor(private readonly parts: CalendarParts) {
    const { user, options, root } = parts;
    this.remoteUser = user.email;
    this.#way = [root, options.calendar, ...Object.values(FIXED)];
    this.#rules = { calendar: options.calendar, timeZone: user.timeZone };
  }

  async list(cursor: string | undefined, page: string | undefined, deadline: Deadline): Promise<Listing> {
    if (deadline.signal.aborted) return TOO_LATE;
    const asked = pageAsked(cursor, page);
    const { from } = asked;
    const known = from === undefined ? undefined : readPlace(this.#way, from);
    if (from !== undefined && known === undefined) return { kind: 'expired' };
    const client = await this.parts.client();
    this.#id = known?.calendarId;
    const found = await this.#find(client, deadline);
    if (found.kind !== 'calendar') return found;
    const place = known ?? { calendarId: found.id, syncToken: '', pageToken: '' };
    const listed = await listEvents(client, this.parts.user, place, this.#rules, deadline);
    if (listed.kind === 'missing') return this.#missing(client, found.id, deadline);
    if (listed.kind !== 'page') return listed;
    this.#note(listed.items);
    const told = { items: listed.items, isLast: listed.isLast, isWhole: place.syncToken === '' };
    return pageTold(told, spellPlace(this.#way, listed.to), asked, MOST_PAGES);
  }

  async get(ids: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Found> | Trouble> {
    if (deadline.signal.aborted) return TOO_LATE;
    const shelf = await this.#shelf(deadline);
    if (!('client' in shelf)) return shelf.kind === 'absent' ? NO_CALENDAR : shelf;
    const found = await getEvents(shelf, ids, deadline);
    if ('reason' in found) return found;
    this.#note([...found.values()].filter((each) => each !== 'absent'));
    if (![...found.values()].includes('absent')) return found;
    // Of a calendar that was deleted just now, each event is missing, and none was deleted by itself.
    return (await this.#whyNotThere(shelf, deadline)) ?? found;
  }

  async inspect(deadline: Deadline): Promise<Inspected | Unwritable> {
    if (deadline.signal.aborted) return TOO_LATE;
    const { user, options, now } = this.parts;
    const login = options.serviceAccount === undefined ? 'own' : 'shared';
    return inspectCalendar({ client: await this.parts.client(), user, calendar: options.calendar }, login, now, deadline);
  }

  async apply(steps: readonly RemoteStep[], deadline: Deadline): Promise<ReadonlyMap<string, StepOutcome>> {
    const shelf = deadline.signal.aborted ? TOO_LATE : await this.#shelfFor(steps, deadline);
    if (!('client' in shelf)) return new Map(steps.map(({ linkId }) => [linkId, shelf]));
    const outcomes = await doSteps(shelf, steps, this.#seen, deadline);
    this.#note([...outcomes.values()].flatMap((each) => (each.kind === 'done' || each.kind === 'exists' ? [each.item] : [])));
    return outcomes;
  }

  /** The calendar, which is made where it is not there and something is to be put into it. */
  async #shelfFor(steps: readonly RemoteStep[], deadline: Deadline): Promise<Shelf | Trouble> {
    const shelf = await this.#shelf(deadline);
    if ('client' in shelf || shelf.kind !== 'absent') return shelf;
    if (!steps.some((step) => step.do === 'create')) return NO_CALENDAR;
    const client = await this.parts.client();
    const made = await makeCalendar({ client, user: this.parts.user, calendar: 'own' }, deadline);
    if (made.kind !== 'calendar') return made.kind === 'absent' ? NO_CALENDAR : made;
    this.#id = made.id;
    return this.#shelfOf(client, made.id);
  }

  async #shelf(deadline: Deadline): Promise<Shelf | Exclude<FoundCalendar, { readonly kind: 'calendar' }>> {
    const client = await this.parts.client();
    const found = await this.#find(client, deadline);
    return found.kind === 'calendar' ? this.#shelfOf(client, found.id) : found;
  }

  #shelfOf(client: GoogleClient, calendarId: string): Shelf {
    return { client, user: this.parts.user, calendarId, rules: this.#rules };
  }

  async #find(client: GoogleClient, deadline: Deadline): Promise<FoundCalendar> {
    if (this.#id !== undefined) return { kind: 'calendar', id: this.#id };
    const { user, options } = this.parts;
    const found = await findCalendar({ client, user, calendar: options.calendar }, deadline);
    if (found.kind === 'calendar') this.#id = found.id;
    return found;
  }

  /** What it means that a calendar cannot be listed: only the list says whether it is there. */
  async #missing(client: GoogleClient, id: string, deadline: Deadline): Promise<Listing> {
    this.#id = undefined;
    if (this.parts.options.calendar === 'primary') return NO_FIRST_CALENDAR;
    const found = await this.#find(client, deadline);
    if (found.kind !== 'calendar') return found;
    if (found.id !== id) return { kind: 'expired' };
    return { kind: 'retry', reason: 'the calendar is in the list, and cannot be listed' };
  }

  /** A person's first calendar is always there. */
  async #whyNotThere({ client, user, calendarId }: Shelf, deadline: Deadline): Promise<Trouble | undefined> {
    if (this.parts.options.calendar === 'primary') return undefined;
    const path = `calendars/${encodeURIComponent(calendarId)}`;
    const called = await client.call(user, { method: 'GET', path, query: { fields: 'id' } }, deadline);
    if (called.kind === 'answer' && isWell(called)) return undefined;
    this.#id = undefined;
    return called.kind === 'answer' && isMissing(called) ? NO_CALENDAR : troubleOf(called);
  }

  #note(items: readonly (RemoteItem | RemoteGone)[]): void {
    for (const item of items)
      if ('gone' in item) this.#seen.delete(item.id);
      else this.#seen.set(item.id, item);
  }
}
