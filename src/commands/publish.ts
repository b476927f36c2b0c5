// The main job: one request becomes one message, and the message goes to every destination. What was accepted arrives, now or later.

import type { Request } from '../core/activity';
import { backoffMs } from '../core/backoff';
import { DatabaseError } from '../core/database-error';
import { deliveryOf } from '../core/delivery';
import type { Deadline } from '../core/deadline';
import { worstOf } from '../core/errors';
import type { DeliveryReport, Report } from '../core/report';
import type { WatchedActivities } from '../clarify/watched';
import type { DeliveryDraft, KeptDelivery, Ledger } from '../ledger/ledger';
import type { CommandFunction } from './command';
import { leaseOf, sendUnkept, type AttemptParts, type ReadyDestination } from './deliver';
import { reportOfError } from './error-report';
import { follow, standing } from './follow';
import { draftOf, ESCALATION_WINDOW_MS, paired, prepare, type Prepared, type PrepareParts } from './prepare';

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

/** Shows what would go out. Nothing is sent and nothing is written. */
export async function dryRun(request: Request, parts: PublishParts, deadline: Deadline): Promise<Report> {
  const prepared = await prepare(request, parts.now(), parts, deadline);
  if (prepared.kind !== 'message') return nothingToSend(prepared);
  const jobs = jobsOf(prepared, await parts.destinations(), parts.now());
  const known = await parts.known(
    jobs.map(({ draft }) => draft.id),
    deadline.signal,
  );
  const deliveries = jobs.map(({ draft, destination }): DeliveryReport => {
    const kept = known.find(({ id }) => id === draft.id);
    const reason =
      kept === undefined ? 'first attempt' : standing(kept, destination).reason || 'posted already; nothing would go out';
    const { name, type } = destination;
    const preview = destination.preview(deliveryOf(draft, draft.message));
    return { id: draft.id, destination: name, type, result: 'planned', reason, preview };
  });
  return { ...summaryOf(deliveries), about: prepared.about, deliveries };
}

/** A delivery about to enter the ledger, and where it goes. */
interface Job {
  readonly draft: DeliveryDraft;
  readonly destination: ReadyDestination;
}

function jobsOf(
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
      follow(kept, draft, destination, { ...parts, ledger }, deadline),
    ),
  );
  return { ...summaryOf(deliveries), about, deliveries };
}

/**
 * Without a ledger the post is still tried, and the exit code says that nobody will try it again. Where the request may be kept all the
 * same, a rerun would post it once more, so it is tried only where a repeat is dropped.
 */
async function publishUnkept(
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
  if (prepared instanceof DatabaseError) return notKept(`not posted: ${prepared.message}`, []);
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

function nothingToSend({ kind, about, reason }: Exclude<Prepared, { kind: 'message' }>): Report {
  return { result: kind === 'filtered' ? 'filtered' : 'not-found', message: reason, about, deliveries: [] };
}

function summaryOf(deliveries: readonly DeliveryReport[]): Pick<Report, 'result' | 'message' | 'hint'> {
  const result = worstOf(deliveries.map((delivery) => delivery.result));
  const told = deliveries.filter((delivery) => delivery.reason !== '' && delivery.result !== 'planned');
  const message = told.map(({ destination, reason }) => `${destination}: ${reason}`).join('; ');
  return result === 'login-refused'
    ? { result, message, hint: 'check the login of the destination in the configuration' }
    : { result, message };
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

function isPrepared(value: unknown): value is Prepared {
  return typeof value === 'object' && value !== null && 'kind' in value && 'about' in value;
}
