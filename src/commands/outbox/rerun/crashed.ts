// Attempts without an end: their run was killed, or is still at it by a clock other than ours.

import { sleep } from '../../../core/deadline';
import { LEASE_SLACK_MS } from '../../../core/lease';
import type { KeptDelivery } from '../../../ledger/ledger';
import { amend } from './doubt';
import type { Run } from './run';
import { deliveriesOf } from './work';

/**
 * Puts into doubt what was cut off while it was sent. Whatever the clocks say, an attempt is watched for as long as it may take at
 * the most, by the timer of this process, and only where nothing happened to it in this time its run is dead. Answers how many.
 * A watch is something in flight: --timeout does not end it, lest one that is always shorter than an attempt never come to an end.
 */
export async function putCrashedInDoubt(run: Run): Promise<number> {
  let count = 0;
  let watched: KeptDelivery[] = [];
  const settle = async () => {
    await sleep(Math.max(0, ...watched.map(({ attemptMs }) => attemptMs)), run.interrupted);
    for (const kept of run.interrupted.aborted ? [] : watched) {
      const reason = 'the run was cut off while it sent this';
      if (await amend(kept, { state: 'in-doubt', dueAt: run.parts.now(), reason }, run)) count += 1;
    }
    watched = [];
  };
  for await (const kept of deliveriesOf(run, { ...run.filter, states: ['sending'] })) {
    if (!run.breakers.has(kept.destination) || !isLeaseOver(kept, run.parts.now())) continue;
    watched.push(kept);
    if (watched.length >= MOST_AT_ONCE) await settle();
  }
  await settle();
  return count;
}

/** How many are watched at the same time, so that memory has a bound. */
const MOST_AT_ONCE = 1_000;

/** Whether a lease is over. One that ends later than any that could begin now was taken by a clock that was wrong. */
export function isLeaseOver({ leaseUntil, attemptMs }: KeptDelivery, now: number): boolean {
  return leaseUntil < now || leaseUntil > now + attemptMs + LEASE_SLACK_MS;
}
