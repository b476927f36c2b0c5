// Turns that a clock which was wrong put off: nobody waits for a day because a host was a day ahead for a minute.

import { LONGEST_BACKOFF_MS, pollMs } from '../../../core/backoff';
import type { Grant, Links } from '../../../ledger/links';

/** A lease lasts seconds. One that ends later than this from now was taken by a clock that was wrong, in ms. */
const FAR_LEASE_MS = 3_600_000;

/** What is known of this run. */
export interface RunNow {
  readonly links: Links;
  /** Who takes turns in it. */
  readonly owner: string;
  /** Ms since 1970 UTC. */
  readonly now: number;
  /** How long a turn is left alone after one that ended well, in ms. */
  readonly every: number;
  /** How long a turn may take, in ms. */
  readonly turnMs: number;
}

/** Makes due what is put off further than anything ever is, and ends leases that no run of today can have taken. */
export async function rightClocks(
  grants: readonly Grant[],
  { links, owner, now, every, turnMs }: RunNow,
  signal: AbortSignal,
): Promise<void> {
  for (const grant of grants) {
    const { user, dueAt, leaseUntil } = grant;
    // The lease is over at the moment that it names; whoever takes it then, and ends it, leaves none.
    if (leaseUntil > now + turnMs + FAR_LEASE_MS && (await links.takeTurn(grant, { owner, now: leaseUntil, workMs: 0 }, signal)))
      await links.endTurn(user, owner, grant, signal);
    if (dueAt > now + pollMs(every, 1) + LONGEST_BACKOFF_MS) await links.makeDue(user, now, signal);
  }
}
