// A ledger that lives as long as the process: the double of the real one in tests. It answers the same suite.

import { BLOCKING, OPEN_REQUESTS, SETTLED } from '../../src/core/states';
import type { Request } from '../../src/core/activity';
import { kindOfSync, type RuleCommand } from '../../src/core/call';
import { LONGEST_BACKOFF_MS } from '../../src/core/backoff';
import { newRequestId } from '../../src/core/request-id';
import type {
  ActivityOf,
  DeliveryDraft,
  DeliveryFilter,
  KeptDelivery,
  KeptRequest,
  Ledger,
  Lease,
  RequestFilter,
  Settlement,
  StateCount,
  WatchChange,
  Watched,
} from '../../src/ledger/ledger';
import {
  acceptedRequest,
  begunBy,
  byAcceptance,
  endOf,
  enteredDelivery,
  fit,
  settledBy,
  takenIn,
  takenState,
} from '../../src/ledger/records';
import { LONGEST } from '../../src/ledger/schema';

/** What several handles of one ledger share. */
export interface MemoryStore {
  readonly requests: Map<string, KeptRequest>;
  readonly deliveries: Map<string, KeptDelivery>;
  /** By type and objid. */
  readonly watched: Map<string, Watched>;
  /** By destination. */
  readonly waits: Map<string, { readonly until: number; readonly setAt: number }>;
}

/** An empty store. */
export function newMemoryStore(): MemoryStore {
  return { requests: new Map(), deliveries: new Map(), watched: new Map(), waits: new Map() };
}

