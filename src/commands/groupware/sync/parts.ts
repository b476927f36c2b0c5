// What keeping entries in step needs, beside the turn of a user.

import type { CrmUser, EntryReader, EntryWriter } from '../../../clarify/entries';
import type { GroupwareConfig } from '../../../config/schema';
import type { EntryField, EntryKind } from '../../../core/sync/entry';
import type { SyncRules } from '../../../core/sync/sides';
import type { Collection } from '../../../groupware/groupware';
import type { Links } from '../../../ledger/links';
import type { ConsentParts } from '../consent-parts';
import type { All, Named } from '../named-groupwares';

/** A groupware of the configuration, opened. */
export interface OpenGroupware extends Named {
  /** The kinds that are kept in step, in the order of ENTRY_KINDS. */
  readonly kinds: readonly EntryKind[];
  /** The fields that it can hold, by kind. */
  readonly fields: Readonly<Partial<Record<EntryKind, readonly EntryField[]>>>;
  /** How many users’ turns are taken at once. */
  readonly concurrency: number;
  /** Opens the entries of a user. */
  open(user: CrmUser, kind: EntryKind): Collection;
  /** Whether a user agreed to all that is needed; left out where nobody has to. Rejects with a DatabaseError of the ledger. */
  hasAgreed?(login: string, signal: AbortSignal): Promise<boolean>;
  /** Is told that a turn begins, and by what it answers with, that it ended. Left out where nobody counts. */
  turnBegins?(): () => void;
}

/** Both sides, and what is known of them. */
export interface Syncing {
  readonly config: GroupwareConfig;
  readonly groupwares: All<OpenGroupware>;
  readonly links: Links;
  readonly reader: EntryReader;
  /** Left out where nothing may be written into the CRM for anybody. */
  readonly writer?: EntryWriter;
  /** What holds for a user, at whatever groupware. */
  rulesOf(login: string): Omit<SyncRules, 'fields'>;
}

/** The parts of the commands about a groupware. */
export interface SyncParts extends ConsentParts {
  /** Opens what keeping in step needs; in a dry run for reading only. Throws a UserError of the kind `configuration` where none is configured. */
  syncing(isDry: boolean): Promise<Syncing>;
  /** Opens what is known of entries in step. For reading only, there is nothing where there is no ledger. */
  links(isReadOnly: boolean): Promise<Links>;
  /** The names of the kinds of entries that the site has. */
  entryKinds(): Promise<readonly string[]>;
}
