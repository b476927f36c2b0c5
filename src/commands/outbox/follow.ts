// A claimed delivery on its way: this run sends it, or tells how it stands while somebody else has it.

import { DatabaseError } from '../../core/database-error';
import { sleep, type Deadline } from '../../core/deadline';
import type { DeliveryReport } from '../../core/report';
import { isoSeconds } from '../../core/wall-clock';
import type { DeliveryDraft, KeptDelivery, Ledger } from '../../ledger/ledger';
import { isOver, STANDINGS, withReason } from '../looking/ledger-words';
import { attempt, leaseOf, type AttemptParts, type ReadyDestination } from './deliver';

/** With less than this left, nothing is waited for any more, in ms. */
const LAST_MS = 150;

/** How often another run's delivery is looked at in the end, in ms: hundreds that wait for one must not keep it from the processor. */
const LONGEST_PAUSE_MS = 1_000;

/** Sends what this run began; of anything else, waits for what its own run makes of it, as long as there is time. */
export async function follow(
  first: KeptDelivery,
  draft: DeliveryDraft,
  destination: ReadyDestination,
  parts: AttemptParts,
  deadline: Deadline,
): Promise<DeliveryReport> {
  let kept = first;
  try {
    for (let wait = 40; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 1.5)) {
      if (kept.state === 'sending' && kept.leaseOwner === parts.owner)
        return await attempt(kept, draft.message, destination, parts, deadline);
      const mayBegin = kept.state === 'due' && kept.started === 0 && kept.dueAt <= parts.now();
      const begin = () => parts.ledger.begin(kept, leaseOf(parts, deadline), deadline.signal);
      const worthwhile = mayBegin ? await isBlockedBriefly(kept, parts.ledger, deadline.signal) : kept.state === 'sending';
      // Tried after the look at what blocks it: what was at work at the look may have come to its end since.
      if (mayBegin && (await begin())) {
        return await attempt({ ...kept, started: kept.started + 1 }, draft.message, destination, parts, deadline);
      }
      if (!worthwhile || deadline.remainingMs() < LAST_MS + wait) return standing(kept, destination);
      await sleep(wait * (0.5 + parts.random()), deadline.signal);
      kept = (await parts.ledger.deliveries({ ids: [kept.id] }, 1, deadline.signal))[0] ?? kept;
    }
  } catch (error) {
    // It is in the ledger, and the next rerun sends it.
    if (error instanceof DatabaseError) return standing(kept, destination);
    throw error;
  }
}

/** Whether what blocks a delivery is at work right now, and not waiting for a later moment itself. */
async function isBlockedBriefly(
  { objectType, objid, destination, order, activityObjid }: KeptDelivery,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<boolean> {
  const [sending, requests] = await Promise.all([
    ledger.deliveries({ objectType, objid, destination, states: ['sending'] }, 100, signal),
    ledger.requests({ objectType, objid, states: ['accepted'] }, 100, signal),
  ]);
  const atWork = requests.filter(({ attempts, reason }) => attempts === 1 && reason === '');
  return (
    sending.some((other) => other.order < order) ||
    atWork.some(({ request }) => request.activityObjid !== undefined && request.activityObjid < activityObjid)
  );
}

/** How a delivery stands that this run does not send. */
export function standing(
  { id, state, started, reason, receipt, acceptedAt, dueAt, damage }: KeptDelivery,
  { name, type }: ReadyDestination,
): DeliveryReport {
  if (damage !== undefined && !isOver(state)) {
    const text = `kept, and left alone because it is damaged in the ledger: ${damage}`;
    return { id, destination: name, type, result: 'later', reason: text, already: true };
  }
  const { result, earlier } = STANDINGS[state];
  const text = state === 'due' && started === 0 ? notBegun(name, acceptedAt, dueAt) : withReason(earlier, reason);
  return { id, destination: name, type, result, reason: text, already: true, ...(receipt === undefined ? {} : { receipt }) };
}

/** Only a wait of its destination puts off what was never begun. */
function notBegun(name: string, acceptedAt: number, dueAt: number): string {
  return dueAt > acceptedAt
    ? `kept, and not posted yet: ${waitWords(name, dueAt)}`
    : 'kept, and posted after an earlier one about the same object';
}

/** That a destination asked for a wait, and until when. */
export function waitWords(name: string, until: number): string {
  return `${name} asked for a wait until ${isoSeconds(until)}`;
}