/** A handle on a store. */
export function openMemoryLedger({ requests, deliveries, watched, waits }: MemoryStore): Ledger {
  return {
    accept: async (request, lease, _signal, id) => Promise.resolve(accept(request, lease, id)),

    async takeIn(accepted, now) {
      if (requests.has(accepted.id)) return Promise.resolve(false);
      requests.set(accepted.id, takenIn(accepted, now));
      return Promise.resolve(true);
    },

    async settleRequest(id, state, reason, dueAt) {
      const kept = requests.get(id);
      if (kept !== undefined && OPEN_REQUESTS.includes(kept.state))
        requests.set(id, { ...kept, state, reason: fit(reason, LONGEST.reason), dueAt: Math.ceil(dueAt) });
      return Promise.resolve();
    },

    async takeRequest(seen, lease) {
      const kept = requests.get(seen.id);
      const asSeen = kept?.state === seen.state && kept.attempts === seen.attempts && kept.dueAt === seen.dueAt;
      if (asSeen)
        requests.set(kept.id, { ...kept, state: takenState(kept.state), dueAt: endOf(lease), attempts: kept.attempts + 1 });
      return Promise.resolve(asSeen);
    },

    requests: (filter, most) =>
      page(requests, (kept) => isWanted(kept, kept.request, filter) && isFor(filter.command, kept.request), most),

    async requestCount(command, states) {
      const counted = [...requests.values()].filter((kept) => states.includes(kept.state) && isFor(command, kept.request));
      const least = (moments: readonly number[]) => (moments.length === 0 ? 0 : Math.min(...moments));
      return Promise.resolve({
        count: counted.length,
        oldestAcceptedAt: least(counted.map(({ acceptedAt }) => acceptedAt)),
        nextDueAt: least(counted.map(({ dueAt }) => dueAt)),
      });
    },

    async claim(requestId, drafts, lease, windowMs) {
      const kept = requests.get(requestId);
      if (kept !== undefined && OPEN_REQUESTS.includes(kept.state))
        requests.set(requestId, { ...kept, state: 'composed', reason: '', dueAt: lease.now });
      return Promise.resolve(drafts.map((draft) => enter(requestId, draft, lease, windowMs)));
    },

    async begin(seen, lease) {
      const kept = deliveries.get(seen.id);
      if (kept?.state !== seen.state || kept.started !== seen.started || isBlocked(kept) || waitFor(kept, lease.now))
        return Promise.resolve(false);
      return replace({ ...kept, ...begunBy(lease), started: kept.started + 1 });
    },

    async finish(id, owner, settlement) {
      const kept = deliveries.get(id);
      if (kept?.state !== 'sending' || kept.leaseOwner !== owner) return Promise.resolve(false);
      const { receipt, exclusive } = settlement;
      if (exclusive === true && receipt?.id && hasReceipt(receipt.id, kept)) return Promise.resolve(false);
      keepWait(kept, settlement);
      return replace(settled({ ...kept, finished: kept.finished + 1 }, settlement));
    },

    async amend(seen, settlement) {
      const kept = deliveries.get(seen.id);
      const lease = kept?.leaseOwner === seen.leaseOwner && kept.leaseUntil === seen.leaseUntil;
      if (!lease || kept.state !== seen.state || kept.started !== seen.started) return Promise.resolve(false);
      const { receipt } = settlement;
      if (receipt?.id && isTaken(receipt.id, kept)) return Promise.resolve(false);
      keepWait(kept, settlement);
      return replace(settled(kept, settlement));
    },

    deliveries: (filter, most) => page(deliveries, (kept) => isWanted(kept, kept, filter) && isDelivery(kept, filter), most),

    async knownActivities(wantedType, activities) {
      const there = [...[...requests.values()].map(({ request }) => request), ...deliveries.values()];
      const isThere = ({ objid, activityObjid }: ActivityOf) =>
        there.some((kept) => kept.objectType === wantedType && kept.objid === objid && kept.activityObjid === activityObjid);
      return Promise.resolve(new Set(activities.filter(isThere).map(({ activityObjid }) => activityObjid)));
    },

    async counts(_signal, onlyType) {
      const counts = new Map<string, StateCount>();
      for (const { destination, state, objectType, acceptedAt, dueAt, deliveredAt } of deliveries.values()) {
        if (onlyType !== undefined && objectType !== onlyType) continue;
        const key = JSON.stringify([destination, state]);
        const so = counts.get(key) ?? { count: 0, oldestAcceptedAt: acceptedAt, nextDueAt: dueAt, lastDeliveredAt: 0 };
        counts.set(key, {
          destination,
          state,
          count: so.count + 1,
          oldestAcceptedAt: Math.min(so.oldestAcceptedAt, acceptedAt),
          nextDueAt: Math.min(so.nextDueAt, dueAt),
          lastDeliveredAt: Math.max(so.lastDeliveredAt, deliveredAt),
        });
      }
      return Promise.resolve([...counts.values()]);
    },

    async knownReceipts(destination, ids) {
      const ours = [...deliveries.values()].filter((kept) => kept.destination === destination);
      return Promise.resolve(new Set(ids.filter((id) => ours.some(({ receipt }) => receipt?.id === id))));
    },

    async waits(now) {
      const all = [...waits].map(([destination, { until }]) => ({ destination, until }));
      return Promise.resolve(all.filter(({ until }) => until > now && until <= now + LONGEST_BACKOFF_MS));
    },

    async forgetMessages(deliveredBefore) {
      const old = [...deliveries.values()].filter(
        ({ state, deliveredAt }) => state === 'delivered' && deliveredAt < deliveredBefore,
      );
      const forgettable = old.filter(({ message }) => message !== undefined);
      for (const kept of forgettable) deliveries.set(kept.id, without(kept, 'message'));
      return Promise.resolve(forgettable.length);
    },

    async emptyMessages(ids) {
      const named = ids.flatMap((id) => deliveries.get(id) ?? []);
      const over = named.filter(({ state, message }) => SETTLED.includes(state) && message !== undefined);
      for (const kept of over) deliveries.set(kept.id, without(kept, 'message'));
      return Promise.resolve(new Set(over).size);
    },

    async watched(objectType, objids) {
      return Promise.resolve(objids.flatMap((objid) => watched.get(watchKey({ objectType, objid })) ?? []));
    },

    async watch(changes, lease) {
      return Promise.resolve(changes.map((change) => makeChange(change, lease)));
    },

    close: () => undefined,
  };

  function accept(request: Request, lease: Lease, id = newRequestId(lease.now)): string {
    const accepted = acceptedRequest(id, request, lease);
    requests.set(accepted.id, accepted);
    return accepted.id;
  }

  function makeChange({ seen, firstLook, request, ...after }: WatchChange, lease: Lease): string | undefined {
    const key = watchKey(after);
    const isForestalled = firstLook === true && watched.has(watchKey({ ...after, objid: 0 }));
    if (isForestalled || watched.get(key)?.state !== seen) return undefined;
    watched.set(key, after);
    return request === undefined ? '' : accept(request, lease);
  }

  /** The end of the wait that a destination asked for; 0 without one. */
  function waitFor({ destination }: Pick<KeptDelivery, 'destination'>, now: number): number {
    const { until = 0 } = waits.get(destination) ?? {};
    return until > now && until <= now + LONGEST_BACKOFF_MS ? until : 0;
  }

  function keepWait({ destination, lastAttemptAt }: KeptDelivery, { state, waitUntil, now }: Settlement): void {
    const known = waits.get(destination);
    if (state === 'delivered' && known !== undefined && lastAttemptAt > known.setAt)
      waits.set(destination, { ...known, until: 0 });
    if (waitUntil === undefined) return;
    const isLonger = known === undefined || known.until < waitUntil || known.until > now + LONGEST_BACKOFF_MS;
    if (isLonger) waits.set(destination, { until: Math.ceil(waitUntil), setAt: now });
  }

  function replace(kept: KeptDelivery): Promise<true> {
    deliveries.set(kept.id, kept);
    return Promise.resolve(true);
  }

  function enter(requestId: string, draft: DeliveryDraft, lease: Lease, windowMs: number): KeptDelivery {
    const acceptedAtOf = (id: string) => requests.get(id)?.acceptedAt ?? NaN;
    const isRepeat = (kept: KeptDelivery) =>
      kept.contentKey !== '' &&
      kept.contentKey === draft.contentKey &&
      Math.abs(acceptedAtOf(kept.requestId) - acceptedAtOf(requestId)) < windowMs;
    const repeats = [...deliveries.values()].filter(isRepeat);
    const known = deliveries.get(draft.id) ?? repeats.sort(byAcceptance).at(-1);
    if (known !== undefined) return known;
    const due = enteredDelivery(requestId, draft, lease, false);
    const until = waitFor(due, lease.now);
    const waiting = until === 0 ? due : { ...due, dueAt: until };
    const entered = until > 0 || isBlocked(due) ? waiting : enteredDelivery(requestId, draft, lease, true);
    deliveries.set(entered.id, entered);
    return entered;
  }

  function hasReceipt(receiptId: string, { id, destination }: KeptDelivery): boolean {
    const others = [...deliveries.values()].filter((other) => other.destination === destination && other.id !== id);
    return others.some(({ receipt }) => receipt?.id === receiptId);
  }

  function isTaken(receiptId: string, { id, destination, objectType, objid }: KeptDelivery): boolean {
    const others = [...deliveries.values()].filter((other) => other.destination === destination && other.id !== id);
    return others.some(
      ({ receipt, state, ...other }) =>
        receipt?.id === receiptId || (state === 'sending' && other.objectType === objectType && other.objid === objid),
    );
  }

  function isBlocked({ objectType, objid, activityObjid, destination, order }: KeptDelivery): boolean {
    const isEarlierRequest = ({ state, request }: KeptRequest) =>
      state === 'accepted' &&
      request.objectType === objectType &&
      request.objid === objid &&
      request.activityObjid !== undefined &&
      request.activityObjid < activityObjid;
    const isEarlier = (other: KeptDelivery) =>
      BLOCKING.includes(other.state) &&
      other.objectType === objectType &&
      other.objid === objid &&
      other.destination === destination &&
      other.order < order;
    return [...requests.values()].some(isEarlierRequest) || [...deliveries.values()].some(isEarlier);
  }
}

