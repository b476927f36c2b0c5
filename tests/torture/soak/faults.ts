// What goes wrong in a soak, how often, and what was seen of it. The rates are ours: some are those at which public trackers report such
// trouble, most are more, so that a month shows what years would.

import type { Mishap } from '../../support/google/mishaps';
import type { Chance } from '../sync/random';

/** How often, of 1. */
export interface SoakRates {
  /** Of calls, batches and requests for tokens: Google says no, and nothing is done. */
  readonly fails: number;
  /** Of the same: it is done, and nobody hears of it. */
  readonly loses: number;
  /** Of listings: Google has forgotten how far they came. */
  readonly expires: number;
  /** Of questions to the CRM and the ledger: no answer, before anything is done or after. */
  readonly databases: number;
  /** Of the same: the process is killed, with all the turns that it has under way. */
  readonly kills: number;
  /** Of the same: the process stands still until its leases have run out. */
  readonly sleeps: number;
  /** Of steps: somebody changes the very entry that it is about, just before or after. */
  readonly races: number;
  /** Of questions: somebody does something about the user whose turn it is. */
  readonly acts: number;
  /** Of turns: a calendar looks empty. */
  readonly blinds: number;
}

export const NO_FAULTS: SoakRates = {
  ...{ fails: 0, loses: 0, expires: 0, databases: 0, kills: 0, sleeps: 0, races: 0, acts: 0, blinds: 0 },
};

/** What goes on where it was: those listings that Google gives a token for, and what it calls what they list. Of tasks there is none. */
const GOES_ON: Readonly<Partial<Record<string, string>>> = { 'events.list': 'events of', 'connections.list': 'contacts' };

type Seen = Exclude<keyof SoakRates, 'acts' | 'races'>;

/** How Google says no, and how often in proportion. */
const FAILURES: readonly (readonly [parts: number, what: Mishap])[] = [
  [8, { kind: 'status', status: 503 }],
  [4, { kind: 'status', status: 500, html: true }],
  [12, { kind: 'limit', reason: 'rateLimitExceeded', status: 403 }],
  [8, { kind: 'limit', reason: 'userRateLimitExceeded', status: 429 }],
  [1, { kind: 'limit', reason: 'quotaExceeded' }],
  [4, { kind: 'unauthorized' }],
  [6, { kind: 'reset' }],
];

/** How an answer is lost. */
const LOSSES: readonly (readonly [parts: number, what: Mishap])[] = [
  [6, { kind: 'reset', done: true }],
  [6, { kind: 'status', status: 503, done: true }],
  [4, { kind: 'truncated' }],
  [2, { kind: 'page' }],
  [1, { kind: 'hang', done: true }],
];

/** The faults of a soak. */
export class Faults {
  readonly seen: Record<Seen, number> = { fails: 0, loses: 0, expires: 0, databases: 0, kills: 0, sleeps: 0, blinds: 0 };
  /** How many of them struck a call of a user. */
  readonly byUser = new Map<string, number>();
  rates: SoakRates;

  constructor(
    rates: SoakRates,
    private readonly chance: Chance,
  ) {
    this.rates = rates;
  }

  /** Whether one of these happens now. */
  strikes(what: Seen): boolean {
    const does = this.chance.happens(this.rates[what]);
    if (does) this.seen[what] += 1;
    return does;
  }

  /** What happens to a call at Google; `expire` makes the cursors of a user expire, of what begins so. */
  mishap(method: string, email: string | undefined, expire: (email: string, of: string) => void): Mishap | undefined {
    const of = GOES_ON[method];
    if (email !== undefined && of !== undefined && this.strikes('expires')) expire(email, of);
    if (this.strikes('fails')) return this.#noted(email, FAILURES);
    return this.strikes('loses') ? this.#noted(email, LOSSES) : undefined;
  }

  get errors(): number {
    return Object.values(this.seen).reduce((sum, count) => sum + count, 0);
  }

  #noted(email: string | undefined, rows: typeof FAILURES): Mishap | undefined {
    if (email !== undefined) this.byUser.set(email, (this.byUser.get(email) ?? 0) + 1);
    let dice = this.chance.below(rows.reduce((sum, [parts]) => sum + parts, 0));
    return rows.find(([parts]) => (dice -= parts) < 0)?.[1];
  }
}
