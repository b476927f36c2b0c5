// One attempt of one delivery: send it, then record what became of it. Its begin was recorded before, by claim or begin.

import { afterMs, GRACE_MS, type Deadline } from '../../core/deadline';
import { DatabaseError } from '../../core/database-error';
import { deliveryOf, type Delivery } from '../../core/delivery';
import { messageOf, NothingSent, UserError } from '../../core/errors';
import type { Message } from '../../core/message';
import type { Outcome } from '../../core/outcome';
import type { DeliveryReport } from '../../core/report';
import { settle, type Settled } from '../../core/settle';
import type { Finding, Probe, Repeat, Server } from '../../destinations/destination';
import type { KeptDelivery, Lease, Ledger, Settlement } from '../../ledger/ledger';
import { deliveryOfError } from '../error-report';
import { STANDINGS, withReason } from '../looking/ledger-words';

/** A destination that is ready for use: its type's functions with its options filled in. */
export interface ReadyDestination {
  readonly name: string;
  readonly type: string;
  /** The page that tells an administrator where its credentials come from. */
  readonly setupUrl?: string;
  readonly repeat: Repeat;
  /** How many deliveries a rerun sends at once, and begins in a second at the most (0: as many as there are). */
  readonly concurrency: number;
  readonly maxPerSecond: number;
  /** Whether no two posts there ever have the same receipt; false if left out. */
  readonly uniqueReceipts?: boolean;
  /** Whether a delivery has to know the first post about its object. */
  readonly needsFirstPost: boolean;
  /** Why it cannot be used at all, in words. */
  readonly unusable?: string;
  readonly preview: (delivery: Delivery) => string;
  readonly send: (delivery: Delivery, deadline: Deadline) => Promise<Outcome>;
  /** Asks for posts of ours since a moment (ms since 1970 UTC) that could be this delivery; only where a repeat is `findable`. */
  readonly find?: (delivery: Delivery, sinceMs: number, deadline: Deadline) => Promise<Finding>;
  /** The server that it speaks to, where there is one. */
  readonly server?: Server;
  /** Tries it without posting; only where there is a way to, and `undefined` where its options leave none. */
  readonly probe?: (deadline: Deadline) => Promise<Probe | undefined>;
}

