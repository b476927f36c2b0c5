// What the checks of `doctor` may look at. It is built in src/parts/site.ts, and nothing of it posts; what
// it writes on trial it takes back.

import type { CrmUser } from '../../../clarify/entries';
import type { TypeState } from '../../../clarify/examine';
import type { AuditedRule } from '../../../clarify/rules/audit';
import type { LoadedConfig } from '../../../config/load';
import type { Config } from '../../../config/schema';
import type { Deadline } from '../../../core/deadline';
import type { EntryKind } from '../../../core/sync/entry';
import type { Collection, GroupwareServer, SharedRequests, SharedTried } from '../../../groupware/groupware';
import type { Database } from '../../../io/database';
import type { FileAccess } from '../../../io/file-access';
import type { DiskFacts, FileFacts } from '../../../io/file-facts';
import type { SendHttp } from '../../../io/http-contract';
import type { LedgerVersion, Overdue } from '../../../ledger/examine';
import type { Ledger } from '../../../ledger/ledger';
import type { Links } from '../../../ledger/links';
import type { Spool } from '../../../ledger/spool';
import type { World } from '../../../world';
import type { Agreeing, Consenting } from '../../groupware/consent-parts';
import type { ReadyDestination } from '../../outbox/deliver';

/** A ledger of which nothing is changed. Everything rejects with a DatabaseError, also where there is no ledger yet. */
export interface ExaminedLedger {
  readonly ledger: Ledger;
  version(signal: AbortSignal): Promise<LedgerVersion>;
  /**
   * The rights that the login of a ledger on a SQL Server lacks, as GRANT spells them: all that publishing does with it is tried, and taken
   * back. `undefined` for a file.
   */
  missingRights?(version: number, signal: AbortSignal): Promise<readonly string[]>;
  /** What was due before a moment (ms since 1970 UTC). */
  overdue(dueBefore: number, signal: AbortSignal): Promise<Overdue>;
}

/** A login of the CRM's database on a SQL Server, and the rights that keeping entries in step needs of it. */
export interface LoginRights {
  readonly login: string;
  /** The statements that give it what it needs, and of these the ones that are missing: each right was tried, and nothing stayed. */
  readonly grants: readonly string[];
  readonly missing: readonly string[];
  /** The tables of which it may change what it need not. */
  readonly excessive: readonly string[];
  /** Whether it needs them only once something may be written; they were not tried. */
  readonly isForLater: boolean;
}

/** One groupware of the configuration, of which nothing is changed. */
export interface ExaminedOne extends Agreeing {
  /** The kinds that are kept in step. */
  readonly kinds: readonly EntryKind[];
  /** The servers that it speaks to. */
  readonly servers: readonly GroupwareServer[];
  /** How calls of several users travel in one request; left out where they never can. */
  readonly shared?: Omit<SharedRequests, 'try'> & {
    try(users: readonly CrmUser[], deadline: Deadline): Promise<SharedTried>;
  };
  /** Opens the entries of a user. */
  open(user: CrmUser, kind: EntryKind): Collection;
}

/** What is kept in step, as it is configured; nothing of it is changed. What asks a database rejects with a DatabaseError. */
export interface ExaminedGroupware {
  /** The groupwares, that of `groupware` itself first. */
  readonly groupwares: readonly ExaminedOne[];
  /** What is known of entries; nothing where no ledger can be read. */
  readonly links: Links;
  /** What users agreed to, likewise. */
  readonly consenting: Consenting;
  /** The users that are kept in step, of those that the CRM has. */
  users(signal: AbortSignal): Promise<readonly CrmUser[]>;
  /** How the kinds of entries stand in the CRM's database. */
  examineKinds(signal: AbortSignal): Promise<readonly TypeState[]>;
  /** How the rows stand there that lead to the users' contacts. */
  examineContacts(signal: AbortSignal): Promise<readonly TypeState[]>;
  /** The rights of the logins, that which reads first; none for a file. */
  rights(signal: AbortSignal): Promise<readonly LoginRights[]>;
}

/**
 * The place where the program is installed, with everything around it. What needs the configuration rejects with a UserError of the
 * kind `configuration` where that is missing or broken.
 */
export interface Site {
  readonly world: World;
  /** The Node that the program needs, as package.json spells it: `>=20.19`. */
  readonly neededNode: string;
  /** The configuration as it was found and read. */
  found(): Promise<LoadedConfig>;
  /** The one that a rule engine would find, which has no terminal. */
  foundByRules(): Promise<LoadedConfig>;
  /** The configuration once it is checked. */
  config(): Promise<Config>;
  /** The files that hold a secret, the configuration among them; all that were read, also where the check failed. */
  secretFiles(): Promise<readonly string[]>;
  /** A connection of one's own to the CRM's database, let go of at the end. */
  database(): Promise<Database>;
  /** How the object types of the configuration stand in that database. Rejects with a DatabaseError, too. */
  examineTypes(database: Database, signal: AbortSignal): Promise<readonly TypeState[]>;
  /** The rules in that database that call this program. Rejects with a DatabaseError, too. */
  rules(database: Database, signal: AbortSignal): Promise<readonly AuditedRule[]>;
  destinations(): Promise<readonly ReadyDestination[]>;
  /** The groupware; `undefined` where none is configured. */
  groupware(): Promise<ExaminedGroupware | undefined>;
  /** The servers that the groupware speaks to; none where none is configured, or it speaks to none. Nothing is opened. */
  groupwareServers(): Promise<readonly GroupwareServer[]>;
  ledger(): Promise<ExaminedLedger>;
  /** The spools of this host; the first one is that of the configuration. */
  spools(): Promise<readonly Spool[]>;
  http(): Promise<SendHttp>;
  readonly files: FileAccess & {
    fileFacts(path: string): FileFacts | undefined;
    diskFacts(path: string): DiskFacts;
    /** The oldest and the newest lines of a log. Throws the system's error. */
    logEnds(path: string): readonly string[];
  };
  readonly network: {
    addressesOf(host: string): Promise<readonly string[]>;
    whyNotConnected(host: string, port: number, signal: AbortSignal): Promise<string | undefined>;
  };
}
