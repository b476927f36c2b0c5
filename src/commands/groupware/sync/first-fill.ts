// The first fill of users who are new: no faster than the configuration says, over all runs and hosts together. What does not fit waits for
// a later run, so that nobody who is in step waits behind it.

import type { GroupwareConfig } from '../../../config/schema';
import type { Allowance, Grant, Links } from '../../../ledger/links';
import { counted, spanWords } from '../../looking/ledger-words';

/** The limits of a first fill. */
export type FillLimits = GroupwareConfig['firstFill'];

/** In ms. */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The first fills of a run. */
export class FirstFill {
  /** Whether something had to wait: then nobody else asks in this run. */
  #isSpent = false;
  readonly #allowances: Readonly<Record<'users' | 'entries', Allowance>>;

  constructor(
    private readonly limits: FillLimits,
    private readonly links: Pick<Links, 'spend'>,
    /** Ms since 1970 UTC. */
    private readonly now: () => number,
  ) {
    this.#allowances = {
      users: { name: 'first fill, users', most: limits.usersPerHour, perMs: HOUR_MS },
      entries: { name: 'first fill, entries', most: limits.entriesPerMinute, perMs: MINUTE_MS },
    };
  }

  /** Whether a user has to wait for a later run, as far as that is known. Whoever is in step has not. */
  mustWait({ syncedAt }: Grant): boolean {
    return syncedAt === 0 && this.#isSpent;
  }

  /** Whether a turn that was taken may go on: that of a new user only where one more may begin. */
  async mayBegin({ state }: Grant, signal: AbortSignal): Promise<boolean> {
    return state !== 'new' || (await this.#spend('users', 1, signal)) === 1;
  }

  /** How many of the new entries of a user may be made in this turn. */
  async mostNew({ syncedAt }: Grant, wanted: number, signal: AbortSignal): Promise<number> {
    const { entriesPerMinute } = this.limits;
    if (syncedAt === 0) return this.#spend('entries', wanted, signal);
    return entriesPerMinute === 0 ? wanted : Math.min(wanted, entriesPerMinute);
  }

  async #spend(what: 'users' | 'entries', wanted: number, signal: AbortSignal): Promise<number> {
    const allowance = this.#allowances[what];
    if (allowance.most === 0) return wanted;
    const given = await this.links.spend(allowance, wanted, this.now(), signal);
    if (given < wanted) this.#isSpent = true;
    return given;
  }
}

/** What waits, in words. */
export function waitingWords(
  { users, entries }: { readonly users: number; readonly entries: number },
  { usersPerHour, entriesPerMinute }: FillLimits,
): readonly string[] {
  const limit = `firstFill allows ${[
    ...(usersPerHour > 0 ? [counted(usersPerHour, 'user an hour', 'users an hour')] : []),
    ...(entriesPerMinute > 0 ? [counted(entriesPerMinute, 'entry a minute', 'entries a minute')] : []),
  ].join(' and ')}`;
  const waiting = [
    ...(users > 0 ? [counted(users, 'user waits for a first fill', 'users wait for a first fill')] : []),
    ...(entries > 0 ? [`${entries} to be made by a later run`] : []),
  ];
  return waiting.length === 0 ? [] : [`${waiting.join(', ')}, as ${limit}`];
}

/** How long a first fill takes at the least, in ms, of which first listings take `listingMs`: 0 where one run does it. */
export function leastFillMs(
  users: number,
  entries: number,
  { usersPerHour, entriesPerMinute }: FillLimits,
  listingMs: number,
): number {
  const spans = (count: number, most: number) => (count === 0 || most === 0 ? 0 : Math.ceil(count / most) - 1);
  return Math.max(spans(users, usersPerHour) * HOUR_MS, spans(entries, entriesPerMinute) * MINUTE_MS, listingMs);
}

/** The estimate in words; none where nobody is new. */
export function fillWords(users: number, entries: number, limits: FillLimits, listingMs: number): readonly string[] {
  if (users === 0) return [];
  const least = leastFillMs(users, entries, limits, listingMs);
  const time = least === 0 ? 'in one run' : `in ${spanWords(least)} at the least`;
  const of = counted(users, 'user', 'users');
  return [`a first fill of ${of} with ${counted(entries, 'entry', 'entries')}, ${time}`];
}
