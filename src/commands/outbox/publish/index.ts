// The main job: one request becomes one message, and the message goes to every destination. What was accepted arrives, now or later.

import type { Request } from '../../../core/activity';
import { backoffMs } from '../../../core/backoff';
import { DatabaseError } from '../../../core/database-error';
import { signalAfter, type Deadline } from '../../../core/deadline';
import { UserError } from '../../../core/errors';
import type { DeliveryReport, Report } from '../../../core/report';
import type { KeptDelivery, Ledger } from '../../../ledger/ledger';
import type { CommandFunction, Context } from '../../command';
import { leaseOf } from '../deliver';
import { deliveryOfError, reportOfError } from '../../error-report';
import { follow } from '../follow';
import { ESCALATION_WINDOW_MS, isPrepared, paired, prepare } from '../prepare';
import { dryRun } from './dry-run';
import { jobsOf, nothingToSend, summaryOf } from './jobs';
import type { Kept } from './keep';
import type { CallParts, PublishParts } from './parts';
import { spooledReport } from './spooled';
import { publishUnkept } from './unkept';
import { takeInBriefly } from '../take-in';

/** How long a call takes in what waits in the spool, beside the reading of the CRM and after its own post, in ms. */
const ALONGSIDE_MS = 250;
const AFTERWARDS_MS = 1_000;
/** How long putting a request off may take, in ms. */
const PUT_OFF_MS = 150;

/** The command `publish`. A call was kept before the command was loaded; a dry run never is. */
export const publishCommand: CommandFunction<'rule' | 'dryRun', PublishParts & CallParts> = async (context) => {
  const { words, options, parts, deadline, readRequest, readCall } = context;
  const { kept } = parts;
  const request = readRequest(words, options.rule ?? '');
  try {
    if (options.dryRun === true) return await dryRun(request, parts, deadline);
    if (kept === undefined) throw new Error('a call is kept before anything else is done with it');
    return await publish(request, kept, { ...parts, readCall }, deadline);
  } catch (error) {
    return { ...reportOfError(error), about: request };
  }
};

/** Publishes a request that is kept, or at least tries to. Rejects for a bug, and with the UserError of a part. */
export async function publish(
  request: Request,
  kept: Kept,
  parts: PublishParts & Pick<Context, 'readCall'>,
  deadline: Deadline,
): Promise<Report> {
  switch (kept.place) {
    case 'ledger': {
      const takeIn = (mostMs: number) => takeInBriefly(kept.ledger, parts, Math.min(mostMs, deadline.remainingMs()), deadline);
      // What the spool holds about the same object happened before; what the CRM takes to answer is time enough for most of it.
      const taking = takeIn(ALONGSIDE_MS);
      const report = await publishKept(request, kept, taking, parts, deadline);
      await takeIn(AFTERWARDS_MS);
      return report;
    }
    case 'spool':
      return spooledReport('publish', request, kept);
    case 'nowhere':
      return publishUnkept(request, kept, parts, deadline);
  }
}

async function publishKept(
  request: Request,
  { ledger, requestId }: Extract<Kept, { place: 'ledger' }>,
  taking: Promise<void>,
  parts: PublishParts,
  deadline: Deadline,
): Promise<Report> {
  const [destinations, prepared] = await Promise.all([
    parts.destinations(),
    prepare(request, parts.now(), parts, deadline).catch((error: unknown) => error),
    taking,
  ]);
  if (!isPrepared(prepared)) {
    // A database that does not answer, or a template that this activity cannot fill: somebody may mend it.
    if (!(prepared instanceof DatabaseError || prepared instanceof UserError)) throw prepared;
    await putOff(ledger, requestId, 'accepted', prepared.message, parts);
    return {
      ...reportOfError(prepared),
      hint: `nothing was posted yet; ${prepared instanceof UserError ? 'correct the template: ' : ''}it is kept, and the next rerun tries again`,
      about: request,
    };
  }
  if (prepared.kind === 'absent') {
    await putOff(ledger, requestId, 'awaited', prepared.reason, parts);
    return {
      result: 'later',
      message: `${prepared.reason}; kept, and looked for until it is 10 minutes old`,
      about: request,
      deliveries: [],
    };
  }
  if (prepared.kind !== 'message') {
    const state = prepared.kind === 'filtered' ? 'filtered' : 'not-found';
    await quietly(ledger.settleRequest(requestId, state, prepared.reason, parts.now(), deadline.signal));
    return nothingToSend(prepared);
  }
  const { about } = prepared;
  const jobs = jobsOf(prepared, destinations, parts.now());
  const drafts = jobs.map(({ draft }) => draft);
  let claimed: readonly KeptDelivery[];
  try {
    claimed = await ledger.claim(requestId, drafts, leaseOf(parts, deadline), ESCALATION_WINDOW_MS, deadline.signal);
  } catch (error) {
    // Without the claim nobody else would know of the post, and the kept request would be posted a second time.
    if (!(error instanceof DatabaseError)) throw error;
    return { result: 'later', message: `not posted, kept: ${error.message}`, about, deliveries: [] };
  }
  const deliveries = await Promise.all(
    paired(jobs, claimed).map(([{ draft, destination }, kept]) =>
      follow(kept, draft, destination, { ...parts, ledger }, deadline).catch((error: unknown): DeliveryReport => {
        const { name, type } = destination;
        return { id: kept.id, destination: name, type, ...deliveryOfError(error) };
      }),
    ),
  );
  return { ...summaryOf(deliveries), about, deliveries };
}

/** Puts a request off. Where even that fails, its lease runs out, and the next rerun takes it up all the same. */
function putOff(
  ledger: Ledger,
  requestId: string,
  state: 'accepted' | 'awaited',
  reason: string,
  parts: PublishParts,
): Promise<void> {
  const dueAt = parts.now() + backoffMs(1, undefined, parts.random());
  return quietly(ledger.settleRequest(requestId, state, reason, dueAt, signalAfter(PUT_OFF_MS)));
}

async function quietly(settling: Promise<void>): Promise<void> {
  await settling.catch((error: unknown) => {
    if (!(error instanceof DatabaseError)) throw error;
  });
}
