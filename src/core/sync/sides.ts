// What is known of the two sides of a link at a moment, and what may be done about them. Unknown is never taken for absent.

import { withFields, type Entry, type EntryField, type EntryKind } from './entry';

/** The CRM's side. */
export type Here =
  | {
      readonly kind: 'present';
      readonly entry: Entry;
      /** The login of its owner; of a contact, of the user in question while it belongs into that address book. */
      readonly owner: string;
      readonly isInWindow: boolean;
      /** Whether it is over: then the CRM has the last word about it. */
      readonly isPast: boolean;
      /** The fields that its kind has, and those that may be written back. */
      readonly fields: readonly EntryField[];
      readonly writable: readonly EntryField[];
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

/** The groupware's side. */
export type There =
  | { readonly kind: 'present'; readonly id: string; readonly entry: Entry; readonly version: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'private' }
  | { readonly kind: 'series' }
  | { readonly kind: 'foreign' }
  /** Somebody merged its item with that of another link, which goes on. */
  | { readonly kind: 'merged' }
  /** With words where it is there and cannot be understood. */
  | { readonly kind: 'unknown'; readonly words: string };

/** A side that has the entry. */
export type PresentHere = Extract<Here, { readonly kind: 'present' }>;
export type PresentThere = Extract<There, { readonly kind: 'present' }>;

/**
 * The baseline of a row that was made: what was entered (`crmBase`), whatever people made of it since. What cannot be written is as the row
 * says by itself: a place that only the groupware has is no difference, and stays there.
 */
export function asEntered(crmBase: Entry | undefined, { entry, writable }: Pick<PresentHere, 'entry' | 'writable'>): Entry {
  return crmBase === undefined ? entry : withFields(entry, crmBase, writable);
}

/** What holds for a user. */
export interface SyncRules {
  /** Which CRM it is; a part of every id. */
  readonly system: string;
  /** The login. */
  readonly user: string;
  /** The user’s zone: the day of a task is the day there. */
  readonly timeZone: string;
  /** Whether anything may be written into the CRM for this user. */
  readonly mayWrite: boolean;
  /** The kind of row that an entry made in the groupware becomes; nothing where no rows may be made. */
  readonly creates: Readonly<Partial<Record<EntryKind, string>>>;
  /** Which rows a deletion in the groupware deletes: none, those that we made, or appointments as well. */
  readonly deletes: 'none' | 'own' | 'appointments';
  /** Whether the card of a contact that drops out of the window leaves the address book. */
  readonly removesContacts: boolean;
  /** The fields that the groupware can hold. */
  readonly fields: Readonly<Partial<Record<EntryKind, readonly EntryField[]>>>;
}
