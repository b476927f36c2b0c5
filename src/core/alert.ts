// An alert: a post about this program itself. In the ledger it is a delivery like any other, whose object is a day.

import type { DeliveryIdentity } from './delivery';
import { ownMessage, type Message } from './message';

/** The object type of alerts in the ledger. No type of the CRM may be called so. */
export const ALERT = 'alert';

/** What somebody has to be told. */
export interface Alert {
  /** What it is about: `destination NAME`, `requests`, `silence`, or of entries `guard`, `adopting` or `turns`. In the ledger it stands for the rule, so it never changes. */
  readonly subject: string;
  /** The name of the destination that it is about, where it is about one. */
  readonly destination?: string;
  readonly title: string;
  readonly body: string;
}

const DAY_MS = 86_400_000;

/**
 * What makes an alert the same alert: its subject, whom it is for, and the day of UTC at `now` (ms since 1970 UTC). The ledger enters
 * it once, and that is how nobody is told twice a day.
 */
export function alertIdentity(subject: string, destination: string, now: number): DeliveryIdentity {
  return { objectType: ALERT, objid: Math.floor(now / DAY_MS), activityObjid: 0, rule: subject, destination };
}

/** The day of an alert, from the objid that stands for it: `2026-11-22`. */
export function dayOfAlert(objid: number): string {
  const day = new Date(objid * DAY_MS);
  // The number may come from a row that is damaged.
  return Number.isNaN(day.getTime()) ? String(objid) : day.toISOString().slice(0, 10);
}

/** The alert as a message for destinations, at `now` (ms since 1970 UTC). */
export function alertMessage({ subject, title, body }: Alert, tags: readonly string[], now: number): Message {
  return ownMessage('Alert', { title, body, tags, id: subject }, now);
}

/** Who is told: everybody but the destination in trouble itself, unless there is nobody else. */
export function recipientsOf({ destination }: Pick<Alert, 'destination'>, to: readonly string[]): readonly string[] {
  const others = to.filter((name) => name !== destination);
  return others.length === 0 ? to : others;
}
