// How a rerun goes through long lists: page by page, several at a time, and never further than it is wanted.

import type { DeliveryFilter, KeptDelivery, KeptRequest, RequestFilter } from '../../../ledger/ledger';
import { pageByPage, type After } from '../../looking/ledger-access';
import type { Run } from './run';

/** How much is read at a time. */
const PAGE = 200;

/** The deliveries that a filter lets through, in the order of acceptance, as long as they are wanted. What is damaged is told, and left out. */
export async function* deliveriesOf(
  run: Run,
  filter: DeliveryFilter,
  wanted: () => boolean = always,
): AsyncGenerator<KeptDelivery> {
  const read = (after: After) => run.within(({ signal }) => run.ledger.deliveries({ ...filter, ...after }, PAGE, signal));
  for await (const kept of pageByPage(PAGE, read, () => !run.stop.aborted && wanted())) {
    if (kept.damage === undefined) yield kept;
    else run.tally.damagedDelivery(kept, kept.damage);
  }
}

/** The requests that a filter lets through, likewise. */
export async function* requestsOf(run: Run, filter: RequestFilter, wanted: () => boolean = always): AsyncGenerator<KeptRequest> {
  const read = (after: After) => run.within(({ signal }) => run.ledger.requests({ ...filter, ...after }, PAGE, signal));
  for await (const kept of pageByPage(PAGE, read, () => !run.stop.aborted && wanted())) {
    if (kept.damage === undefined) yield kept;
    else run.tally.damagedRequest(kept, kept.damage);
  }
}

const always = () => true;

/** The items in batches, each as large as is wanted when it begins. */
export async function* inBatches<T>(items: AsyncGenerator<T>, size: () => number): AsyncGenerator<readonly T[]> {
  let [batch, wanted]: [T[], number] = [[], size()];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < wanted) continue;
    yield batch;
    [batch, wanted] = [[], size()];
  }
  if (batch.length > 0) yield batch;
}

/** Works on what belongs together (has one key) in the order in which it is given, and on everything else at once. */
export class Chains {
  readonly #ends = new Map<string, Promise<void>>();

  /** Does the work once everything before it with the same key has come to its end. */
  async after(key: string, work: () => Promise<void>): Promise<void> {
    const before = this.#ends.get(key);
    const end = (async () => {
      await before?.catch(ignore);
      await work();
    })();
    this.#ends.set(key, end);
    try {
      await end;
    } finally {
      if (this.#ends.get(key) === end) this.#ends.delete(key);
    }
  }
}

/** Whoever did the work hears of its failure; to those after it only its end matters. */
const ignore = () => undefined;
