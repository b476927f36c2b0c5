// What keeping entries in step needs, beside the turn of a user.

import type { CrmUser, EntryReader, EntryWriter } from '../../../clarify/entries';
import type { GroupwareConfig } from '../../../config/schema';
import type { EntryKind } from '../../../core/sync/entry';
import type { SyncRules } from '../../../core/sync/sides';
import type { Collection } from '../../../groupware/groupware';
import type { Links } from '../../../ledger/links';
import type { ConsentParts } from '../consent-parts';

/** Both sides, and what is known of them. */
export interface Syncing {
  /** With as many turns at once as the groupware wants, where it says nothing of that. */
  readonly config: GroupwareConfig & { readonly concurrency: number };
  readonly links: Links;
  readonly reader: EntryReader;
  /** Left out where nothing may be written into the CRM for anybody. */
  readonly writer?: EntryWriter;
  /** The kinds that are kept in step, in the order of ENTRY_KINDS. */
  readonly kinds: readonly EntryKind[];
  /** Opens the entries of a user. */
  open(user: CrmUser, kind: EntryKind): Collection;
  rulesOf(login: string): SyncRules;
  /** Is told that a turn begins, and by what it answers with, that it ended. Left out where nobody counts. */
  turnBegins?(): () => void;
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
