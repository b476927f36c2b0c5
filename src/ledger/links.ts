// The contract of what is known about entries in step: links, the turns of their users, conflicts and what was written into the CRM. It
// stands beside the ledger's own contract, in the same database.

import type { Conflict, CrmWrite, Link, LinkCause, LinkState } from '../core/sync/link';
import type { EntryKind } from '../core/sync/entry';
import type { Lease } from './ledger';

/**
 * A user's place in the round: whose turn it is, and what stands in the way. Moments are ms since 1970 UTC, 0 is "never".
 * - `new`: its first turn has not begun yet; whoever takes it makes it active.
 * - `active`: it gets its turns.
 * - `parked`: the user is inactive in the CRM, or left out by the configuration; nothing is deleted.
 * - `adopting`: entries of ours were found that the ledger knows nothing of: only looked at and adopted, until somebody resolves it.
 * - `disconnected`: somebody said that the user is kept in step no more; nothing but that person's word ends it.
 */
export interface Grant {
  /** The login, in lower case. */
  readonly user: string;
  readonly state: 'new' | 'active' | 'parked' | 'adopting' | 'disconnected';
  /** In words; empty where there is nothing to say. */
  readonly reason: string;
  /** When its turn comes, and when the last one ended with everything in step. */
  readonly dueAt: number;
  readonly syncedAt: number;
  /** Turns in a row that failed. */
  readonly failures: number;
  /** At which groupware its links are, as whereabouts.ts spells it; empty where nobody knows. */
  readonly groupware: string;
  readonly leaseOwner: string;
  readonly leaseUntil: number;
}

/** How a turn ends. */
export type TurnEnd = Pick<Grant, 'state' | 'reason' | 'dueAt' | 'syncedAt' | 'failures'>;

/** How much of something may happen in a span of time, over all hosts. */
export interface Allowance {
  readonly name: string;
  readonly most: number;
  /** How long after its first use it is whole again, in ms. */
  readonly perMs: number;
}

/** What one transaction changes about a user's entries. */
export interface Commit {
  /** Links as they are to be, each once. One of revision 0 is new; any other follows the revision that it has. */
  readonly links: readonly Link[];
  readonly conflicts?: readonly Conflict[];
  readonly writes?: readonly CrmWrite[];
  /**
   * The ids of links that lose all texts: their entries, both values of the conflicts and writes that were kept before, and the words of
   * whoever refused them. Ids and states stay.
   */
  readonly emptied?: readonly string[];
  /** How far listings of a kind came; an empty text forgets it. */
  readonly cursor?: { readonly kind: EntryKind; readonly cursor: string };
  /** At which groupware the links are from now on. */
  readonly groupware?: string;
}

/** A conflict as it is kept. */
export interface KeptConflict extends Conflict {
  readonly id: string;
}

/** Which links are wanted; all that are named must fit. */
export interface LinkFilter {
  readonly user?: string;
  readonly ids?: readonly string[];
  readonly type?: string;
  readonly objid?: number;
  readonly states?: readonly LinkState[];
}

/** How many links of a user are in a state, and since when the one that waits longest. */
export interface LinkCount {
  readonly user: string;
  readonly state: LinkState;
  readonly count: number;
  readonly oldestChangedAt: number;
}

/** How many links of a user are held for a cause. */
export interface HeldCount {
  readonly user: string;
  readonly cause: LinkCause;
  readonly count: number;
}

/** The store. Every call rejects with a DatabaseError of the ledger, and nothing is changed then. */
export interface Links {
  /** Enters the users that are not there yet, due at once. */
  enter(users: readonly string[], now: number, signal: AbortSignal): Promise<void>;
  grants(signal: AbortSignal): Promise<readonly Grant[]>;
  /**
   * Those whose turn it is and that nobody works on, the one that waited longest first; the ones behind another, for the next page. One
   * that is parked or disconnected has none.
   */
  dueGrants(now: number, most: number, signal: AbortSignal, behind?: Pick<Grant, 'dueAt' | 'user'>): Promise<readonly Grant[]>;
  /** Takes a user's turn, if the grant is as it was seen and nobody works on it. False where somebody else was faster. */
  takeTurn(seen: Grant, lease: Lease, signal: AbortSignal): Promise<boolean>;
  /** Ends a turn, and the lease with it. False where the lease was lost. One that was made due meanwhile stays due. */
  endTurn(user: string, owner: string, end: TurnEnd, signal: AbortSignal): Promise<boolean>;
  /** Uses an allowance: how many of those that are wanted may happen now, and count as used from then on. */
  spend(allowance: Allowance, wanted: number, now: number, signal: AbortSignal): Promise<number>;
  /** Makes a turn due now, for example because a rule fired. */
  makeDue(user: string, now: number, signal: AbortSignal): Promise<void>;
  /** All links of a user but those that are gone, in the order of their ids. */
  links(user: string, signal: AbortSignal): Promise<readonly Link[]>;
  /** Links by a filter, the newest change first. */
  find(filter: LinkFilter, most: number, signal: AbortSignal): Promise<readonly Link[]>;
  /** How far listings of each kind came. */
  cursors(user: string, signal: AbortSignal): Promise<ReadonlyMap<EntryKind, string>>;
  /**
   * Changes a user's links, all or none, as long as the owner has the turn and each link is of the revision that it was read with; the
   * kept ones then have the next revision, and `now` as the moment of their change. False where that is not so: then what was read is old.
   * The very commit that came true last is true again, and changes nothing; so one that is uncertain can be repeated.
   *
   * More than MOST_CHANGES of commit.ts (links, conflicts, writes and what is emptied together) are several transactions, each all or none,
   * a link with all that is about it, and the cursor with the last one. False may then come after some of them.
   */
  commit(user: string, owner: string, commit: Commit, now: number, signal: AbortSignal): Promise<boolean>;
  /** Says how a held link ends. False where it is not held any more, or was changed. One that is damaged loses its entries by it. */
  order(seen: Link, order: Link['order'], now: number, signal: AbortSignal): Promise<boolean>;
  counts(signal: AbortSignal): Promise<readonly LinkCount[]>;
  heldCounts(signal: AbortSignal): Promise<readonly HeldCount[]>;
  /** How many conflicts there are, those whose values were forgotten included. */
  conflictCount(signal: AbortSignal): Promise<number>;
  /** The newest first. */
  conflicts(
    filter: { readonly user?: string; readonly linkId?: string },
    most: number,
    signal: AbortSignal,
  ): Promise<readonly KeptConflict[]>;
  /** The newest first. */
  writes(linkId: string, most: number, signal: AbortSignal): Promise<readonly CrmWrite[]>;
  /** Empties both values of conflicts and writes, and all entries of links that are apart or gone, of before a moment; how many rows. */
  forgetEntries(before: number, signal: AbortSignal): Promise<number>;
}
