// A delivery is one message to one destination, under one id for ever.

import { createHash } from 'node:crypto';
import type { Message } from './message';
import type { Receipt } from './outcome';

/** What makes a delivery the same delivery, however often it is tried. */
export interface DeliveryIdentity {
  /** The canonical name of the object type. */
  readonly objectType: string;
  readonly objid: number;
  /** 0 where the request named no activity and none was found. */
  readonly activityObjid: number;
  /** The rule as given by `--rule`; an empty text without it. */
  readonly rule: string;
  /** The destination's name in the configuration, never its position. */
  readonly destination: string;
}

/** One message to one destination. */
export interface Delivery {
  /** 32 lower-case hex digits, see {@link deliveryId}. */
  readonly id: string;
  readonly destination: string;
  readonly message: Message;
  readonly thread: Thread;
}

/** What keeps the posts about one object together, where a destination can. */
export interface Thread {
  /** 32 lower-case hex digits: the same for every post about an object. */
  readonly key: string;
  /** What the destination gave back for the first post about the object; left out for the first one, and where nobody asked. */
  readonly first?: Receipt;
}

/** The delivery of a message about an object. */
export function deliveryOf(
  {
    id,
    destination,
    objectType,
    objid,
  }: Pick<DeliveryIdentity, 'destination' | 'objectType' | 'objid'> & { readonly id: string },
  message: Message,
  first?: Receipt,
): Delivery {
  const key = hash([objectType, objid]);
  return { id, destination, message, thread: first === undefined ? { key } : { key, first } };
}

/**
 * The delivery's id: the first 32 hex digits of the SHA-256 of the identity as a JSON array, in the order of the fields above.
 * This spelling can never change: the id is the Atom entry's id and the key that keeps a post from being made twice.
 */
export function deliveryId(identity: DeliveryIdentity): string {
  const { objectType, objid, activityObjid, rule, destination } = identity;
  return hash([objectType, objid, activityObjid, rule, destination]);
}

/**
 * The key by which a repeat of a request without an activity is known: an escalation may say the same about the same object again,
 * only not within a short time.
 */
export function contentKey(identity: DeliveryIdentity, { title, body, url, tags }: Message): string {
  const { objectType, objid, rule, destination } = identity;
  return hash([objectType, objid, rule, destination, title, body, url, ...tags]);
}

/**
 * The id of a delivery without an activity: its content key, and the number of the window of `windowMs` that `now` (ms since 1970
 * UTC) lies in, so that two hosts that accept the same at once get the same id.
 */
export function escalationId(key: string, now: number, windowMs: number): string {
  return hash([key, Math.floor(now / windowMs)]);
}

/** The id of a delivery about something that happened to an object for the n-th time: the hash of its identity and that number. */
export function occurrenceId(identity: DeliveryIdentity, occurrence: number): string {
  const { objectType, objid, rule, destination } = identity;
  return hash([objectType, objid, 0, rule, destination, occurrence]);
}

/**
 * What the deliveries of one object to one destination are sorted by: the moment of the CRM's clock, then the activity's objid.
 * Texts compare as bytes. What has no activity comes after everything that has one.
 */
export function orderKey(wallClock: string, activityObjid: number): string {
  return activityObjid === 0 ? '~' : `${wallClock.slice(0, 19)}#${String(activityObjid).padStart(10, '0')}`;
}

function hash(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('hex').slice(0, 32);
}
