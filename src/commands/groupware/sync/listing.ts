// Listings of a user's collections, no more often than their groupware takes them.

import { pollMs } from '../../../core/backoff';
import type { Deadline } from '../../../core/deadline';
import { isFresh, isOld, readCursor, spellCursor, type Cursor } from '../../../core/sync/cursor';
import type { EntryKind } from '../../../core/sync/entry';
import type { Collection, ListingLimit, RemoteItem, Trouble } from '../../../groupware/groupware';

/** What a listing of a kind came to. */
export interface Sight {
  readonly kind: EntryKind;
  /** By what the groupware calls them. */
  readonly items: ReadonlyMap<string, RemoteItem>;
  /** Ids that the groupware said are gone. */
  readonly gone: ReadonlySet<string>;
  /** Whether everything that is there was listed. */
  readonly isWhole: boolean;
  /** Whether the calendar or list itself is not there. */
  readonly isLost: boolean;
  /** From where the next listing goes on, as it is kept; nothing where it cannot. */
  readonly cursor: string | undefined;
}

/** A kind of which everything has to be listed, and the limit that is used up. */
export interface Unlisted extends ListingLimit {
  readonly kind: EntryKind;
}

/** Something to list. */
export interface Listed {
  readonly kind: EntryKind;
  readonly collection: Collection;
  /** The cursor that was kept. */
  readonly kept: string | undefined;
}

/** What a listing depends on. */
export interface ListingParts {
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
  /**
   * Whether one more listing of everything may begin now; `isNeeded` where nothing can be listed without it, and not only because the last
   * one is old.
   */
  readonly mayListAll: (unlisted: Unlisted, isNeeded: boolean) => Promise<boolean>;
}

/** The last listing, where it counts as new enough: nothing changed since. Nothing where it does not. */
export function lastListing({ kind, collection, kept }: Listed, now: number): Sight | undefined {
  const cursor = readCursor(kept, now);
  if (cursor === undefined || !isFresh(cursor, collection.listEveryMs, now)) return undefined;
  return { kind, items: new Map(), gone: new Set(), isWhole: false, isLost: false, cursor: kept };
}

/** Lists a collection to its end, from the cursor that was kept where it still counts; or why that cannot be done now. */
export async function listAll(listed: Listed, parts: ListingParts, deadline: Deadline): Promise<Sight | Unlisted | Trouble> {
  const { kind, collection, kept } = listed;
  const { firstListings } = collection;
  const mayListAll = async (isNeeded: boolean) =>
    firstListings === undefined || (await parts.mayListAll({ kind, ...firstListings }, isNeeded));
  const now = parts.now();
  const cursor = readCursor(kept, now);
  // Whoever has a cursor can go on with it, however old it is.
  const isRelisted = cursor !== undefined && isOld(cursor, now) && (await mayListAll(false));
  const changes = cursor === undefined || isRelisted ? 'expired' : await list(listed, cursor, parts, deadline);
  if (changes !== 'expired') return changes;
  if (firstListings !== undefined && !isRelisted && !(await mayListAll(true))) return { kind, ...firstListings };
  const all = await list(listed, undefined, parts, deadline);
  return all === 'expired' ? { kind: 'retry', reason: 'the groupware calls a listing expired that has no cursor' } : all;
}

/** Lists everything, or what changed since a cursor. */
async function list(
  { kind, collection }: Listed,
  from: Cursor | undefined,
  { now, random }: ListingParts,
  deadline: Deadline,
): Promise<Sight | Trouble | 'expired'> {
  const items = new Map<string, RemoteItem>();
  const gone = new Set<string>();
  const begun = now();
  const spelled = (text: string | undefined, wholeAt: number) =>
    text === undefined ? undefined : spellCursor({ text, wholeAt, ...freshness(collection, begun, random) });
  for (let page: string | undefined; ;) {
    const listing = await collection.list(from?.text, page, deadline);
    if (listing.kind === 'retry' || listing.kind === 'refused') return listing;
    // What was listed so far counts no more than what was not.
    if (listing.kind === 'expired') return 'expired';
    if (listing.kind === 'absent') {
      // Its place is looked for anew as often as everything is listed again.
      const cursor = spelled(listing.cursor, from?.wholeAt ?? begun);
      const besides = new Map((listing.items ?? []).map((item) => [item.id, item]));
      return { kind, items: besides, gone: new Set(), isWhole: true, isLost: true, cursor };
    }
    for (const item of listing.items) {
      // What comes later in a listing is newer.
      gone.delete(item.id);
      items.delete(item.id);
      if ('gone' in item) gone.add(item.id);
      else items.set(item.id, item);
    }
    const { isWhole, next } = listing;
    const wholeAt = isWhole ? begun : (from?.wholeAt ?? begun);
    if (next === undefined) return { kind, items, gone, isWhole, isLost: false, cursor: spelled(listing.cursor, wholeAt) };
    page = next;
  }
}

/** Until when a listing that began at a moment counts as new enough. */
function freshness({ listEveryMs }: Collection, begun: number, random: () => number): Pick<Cursor, 'freshUntil'> {
  return listEveryMs === undefined ? {} : { freshUntil: begun + pollMs(listEveryMs, random()) };
}
