// The SQL of the ledger: one text for both engines. Every change is a compare-and-swap, so no row is ever locked between two statements.
// Pure. What a table does to find its rows fast is in schema.ts.

import { SYNC_PREFIX, type RuleCommand } from '../core/call';
import { BLOCKING, DELIVERY_STATES, OPEN_REQUESTS, REQUEST_STATES, SETTLED } from '../core/states';
import type { Parameter, Statement } from '../io/database';
import type {
  ActivityOf,
  DeliveryFilter,
  KeptDelivery,
  KeptRequest,
  Lease,
  RequestFilter,
  RequestState,
  Settlement,
} from './ledger';
import { begunBy, endOf, fit, settledBy, takenState } from './records';
import { columnsOfDelivery, columnsOfRequest, DELIVERY_COLUMNS, REQUEST_COLUMNS, type Columns } from './rows';
import { LONGEST } from './schema';
import { NO_WAIT, WAIT_OR_DUE, waitParameters } from './wait-statements';

/**
 * Whether nothing earlier of the same object is in the way of a delivery. The requests are asked first, and CASE keeps to that: a
 * request that is composed at this very moment has its deliveries in the table once it is not accepted any more.
 */
const UNBLOCKED = `CASE
    WHEN EXISTS (SELECT 1 FROM [publish_activity_request] AS [r]
      WHERE [r].[object_type] = @object_type AND [r].[objid] = @objid AND [r].[state] = 'accepted'
        AND [r].[activity_objid] > 0 AND [r].[activity_objid] < @activity_objid) THEN 0
    WHEN EXISTS (SELECT 1 FROM [publish_activity_delivery] AS [e]
      WHERE [e].[object_type] = @object_type AND [e].[objid] = @objid AND [e].[destination] = @destination
        AND [e].[state] IN (${BLOCKING.map((state) => `'${state}'`).join(', ')}) AND [e].[order_key] < @order_key) THEN 0
    ELSE 1 END = 1`;

/** Enters a request. */
export function insertRequest(request: KeptRequest): Statement {
  return insert('publish_activity_request', columnsOfRequest(request), '', {});
}

/** Enters a request unless it is there. */
export function insertMissingRequest(request: KeptRequest): Statement {
  const missing = ' WHERE NOT EXISTS (SELECT 1 FROM [publish_activity_request] WHERE [id] = @id)';
  return insert('publish_activity_request', columnsOfRequest(request), missing, {});
}

/** Ends a request, or puts it off. */
export function settleRequest(id: string, state: RequestState, reason: string, dueAt: number): Statement {
  return {
    text: `UPDATE [publish_activity_request] SET [state] = @state, [reason] = @reason, [due_at] = @due_at
      WHERE [id] = @id AND [state] IN (${OPEN_REQUESTS.map((open) => `'${open}'`).join(', ')})`,
    parameters: { id, state, reason: fit(reason, LONGEST.reason), due_at: Math.ceil(dueAt) },
  };
}

/** Leases a request that is as it was seen. */
export function takeRequest({ id, state, attempts, dueAt }: KeptRequest, lease: Lease): Statement {
  return {
    text: `UPDATE [publish_activity_request] SET [state] = @taken_state, [due_at] = @due_at, [attempts] = [attempts] + 1
      WHERE [id] = @id AND [state] = @state AND [attempts] = @attempts AND [due_at] = @seen_due_at`,
    parameters: { id, state, taken_state: takenState(state), attempts, seen_due_at: dueAt, due_at: endOf(lease) },
  };
}

/**
 * The deliveries of a content key whose requests were accepted less than `@window` ms before or after the request `@request_id`. When they
 * were entered says nothing: two requests that waited out one outage are entered at once.
 */
const SAME_CONTENT = `SELECT [d].[id] FROM [publish_activity_delivery] AS [d]
      JOIN [publish_activity_request] AS [r] ON [r].[id] = [d].[request_id]
      JOIN [publish_activity_request] AS [own] ON [own].[id] = @request_id
      WHERE [d].[content_key] = @content_key AND [d].[content_key] <> ''
        AND ABS([r].[accepted_at] - [own].[accepted_at]) < @window`;

/**
 * Enters a delivery unless it is there, or one of the same content whose request was accepted within `windowMs`, or, if it is begun already,
 * something blocks it.
 */
export function insertDelivery(delivery: KeptDelivery, windowMs: number): Statement {
  const conditions = ['NOT EXISTS (SELECT 1 FROM [publish_activity_delivery] WHERE [id] = @id)'];
  if (delivery.contentKey !== '') conditions.push(`NOT EXISTS (${SAME_CONTENT})`);
  const isBegun = delivery.state === 'sending';
  if (isBegun) conditions.push(UNBLOCKED, NO_WAIT);
  const more: Columns = { ...(delivery.contentKey === '' ? {} : { window: windowMs }), ...waitParameters(delivery.acceptedAt) };
  const where = ` WHERE ${conditions.join('\n    AND ')}`;
  return insert('publish_activity_delivery', columnsOfDelivery(delivery), where, more, isBegun ? {} : { due_at: WAIT_OR_DUE });
}

