// Publishing where the ledger cannot be written: nobody will try again.

import type { Request } from '../../core/activity';
import { DatabaseError } from '../../core/database-error';
import type { Deadline } from '../../core/deadline';
import { UserError } from '../../core/errors';
import { deliveryOf } from '../../core/delivery';
import type { DeliveryReport, Report } from '../../core/report';
import { sendUnkept } from '../deliver';
import { isPrepared, prepare } from '../prepare';
import type { PublishParts } from '../publish';
import { jobsOf, nothingToSend, summaryOf } from './jobs';

/**
 * Without a ledger the post is still tried, and the exit code says that nobody will try it again. Where the request may be kept all the
 * same, a rerun would post it once more, so it is tried only where a repeat is dropped.
 */
export async function publishUnkept(
  request: Request,
  { problem, message: reason }: DatabaseError,
  parts: PublishParts,
  deadline: Deadline,
): Promise<Report> {
  const [words, hint] =
    problem === 'uncertain'
      ? ['and nobody knows whether it is kept', 'mend the ledger; rerun then posts it if it is kept, and why tells whether it is']
      : ['but not kept', 'mend the ledger; until then nothing is tried again'];
  const notKept = (message: string, deliveries: readonly DeliveryReport[]): Report => ({
    result: 'not-kept',
    message: `${message === '' ? 'posted' : message}, ${words}: ${reason}`,
    hint,
    about: request,
    deliveries,
  });
  const prepared = await prepare(request, parts.now(), parts, deadline).catch((error: unknown) => error);
  if (prepared instanceof DatabaseError || prepared instanceof UserError) return notKept(`not posted: ${prepared.message}`, []);
  if (!isPrepared(prepared)) throw prepared;
  if (prepared.kind !== 'message') return nothingToSend(prepared);
  const deliveries = await Promise.all(
    jobsOf(prepared, await parts.destinations(), parts.now()).map(({ draft, destination }): Promise<DeliveryReport> => {
      if (problem !== 'uncertain' || destination.repeat === 'safe')
        return sendUnkept(deliveryOf(draft, draft.message), destination, deadline);
      const { name, type } = destination;
      return Promise.resolve({
        id: draft.id,
        destination: name,
        type,
        result: 'later',
        reason: 'not posted, lest it be posted twice',
      });
    }),
  );
  return notKept(summaryOf(deliveries).message, deliveries);
}