function settled(kept: KeptDelivery, settlement: Settlement): KeptDelivery {
  return { ...without(kept, 'receipt'), ...settledBy(settlement) };
}

function without(kept: KeptDelivery, left: 'receipt' | 'message'): KeptDelivery {
  return Object.fromEntries(Object.entries(kept).filter(([name]) => name !== left)) as unknown as KeptDelivery;
}

type Kept = KeptRequest | KeptDelivery;

function isWanted(
  { id, state, dueAt, ...kept }: Kept,
  about: { readonly objectType: string; readonly objid: number },
  { ids, states, objectType, objid, dueBy, after }: RequestFilter | DeliveryFilter,
): boolean {
  return (
    (ids === undefined || ids.includes(id)) &&
    (states === undefined || (states as readonly string[]).includes(state)) &&
    (objectType === undefined || objectType === about.objectType) &&
    (objid === undefined || objid === about.objid) &&
    (dueBy === undefined || dueAt <= dueBy) &&
    (after === undefined || byAcceptance(after, { id, ...kept }) < 0)
  );
}

function isFor(command: RuleCommand | undefined, { objectType }: Request): boolean {
  return command === undefined || (command === 'sync') === (kindOfSync(objectType) !== undefined);
}

function isDelivery(kept: KeptDelivery, { activityObjid, destination, since, until }: DeliveryFilter): boolean {
  return (
    (activityObjid === undefined || activityObjid === kept.activityObjid) &&
    (destination === undefined || destination === kept.destination) &&
    (since === undefined || kept.acceptedAt >= since) &&
    (until === undefined || kept.acceptedAt < until)
  );
}

function page<T extends Kept>(
  records: ReadonlyMap<string, T>,
  wanted: (kept: T) => boolean,
  most: number,
): Promise<readonly T[]> {
  return Promise.resolve([...records.values()].filter(wanted).sort(byAcceptance).slice(0, most));
}

function watchKey({ objectType, objid }: Omit<Watched, 'state'>): string {
  return JSON.stringify([objectType, objid]);
}