/** Begins an attempt of a delivery that is as it was seen and that nothing blocks. */
export function beginDelivery(seen: KeptDelivery, lease: Lease): Statement {
  const { state, lastAttemptAt, leaseOwner, leaseUntil, attemptMs, dueAt } = begunBy(lease);
  return {
    text: `UPDATE [publish_activity_delivery] SET [state] = @state, [started] = [started] + 1, [last_attempt_at] = @last_attempt_at,
      [lease_owner] = @lease_owner, [lease_until] = @lease_until, [attempt_ms] = @attempt_ms, [due_at] = @due_at
      WHERE [id] = @id AND [state] = @seen_state AND [started] = @seen_started AND ${UNBLOCKED}
        AND ${NO_WAIT}`,
    parameters: {
      ...waitParameters(lease.now),
      id: seen.id,
      seen_state: seen.state,
      seen_started: seen.started,
      object_type: seen.objectType,
      objid: seen.objid,
      activity_objid: seen.activityObjid,
      destination: seen.destination,
      order_key: seen.order,
      state,
      last_attempt_at: lastAttemptAt,
      lease_owner: leaseOwner,
      lease_until: leaseUntil,
      attempt_ms: attemptMs,
      due_at: dueAt,
    },
  };
}

/** Records the end of the attempt that an owner began; an exclusive receipt only where no other delivery of the destination has it. */
export function finishDelivery(id: string, owner: string, settlement: Settlement): Statement {
  const ours = "[state] = 'sending' AND [lease_owner] = @owner";
  const free = `NOT EXISTS (SELECT 1 FROM [publish_activity_delivery] AS [o]
        WHERE [o].[destination] = [publish_activity_delivery].[destination] AND [o].[receipt_id] = @receipt_id AND [o].[receipt_id] <> ''
          AND [o].[id] <> @id)`;
  const condition = isExclusive(settlement) ? `${ours}\n      AND ${free}` : ours;
  return settle(settlement, '[finished] = [finished] + 1, ', condition, { id, owner });
}

/** Whether a settlement holds a receipt that can be of one delivery only. */
export function isExclusive({ exclusive, receipt }: Settlement): boolean {
  return exclusive === true && Boolean(receipt?.id);
}

/** Changes a delivery that is as it was seen. */
export function amendDelivery(seen: KeptDelivery, settlement: Settlement): Statement {
  const { text, parameters } = unchanged(seen);
  return settle(settlement, '', text, parameters);
}

/**
 * Makes those take turns that want a receipt for themselves: their transaction writes this row first, and nobody else can until it ends.
 * The conditions of {@link adoptReceipt} and {@link finishDelivery} alone would let two of them pass on a SQL Server, where neither sees
 * what the other has not committed.
 */
export const TAKE_TURNS: Statement = {
  text: 'UPDATE [publish_activity_schema] SET [version] = [version] WHERE [version] = 1',
  parameters: {},
};

/** Changes a delivery that is as it was seen, and gives it a receipt that is not, nor is about to be, another one's. */
export function adoptReceipt(seen: KeptDelivery, settlement: Settlement): Statement {
  const free = `NOT EXISTS (SELECT 1 FROM [publish_activity_delivery]
        WHERE [destination] = @destination AND [receipt_id] = @receipt_id AND [receipt_id] <> '' AND [id] <> @id)
      AND NOT EXISTS (SELECT 1 FROM [publish_activity_delivery]
        WHERE [object_type] = @object_type AND [objid] = @objid AND [destination] = @destination AND [state] = 'sending' AND [id] <> @id)`;
  const { destination, objectType, objid } = seen;
  const about = { destination, object_type: objectType, objid };
  const { text, parameters } = unchanged(seen);
  return settle(settlement, '', `${text}\n      AND ${free}`, { ...parameters, ...about });
}

/** Whether a delivery is as it was seen. Of one that is damaged the state alone says so: no number of it has to be one. */
function unchanged({ id, state, started, leaseOwner, leaseUntil, damage }: KeptDelivery): Condition {
  if (damage !== undefined) return { text: '[state] = @seen_state', parameters: { id, seen_state: state } };
  return {
    text: '[state] = @seen_state AND [started] = @seen_started AND [lease_owner] = @seen_owner AND [lease_until] = @seen_until',
    parameters: { id, seen_state: state, seen_started: started, seen_owner: leaseOwner, seen_until: leaseUntil },
  };
}

