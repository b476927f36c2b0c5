// A delivery is one message to one destination, under one id for ever.

import { createHash } from 'node:crypto';
import type { Message } from './message';

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
}

/**
 * The delivery's id: the first 32 hex digits of the SHA-256 of the identity as a JSON array, in the order of the fields above.
 * This spelling can never change: the id is the Atom entry's id and the key that keeps a post from being made twice.
 */
export function deliveryId(identity: DeliveryIdentity): string {
  const { objectType, objid, activityObjid, rule, destination } = identity;
  const spelling = JSON.stringify([objectType, objid, activityObjid, rule, destination]);
  return createHash('sha256').update(spelling, 'utf8').digest('hex').slice(0, 32);
}
