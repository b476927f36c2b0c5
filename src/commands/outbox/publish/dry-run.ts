// What a call would send, and how that stands in the ledger.

import type { Request } from '../../../core/activity';
import type { Deadline } from '../../../core/deadline';
import { deliveryOf } from '../../../core/delivery';
import type { DeliveryReport, Report } from '../../../core/report';
import { deliveryOfError } from '../../error-report';
import { standing } from '../follow';
import { prepare } from '../prepare';
import type { PublishParts } from './parts';
import { jobsOf, nothingToSend, summaryOf } from './jobs';

/** Shows what would go out. Nothing is sent and nothing is written. */
export async function dryRun(request: Request, parts: PublishParts, deadline: Deadline): Promise<Report> {
  const prepared = await prepare(request, parts.now(), parts, deadline);
  if (prepared.kind !== 'message') return nothingToSend(prepared);
  const jobs = jobsOf(prepared, await parts.destinations(), parts.now());
  const ids = jobs.map(({ draft }) => draft.id);
  const known = (await parts.known(ids, deadline.signal)) ?? [];
  const deliveries = jobs.map(({ draft, destination }): DeliveryReport => {
    const kept = known.find(({ id }) => id === draft.id);
    const reason =
      kept === undefined ? 'first attempt' : standing(kept, destination).reason || 'posted already; nothing would go out';
    const { name, type } = destination;
    try {
      const preview = destination.preview(deliveryOf(draft, draft.message));
      return { id: draft.id, destination: name, type, result: 'planned', reason, preview };
    } catch (error) {
      return { id: draft.id, destination: name, type, ...deliveryOfError(error) };
    }
  });
  return { ...summaryOf(deliveries), about: prepared.about, deliveries };
}
