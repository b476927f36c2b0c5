// The main job: one request becomes one message, and the message goes to every destination. What was accepted arrives, now or later.

import type { Request } from '../core/activity';
import { backoffMs } from '../core/backoff';
import { DatabaseError } from '../core/database-error';
import type { Deadline } from '../core/deadline';
import { UserError } from '../core/errors';
import type { DeliveryReport, Report } from '../core/report';
import type { WatchedActivities } from '../clarify/watched';
import type { KeptDelivery, Ledger } from '../ledger/ledger';
import type { Spool } from '../ledger/spool';
import type { CommandFunction, Context } from './command';
import { leaseOf, type AttemptParts, type ReadyDestination } from './deliver';
import { deliveryOfError, reportOfError } from './error-report';
import { follow } from './follow';
import { ESCALATION_WINDOW_MS, isPrepared, paired, prepare, type PrepareParts } from './prepare';
import { dryRun } from './publish/dry-run';
import { jobsOf, nothingToSend, summaryOf } from './publish/jobs';
import type { Kept } from './publish/keep';
import { spooledReport } from './publish/spooled';
import { publishUnkept } from './publish/unkept';
import { takeInBriefly } from './take-in';

/** What publishing is made of. */
export interface PublishParts extends PrepareParts, Omit<AttemptParts, 'ledger'> {
  /** Rejects where the ledger cannot be used at all. */
  ledger(): Promise<Ledger>;
  /** The deliveries among these ids that the ledger has, without making or changing one; `undefined` where it cannot be read. */
  known(ids: readonly string[], signal: AbortSignal): Promise<readonly KeptDelivery[] | undefined>;
  /** Where requests of this host may wait for the ledger; the first one is that of the configuration. */
  readonly spools: () => readonly Spool[];
  destinations(): Promise<readonly ReadyDestination[]>;
  /** What rules should pass on, and where the CRM logs it; nothing where the configuration does not say. */
  readonly watched?: readonly WatchedActivities[];
  /** What the CRM logged of that, or of everything where the configuration does not say what rules pass on. */
  history?(): readonly WatchedActivities[];
  /**
   * How many activities that rules should pass on the CRM logged between two moments (ms since 1970 UTC); only where the
   * configuration says which those are. Rejects with a DatabaseError where the CRM does not answer.
   */
  readonly loggedActivities?: (since: number, until: number, deadline: Deadline) => Promise<number>;
}

/** How long a row that is not there yet is looked for, in ms. */
export const NOT_YET_MS = 10 * 60_000;
/** How long a call takes in what waits in the spool, beside the reading of the CRM and after its own post, in ms. */
const ALONGSIDE_MS = 250;
const AFTERWARDS_MS = 1_000;
/** How long putting a request off may take, in ms. */
const PUT_OFF_MS = 150;

/** The command `publish`. A call was kept before the command was loaded; a dry run never is. */
export const publishCommand: CommandFunction = async ({ words, options, parts, deadline, readRequest, kept }) => {
  const request = readRequest(words, options.rule ?? '');
  try {
    if (options.dryRun === true) return await dryRun(request, parts, deadline);
    if (kept === undefined) throw new Error('a call is kept before anything else is done with it');
    return await publish(request, kept, { ...parts, readRequest }, deadline);
  } catch (error) {
    return { ...reportOfError(error), about: request };
  }
};

/** Publishes a request that is kept, or at least tries to. Rejects for a bug, and with the UserError of a part. */
export async function publish(
  request: Request,
  kept: Kept,
  parts: PublishParts & Pick<Context, 'readRequest'>,
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
      return spooledReport(request, kept);
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
  return quietly(ledger.settleRequest(requestId, state, reason, dueAt, AbortSignal.timeout(PUT_OFF_MS)));
}

async function quietly(settling: Promise<void>): Promise<void> {
  await settling.catch((error: unknown) => {
    if (!(error instanceof DatabaseError)) throw error;
  });
}
