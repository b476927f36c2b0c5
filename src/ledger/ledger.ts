// The contract of the ledger: the durable record of what was handed to the program and of what became of it.
// All moments are ms since 1970 UTC, and come in as arguments. docs/formats.md fixes the ids and states.

import type { Request } from '../core/activity';
import type { RuleCommand } from '../core/call';
import type { Message } from '../core/message';
import type { Receipt } from '../core/outcome';
import type { DeliveryState, RequestState } from '../core/states';

export type { DeliveryState, RequestState };

/** A request in the ledger. */
export interface KeptRequest {
  /** 32 hex digits of its own, for every acceptance another; see core/request-id.ts. */
  readonly id: string;
  readonly request: Request;
  readonly state: RequestState;
  readonly acceptedAt: number;
  /** When it may be taken up again; while a run works on it, this is the end of that run's lease. */
  readonly dueAt: number;
  readonly attempts: number;
  readonly reason: string;
  /** See {@link KeptDelivery.damage}. */
  readonly damage?: string;
}

/** A delivery about to enter the ledger. */
export interface DeliveryDraft {
  /** See core/delivery.ts. */
  readonly id: string;
  readonly destination: string;
  readonly objectType: string;
  readonly objid: number;
  /** 0 where there is no activity. */
  readonly activityObjid: number;
  readonly rule: string;
  /** Empty with an activity; without one, a hash of object, rule, destination and content. */
  readonly contentKey: string;
  /** What the deliveries of one object to one destination are sorted by; texts compare as bytes. See core/delivery.ts. */
  readonly order: string;
  readonly message: Message;
}

/** A delivery in the ledger. */
export interface KeptDelivery extends Omit<DeliveryDraft, 'message'> {
  readonly requestId: string;
  readonly state: DeliveryState;
  /** Attempts begun, and attempts whose end was recorded. */
  readonly started: number;
  readonly finished: number;
  readonly acceptedAt: number;
  readonly dueAt: number;
  /** The moment of the newest attempt's begin; 0 before the first. */
  readonly lastAttemptAt: number;
  /** Who is sending, and until when at the latest; empty and 0 where nobody is. */
  readonly leaseOwner: string;
  readonly leaseUntil: number;
  /** How long the attempt in progress may take at the most, in ms. */
  readonly attemptMs: number;
  readonly reason: string;
  readonly receipt?: Receipt;
  /** 0 until it is delivered. */
  readonly deliveredAt: number;
  /** Gone once the retention time is over. */
  readonly message?: Message;
  /**
   * What of its row cannot be read, in words; left out where all of it can. A damaged number is 0, a damaged message is left out, and a
   * damaged state is none of those above.
   */
  readonly damage?: string;
}

/** Who works on something, and how long. */
export interface Lease {
  /** A text of the run's own. */
  readonly owner: string;
  readonly now: number;
  /** How long the work may take at the most, in ms. The lease ends a little (LEASE_SLACK_MS of core/lease.ts) later. */
  readonly workMs: number;
}

/** How an attempt is recorded. */
export interface Settlement {
  readonly state: DeliveryState;
  readonly now: number;
  /** When it may be tried again; anything for an end. */
  readonly dueAt: number;
  readonly reason: string;
  readonly receipt?: Receipt;
  /** Whether the receipt can be that of one delivery only. */
  readonly exclusive?: boolean;
  /** Until when its destination asked to be left alone; kept for whatever goes there. */
  readonly waitUntil?: number;
}

/** A destination that asked to be left alone for a while. */
export interface Wait {
  readonly destination: string;
  readonly until: number;
}

/** Which deliveries are wanted. What is left out does not matter. */
export interface DeliveryFilter {
  readonly ids?: readonly string[];
  readonly states?: readonly DeliveryState[];
  readonly objectType?: string;
  readonly objid?: number;
  readonly activityObjid?: number;
  readonly destination?: string;
  /** Accepted at or after. */
  readonly since?: number;
  /** Accepted before. */
  readonly until?: number;
  /** Due at or before this moment. */
  readonly dueBy?: number;
  /** Only what comes after this delivery in the order of acceptance: the way to read page by page. */
  readonly after?: Pick<KeptDelivery, 'acceptedAt' | 'id'>;
}

/** Which requests are wanted. What is left out does not matter. */
export interface RequestFilter {
  /** Those of the calls for one command. */
  readonly command?: RuleCommand;
  readonly ids?: readonly string[];
  readonly states?: readonly RequestState[];
  readonly objectType?: string;
  readonly objid?: number;
  readonly dueBy?: number;
  readonly after?: Pick<KeptRequest, 'acceptedAt' | 'id'>;
}

/** An activity and the object that it belongs to; the object's type is known from elsewhere. */
export interface ActivityOf {
  readonly objid: number;
  readonly activityObjid: number;
}

/** The deliveries of one destination in one state. */
export interface StateCount {
  readonly destination: string;
  readonly state: DeliveryState;
  readonly count: number;
  readonly oldestAcceptedAt: number;
  readonly nextDueAt: number;
  readonly lastDeliveredAt: number;
}

/** How something in the CRM that no rule tells of stood when it was last looked at. */
export interface Watched {
  readonly objectType: string;
  /** 0 stands for all of the type. */
  readonly objid: number;
  readonly state: string;
}

/** A change of how something stands. */
export interface WatchChange extends Watched {
  /** The state that the caller saw; left out where it is watched from now on. */
  readonly seen?: string;
  /** Whether it is watched from now on only if the type as a whole (objid 0) is not. */
  readonly firstLook?: boolean;
  /** What is to be kept because of it. */
  readonly request?: Request;
}

/** The requests in some states. */
export interface RequestCount {
  readonly count: number;
  /** Moments; 0 where there is no request. */
  readonly oldestAcceptedAt: number;
  readonly nextDueAt: number;
}

