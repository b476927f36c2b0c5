// The main job: one request becomes one message, and the message goes to every destination.

import type { Activity, Request } from '../core/activity';
import type { Deadline } from '../core/deadline';
import { deliveryId, type Delivery } from '../core/delivery';
import { worstOf, type Result } from '../core/errors';
import type { Message } from '../core/message';
import type { Outcome } from '../core/outcome';
import type { DeliveryReport, Report } from '../core/report';
import type { Reading } from '../clarify/activity-reader';

/** A destination that is ready for use: its type's functions with its options filled in. */
export interface ReadyDestination {
  readonly name: string;
  readonly type: string;
  preview(delivery: Delivery): string;
  send(delivery: Delivery, deadline: Deadline): Promise<Outcome>;
}

/** What publishing is made of. */
export interface PublishParts {
  read(request: Request, deadline: Deadline): Promise<Reading>;
  /** Why an activity that is not internal is left out all the same, if the configuration says so. */
  leftOut(activity: Activity): string | undefined;
  compose(activity: Activity, request: Request): Promise<Message>;
  destinations(): Promise<readonly ReadyDestination[]>;
}

/** Publishes, or with `dryRun` shows what would go out. Rejects with the DatabaseError or UserError of a part. */
export async function publish(request: Request, dryRun: boolean, parts: PublishParts, deadline: Deadline): Promise<Report> {
  const [reading, destinations] = await Promise.all([parts.read(request, deadline), parts.destinations()]);
  if (reading.kind !== 'found') {
    const result = reading.kind === 'internal' ? 'filtered' : 'not-found';
    return { result, message: reading.reason, about: request, deliveries: [] };
  }
  const { activity } = reading;
  const about = { ...request, ...(activity.entry === undefined ? {} : { activityObjid: activity.entry.objid }) };
  const reason = parts.leftOut(activity);
  if (reason !== undefined) return { result: 'filtered', message: reason, about, deliveries: [] };
  const message = await parts.compose(activity, request);
  const deliveries = await Promise.all(
    destinations.map(async (destination) => {
      const id = deliveryId({ activityObjid: 0, ...about, destination: destination.name });
      const delivery = { id, destination: destination.name, message };
      return dryRun ? shown(delivery, destination) : reported(delivery, destination, await destination.send(delivery, deadline));
    }),
  );
  return { ...summaryOf(deliveries), about, deliveries };
}

function shown(delivery: Delivery, destination: ReadyDestination): DeliveryReport {
  const { id } = delivery;
  return {
    id,
    destination: destination.name,
    type: destination.type,
    result: 'planned',
    reason: 'first attempt',
    preview: destination.preview(delivery),
  };
}

function reported({ id }: Delivery, { name, type }: ReadyDestination, outcome: Outcome): DeliveryReport {
  const common = { id, destination: name, type };
  switch (outcome.kind) {
    case 'delivered':
      return { ...common, result: 'posted', reason: '', receipt: outcome.receipt };
    case 'rejected':
      return { ...common, result: outcome.loginRefused === true ? 'login-refused' : 'rejected', reason: outcome.reason };
    case 'retry':
      return { ...common, result: 'later', reason: `not posted: ${outcome.reason}` };
    case 'unknown':
      return { ...common, result: 'later', reason: `it may have been posted: ${outcome.reason}` };
  }
}

function summaryOf(deliveries: readonly DeliveryReport[]): { result: Result; message: string; hint?: string } {
  const result = worstOf(deliveries.map((delivery) => delivery.result));
  const failed = deliveries.filter((delivery) => delivery.reason !== '' && delivery.result !== 'planned');
  const message = failed.map(({ destination, reason }) => `${destination}: ${reason}`).join('; ');
  const hint = HINTS[result];
  return { result, message, ...(hint === undefined ? {} : { hint }) };
}

const HINTS: Partial<Record<Result, string>> = {
  later: 'run the same command again later; look into the stream first where it may have been posted',
  'login-refused': 'check the login of the destination in the configuration',
};
