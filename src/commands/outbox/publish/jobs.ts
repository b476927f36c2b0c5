// What the ways of publishing share: the deliveries of a message, and what is said of them in the end.

import { worstOf } from '../../../core/errors';
import type { DeliveryReport, Report } from '../../../core/report';
import type { DeliveryDraft } from '../../../ledger/ledger';
import type { ReadyDestination } from '../deliver';
import { ONE_BUG_HINT } from '../../error-report';
import { draftOf, type Prepared } from '../prepare';

/** A delivery about to enter the ledger, and where it goes. */
export interface Job {
  readonly draft: DeliveryDraft;
  readonly destination: ReadyDestination;
}

/** The deliveries of what was prepared, at `now` (ms since 1970 UTC). */
export function jobsOf(
  { about, posts }: Extract<Prepared, { kind: 'message' }>,
  destinations: readonly ReadyDestination[],
  now: number,
): readonly Job[] {
  return posts.map((post) => {
    const destination = destinations.find(({ name }) => name === post.destination);
    if (destination === undefined) throw new Error(`a post is for ${post.destination}, which the configuration does not have`);
    return { draft: draftOf(about, post, now), destination };
  });
}

/** The report where there is nothing to send. */
export function nothingToSend({ kind, about, reason }: Exclude<Prepared, { kind: 'message' }>): Report {
  return { result: kind === 'filtered' ? 'filtered' : 'not-found', message: reason, about, deliveries: [] };
}

/** The result of several deliveries, and what people are told of them. */
export function summaryOf(deliveries: readonly DeliveryReport[]): Pick<Report, 'result' | 'message' | 'hint' | 'stack'> {
  const result = worstOf(deliveries.map((delivery) => delivery.result));
  const told = deliveries.filter((delivery) => delivery.reason !== '' && delivery.result !== 'planned');
  const message = told.map(({ destination, reason }) => `${destination}: ${reason}`).join('; ');
  const { stack } = deliveries.find((delivery) => delivery.stack !== undefined) ?? {};
  if (stack !== undefined) return { result, message, hint: ONE_BUG_HINT, stack };
  return result === 'login-refused'
    ? { result, message, hint: 'check the login of the destination in the configuration' }
    : { result, message };
}