function settle(settlement: Settlement, counting: string, condition: string, more: Columns): Statement {
  const { state, dueAt, reason, receipt, deliveredAt } = settledBy(settlement);
  return {
    text: `UPDATE [publish_activity_delivery] SET ${counting}[state] = @state, [due_at] = @due_at, [reason] = @reason,
      [receipt_id] = @receipt_id, [permalink] = @permalink, [delivered_at] = @delivered_at,
      [forgettable_since] = @delivered_at, [lease_owner] = '', [lease_until] = 0, [attempt_ms] = 0
      WHERE [id] = @id AND ${condition}`,
    parameters: {
      ...more,
      state,
      due_at: dueAt,
      reason,
      receipt_id: receipt?.id ?? '',
      permalink: receipt?.permalink ?? '',
      delivered_at: deliveredAt,
    },
  };
}

/** The requests of the calls for a command. */
const OF_COMMAND: Readonly<Record<RuleCommand, string>> = {
  publish: `[object_type] NOT LIKE '${SYNC_PREFIX}%'`,
  sync: `[object_type] LIKE '${SYNC_PREFIX}%'`,
};

/** Requests in the order of acceptance. */
export function selectRequests(filter: RequestFilter, most: number): Statement {
  return inOrder('publish_activity_request', REQUEST_COLUMNS, filter, filter.states, REQUEST_STATES, most);
}

/** Deliveries in the order of acceptance. */
export function selectDeliveries(filter: DeliveryFilter, most: number): Statement {
  return inOrder('publish_activity_delivery', DELIVERY_COLUMNS, filter, filter.states, DELIVERY_STATES, most);
}

/** What was entered in the place of a delivery of a request, because it has the same content; the newest first. */
export function selectContent(contentKey: string, requestId: string, windowMs: number): Statement {
  return {
    text: `SELECT ${DELIVERY_COLUMNS} FROM [publish_activity_delivery]
      WHERE [id] IN (${SAME_CONTENT}) ORDER BY [accepted_at] DESC, [id] DESC`,
    parameters: { content_key: contentKey, request_id: requestId, window: windowMs },
    most: 1,
  };
}

/** How many deliveries there are by destination and state; of one object type only, where it is given. */
export function counts(objectType: string | undefined): Statement {
  const where = objectType === undefined ? '' : ' WHERE [object_type] = @object_type';
  return {
    text: `SELECT [destination], [state], COUNT(*) AS [count], MIN([accepted_at]) AS [oldest], MIN([due_at]) AS [next],
    MAX([delivered_at]) AS [newest] FROM [publish_activity_delivery]${where}
    GROUP BY [destination], [state] ORDER BY [destination], [state]`,
    parameters: objectType === undefined ? {} : { object_type: objectType },
  };
}

/** How many requests there are of the calls for a command, in some states. */
export function countRequests(command: RuleCommand, states: readonly RequestState[]): Statement {
  const listed = list('state', states);
  return {
    text: `SELECT COUNT(*) AS [count], COALESCE(MIN([accepted_at]), 0) AS [oldest], COALESCE(MIN([due_at]), 0) AS [next]
      FROM [publish_activity_request] WHERE ${listed.text} AND ${OF_COMMAND[command]}`,
    parameters: listed.parameters,
  };
}

/** The receipt ids of a destination among those given. */
export function selectReceipts(destination: string, ids: readonly string[]): Statement {
  const listed = list('receipt_id', ids);
  return {
    text: `SELECT [receipt_id] FROM [publish_activity_delivery]
      WHERE [destination] = @destination AND [receipt_id] <> '' AND ${listed.text}`,
    parameters: { destination, ...listed.parameters },
  };
}

/**
 * What there is about these activities of these objects: each row has the objid of one of the objects and of one of the activities,
 * which need not be a pair that was asked for.
 */
export function selectActivities(objectType: string, activities: readonly ActivityOf[]): Statement {
  const objids = list(
    'objid',
    activities.map(({ objid }) => objid),
  );
  const own = list(
    'activity_objid',
    activities.map(({ activityObjid }) => activityObjid),
  );
  const from = (table: string) =>
    `SELECT [objid], [activity_objid] FROM [${table}]
      WHERE [object_type] = @object_type AND ${objids.text} AND ${own.text}`;
  return {
    text: `${from('publish_activity_request')}\n    UNION ALL ${from('publish_activity_delivery')}`,
    parameters: { object_type: objectType, ...objids.parameters, ...own.parameters },
  };
}

/** The ids of deliveries whose message can go. */
export function selectForgettable(deliveredBefore: number, most: number): Statement {
  return {
    text: `SELECT [id] FROM [publish_activity_delivery]
      WHERE [forgettable_since] > 0 AND [forgettable_since] < @delivered_before ORDER BY [forgettable_since]`,
    parameters: { delivered_before: deliveredBefore },
    most,
  };
}

