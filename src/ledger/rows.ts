// Between the records of the ledger and the columns of its tables.

import { BLOCKING, DELIVERY_STATES, REQUEST_STATES } from '../core/states';
import type { Parameter, Row } from '../io/database';
import { readMessage, type Message } from '../core/message';
import type { Receipt } from '../core/outcome';
import type { DeliveryState, KeptDelivery, KeptRequest } from './ledger';

/** The columns of a table by name. */
export type Columns = Readonly<Record<string, Parameter>>;

/** A request as columns. */
export function columnsOfRequest({ id, request, state, acceptedAt, dueAt, attempts, reason }: KeptRequest): Columns {
  return {
    id,
    object_type: request.objectType,
    objid: request.objid,
    activity_objid: request.activityObjid ?? 0,
    rule: request.rule,
    state,
    accepted_at: acceptedAt,
    due_at: dueAt,
    attempts,
    reason,
    occurrence: request.occurrence ?? 0,
  };
}

/** The names of the columns that make a request. */
export const REQUEST_COLUMNS =
  '[id], [object_type], [objid], [activity_objid], [rule], [state], [accepted_at], [due_at], [attempts], [reason], [occurrence]';

/** The request of a row. */
export function requestOf(row: Row): KeptRequest {
  const read = new Reading(row);
  const [activityObjid, occurrence] = [read.whole('activity_objid'), read.whole('occurrence')];
  const request = { objectType: read.text('object_type'), objid: read.whole('objid'), rule: read.text('rule') };
  return {
    id: read.text('id'),
    request: {
      ...request,
      ...(activityObjid === 0 ? {} : { activityObjid }),
      ...(occurrence === 0 ? {} : { occurrence }),
    },
    state: read.oneOf('state', REQUEST_STATES),
    acceptedAt: read.whole('accepted_at'),
    dueAt: read.whole('due_at'),
    attempts: read.whole('attempts'),
    reason: read.text('reason'),
    ...read.damage(),
  };
}

/** A delivery that was not settled yet as columns. */
export function columnsOfDelivery(kept: KeptDelivery): Columns {
  return {
    id: kept.id,
    request_id: kept.requestId,
    destination: kept.destination,
    object_type: kept.objectType,
    objid: kept.objid,
    activity_objid: kept.activityObjid,
    rule: kept.rule,
    content_key: kept.contentKey,
    order_key: kept.order,
    state: kept.state,
    started: kept.started,
    finished: kept.finished,
    accepted_at: kept.acceptedAt,
    due_at: kept.dueAt,
    last_attempt_at: kept.lastAttemptAt,
    lease_owner: kept.leaseOwner,
    lease_until: kept.leaseUntil,
    attempt_ms: kept.attemptMs,
    reason: kept.reason,
    receipt_id: '',
    permalink: '',
    delivered_at: 0,
    forgettable_since: 0,
    message: JSON.stringify(kept.message),
  };
}

/** The names of the columns that make a delivery. */
export const DELIVERY_COLUMNS =
  '[id], [request_id], [destination], [object_type], [objid], [activity_objid], [rule], [content_key], [order_key], [state], ' +
  '[started], [finished], [accepted_at], [due_at], [last_attempt_at], [lease_owner], [lease_until], [attempt_ms], [reason], ' +
  '[receipt_id], [permalink], [delivered_at], [message]';

/** The delivery of a row. */
export function deliveryOf(row: Row): KeptDelivery {
  const read = new Reading(row);
  const receipt = receiptOf(read);
  const state = read.oneOf('state', DELIVERY_STATES);
  const message = read.message(state);
  return {
    id: read.text('id'),
    requestId: read.text('request_id'),
    destination: read.text('destination'),
    objectType: read.text('object_type'),
    objid: read.whole('objid'),
    activityObjid: read.whole('activity_objid'),
    rule: read.text('rule'),
    contentKey: read.text('content_key'),
    order: read.text('order_key'),
    state,
    started: read.whole('started'),
    finished: read.whole('finished'),
    acceptedAt: read.whole('accepted_at'),
    dueAt: read.whole('due_at'),
    lastAttemptAt: read.whole('last_attempt_at'),
    leaseOwner: read.text('lease_owner'),
    leaseUntil: read.whole('lease_until'),
    attemptMs: read.whole('attempt_ms'),
    reason: read.text('reason'),
    deliveredAt: read.whole('delivered_at'),
    ...(receipt === undefined ? {} : { receipt }),
    ...(message === undefined ? {} : { message }),
    ...read.damage(),
  };
}

/** A receipt that says nothing is none. */
function receiptOf(read: Reading): Receipt | undefined {
  const [id, permalink] = [read.text('receipt_id'), read.text('permalink')];
  if (id === '' && permalink === '') return undefined;
  return { ...(id === '' ? {} : { id }), ...(permalink === '' ? {} : { permalink }) };
}

/** A number of a row that can be read, and 0 for any other, as it is where there are no rows to count. */
export function numberIn(row: Row | undefined, column: string): number {
  return wholeIn(row?.[column]) ?? 0;
}

/** Reads the columns of a row, and notes what in them this program never wrote: one damaged row must not keep the others from being read. */
export class Reading {
  readonly #damaged: string[] = [];

  constructor(private readonly row: Row) {}

  text(column: string): string {
    return String(this.row[column]);
  }

  whole(column: string): number {
    const value = wholeIn(this.row[column]);
    if (value === undefined) this.#damaged.push(`${column} is no number`);
    return value ?? 0;
  }

  /** A damaged state stays as it is, so that its row can still be told from others. */
  oneOf<State extends string>(column: string, known: readonly State[]): State {
    const value = this.text(column) as State;
    if (!known.includes(value)) this.#damaged.push(`its ${column} is none`);
    return value;
  }

  message(state: DeliveryState): Message | undefined {
    const json = this.text('message');
    const message = json === '' ? undefined : readMessage(json);
    const isNeeded = state === 'held' || BLOCKING.includes(state);
    if (message === undefined && (isNeeded || json !== '')) this.#damaged.push('its message is none');
    return message;
  }

  /** Notes that something is not as it was written. */
  note(words: string): void {
    this.#damaged.push(words);
  }

  damage(): { readonly damage?: string } {
    return this.#damaged.length === 0 ? {} : { damage: this.#damaged.join(', ') };
  }
}

/** The farthest moment that there is: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LARGEST = 8.64e15;

/** Integers beyond 32 bits may come as text. */
function wholeIn(value: Row[string] | undefined): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= LARGEST ? number : undefined;
}
