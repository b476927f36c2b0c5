// The contract of the CRM's entries: what stands in a user's agenda and list of tasks, and how some of it is written.

import type { Entry, EntryField, EntryKind } from '../core/sync/entry';
import type { EntryKey } from '../core/sync/entry-key';

/** A row as the CRM has it now. */
export interface CrmItem extends EntryKey {
  readonly kind: EntryKind;
  readonly entry: Entry;
  /** The login of the user that it belongs to, in lower case; empty where it belongs to nobody. A contact belongs to no user alone. */
  readonly owner: string | undefined;
  /** Whether it is in the window of time that is kept in step. */
  readonly isInWindow: boolean;
  /** Whether it is over: then the CRM has the last word about it. */
  readonly isPast: boolean;
  /** The fields that its kind has, and of these the ones that may be written back now. */
  readonly fields: readonly EntryField[];
  readonly writable: readonly EntryField[];
  /** The link back to it in the CRM's web client. */
  readonly url: string;
  /** What its own columns held when it was read, by which a change is compared and set. Never shown and never kept. */
  readonly columns: Readonly<Record<string, string | number | null>>;
  /** What rows that point back to it held, by what it means: as `columns`. */
  readonly besides?: Readonly<Partial<Record<string, string>>>;
}

/** A user of the CRM. */
export interface CrmUser {
  /** In lower case. */
  readonly login: string;
  readonly email: string;
  readonly isActive: boolean;
  /** The names of the groupwares under `groupware.others` that name the user; left out where none does. More than one is a mistake. */
  readonly groupwares?: readonly string[];
}

/** What was asked for by its key: the row, or that it is certainly not there. One that is missing in an answer is unknown. */
export type FoundItem = CrmItem | 'absent';

/** What became of a change in the CRM. */
export type CrmOutcome =
  /** Done: the row as it is now, and the columns that were written. */
  | { readonly kind: 'done'; readonly item: CrmItem; readonly writes: readonly ColumnWrite[] }
  | { readonly kind: 'deleted'; readonly writes: readonly ColumnWrite[] }
  /** The row is not as it was read any more: somebody was faster. */
  | { readonly kind: 'stale' }
  /** It can never be done as it is; the words say why. */
  | { readonly kind: 'rejected'; readonly reason: string };

/** A column that was written. */
export interface ColumnWrite {
  readonly table: string;
  readonly objid: number;
  readonly column: string;
  readonly oldValue: string;
  readonly newValue: string;
}

/** Reads entries. Rejects with a DatabaseError. */
export interface EntryReader {
  /** The users that are kept in step, of those that the CRM has. */
  users(signal: AbortSignal): Promise<readonly CrmUser[]>;
  /** All entries in a user's window, with one statement for each kind; the contacts that these and open work of the user's are about as well. */
  ofUser(login: string, now: number, signal: AbortSignal): Promise<readonly CrmItem[]>;
  /** Rows by their keys, in the window or not, whoever owns them now. */
  byKey(keys: readonly EntryKey[], now: number, signal: AbortSignal): Promise<ReadonlyMap<string, FoundItem>>;
}

/** Writes entries, each in a transaction of its own. Rejects with a DatabaseError; after `uncertain` it may be done. */
export interface EntryWriter {
  /**
   * What an entry of a kind would be after it was written: texts cut to their columns, moments to what these hold, days from midnight to
   * midnight in the CRM's zone. With `allDay` whatever stands from midnight to midnight comes back in days.
   */
  rendered(type: string, entry: Entry, allDay: boolean): Entry;
  /** Changes fields of a row that is still as it was read. */
  update(seen: CrmItem, entry: Entry, fields: readonly EntryField[], now: number, signal: AbortSignal): Promise<CrmOutcome>;
  /** The kinds of which rows may be made, by what they become; empty where the site does not say how object ids are made. */
  readonly creates: Readonly<Partial<Record<EntryKind, string>>>;
  /** Reserves the object id of a new row of a kind. */
  reserve(type: string, signal: AbortSignal): Promise<number>;
  /** Makes a row under a reserved id; `done` also where it is there already. */
  insert(key: EntryKey, login: string, entry: Entry, now: number, signal: AbortSignal): Promise<CrmOutcome>;
  /** Deletes a row that is still as it was read. */
  delete(seen: CrmItem, signal: AbortSignal): Promise<CrmOutcome>;
}
