// How a command reads the ledger: page by page, by ids that were checked, and with words of its own for trouble.

import { DatabaseError } from '../../core/database-error';
import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import { DELIVERY_STATES } from '../../core/states';
import { visibleStart } from '../../core/visible';
import type {
  DeliveryFilter,
  DeliveryState,
  KeptDelivery,
  KeptRequest,
  Ledger,
  RequestFilter,
  StateCount,
} from '../../ledger/ledger';
import type { Context } from '../command';
import { ledgerHint, reportOfError } from '../error-report';
import { readSpools, spoolNotes } from './spool-view';

/** Those of the counted states that are none: something damaged them, and a filter without states does not find them. */
export function damagedStates(counts: readonly StateCount[]): readonly DeliveryState[] {
  return [...new Set(counts.map(({ state }) => state))].filter((state) => !DELIVERY_STATES.includes(state));
}

/** How much is read at a time. */
const PAGE = 500;

/** Does something with the ledger. Where the ledger fails, the report says so, and not that something was or was not posted. */
export async function withLedger({ parts }: Pick<Context, 'parts'>, work: (ledger: Ledger) => Promise<Report>): Promise<Report> {
  try {
    return await work(await parts.ledger());
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    // The calls of rules go on meanwhile, and whoever looks for them must not think that they are lost.
    const notes = spoolNotes(readSpools(parts.spools()), parts.now());
    const message = [`the ledger cannot be used: ${error.message}`, ...notes].join('\n');
    return { ...reportOfError(error), message, hint: ledgerHint(error.problem) };
  }
}

/** All deliveries that a filter lets through, in the order of acceptance, never more than a page of them in memory. */
export function allDeliveries(ledger: Ledger, filter: DeliveryFilter, signal: AbortSignal): AsyncGenerator<KeptDelivery> {
  return pageByPage(PAGE, (after) => ledger.deliveries({ ...filter, ...after }, PAGE, signal));
}

/** All requests that a filter lets through, likewise. */
export function allRequests(ledger: Ledger, filter: RequestFilter, signal: AbortSignal): AsyncGenerator<KeptRequest> {
  return pageByPage(PAGE, (after) => ledger.requests({ ...filter, ...after }, PAGE, signal));
}

/** From where the next page is read. */
export type After = Pick<DeliveryFilter, 'after'>;

/** What is in pages of `most`, as long as it is wanted. */
export async function* pageByPage<Kept extends Pick<KeptDelivery, 'acceptedAt' | 'id' | 'damage'>>(
  most: number,
  read: (after: After) => Promise<readonly Kept[]>,
  isWanted: () => boolean = () => true,
): AsyncGenerator<Kept> {
  let after: After = {};
  while (isWanted()) {
    const page = await read(after);
    for (const kept of page) {
      if (!isWanted()) return;
      yield kept;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < most || !hasNext(last)) return;
    after = { after: { acceptedAt: last.acceptedAt, id: last.id } };
  }
}

/**
 * Whether the page after this one can be asked for. A moment of acceptance that is no number sorts behind all others, so that nothing but
 * more of its kind comes after it.
 */
function hasNext({ acceptedAt, damage }: Pick<KeptDelivery, 'acceptedAt' | 'damage'>): boolean {
  return acceptedAt !== 0 || damage === undefined;
}

/** All of them at once, for what is known to be few. */
export async function gather<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

/** The ids of deliveries and requests among the words of a command. Throws a UserError where one is none. */
export function readIds(words: readonly string[]): readonly string[] {
  const wrong = words.find((word) => !isId(word));
  if (wrong === undefined) return [...new Set(words.map((word) => word.toLowerCase()))];
  const message = `"${visibleStart(wrong, 60)}" is not an id, which has 32 digits from 0 to 9 and a to f`;
  throw new UserError('usage', message, 'publish-activity list shows the ids');
}

/** Whether a word is an id of a delivery or a request. */
export function isId(word: string): boolean {
  return /^[0-9a-f]{32}$/i.test(word);
}

/** The error about an id that the ledger does not have. */
export function unknownId(id: string): UserError {
  return new UserError('not-found', `the ledger knows nothing of ${id}`, 'publish-activity list shows the ids that it knows');
}
