// The command `status`: how the ledger stands, destination by destination, and what an administrator has to look into.

import type { Report } from '../core/report';
import type { DeliveryState, Ledger, RequestCount } from '../ledger/ledger';
import type { CommandFunction } from './command';
import { OPEN_REQUESTS, allDeliveries, withLedger } from './ledger-access';
import { counted, momentJson, stateOf } from './ledger-words';
import { statusText } from './status-text';

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
  /** The id of the delivery that has been held for longest; empty where none is. */
  readonly heldId: string;
}

/** How the whole ledger stands. */
export interface LedgerStatus {
  /** Those of the configuration first, in its order. */
  readonly destinations: readonly DestinationStatus[];
  /** Requests that wait for the CRM. */
  readonly accepted: RequestCount;
  /** Requests that were given up before there was a message. */
  readonly abandoned: RequestCount;
}

/** Shows how the ledger stands. Whatever it shows, the exit code is 0: it was asked, and it answers. */
export const status: CommandFunction = (context) =>
  withLedger(context, async (ledger): Promise<Report> => {
    const now = context.parts.now();
    const standing = await read(ledger, Object.keys(context.config.destinations), now, context.deadline.signal);
    context.emit({ text: statusText(standing, now), json: statusJson(standing) });
    return { result: 'done', message: concern(standing), deliveries: [], printed: true };
  });

async function read(ledger: Ledger, configured: readonly string[], now: number, signal: AbortSignal): Promise<LedgerStatus> {
  const counts = await ledger.counts(signal);
  const cutOff = await countCutOff(ledger, now, signal);
  const known = [...new Set([...configured, ...counts.map(({ destination }) => destination).sort()])];
  const destinations = known.map(async (destination): Promise<DestinationStatus> => {
    const own = counts.filter((count) => count.destination === destination);
    const of = (state: DeliveryState) => own.find((count) => count.state === state);
    const many = (state: DeliveryState) => of(state)?.count ?? 0;
    const doubtful = cutOff.get(destination) ?? 0;
    const held = many('held') === 0 ? [] : await ledger.deliveries({ destination, states: ['held'] }, 1, signal);
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
      heldId: held[0]?.id ?? '',
    };
  });
  return {
    destinations: await Promise.all(destinations),
    accepted: await ledger.requestCount(OPEN_REQUESTS, signal),
    abandoned: await ledger.requestCount(['abandoned'], signal),
  };
}

/** How many attempts of each destination were cut off: they still count as sending, and are in doubt. */
async function countCutOff(ledger: Ledger, now: number, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const kept of allDeliveries(ledger, { states: ['sending'] }, signal)) {
    if (stateOf(kept, now) === 'in-doubt') counts.set(kept.destination, (counts.get(kept.destination) ?? 0) + 1);
  }
  return counts;
}

/** The last line: what waits for a person, or nothing. */
function concern({ destinations, abandoned }: LedgerStatus): string {
  const total = (state: DeliveryState) => destinations.reduce((sum, { counts }) => sum + counts[state], 0);
  const parts = [
    total('held') > 0 ? `${counted(total('held'), 'delivery is', 'deliveries are')} held` : '',
    total('abandoned') > 0 ? `${counted(total('abandoned'), 'delivery is', 'deliveries are')} abandoned` : '',
    abandoned.count > 0 ? `${counted(abandoned.count, 'request is', 'requests are')} abandoned` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function statusJson({ destinations, accepted, abandoned }: LedgerStatus): Readonly<Record<string, unknown>> {
  const request = ({ count, oldestAcceptedAt, nextDueAt }: RequestCount) => ({
    count,
    oldestAcceptedAt: momentJson(oldestAcceptedAt),
    nextDueAt: momentJson(nextDueAt),
  });
  return {
    format: 1,
    destinations: destinations.map(({ oldestDueAt, nextDueAt, lastDeliveredAt, heldId, ...rest }) => ({
      ...rest,
      oldestDueAt: momentJson(oldestDueAt),
      nextDueAt: momentJson(nextDueAt),
      lastDeliveredAt: momentJson(lastDeliveredAt),
      heldId: heldId === '' ? null : heldId,
    })),
    requests: { accepted: request(accepted), abandoned: request(abandoned) },
  };
}
