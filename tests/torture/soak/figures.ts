// What there is to say about a soak in figures.

import type { EntryKind } from '../../../src/core/sync/entry';
import type { ServiceName } from '../../../src/groupware/google/calls/apis';
import type { Act } from '../sync/diary';
import type { Delays } from './arrivals';

/** What a soak came to. */
export interface SoakFigures {
  readonly users: number;
  /** All that were ever made, by their kind. */
  readonly entries: Readonly<Record<EntryKind, number>>;
  readonly acts: number;
  /** Calls at Google, requests of HTTP that carried them, and requests for tokens. */
  readonly calls: Readonly<Record<ServiceName, number>>;
  readonly requests: number;
  readonly tokens: number;
  /** Changes at Google. */
  readonly writes: number;
  readonly runs: number;
  readonly turns: number;
  /** What went wrong, by what it was. */
  readonly errors: Readonly<Record<string, number>>;
  /** Errors of users whose last turn did not end well. */
  readonly notHealed: number;
  readonly conflicts: number;
  readonly resolved: number;
  readonly lost: number;
  readonly doubled: number;
  readonly different: number;
  readonly orphans: number;
  readonly editsLost: number;
  readonly wiped: number;
  readonly leaked: number;
  /** What was written on either side, and the steps that the program took for it, in quiet rounds, when nobody did anything any more. */
  readonly quietWrites: number;
  /** Until what somebody did on a side stood on the other one. */
  readonly delays: Readonly<Record<Act['side'], Delays>>;
  /** How many of these came only once everything was listed again. */
  readonly late: number;
  readonly examples: readonly string[];
}
