// One delivery in doubt: a post that may have arrived. Whether it is sent again depends on what the destination can tell.

import { BACKOFF, backoffMs } from '../../../core/backoff';
import { waitEnd } from '../../../core/settle';
import type { Finding } from '../../../destinations/destination';
import type { KeptDelivery, Settlement } from '../../../ledger/ledger';
import { inThread, keptMessage, sendAgain, type ReadyDestination } from '../deliver';
import type { Run } from './run';
import { handledOf, type Handled } from './tally';

/** Looks into a delivery in doubt, and ends the doubt where it can. `undefined` where somebody else was faster. */
export async function lookInto(kept: KeptDelivery, destination: ReadyDestination, run: Run): Promise<Handled | undefined> {
  const { find, repeat } = destination;
  if (repeat === 'safe') return resend(kept, destination, run);
  if (find !== undefined) {
    const finding = await run.within(async (deadline) => {
      const delivery = await inThread(kept, keptMessage(kept), destination, run.ledger, deadline.signal);
      return find(delivery, sinceOf(kept, run.parts.now()), deadline);
    });
    return finding.kind === 'unknown' ? stillUnknown(kept, finding, run) : adoptOrResend(kept, finding, destination, run);
  }
  if (run.whenInDoubt === 'resend') return resend(kept, destination, run);
  return hold(kept, `${kept.reason}; nobody can ask ${destination.name} whether it is there`, run);
}

/** Begins another attempt of a delivery that may be sent, and sends it. */
export async function resend(kept: KeptDelivery, destination: ReadyDestination, run: Run): Promise<Handled | undefined> {
  const report = await run.within((deadline) => sendAgain(kept, destination, run.parts, deadline));
  return report === undefined ? undefined : handledOf(report);
}

/** A post that is another delivery's is not this one's, though both may say the same. */
async function adoptOrResend(
  kept: KeptDelivery,
  { receipts }: Extract<Finding, { kind: 'candidates' }>,
  destination: ReadyDestination,
  run: Run,
): Promise<Handled | undefined> {
  const ids = receipts.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const known = await run.within(({ signal }) => run.ledger.knownReceipts(destination.name, ids, signal));
  const receipt = receipts.find(({ id }) => id === undefined || !known.has(id));
  if (receipt === undefined) return resend(kept, destination, run);
  const reason = 'an attempt that was in doubt had posted it';
  const ended = await amend(kept, { state: 'delivered', dueAt: run.parts.now(), reason, receipt }, run);
  return ended ? { fate: 'found', reason, receipt, destinationFailed: false } : undefined;
}

/** Asked again later, and after the time that a delivery lives by an administrator. */
async function stillUnknown(
  kept: KeptDelivery,
  { reason, afterMs }: Extract<Finding, { kind: 'unknown' }>,
  run: Run,
): Promise<Handled | undefined> {
  const now = run.parts.now();
  if (now > kept.acceptedAt + BACKOFF.lifeMs) return hold(kept, reason, run, true);
  // Nothing counts how often it was asked, but waiting as long again as it has been in doubt doubles the wait each time.
  const asked = 1 + Math.max(0, Math.log2((now - kept.lastAttemptAt) / BACKOFF.firstMs));
  const dueAt = now + backoffMs(asked, afterMs, run.parts.random());
  const waitUntil = waitEnd(afterMs, now);
  const wait = waitUntil === undefined ? {} : { waitUntil };
  const ended = await amend(kept, { state: 'in-doubt', dueAt, reason, ...wait }, run);
  return ended ? { fate: 'later', reason: `it may have been posted: ${reason}`, destinationFailed: true } : undefined;
}

async function hold(kept: KeptDelivery, reason: string, run: Run, destinationFailed?: boolean): Promise<Handled | undefined> {
  const ended = await amend(kept, { state: 'held', dueAt: run.parts.now(), reason }, run);
  if (!ended) return undefined;
  return { fate: 'held', reason, ...(destinationFailed === undefined ? {} : { destinationFailed }) };
}

/** Changes a delivery that is as it was seen, without an attempt; false where it is not. */
export function amend(kept: KeptDelivery, settlement: Omit<Settlement, 'now'>, run: Run): Promise<boolean> {
  return run.within(({ signal }) => run.ledger.amend(kept, { ...settlement, now: run.parts.now() }, signal));
}

/**
 * Since when a post of the newest attempt may be there. An attempt in the future was made by a clock that was wrong, so it can be
 * any time ago.
 */
function sinceOf({ lastAttemptAt }: KeptDelivery, now: number): number {
  return lastAttemptAt > now ? now - BACKOFF.lifeMs : lastAttemptAt;
}
