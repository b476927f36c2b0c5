// How the ledger stands, destination by destination: what `status` shows, and what alerts are made of.

import { OPEN_REQUESTS } from '../../core/states';
import type { DeliveryFilter, DeliveryState, Ledger, RequestCount } from '../../ledger/ledger';
import { allDeliveries } from './ledger-access';
import { stateOf } from './ledger-words';

/** How one destination stands. Moments are ms since 1970 UTC, and 0 where there is none. */
export interface DestinationStatus {
  readonly destination: string;
  /** Whether the configuration has it. */
  readonly configured: boolean;
  readonly counts: Readonly<Record<DeliveryState, number>>;
  /** Of those that are due: when the oldest was accepted, and when the next is to be sent. */
  readonly oldestDueAt: number;
  readonly nextDueAt: number;
  readonly lastDeliveredAt: number;
  /** Until when it asked to be left alone. */
  readonly waitUntil: number;
  /** The id of the delivery that has been held for longest; empty where none is. */
  readonly heldId: string;
}

/** How the whole ledger stands. */
export interface LedgerStatus {
  /** Those of the configuration first, in its order. */
  readonly destinations: readonly DestinationStatus[];
  /** Requests to post that wait for the CRM. */
  readonly accepted: RequestCount;
  /** Requests to post that were given up before there was a message. */
  readonly abandoned: RequestCount;
  /** Calls of `sync` that no run of it has taken up. */
  readonly sync: RequestCount;
}

/** Reads how the ledger stands at `now` (ms since 1970 UTC). */
export async function readStatus(
  ledger: Ledger,
  configured: readonly string[],
  now: number,
  signal: AbortSignal,
): Promise<LedgerStatus> {
  return {
    destinations: await readDestinations(ledger, configured, now, signal),
    accepted: await ledger.requestCount('publish', OPEN_REQUESTS, signal),
    abandoned: await ledger.requestCount('publish', ['abandoned'], signal),
    sync: await ledger.requestCount('sync', OPEN_REQUESTS, signal),
  };
}

/** Reads how the destinations stand, the configured ones first; with an object type, as if there were nothing else in the ledger. */
export async function readDestinations(
  ledger: Ledger,
  configured: readonly string[],
  now: number,
  signal: AbortSignal,
  objectType?: string,
): Promise<readonly DestinationStatus[]> {
  const only = objectType === undefined ? {} : { objectType };
  const counts = await ledger.counts(signal, objectType);
  const cutOff = await countCutOff(ledger, only, now, signal);
  const waits = await ledger.waits(now, signal);
  const known = [...new Set([...configured, ...counts.map(({ destination }) => destination).sort()])];
  const destinations = known.map(async (destination): Promise<DestinationStatus> => {
    const own = counts.filter((count) => count.destination === destination);
    const of = (state: DeliveryState) => own.find((count) => count.state === state);
    const many = (state: DeliveryState) => of(state)?.count ?? 0;
    const doubtful = cutOff.get(destination) ?? 0;
    const held = many('held') === 0 ? [] : await ledger.deliveries({ ...only, destination, states: ['held'] }, 1, signal);
    return {
      destination,
      configured: configured.includes(destination),
      counts: {
        due: many('due'),
        sending: Math.max(0, many('sending') - doubtful),
        'in-doubt': many('in-doubt') + doubtful,
        held: many('held'),
        rejected: many('rejected'),
        abandoned: many('abandoned'),
        delivered: many('delivered'),
        discarded: many('discarded'),
      },
      oldestDueAt: of('due')?.oldestAcceptedAt ?? 0,
      nextDueAt: of('due')?.nextDueAt ?? 0,
      lastDeliveredAt: of('delivered')?.lastDeliveredAt ?? 0,
      waitUntil: waits.find((wait) => wait.destination === destination)?.until ?? 0,
      heldId: held[0]?.id ?? '',
    };
  });
  return Promise.all(destinations);
}

/** How many attempts of each destination were cut off: they still count as sending, and are in doubt. */
async function countCutOff(
  ledger: Ledger,
  only: DeliveryFilter,
  now: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const kept of allDeliveries(ledger, { ...only, states: ['sending'] }, signal)) {
    if (stateOf(kept, now) === 'in-doubt') counts.set(kept.destination, (counts.get(kept.destination) ?? 0) + 1);
  }
  return counts;
}
