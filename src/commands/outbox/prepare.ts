// From a request to the message that everybody gets, or to the reason why there is none. Shared by whatever publishes.

import type { Activity, Request } from '../../core/activity';
import type { Deadline } from '../../core/deadline';
import { contentKey, deliveryId, escalationId, occurrenceId, orderKey } from '../../core/delivery';
import type { Post } from '../../core/compose';
import type { Reading } from '../../clarify/activity-reader';
import type { RequestReader } from '../../clarify/request-reader';
import type { DeliveryDraft, KeptDelivery } from '../../ledger/ledger';

/** What preparing is made of. */
export interface PrepareParts extends RequestReader {
  /** Why an activity that is not internal is left out all the same, if the configuration says so. */
  leftOut(activity: Activity): string | undefined;
  /** The posts about it, each to a configured destination; none where no route takes it. */
  compose(activity: Activity, request: Request): Promise<readonly Post[]>;
}

/** The posts with what they are about, or why there are none. */
export type Prepared =
  | { readonly kind: 'message'; readonly about: Request; readonly posts: readonly Post[] }
  | {
      /** `absent`: the row may still come; `mismatched`: it is there, and belongs to something else. */
      readonly kind: 'filtered' | 'absent' | 'mismatched';
      readonly about: Request;
      readonly reason: string;
    };

/** How long a row that is not there yet is looked for, in ms. */
export const NOT_YET_MS = 10 * 60_000;
/** Within this time, a repeat of a request without an activity counts as the same, in ms. */
export const ESCALATION_WINDOW_MS = 10 * 60_000;

/** Reads and composes. Rejects with a DatabaseError where the CRM does not answer. */
export async function prepare(request: Request, acceptedAt: number, parts: PrepareParts, deadline: Deadline): Promise<Prepared> {
  return prepareRead(request, await parts.read(request, acceptedAt, deadline), parts);
}

/** Composes what was read. */
export async function prepareRead(request: Request, reading: Reading, parts: PrepareParts): Promise<Prepared> {
  if (reading.kind !== 'found')
    return { kind: reading.kind === 'internal' ? 'filtered' : reading.kind, about: request, reason: reading.reason };
  const { activity } = reading;
  const about = aboutOf(request, activity);
  const reason = parts.leftOut(activity);
  if (reason !== undefined) return { kind: 'filtered', about, reason };
  const posts = await parts.compose(activity, request);
  return posts.length === 0 ? { kind: 'filtered', about, reason: NO_ROUTE } : { kind: 'message', about, posts };
}

/** Why there is no post where nothing else is in the way. */
export const NO_ROUTE = 'no route takes it';

/** What a post is about: the same for an activity that the CRM logs on a subcase and once more on its case. */
function aboutOf(request: Request, { entry }: Activity): Request {
  if (request.occurrence !== undefined) return request;
  if (entry?.onParent !== undefined) return { ...request, ...entry.onParent };
  return entry === undefined ? request : { ...request, activityObjid: entry.objid };
}

/** The delivery of a post, as it enters the ledger at `now` (ms since 1970 UTC). */
export function draftOf({ occurrence, ...about }: Request, { destination, message }: Post, now: number): DeliveryDraft {
  const identity = { ...about, activityObjid: about.activityObjid ?? 0, destination };
  const isCounted = occurrence !== undefined;
  const key = identity.activityObjid === 0 && !isCounted ? contentKey(identity, message) : '';
  const ownId = isCounted ? occurrenceId(identity, occurrence) : deliveryId(identity);
  return {
    ...identity,
    id: key === '' ? ownId : escalationId(key, now, ESCALATION_WINDOW_MS),
    contentKey: key,
    order: orderKey(message.happened.wallClock, identity.activityObjid),
    message,
  };
}

/** What was to be claimed with what the claim answered: one for each, in their order. */
export function paired<T>(drafts: readonly T[], claimed: readonly KeptDelivery[]): readonly (readonly [T, KeptDelivery])[] {
  return drafts.map((draft, index) => {
    const kept = claimed[index];
    if (kept === undefined) throw new Error('a claim answers with one delivery for each draft');
    return [draft, kept] as const;
  });
}

/** Whether a value is what preparing answers, and not what it was refused with. */
export function isPrepared(value: unknown): value is Prepared {
  return typeof value === 'object' && value !== null && 'kind' in value && 'about' in value;
}