/** What an attempt needs beside the delivery and its destination. */
export interface AttemptParts {
  readonly ledger: Ledger;
  /** The owner of the lease under which the attempt was begun. */
  readonly owner: string;
  readonly now: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** Sends a delivery whose attempt was begun, and records the end of the attempt. */
export async function attempt(
  kept: KeptDelivery,
  message: Message,
  destination: ReadyDestination,
  parts: AttemptParts,
  deadline: Deadline,
): Promise<DeliveryReport> {
  const delivery = await inThread(kept, message, destination, parts.ledger, deadline.signal);
  const end = async (outcome: Outcome): Promise<Ended> => {
    const settled = settle(outcome, kept, parts.now(), parts.random());
    const exclusive = destination.uniqueReceipts ?? false;
    // A crash before this line leaves started greater than finished, which the next reader takes for what it is: in doubt.
    return { outcome, settled, recorded: await record(kept.id, { ...settled, exclusive }, parts, deadline) };
  };
  const sent = await sendTo(destination, delivery, deadline);
  const ended = await end(sent.outcome);
  const { outcome, settled, recorded } = (await doubted(ended, end)) ?? ended;
  const { name, type } = destination;
  const report = { id: kept.id, destination: name, type, ...described(settled, outcome), ...sent.thrown };
  return recorded === true ? report : { ...report, reason: [report.reason, recorded || TAKEN_OVER].filter(Boolean).join('; ') };
}

/** How an attempt ended, and what became of recording that: why it is not in the ledger, or whether it is. */
interface Ended {
  readonly outcome: Outcome;
  readonly settled: Settled;
  readonly recorded: boolean | string;
}

const TAKEN_OVER = 'another run took this delivery over in the meantime';

/**
 * The same attempt in doubt, where the receipt that it got is another delivery's: then the answer was not to this request, and nobody
 * knows whether there is a post. `undefined` where that is not so.
 */
async function doubted({ outcome, recorded }: Ended, end: (outcome: Outcome) => Promise<Ended>): Promise<Ended | undefined> {
  if (recorded !== false || outcome.kind !== 'delivered' || outcome.receipt.id === undefined) return undefined;
  const reason = `the answer was the receipt of another delivery (${outcome.receipt.id})`;
  const again = await end({ kind: 'unknown', reason });
  return again.recorded === true ? again : undefined;
}

/**
 * Begins another attempt of a delivery and sends it. `undefined` where somebody else was faster, or something earlier about the same
 * object has to arrive first.
 */
export async function sendAgain(
  kept: KeptDelivery,
  destination: ReadyDestination,
  parts: AttemptParts,
  deadline: Deadline,
): Promise<DeliveryReport | undefined> {
  const message = keptMessage(kept);
  if (!(await parts.ledger.begin(kept, leaseOf(parts, deadline), deadline.signal))) return undefined;
  return attempt({ ...kept, started: kept.started + 1 }, message, destination, parts, deadline);
}

/** The lease for what has to be done by a deadline. */
export function leaseOf({ owner, now }: Pick<AttemptParts, 'owner' | 'now'>, deadline: Deadline): Lease {
  return { owner, now: now(), workMs: deadline.remainingMs() };
}

/** The message of a delivery that is not delivered yet. */
export function keptMessage({ id, message }: KeptDelivery): Message {
  if (message === undefined) throw new Error(`the message of delivery ${id} is gone, though it is not delivered`);
  return message;
}

/** How many of an object's earliest posts are looked at for the one that its thread hangs on. */
const CANDIDATES = 10;

/** The delivery as its destination takes it: under the first post about its object, where it belongs there and there is one. */
export async function inThread(
  kept: Pick<KeptDelivery, 'id' | 'destination' | 'objectType' | 'objid'>,
  message: Message,
  { needsFirstPost }: ReadyDestination,
  ledger: Pick<Ledger, 'deliveries'>,
  signal: AbortSignal,
): Promise<Delivery> {
  if (!needsFirstPost) return deliveryOf(kept, message);
  const { destination, objectType, objid } = kept;
  const filter = { destination, objectType, objid, states: ['delivered'] } as const;
  try {
    // One that somebody resolved by hand has no receipt; the next one will do.
    const earliest = await ledger.deliveries(filter, CANDIDATES, signal);
    return deliveryOf(kept, message, earliest.find(({ receipt }) => receipt?.id !== undefined)?.receipt);
  } catch (error) {
    // A post outside its thread is better than none.
    if (error instanceof DatabaseError) return deliveryOf(kept, message);
    throw error;
  }
}

/** What sending came to, and how that is told where the destination threw an error. */
interface Sent {
  readonly outcome: Outcome;
  readonly thrown?: ReturnType<typeof deliveryOfError>;
}

/** Sends a delivery. What a destination throws is about it alone: it must not end what others are in the middle of. */
async function sendTo({ send }: ReadyDestination, delivery: Delivery, deadline: Deadline): Promise<Sent> {
  try {
    return { outcome: await send(delivery, deadline) };
  } catch (error) {
    const thrown = deliveryOfError(error);
    const { reason } = thrown;
    // Of any other error nobody knows whether it came before the post or after it.
    const before = error instanceof UserError || error instanceof NothingSent;
    return { outcome: before ? { kind: 'retry', reason, needsRepair: true } : { kind: 'unknown', reason }, thrown };
  }
}

/** Sends a delivery that is in no ledger. */
export async function sendUnkept(delivery: Delivery, destination: ReadyDestination, deadline: Deadline): Promise<DeliveryReport> {
  const { outcome, thrown } = await sendTo(destination, delivery, deadline);
  const common = { id: delivery.id, destination: destination.name, type: destination.type };
  if (thrown !== undefined) return { ...common, ...thrown };
  switch (outcome.kind) {
    case 'delivered':
      return { ...common, result: 'posted', reason: outcome.reason ?? '', receipt: outcome.receipt };
    case 'rejected':
      return { ...common, result: outcome.loginRefused === true ? 'login-refused' : 'rejected', reason: outcome.reason };
    case 'retry':
      return { ...common, result: 'later', reason: `${STANDINGS.due.past}: ${outcome.reason}` };
    case 'unknown':
      return { ...common, result: 'later', reason: `it ${STANDINGS['in-doubt'].past}: ${outcome.reason}` };
  }
}

/** Whether the end of the attempt is in the ledger, or why it could not be recorded. */
async function record(
  id: string,
  settled: Omit<Settlement, 'now'>,
  { ledger, owner, now }: AttemptParts,
  deadline: Deadline,
): Promise<Ended['recorded']> {
  const controller = new AbortController();
  const callOff = afterMs(deadline.remainingMs() + GRACE_MS, () => controller.abort());
  try {
    return await ledger.finish(id, owner, { ...settled, now: now() }, controller.signal);
  } catch (error) {
    return `the ledger could not record it (${messageOf(error)}), so it counts as in doubt`;
  } finally {
    callOff();
  }
}

function described({ state, reason, receipt }: Settled, outcome: Outcome): Pick<DeliveryReport, 'result' | 'reason' | 'receipt'> {
  const { result, now } = STANDINGS[state];
  const refused = state === 'due' && outcome.kind === 'rejected';
  return {
    result: refused ? 'login-refused' : result,
    reason: withReason(now, reason),
    ...(receipt === undefined ? {} : { receipt }),
  };
}
