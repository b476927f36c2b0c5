// What is particular about a place for items: one description of it is all that keeps a user's items there.

import type { Deadline } from '../../../core/deadline';
import type { Refused, RemoteItem, RemoteStep, StepOutcome, Trouble, Unwritable } from '../../groupware';
import type { Asker, ItemRules, Shelf } from './items';
import type { ListingRules } from './listing';

/** A place, by what Google calls it; or that it is not there. */
export type FoundPlace = { readonly kind: 'place'; readonly id: string } | { readonly kind: 'absent' } | Trouble;

/** A user's place for items of one kind. */
export interface Place {
  /** What texts call it. */
  readonly called: string;
  /** How the configuration leads to it, beside where the service is; a part of each cursor. */
  readonly way: string;
  /** How long a listing may show an item as it was, in ms. */
  readonly settledAfterMs: number;
  /** How long after one listing the next one comes, in ms; left out where each turn lists. */
  readonly listEveryMs?: number;
  /** Of one that nobody makes or deletes: what it means all the same that it is not there. */
  readonly ifMissing?: Refused;
  /** Its own path. */
  readonly path: (id: string) => string;
  readonly items: ItemRules;
  readonly listing: ListingRules;
  /** Finds it. */
  readonly find: (asker: Asker, deadline: Deadline) => Promise<FoundPlace>;
  /** Makes it. Where nobody knows whether it was made, the next turn finds it, or makes it. */
  readonly make: (asker: Asker, deadline: Deadline) => Promise<FoundPlace>;
  /**
   * Asks whether its items may be changed: `said` where Google says so, nothing where it does not, or why they may not. Left out where no
   * answer tells.
   */
  readonly mayWrite?: (asker: Asker, deadline: Deadline) => Promise<'said' | undefined | Unwritable>;
  /** Does steps in it; `seen` are its items as they were last seen, by their ids. One whose end nobody knows has no outcome. */
  readonly doSteps: (
    shelf: Shelf,
    steps: readonly RemoteStep[],
    seen: ReadonlyMap<string, RemoteItem>,
    deadline: Deadline,
  ) => Promise<ReadonlyMap<string, StepOutcome>>;
}