/**
 * The ledger. Every call is one transaction, durable when its promise resolves. Rejects with a DatabaseError: `busy` where it was
 * busy until the signal was aborted, `configuration` where it cannot be used, `uncertain` where a change may have been made all the same,
 * `unavailable` for anything else.
 */
export interface Ledger {
  /** Keeps a request, under an id that nothing else has, and leases it to the caller; answers the id. */
  accept(request: Request, lease: Lease, signal: AbortSignal, id?: string): Promise<string>;

  /**
   * Takes in a request that was accepted elsewhere; it may be taken up from `now` on. False where the ledger has its id already: then
   * nothing is changed.
   */
  takeIn(accepted: Pick<KeptRequest, 'id' | 'request' | 'acceptedAt'>, now: number, signal: AbortSignal): Promise<boolean>;

  /** Ends a request that is still open (`accepted` or `awaited`), or puts it off in one of these states until `dueAt`. */
  settleRequest(id: string, state: RequestState, reason: string, dueAt: number, signal: AbortSignal): Promise<void>;

  /**
   * Leases a request that is as the caller saw it, and counts an attempt; one that was given up is `accepted` again. False where
   * somebody else was faster.
   */
  takeRequest(seen: KeptRequest, lease: Lease, signal: AbortSignal): Promise<boolean>;

  /** Requests in the order of acceptance, at most `most`. */
  requests(filter: RequestFilter, most: number, signal: AbortSignal): Promise<readonly KeptRequest[]>;

  /** How many requests of the calls for a command are in one of these states. */
  requestCount(command: RuleCommand, states: readonly RequestState[], signal: AbortSignal): Promise<RequestCount>;

  /**
   * Enters the deliveries that are not there yet, marks the request as composed, and begins every delivery that this call entered
   * and that nothing earlier blocks (see begin). Answers the deliveries as they stand then, in the order of the drafts; those that
   * this call began have the lease's owner. A draft with a content key is not entered where one with the same key is there whose request
   * was accepted less than `windowMs` before or after this one: that one is answered in its place. Where the destination asked for a wait, the delivery is not begun, and is
   * due at the end of that.
   */
  claim(
    requestId: string,
    drafts: readonly DeliveryDraft[],
    lease: Lease,
    windowMs: number,
    signal: AbortSignal,
  ): Promise<readonly KeptDelivery[]>;

  /**
   * Begins an attempt of a delivery that is as the caller saw it (state and number of started attempts): counts it as started and
   * leases it. False where somebody else was faster, or where something earlier of the same object blocks it: a delivery to the same
   * destination with a smaller order that is `due`, `sending` or `in-doubt`, or an `accepted` request with a smaller activity objid; or
   * where the destination asked for a wait.
   */
  begin(seen: KeptDelivery, lease: Lease, signal: AbortSignal): Promise<boolean>;

  /**
   * Records the end of the attempt that `owner` began. False where the attempt is not that owner's any more, and where another delivery
   * of the destination has the receipt, though it is exclusive; of two that would record one at once, one does. A wait that the
   * destination asked for is kept, a longer one before a shorter one; what is delivered in an attempt that began later ends it.
   */
  finish(id: string, owner: string, settlement: Settlement, signal: AbortSignal): Promise<boolean>;

  /**
   * Changes a delivery that is as the caller saw it (state, started, lease), without an attempt. False where it is not, and for a
   * receipt that cannot be this delivery's for certain: another one of the destination has it, or may be about to get it, since an
   * attempt to post the same object there is under way. Of two that adopt one receipt at once, one does.
   */
  amend(seen: KeptDelivery, settlement: Settlement, signal: AbortSignal): Promise<boolean>;

  /** Deliveries in the order of acceptance (then id), at most `most`. */
  deliveries(filter: DeliveryFilter, most: number, signal: AbortSignal): Promise<readonly KeptDelivery[]>;

  /**
   * Those of the activities of objects of one type that the ledger has, as a request or as a delivery, under whatever rule and in
   * whatever state; by their objids.
   */
  knownActivities(objectType: string, activities: readonly ActivityOf[], signal: AbortSignal): Promise<ReadonlySet<number>>;

  /** How many deliveries each destination has in each state; of one object type only, where it is given. */
  counts(signal: AbortSignal, objectType?: string): Promise<readonly StateCount[]>;

  /** Those of the receipt ids that a delivery of this destination already has. */
  knownReceipts(destination: string, ids: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;

  /** The waits that have not come to their end. One that is further away than any (LONGEST_BACKOFF_MS of core/backoff.ts) counts for nothing. */
  waits(now: number, signal: AbortSignal): Promise<readonly Wait[]>;

  /** Takes the messages out of deliveries that were delivered before a moment; answers how many. Their ids stay for ever. */
  forgetMessages(deliveredBefore: number, signal: AbortSignal): Promise<number>;

  /** Takes the messages out of those deliveries that are SETTLED (core/states.ts); answers how many had one. */
  emptyMessages(ids: readonly string[], signal: AbortSignal): Promise<number>;

  /** How some things of a type stood; those that are not watched yet are left out. */
  watched(objectType: string, objids: readonly number[], signal: AbortSignal): Promise<readonly Watched[]>;

  /**
   * Makes changes of how things stand, all in one transaction; one whose thing is not as the caller saw it is not made. The request of a
   * change is kept and leased, as by accept, together with the change or not at all. Answers, in the order of the changes, whether each
   * was made: by the id of its request, or an empty text where it has none; `undefined` where somebody else was faster.
   */
  watch(changes: readonly WatchChange[], lease: Lease, signal: AbortSignal): Promise<readonly (string | undefined)[]>;

  /** Lets go of it. Never rejects. */
  close(): void;
}
