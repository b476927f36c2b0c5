// What happens to the records of the ledger, as functions from one record to the next. Pure, and the same for every kind of ledger.

import type { Request } from '../core/activity';
import { LEASE_SLACK_MS } from '../core/lease';
import type { Receipt } from '../core/outcome';
import {
  type DeliveryDraft,
  type KeptDelivery,
  type KeptRequest,
  type Lease,
  type RequestState,
  type Settlement,
} from './ledger';
import { LONGEST } from './schema';

/** The state of a request once it is taken up: what was given up gets in the way of what comes after it again. */
export function takenState(state: RequestState): RequestState {
  return state === 'abandoned' ? 'accepted' : state;
}

/** The moment at which a lease ends. The columns hold whole milliseconds, and what is left of a deadline is seldom whole. */
export function endOf({ now, workMs }: Lease): number {
  return Math.ceil(now + workMs + LEASE_SLACK_MS);
}

/** A request as it is accepted: leased to the caller, whose work is its first attempt. */
export function acceptedRequest(id: string, request: Request, lease: Lease): KeptRequest {
  return { id, request, state: 'accepted', acceptedAt: lease.now, dueAt: endOf(lease), attempts: 1, reason: '' };
}

/** A request that was accepted elsewhere, as it enters the ledger: nobody has tried it. */
export function takenIn(
  { id, request, acceptedAt }: Pick<KeptRequest, 'id' | 'request' | 'acceptedAt'>,
  now: number,
): KeptRequest {
  return { id, request, state: 'accepted', acceptedAt, dueAt: now, attempts: 0, reason: '' };
}

/** A delivery as it enters the ledger: begun, or due at once. */
export function enteredDelivery(requestId: string, draft: DeliveryDraft, lease: Lease, begun: boolean): KeptDelivery {
  const nobody = { leaseOwner: '', leaseUntil: 0, attemptMs: 0, lastAttemptAt: 0, dueAt: lease.now, deliveredAt: 0 };
  const { now: acceptedAt } = lease;
  const due: KeptDelivery = { ...draft, requestId, state: 'due', started: 0, finished: 0, acceptedAt, reason: '', ...nobody };
  return begun ? { ...due, ...begunBy(lease), started: 1 } : due;
}

/** What the begin of an attempt changes beside counting it. Until its lease ends, the delivery is not due. */
export function begunBy(lease: Lease) {
  return {
    state: 'sending',
    lastAttemptAt: lease.now,
    leaseOwner: lease.owner,
    leaseUntil: endOf(lease),
    attemptMs: Math.ceil(lease.workMs),
    dueAt: endOf(lease),
  } as const satisfies Partial<KeptDelivery>;
}

/** What a settlement changes beside counting the attempt. A receipt that says nothing is none. */
export function settledBy({ state, now, dueAt, reason, receipt = {} }: Settlement) {
  const known: Receipt = {
    ...(receipt.id ? { id: fit(receipt.id, LONGEST.receiptId) } : {}),
    ...(receipt.permalink ? { permalink: fit(receipt.permalink, LONGEST.permalink) } : {}),
  };
  return {
    state,
    dueAt: Math.ceil(dueAt),
    reason: fit(reason, LONGEST.reason),
    ...(Object.keys(known).length === 0 ? {} : { receipt: known }),
    deliveredAt: state === 'delivered' ? now : 0,
    leaseOwner: '',
    leaseUntil: 0,
    attemptMs: 0,
  } satisfies Partial<KeptDelivery>;
}

/** Compares records in the order of their acceptance. */
export function byAcceptance(a: Accepted, b: Accepted): number {
  return a.acceptedAt - b.acceptedAt || (a.id < b.id ? -1 : Number(a.id > b.id));
}

type Accepted = Pick<KeptRequest, 'acceptedAt' | 'id'>;

/** As much of a text as a column holds, without what an engine would cut it off at (NUL) or spell in another way (half of a pair). */
export function fit(text: string, length: number): string {
  const whole = text.length <= length ? text : `${text.slice(0, length - 1)}…`;
  return whole.toWellFormed().replaceAll('\0', '\uFFFD');
}
