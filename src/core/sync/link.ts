// A link: that an entry of the CRM and one of a groupware are the same, and what is known of both. docs/formats.md fixes its states.

import type { Entry, EntryKind } from './entry';

/**
 * - `intended`: kept before one side is made; the other side may or may not have it yet.
 * - `linked`: both sides have it.
 * - `leaving`: one side has it no more, and the other one is being told.
 * - `held`: nothing happens until somebody resolves it, or what it is held for is over.
 * - `gone`: neither side has it. It keeps its id for ever.
 * - `apart`: never touched again in either direction, unless it was out of the window and comes back.
 */
export type LinkState = 'intended' | 'linked' | 'leaving' | 'held' | 'gone' | 'apart';
export const LINK_STATES: readonly LinkState[] = ['intended', 'linked', 'leaving', 'held', 'gone', 'apart'];

/** Why a link is held, apart or leaving, for the program; people read `reason`. */
export type LinkCause =
  | ''
  /** Held: its entry is private now. */
  | 'private'
  /** Held: a person made a series of it. */
  | 'series'
  /** Held: too many are missing there, or here, at once. */
  | 'guard-there'
  | 'guard-here'
  /** Held: the CRM lost the row, and it was edited there. */
  | 'edited-there'
  /** Held: found without its link, and both sides differ. */
  | 'found'
  /** Held: somebody merged its entry with another one. */
  | 'merged'
  /** Held: the groupware refuses it. */
  | 'refused'
  /** Apart: out of the window. */
  | 'window'
  /** Apart: deleted in the groupware. */
  | 'deleted-there'
  /** Apart: over and done. */
  | 'past'
  /** Apart: both sides were kept as they are. */
  | 'both'
  /** Intended: its user moved, and it looks for its item. Apart: its user moved before it was in the CRM. */
  | 'moved'
  /** Leaving: the row has another owner. */
  | 'owner'
  /** Leaving: the row is gone. */
  | 'deleted-here'
  /** Leaving: its user was disconnected, and what was made there for the CRM is taken out. */
  | 'disconnected';

/** How somebody ended what was held. */
export type LinkOrder = '' | 'crm' | 'groupware' | 'both';

/** A link. Moments are ms since 1970 UTC; 0 is "never", an empty text "nothing". */
export interface Link {
  /** The id of the entry where we name it, and the link's own: see entry-id.ts. */
  readonly id: string;
  /** The login of the CRM's user. */
  readonly user: string;
  readonly kind: EntryKind;
  /** The kind of CRM entry (`appointment`), and its row; 0 where it is not reserved yet. */
  readonly type: string;
  readonly objid: number;
  /** How often it was made anew in the groupware: a deleted id never comes back. */
  readonly generation: number;
  /** What the groupware calls it; empty as long as nobody knows. */
  readonly remoteId: string;
  /** The version that the groupware gave it, as it last answered. */
  readonly version: string;
  /** Which side people made it on. */
  readonly origin: 'crm' | 'groupware';
  readonly state: LinkState;
  readonly cause: LinkCause;
  /** In words. */
  readonly reason: string;
  readonly order: LinkOrder;
  /** The CRM's rendering, and the groupware's, as each of them was when both last agreed. Nothing where there is none, or it was emptied. */
  readonly crmBase: Entry | undefined;
  readonly remoteBase: Entry | undefined;
  /** What is being made on the other side, frozen until its outcome is known. */
  readonly sent: Entry | undefined;
  /** What a listing told that is not worked off yet. */
  readonly pending: Pending | undefined;
  readonly attempts: number;
  readonly changedAt: number;
  /** Counts its changes; a change names the one that it follows. */
  readonly revision: number;
  /**
   * What of its row cannot be read, in words; left out where all of it can. Whatever its row says, such a link is shown as held, and a
   * commit leaves it as it is. Only an order makes a sound one of it, which has no entries.
   */
  readonly damage?: string;
}

/** Whether a link looks for its item at a groupware to which its user moved. It has sent nothing there yet. */
export function isSought({ state, cause }: Pick<Link, 'state' | 'cause'>): boolean {
  return state === 'intended' && cause === 'moved';
}

/** What was seen in the groupware. */
export type Pending = { readonly kind: 'entry'; readonly entry: Entry; readonly version: string } | { readonly kind: 'absent' };

/** A new link with nothing in it but what is said. */
export function newLink(given: Pick<Link, 'id' | 'user' | 'kind' | 'type' | 'origin' | 'state'> & Partial<Link>): Link {
  return {
    objid: 0,
    generation: 0,
    remoteId: '',
    version: '',
    cause: '',
    reason: '',
    order: '',
    crmBase: undefined,
    remoteBase: undefined,
    sent: undefined,
    pending: undefined,
    attempts: 0,
    changedAt: 0,
    revision: 0,
    ...given,
  };
}

/** A link without its entries. */
export function emptied(link: Link): Link {
  return { ...link, crmBase: undefined, remoteBase: undefined, sent: undefined, pending: undefined };
}

/** A value of a field that gave way to the other side's, kept so that nothing is lost. */
export interface Conflict {
  readonly linkId: string;
  readonly user: string;
  readonly field: string;
  /** Whose value was kept. */
  readonly winner: 'crm' | 'groupware' | 'both';
  readonly crmValue: string;
  readonly remoteValue: string;
  readonly at: number;
}

/** A column of the CRM that was written for a groupware's user. */
export interface CrmWrite {
  readonly linkId: string;
  /** The login whose entry it was, and what the groupware calls that user. */
  readonly user: string;
  readonly remoteUser: string;
  readonly table: string;
  readonly objid: number;
  readonly column: string;
  readonly oldValue: string;
  readonly newValue: string;
  readonly at: number;
}
