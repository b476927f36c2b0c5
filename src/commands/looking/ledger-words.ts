// How what stands in the ledger is said: the same words in status, list, why and wherever else an administrator reads of it.

import type { Config } from '../../config/schema';
import type { Request } from '../../core/activity';
import { ALERT, dayOfAlert } from '../../core/alert';
import { kindOfSync } from '../../core/call';
import type { Result } from '../../core/errors';
import type { DeliveryReport } from '../../core/report';
import { visible, visibleStart } from '../../core/visible';
import { isoSeconds } from '../../core/wall-clock';
import type { DeliveryState, KeptDelivery, KeptRequest } from '../../ledger/ledger';

/** The longest title in a line, in characters. */
const LONGEST_TITLE = 70;

/** The state that a delivery is really in at `now`: an attempt whose lease is over has no end, and that is doubt. */
export function stateOf({ state, leaseUntil }: Pick<KeptDelivery, 'state' | 'leaseUntil'>, now: number): DeliveryState {
  return state === 'sending' && leaseUntil < now ? 'in-doubt' : state;
}

/** Whether nothing more is done about a delivery, but by the word of an administrator. */
export function isOver(state: DeliveryState): boolean {
  return state === 'delivered' || state === 'rejected' || state === 'abandoned' || state === 'discarded';
}

/** A state as people say it, for example `in doubt`. */
export function stateWords(state: string): string {
  return visible(state.replaceAll('-', ' '));
}

/** What a state of a delivery means to those who read of it; `%` stands for the reason. */
interface Standing {
  readonly result: Result;
  /** Where this run's attempt led to it; of the states that an attempt leads to. */
  readonly now?: string;
  /** Where another run left it so. */
  readonly earlier: string;
  /** In its story, where the reason follows. */
  readonly past: string;
}

const IN_DOUBT = 'it may have been posted, kept and looked into: %';

/** Every state in words. */
export const STANDINGS = {
  delivered: { result: 'posted', now: '%', earlier: '', past: 'delivered' },
  due: {
    result: 'later',
    now: 'not posted, kept and tried again: %',
    earlier: 'not posted yet, kept and tried again: %',
    past: 'not posted',
  },
  sending: {
    result: 'later',
    earlier: 'kept; another run is posting it or was cut off while it did',
    past: 'a run is sending it now',
  },
  'in-doubt': { result: 'later', now: IN_DOUBT, earlier: IN_DOUBT, past: 'may have been posted' },
  held: {
    result: 'later',
    earlier: 'it may have been posted; it is held until somebody resolves it: %',
    past: 'may have been posted',
  },
  rejected: { result: 'rejected', now: '%', earlier: 'refused earlier: %', past: 'refused' },
  abandoned: {
    result: 'rejected',
    now: 'given up after the last try: %',
    earlier: 'given up earlier: %',
    past: 'not posted, and given up',
  },
  discarded: { result: 'filtered', earlier: 'an administrator discarded it', past: 'never sent again' },
} as const satisfies Readonly<Record<DeliveryState, Standing>>;

/** Words of a standing with their reason in them. */
export function withReason(words: string, reason: string): string {
  return words.replace('%', () => reason);
}

/** A span of time in ms, in its largest unit, rounded down: `42 s`, `5 min`, `3 h`, `12 d`. */
export function spanWords(ms: number): string {
  const unit = UNITS.find(({ from }) => ms >= from) ?? SECONDS;
  return `${Math.floor(ms / unit.ms)} ${unit.name}`;
}

const SECONDS = { from: 0, ms: 1_000, name: 's' };
const UNITS = [
  { from: 2 * 86_400_000, ms: 86_400_000, name: 'd' },
  { from: 3_600_000, ms: 3_600_000, name: 'h' },
  { from: 60_000, ms: 60_000, name: 'min' },
  SECONDS,
];

/** A moment as seen from another: `3 h ago`, `in 2 min`, or `now` where they are less than a second apart. */
export function relativeWords(at: number, now: number): string {
  if (Math.abs(at - now) < 1_000) return 'now';
  return at < now ? `${spanWords(now - at)} ago` : `in ${spanWords(at - now)}`;
}

/** A moment in UTC, and how far it is from now: `2026-11-22T08:00:00Z (3 h ago)`. */
export function momentWords(at: number, now: number): string {
  return `${isoSeconds(at)} (${relativeWords(at, now)})`;
}

/** `1 delivery`, `2 deliveries`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What a delivery is about, as people know it where the message is still there: `case 4711 "Closed by Pat"`. */
export function objectWords(kept: Pick<KeptDelivery, 'objectType' | 'objid' | 'activityObjid' | 'message'>): string {
  const { message } = kept;
  if (message === undefined || message.id === '') return objidWords(kept);
  return `${message.objectType} ${visible(message.id)} ${titleWords(message.title)}`;
}

/** What a request is about, by the numbers that it came with: `case with objid 268435457, activity 268435459`; an alert by its day, a call of `sync` by its row. */
export function objidWords({ objectType, objid, activityObjid = 0 }: Omit<Request, 'rule'>): string {
  if (objectType === ALERT) return `alert of ${dayOfAlert(objid)}`;
  const kind = kindOfSync(objectType);
  if (kind !== undefined) return `sync of ${kind} ${objid}`;
  return `${objectType} with objid ${objid}${activityObjid === 0 ? '' : `, activity ${activityObjid}`}`;
}

/** A title in quotes, with nothing in it that could move the cursor. */
export function titleWords(title: string): string {
  return `"${visibleStart(title, LONGEST_TITLE)}"`;
}

/** The reason that the ledger keeps of an administrator's decision, with what it knew before. */
export function decided(decision: string, { reason }: Pick<KeptDelivery | KeptRequest, 'reason'>): string {
  return reason === '' ? decision : `${decision}; before that: ${reason}`;
}

/** A delivery that an administrator changed, as the report tells of it. */
export function changeOf(
  { id, destination }: KeptDelivery,
  reason: string,
  { destinations }: Pick<Config, 'destinations'>,
): DeliveryReport {
  return { id, destination, type: destinations[destination]?.type ?? '', result: 'done', reason };
}

/** A moment for machines, to the ms; `null` where there is none. */
export function momentJson(at: number): string | null {
  return at === 0 ? null : new Date(at).toISOString();
}

/** A delivery for machines: everything but the body of its message, which may hold what only the readers of the stream should read. */
export function deliveryJson(kept: KeptDelivery, now: number): Readonly<Record<string, unknown>> {
  const { message, acceptedAt, dueAt, lastAttemptAt, leaseUntil, deliveredAt, ...rest } = kept;
  return {
    kind: 'delivery',
    ...rest,
    state: stateOf(kept, now),
    acceptedAt: momentJson(acceptedAt),
    dueAt: momentJson(dueAt),
    lastAttemptAt: momentJson(lastAttemptAt),
    leaseUntil: momentJson(leaseUntil),
    deliveredAt: momentJson(deliveredAt),
    message: message === undefined ? null : { ...message, body: undefined },
  };
}

/** A request for machines. */
export function requestJson({ request, acceptedAt, dueAt, ...rest }: KeptRequest): Readonly<Record<string, unknown>> {
  return { kind: 'request', ...request, ...rest, acceptedAt: momentJson(acceptedAt), dueAt: momentJson(dueAt) };
}
