// The main job: one request becomes one message, and the message goes to every destination. What was accepted arrives, now or later.

import type { Request } from '../core/activity';
import { backoffMs } from '../core/backoff';
import { DatabaseError } from '../core/database-error';
import type { Deadline } from '../core/deadline';
import type { DeliveryReport, Report } from '../core/report';
import type { WatchedActivities } from '../clarify/watched';
import type { KeptDelivery, Ledger } from '../ledger/ledger';
import type { CommandFunction } from './command';
import { leaseOf, type AttemptParts, type ReadyDestination } from './deliver';
import { deliveryOfError, reportOfError } from './error-report';
import { follow } from './follow';
import { ESCALATION_WINDOW_MS, isPrepared, paired, prepare, type PrepareParts } from './prepare';
import { dryRun } from './publish/dry-run';
import { jobsOf, nothingToSend, summaryOf } from './publish/jobs';
import { publishUnkept } from './publish/unkept';

/** What publishing is made of. */
export interface PublishParts extends PrepareParts, Omit<AttemptParts, 'ledger'> {
  /** Rejects where the ledger cannot be used at all. */
  ledger(): Promise<Ledger>;
  /** The deliveries among these ids that the ledger has, without making or changing one; none where it cannot be read. */
  known(ids: readonly string[], signal: AbortSignal): Promise<readonly KeptDelivery[]>;
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
/** How much of the time that is left is kept for the post while the ledger is waited for. */
const SHARE_FOR_THE_POST = 0.5;
/**
 * The ledger is waited for that long even where the machine is so busy that the deadline is over before the program runs, in ms: what is
 * kept is posted later, and what is not is lost.
 */
const LEAST_PATIENCE_MS = 250;
/** How long putting a request off may take, in ms. */
const PUT_OFF_MS = 150;

/** The command `publish`. */
export const publishCommand: CommandFunction = async ({ words, options, parts, deadline, readRequest }) => {
  const request = readRequest(words, options.rule ?? '');
  try {
    return await (options.dryRun === true ? dryRun : publish)(request, parts, deadline);
  } catch (error) {
    return { ...reportOfError(error), about: request };
  }
};

/** Publishes a request. Rejects for a bug, and with the UserError of a part. */
export async function publish(request: Request, parts: PublishParts, deadline: Deadline): Promise<Report> {
  const kept = await accept(request, parts, deadline);
  return kept instanceof DatabaseError
    ? publishUnkept(request, kept, parts, deadline)
    : publishKept(request, kept, parts, deadline);
}

interface Accepted {
  readonly ledger: Ledger;
  readonly requestId: string;
}

/** Keeps the request before anything slow happens; what is wrong with the ledger where that fails. */
async function accept(request: Request, parts: PublishParts, deadline: Deadline): Promise<Accepted | DatabaseError> {
  const patience = new AbortController();
  const patienceMs = Math.max(LEAST_PATIENCE_MS, deadline.remainingMs() * (1 - SHARE_FOR_THE_POST));
  const timer = setTimeout(() => patience.abort(), patienceMs);
  try {
    const ledger = await parts.ledger();
    return { ledger, requestId: await ledger.accept(request, leaseOf(parts, deadline), patience.signal) };
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function publishKept(
  request: Request,
  { ledger, requestId }: Accepted,
  parts: PublishParts,
  deadline: Deadline,
): Promise<Report> {
  const [destinations, prepared] = await Promise.all([
    parts.destinations(),
    prepare(request, parts.now(), parts, deadline).catch((error: unknown) => error),
  ]);
  if (!isPrepared(prepared)) {
    if (!(prepared instanceof DatabaseError)) throw prepared;
    await putOff(ledger, requestId, 'accepted', prepared.message, parts);
    return {
      ...reportOfError(prepared),
      hint: 'nothing was posted yet; it is kept, and the next rerun tries again',
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
