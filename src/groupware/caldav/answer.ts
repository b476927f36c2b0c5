// The one table from what a server of WebDAV answered to what it means.

import { waitIn } from '../../core/retry-after';
import type { Trouble } from '../groupware';

/** An answer, as far as its meaning is concerned. */
export interface DavStatus {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The names of the conditions that it says are not met. */
  readonly conditions: readonly string[];
}

/**
 * - `done`: it was done.
 * - `there`: there is another one, or one of that name already: look at it.
 * - `stale`: it is of another version, or is there though it should not be: look at it.
 * - `absent`: it is certainly not there.
 * - `rejected`: the server will never take this very item.
 * - `refused`: nothing goes there until somebody mends something.
 * - `retry`: not now. `alone` says that it may be about this one item: a broken one must not stop the others.
 */
interface Row {
  readonly from: number;
  readonly to: number;
  readonly kind: 'done' | 'there' | 'stale' | 'absent' | 'rejected' | 'refused' | 'retry' | 'alone';
  readonly words: string;
}

function row(statuses: number | readonly [from: number, to: number], kind: Row['kind'], words = ''): Row {
  const [from, to] = typeof statuses === 'number' ? [statuses, statuses] : statuses;
  return { from, to, kind, words };
}

/** The first row that fits counts. */
const ROWS: readonly Row[] = [
  row([200, 299], 'done'),
  row([300, 399], 'refused', 'it leads to another address, to which the login is never taken; name the right one in url'),
  row(400, 'rejected', 'it does not understand what it was sent'),
  row(401, 'refused', 'it refuses the login; mend user and password, or token'),
  row(403, 'refused', 'the login has no right there'),
  row(404, 'absent', 'there is nothing at this address'),
  row(405, 'refused', 'it cannot do that there; is this the address of a calendar or an address book?'),
  row(408, 'retry', 'it waited too long for the request'),
  row(409, 'there', 'it sees a conflict with something that is already there'),
  row(410, 'absent', 'there is nothing at this address any more'),
  row(412, 'stale', 'it is of another version'),
  row(413, 'rejected', 'it is too long for it'),
  row(415, 'rejected', 'it does not take such an item'),
  row(422, 'rejected', 'it does not accept the item'),
  row(423, 'retry', 'it is locked'),
  row(425, 'retry', 'it asks to come back later'),
  row(429, 'retry', 'it asks to slow down'),
  row([400, 499], 'refused', 'it refuses the request'),
  row(500, 'alone', 'it has trouble of its own'),
  row(501, 'refused', 'it cannot do that; is this the address of a calendar or an address book?'),
  row(507, 'refused', 'it has no room left'),
  row(503, 'retry', 'it is not available'),
  row([500, 599], 'retry', 'it has trouble of its own'),
];
const NO_ROW = row(0, 'retry', 'this is no status of HTTP');

/** The conditions of RFC 4791, 5.3.2.1, and RFC 6352, 6.3.2.1, that speak of the item itself. */
const OF_THE_ITEM =
  /^(supported-(calendar|address)-data|valid-(calendar|address)-(data|object-resource)|supported-calendar-component|max-resource-size|(min|max)-date-time|max-instances|max-attendees-per-instance)$/;

/** What an answer means, and the words for it. */
export function meaningOf({ status, conditions }: Pick<DavStatus, 'status' | 'conditions'>): Pick<Row, 'kind' | 'words'> {
  const found = ROWS.find(({ from, to }) => status >= from && status <= to) ?? NO_ROW;
  const [condition] = conditions.filter((name) => OF_THE_ITEM.test(name));
  const isOfItem = condition !== undefined && (status === 403 || status === 409);
  const isOfUid = conditions.includes('no-uid-conflict');
  const { kind, words } = isOfItem
    ? row(status, 'rejected', `it does not take the item (${condition})`)
    : isOfUid
      ? row(status, 'there', 'it has another item with this UID')
      : found;
  return { kind, words: `the server answered ${status}: ${words}` };
}

/** Why a question was not answered. `now` is in ms since 1970 UTC. */
export function troubleOf(answer: DavStatus, now: number): Trouble {
  const { kind, words: reason } = meaningOf(answer);
  if (kind !== 'retry' && kind !== 'alone')
    return { kind: 'refused', reason, ...(answer.status === 401 ? { isOfLogin: true } : {}) };
  const afterMs = waitIn(answer.headers, now);
  return { kind: 'retry', reason, ...(afterMs === undefined ? {} : { afterMs }) };
}