/** Takes the messages out of deliveries. */
export function forgetMessages(ids: readonly string[]): Statement {
  const listed = list('id', ids);
  return {
    text: `UPDATE [publish_activity_delivery] SET [message] = '', [forgettable_since] = 0 WHERE [forgettable_since] > 0 AND ${listed.text}`,
    parameters: listed.parameters,
  };
}

/** Takes the messages out of deliveries that nothing sends again, whenever that was decided. */
export function emptyMessages(ids: readonly string[]): Statement {
  const listed = list('id', ids);
  return {
    text: `UPDATE [publish_activity_delivery] SET [message] = '', [forgettable_since] = 0
      WHERE [message] <> '' AND [state] IN (${SETTLED.map((state) => `'${state}'`).join(', ')}) AND ${listed.text}`,
    parameters: listed.parameters,
  };
}

/** A row for a table, entered under a condition; some of its columns may be something else than their parameter. */
export function insert(
  table: string,
  columns: Columns,
  condition: string,
  more: Columns,
  instead: Readonly<Record<string, string>> = {},
): Statement {
  const names = Object.keys(columns);
  return {
    text: `INSERT INTO [${table}] (${names.map((name) => `[${name}]`).join(', ')})
    SELECT ${names.map((name) => instead[name] ?? `@${name}`).join(', ')}${condition}`,
    parameters: { ...columns, ...more },
  };
}

/** A condition on rows and the parameters in it. */
export interface Condition {
  readonly text: string;
  readonly parameters: Columns;
}

/** Whether a column has one of some values. */
export function list(column: string, values: readonly Parameter[]): Condition {
  const named = values.map((value, index): [string, Parameter] => [`${column}${index}`, value]);
  // A list of nothing is nothing, which SQL cannot spell.
  const text = named.length === 0 ? '1 = 0' : `[${column}] IN (${named.map(([name]) => `@${name}`).join(', ')})`;
  return { text, parameters: Object.fromEntries(named) };
}

/**
 * What is asked for by id or object is found by that, whatever its state says, and then sorted. Anything else is read state by state, each
 * in the order of its index, and merged, so that the first rows come without a look at the others.
 */
function inOrder(
  table: string,
  columns: string,
  filter: AnyFilter,
  wanted: readonly string[] | undefined,
  known: readonly string[],
  most: number,
): Statement {
  const isNamed = filter.ids !== undefined || filter.objid !== undefined;
  const anyState: Condition = wanted === undefined && isNamed ? { text: '', parameters: {} } : list('state', wanted ?? known);
  const narrow = isNamed || wanted?.length === 0;
  const stateTexts = narrow ? [anyState.text] : Object.keys(anyState.parameters).map((name) => `[state] = @${name}`);
  const conditions = conditionsOf(filter);
  const parts = stateTexts.map((state) => {
    const where = [state, ...conditions.map(({ text }) => text)].filter(Boolean).join(' AND ');
    return `SELECT ${columns} FROM [${table}] WHERE ${where}`;
  });
  return {
    text: `SELECT ${columns} FROM (${parts.join('\n  UNION ALL ')}) AS [found] ORDER BY [accepted_at], [id]`,
    parameters: Object.assign({}, anyState.parameters, ...conditions.map(({ parameters }) => parameters)) as Columns,
    most,
  };
}

/** A filter without the states that it is about. */
type AnyFilter = Omit<DeliveryFilter & RequestFilter, 'states'>;

function conditionsOf(filter: AnyFilter): readonly Condition[] {
  const { command, ids, objectType, objid, activityObjid, destination, since, until, dueBy, after } = filter;
  const one = (text: string, name: string, value: Parameter | undefined): readonly Condition[] =>
    value === undefined ? [] : [{ text: `${text} @${name}`, parameters: { [name]: value } }];
  const later = '[accepted_at] >= @after_at AND ([accepted_at] > @after_at OR [id] > @after_id)';
  return [
    ...(command === undefined ? [] : [{ text: OF_COMMAND[command], parameters: {} }]),
    ...(ids === undefined ? [] : [list('id', ids)]),
    ...one('[object_type] =', 'object_type', objectType),
    ...one('[objid] =', 'objid', objid),
    ...one('[activity_objid] =', 'activity_objid', activityObjid),
    ...one('[destination] =', 'destination', destination),
    ...one('[accepted_at] >=', 'since', since),
    ...one('[accepted_at] <', 'until', until),
    ...one('[due_at] <=', 'due_by', dueBy),
    ...(after === undefined ? [] : [{ text: later, parameters: { after_at: after.acceptedAt, after_id: after.id } }]),
  ];
}
