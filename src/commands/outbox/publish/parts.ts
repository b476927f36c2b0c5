// What publishing is made of: the contract between the commands that publish and whoever builds the parts.

import type { ExpectedActivities } from '../../../clarify/expected';
import type { Deadline } from '../../../core/deadline';
import type { KeptDelivery, Ledger } from '../../../ledger/ledger';
import type { Spool } from '../../../ledger/spool';
import type { AttemptParts, ReadyDestination } from '../deliver';
import type { PrepareParts } from '../prepare';
import type { Kept } from './keep';

/** What publishing is made of. */
export interface PublishParts extends PrepareParts, Omit<AttemptParts, 'ledger'> {
  /** Rejects where the ledger cannot be used at all. */
  ledger(): Promise<Ledger>;
  /** The deliveries among these ids that the ledger has, without making or changing one; `undefined` where it cannot be read. */
  known(ids: readonly string[], signal: AbortSignal): Promise<readonly KeptDelivery[] | undefined>;
  /** Where requests of this host may wait for the ledger; the first one is that of the configuration. */
  readonly spools: () => readonly Spool[];
  destinations(): Promise<readonly ReadyDestination[]>;
  /** What rules should pass on, and where the CRM logs it; nothing where the configuration does not say. */
  readonly expected?: readonly ExpectedActivities[];
  /** What the CRM logged of that, or of everything where the configuration does not say what rules pass on. */
  history?(): readonly ExpectedActivities[];
  /**
   * How many activities that rules should pass on the CRM logged between two moments (ms since 1970 UTC); only where the
   * configuration says which those are. Rejects with a DatabaseError where the CRM does not answer.
   */
  readonly loggedActivities?: (since: number, until: number, deadline: Deadline) => Promise<number>;
}

/** What the call of a rule brings along. */
export interface CallParts {
  /** Where it is kept; not for a dry run, which never is. */
  readonly kept?: Kept;
}
