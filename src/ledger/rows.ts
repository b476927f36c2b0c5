// Between the records of the ledger and the columns of its tables.

import type { Parameter, Row } from '../io/database';
import { readMessage } from '../core/message';
import type { Receipt } from '../core/outcome';
import type { DeliveryState, KeptDelivery, KeptRequest, RequestState } from './ledger';

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
  const [activityObjid, occurrence] = [whole(row, 'activity_objid'), whole(row, 'occurrence')];
  const request = { objectType: text(row, 'object_type'), objid: whole(row, 'objid'), rule: text(row, 'rule') };
  return {
    id: text(row, 'id'),
    request: {
      ...request,
      ...(activityObjid === 0 ? {} : { activityObjid }),
      ...(occurrence === 0 ? {} : { occurrence }),
    },
    state: text(row, 'state') as RequestState,
    acceptedAt: whole(row, 'accepted_at'),
    dueAt: whole(row, 'due_at'),
    attempts: whole(row, 'attempts'),
    reason: text(row, 'reason'),
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
  const message = text(row, 'message');
  const receipt = receiptOf(row);
  return {
    id: text(row, 'id'),
    requestId: text(row, 'request_id'),
    destination: text(row, 'destination'),
    objectType: text(row, 'object_type'),
    objid: whole(row, 'objid'),
    activityObjid: whole(row, 'activity_objid'),
    rule: text(row, 'rule'),
    contentKey: text(row, 'content_key'),
    order: text(row, 'order_key'),
    state: text(row, 'state') as DeliveryState,
    started: whole(row, 'started'),
    finished: whole(row, 'finished'),
    acceptedAt: whole(row, 'accepted_at'),
    dueAt: whole(row, 'due_at'),
    lastAttemptAt: whole(row, 'last_attempt_at'),
    leaseOwner: text(row, 'lease_owner'),
    leaseUntil: whole(row, 'lease_until'),
    attemptMs: whole(row, 'attempt_ms'),
    reason: text(row, 'reason'),
    deliveredAt: whole(row, 'delivered_at'),
    ...(receipt === undefined ? {} : { receipt }),
    ...(message === '' ? {} : { message: readMessage(message) }),
  };
}

/** A receipt that says nothing is none. */
function receiptOf(row: Row): Receipt | undefined {
  const [id, permalink] = [text(row, 'receipt_id'), text(row, 'permalink')];
  if (id === '' && permalink === '') return undefined;
  return { ...(id === '' ? {} : { id }), ...(permalink === '' ? {} : { permalink }) };
}

function text(row: Row, column: string): string {
  return String(row[column]);
}

/** Integers beyond 32 bits may come as text. */
function whole(row: Row, column: string): number {
  return Number(row[column]);
}
