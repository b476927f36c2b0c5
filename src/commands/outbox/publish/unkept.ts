// Publishing where neither ledger nor spool can be written: nobody will try again.

import type { Request } from '../../../core/activity';
import { DatabaseError, type DatabaseProblem } from '../../../core/database-error';
import type { Deadline } from '../../../core/deadline';
import { UserError } from '../../../core/errors';
import { deliveryOf } from '../../../core/delivery';
import type { DeliveryReport, Report } from '../../../core/report';
import { sendUnkept } from '../deliver';
import { ledgerHint } from '../../error-report';
import { standing } from '../follow';
import { isPrepared, prepare } from '../prepare';
import type { PublishParts } from './parts';
import { jobsOf, nothingToSend, summaryOf, type Job } from './jobs';
import type { Kept } from './keep';

/** With these, another run may be posting the same at this moment, or this very request may be kept after all. */
const PERHAPS_POSTED: readonly DatabaseProblem[] = ['busy', 'uncertain'];

/**
 * The post is still tried, and the exit code says that nobody will try it again. What an earlier call kept is left to the ledger,
 * wherever that can be read. Where a rerun may post the same, it is tried only where a repeat is dropped.
 */
export async function publishUnkept(
  request: Request,
  { error, reason }: Pick<Extract<Kept, { place: 'nowhere' }>, 'error' | 'reason'>,
  parts: PublishParts,
  deadline: Deadline,
): Promise<Report> {
  const [words, hint] =
    error.problem === 'uncertain'
      ? ['and nobody knows whether it is kept', 'mend the ledger; rerun then posts it if it is kept, and why tells whether it is']
      : ['but not kept', `${ledgerHint(error.problem)}, or make room for the spool; until then nothing is tried again`];
  const notKept = (message: string, deliveries: readonly DeliveryReport[]): Report => ({
    result: 'not-kept',
    message: `${message === '' ? 'posted' : message}, ${words}: ${error.message}; ${reason}`,
    hint,
    about: request,
    deliveries,
  });
  const prepared = await prepare(request, parts.now(), parts, deadline).catch((thrown: unknown) => thrown);
  if (prepared instanceof DatabaseError || prepared instanceof UserError) return notKept(`not posted: ${prepared.message}`, []);
  if (!isPrepared(prepared)) throw prepared;
  if (prepared.kind !== 'message') return nothingToSend(prepared);
  const jobs = jobsOf(prepared, await parts.destinations(), parts.now());
  const ids = jobs.map(({ draft }) => draft.id);
  const known = (await parts.known(ids, deadline.signal)) ?? [];
  const deliveries = await Promise.all(
    jobs.map(async (job) => {
      const kept = known.find(({ id }) => id === job.draft.id);
      return kept === undefined ? sendOnce(job, error.problem, deadline) : standing(kept, job.destination);
    }),
  );
  if (ids.every((id) => known.some((kept) => kept.id === id))) return { ...summaryOf(deliveries), about: request, deliveries };
  return notKept(summaryOf(deliveries).message, deliveries);
}

async function sendOnce({ draft, destination }: Job, problem: DatabaseProblem, deadline: Deadline): Promise<DeliveryReport> {
  if (!PERHAPS_POSTED.includes(problem) || destination.repeat === 'safe')
    return sendUnkept(deliveryOf(draft, draft.message), destination, deadline);
  const { name, type } = destination;
  return { id: draft.id, destination: name, type, result: 'later', reason: 'not posted, lest it be posted twice' };
}
