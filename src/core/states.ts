// The states of requests and deliveries in the ledger. docs/formats.md fixes their names.

/**
 * - `accepted`: kept; the message is not composed yet.
 * - `awaited`: kept; the CRM does not have its row yet, or never had it. It blocks nobody.
 * - `composed`: its deliveries are in the ledger.
 * - `handed-on`: of a call of `sync`: the turn of whoever owns the row was made due.
 * - `filtered`, `not-found`: there is nothing to deliver, and never will be.
 * - `abandoned`: given up after the time that a request is tried.
 * - `discarded`: an administrator took it out.
 */
export type RequestState =
  'accepted' | 'awaited' | 'composed' | 'handed-on' | 'filtered' | 'not-found' | 'abandoned' | 'discarded';

/**
 * - `due`: to be sent at its moment.
 * - `sending`: an attempt began. Found so after its lease, it is in doubt: started is greater than finished.
 * - `in-doubt`: an attempt ended without a usable answer; the post may be there.
 * - `held`: in doubt, and waiting for the word of an administrator.
 * - `delivered`, `rejected`, `abandoned`, `discarded`: ends.
 */
export type DeliveryState = 'due' | 'sending' | 'in-doubt' | 'held' | 'delivered' | 'rejected' | 'abandoned' | 'discarded';

/** The states of requests that there is still something to do for. */
export const OPEN_REQUESTS: readonly RequestState[] = ['accepted', 'awaited'];

/** The states in which a delivery blocks the later ones of its object and destination. */
export const BLOCKING: readonly DeliveryState[] = ['due', 'sending', 'in-doubt'];

/** The states in which nothing sends a delivery ever again, whatever is asked for. */
export const SETTLED: readonly DeliveryState[] = ['delivered', 'discarded'];

/** All states of requests and of deliveries. */
export const REQUEST_STATES: readonly RequestState[] = [
  ...OPEN_REQUESTS,
  'composed',
  'handed-on',
  'filtered',
  'not-found',
  'abandoned',
  'discarded',
];
export const DELIVERY_STATES: readonly DeliveryState[] = [...BLOCKING, 'held', 'delivered', 'rejected', 'abandoned', 'discarded'];
