// What the groupware has of a user, kind by kind, with no more listings than it takes.

import type { Deadline } from '../../../core/deadline';
import type { EntryKind } from '../../../core/sync/entry';
import type { Link } from '../../../core/sync/link';
import type { LooseRow } from '../../../core/sync/plan';
import type { There } from '../../../core/sync/sides';
import type { Trouble } from '../../../groupware/groupware';
import { lastListing, listAll, type Listed, type ListingParts, type Sight, type Unlisted } from './listing';
import { withMerged } from './merged';
import { sightLinks } from './sight';

/** A kind to look at, with the links of it. */
export interface Watched extends Listed {
  readonly links: readonly Link[];
}

/** A kind as it was seen. */
export interface Look {
  readonly watched: Watched;
  readonly sight: Sight;
  /** By the link's id. */
  readonly there: ReadonlyMap<string, There>;
  /** Whether the last listing was new enough. */
  readonly isLast: boolean;
}

/** What kinds came to. */
export type Looks = ReadonlyMap<EntryKind, Look | Unlisted>;

/** Looks at kinds, at the last listing of each where `isPaced` and it is new enough; or why one cannot be looked at. */
export async function lookThere(
  all: readonly Watched[],
  isPaced: boolean,
  parts: ListingParts,
  deadline: Deadline,
): Promise<Looks | Trouble> {
  const looks = new Map<EntryKind, Look | Unlisted>();
  for (const watched of all) {
    const look = await lookAt(watched, isPaced, parts, deadline);
    if ('reason' in look) return look;
    looks.set(watched.kind, look);
  }
  return looks;
}

/**
 * The same, with a new listing of each kind in which something is missing on the groupware's side: what is made there, or gone from there, is
 * so by a listing of this very turn. An item whose making nobody heard of only a listing may show, a calendar that is gone as well.
 */
export async function lookAgain(
  looks: Looks,
  rows: readonly LooseRow[],
  parts: ListingParts,
  deadline: Deadline,
): Promise<Looks | Trouble> {
  const lacking = looksOf(looks).filter((look) => look.isLast && lacks(look, rows));
  const again = await lookThere(
    lacking.map(({ watched }) => watched),
    false,
    parts,
    deadline,
  );
  return 'reason' in again ? again : new Map([...looks, ...again]);
}

/** The kinds that were seen. */
export function looksOf(looks: Looks): readonly Look[] {
  return [...looks.values()].filter((look) => 'sight' in look);
}

/** The kinds whose first listings have to wait. */
export function unlistedOf(looks: Looks): readonly Unlisted[] {
  return [...looks.values()].filter((look) => 'perMs' in look);
}

async function lookAt(
  watched: Watched,
  isPaced: boolean,
  parts: ListingParts,
  deadline: Deadline,
): Promise<Look | Unlisted | Trouble> {
  // What settles while a listing is under way may not stand in it yet.
  const begun = parts.now();
  const last = isPaced ? lastListing(watched, begun) : undefined;
  const sight = last ?? (await listAll(watched, parts, deadline));
  if (!('items' in sight)) return sight;
  const found = await sightLinks(watched.links, sight, watched.collection, begun, deadline);
  if ('reason' in found) return found;
  return { watched, sight, there: withMerged(watched.links, found, sight.items), isLast: last !== undefined };
}

function lacks({ watched: { kind, links }, there }: Look, rows: readonly LooseRow[]): boolean {
  const isMissing = ({ id, state }: Link) => state !== 'apart' && there.get(id)?.kind === 'absent';
  return rows.some((row) => row.kind === kind) || links.some(isMissing);
}
