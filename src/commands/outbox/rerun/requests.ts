// The requests of a rerun: what was accepted, and whose message is not composed yet.

import { randomUUID } from 'node:crypto';
import { all, each } from '../../../core/at-once';
import { BACKOFF, backoffMs } from '../../../core/backoff';
import { DatabaseError } from '../../../core/database-error';
import { signalAfter, type Deadline } from '../../../core/deadline';
import { UserError } from '../../../core/errors';
import { settle } from '../../../core/settle';
import type { DeliveryDraft, KeptDelivery, KeptRequest, RequestState } from '../../../ledger/ledger';
import { attempt, leaseOf, type AttemptParts } from '../deliver';
import { draftOf, ESCALATION_WINDOW_MS, NOT_YET_MS, paired, type Prepared } from '../prepare';
import { Crm, type Tried } from './crm';
import type { CircuitBreaker } from './circuit-breaker';
import { hasCome, type Run } from './run';
import { handledOf, type Handled } from './tally';
import { inBatches, requestsOf } from './work';

/** How many requests are read in one round trip. */
const BATCH = 50;
/** How many of them are composed and sent at the same time. */
const AT_ONCE = 4;

/** Takes up what was accepted. After some failures in a row the CRM is left alone. */
export async function publishRequests(run: Run): Promise<void> {
  // A request is for all destinations, so it cannot be taken up for one of them.
  if (run.filter.destination !== undefined) return;
  const crm = new Crm(run);
  const wanted = () => !crm.isLeftAlone && !run.budget.spent;
  const { ids, objectType } = run.filter;
  const filter = {
    command: 'publish',
    states: run.requestStates,
    ...(ids && { ids }),
    ...(objectType === undefined ? {} : { objectType }),
  } as const;
  // One alone at first, so that a CRM that is down costs one request an attempt, and not fifty.
  for await (const batch of inBatches(requestsOf(run, filter, wanted), () => (crm.hasAnswered ? BATCH : 1))) {
    const taken = await takeAll(
      batch.filter((seen) => isWanted(seen, run)),
      run,
    );
    const prepared = await crm.prepareAll(taken);
    await each(taken.entries(), AT_ONCE, async ([index, seen]) => {
      const tried = prepared[index];
      if (tried === undefined) throw new Error('every request is tried');
      await conclude({ ...seen, attempts: seen.attempts + 1 }, tried, run);
    });
  }
}

/** Whether a request is due, and one of those that the run is about. */
export function isWanted({ acceptedAt, dueAt }: KeptRequest, { filter, parts }: Run): boolean {
  const { since = -Infinity, until = Infinity } = filter;
  return acceptedAt >= since && acceptedAt < until && (filter.ids !== undefined || hasCome(dueAt, parts.now()));
}

/** Leases those that are wanted and that nobody else was faster to take. */
async function takeAll(batch: readonly KeptRequest[], run: Run): Promise<readonly KeptRequest[]> {
  const taken: KeptRequest[] = [];
  for (const seen of batch) {
    if (run.stop.aborted || !run.budget.take()) break;
    const isOurs = await run.within((deadline) => {
      // For every request of the batch, the reading and then the sending have a deadline of their own.
      const workMs = (1 + Math.ceil(batch.length / AT_ONCE)) * deadline.remainingMs();
      return run.ledger.takeRequest(seen, { owner: run.parts.owner, now: run.parts.now(), workMs }, deadline.signal);
    });
    if (isOurs) taken.push(seen);
    else run.budget.giveBack();
  }
  return taken;
}

async function conclude(seen: KeptRequest, prepared: Tried, run: Run): Promise<void> {
  switch (prepared.kind) {
    case 'failed': {
      return putOff(seen, failureOf(prepared.error, run), run);
    }
    case 'message':
      return run.within((deadline) => deliverAll(seen, prepared, run, deadline));
    case 'filtered':
      return end(seen, 'filtered', { fate: 'filtered', reason: prepared.reason }, run);
    case 'mismatched':
      return end(seen, 'not-found', { fate: 'not-found', reason: prepared.reason }, run);
    case 'absent':
      if (run.parts.now() > seen.acceptedAt + NOT_YET_MS)
        return end(seen, 'not-found', { fate: 'not-found', reason: prepared.reason }, run);
      return putOff(seen, { fate: 'later', reason: `${prepared.reason}, or not yet` }, run, 'awaited');
  }
}

/** What the trouble with preparing means: a template that cannot be filled is the configuration's fault, and nobody else's turn. */
function failureOf(error: unknown, { tally }: Run): Handled {
  if (error instanceof UserError) return { fate: 'later', result: error.result, reason: error.message };
  return error instanceof DatabaseError ? { fate: 'later', reason: error.message } : tally.bug(error);
}

/** Tries a request again later, or gives it up when it has been tried long enough. */
async function putOff(seen: KeptRequest, handled: Handled, run: Run, state: 'accepted' | 'awaited' = 'accepted'): Promise<void> {
  const now = run.parts.now();
  if (now > seen.acceptedAt + BACKOFF.lifeMs) {
    return end(seen, 'abandoned', { ...handled, fate: 'rejected', reason: `given up: ${handled.reason}` }, run);
  }
  return end(seen, state, handled, run, now + backoffMs(seen.attempts, undefined, run.parts.random()));
}

async function end(seen: KeptRequest, state: RequestState, handled: Handled, run: Run, dueAt = run.parts.now()): Promise<void> {
  await run.within(({ signal }) => run.ledger.settleRequest(seen.id, state, handled.reason, dueAt, signal));
  run.tally.request(seen, handled);
}

/** To wherever it goes. What is blocked has its turn with everything else that is due. */
async function deliverAll(
  seen: KeptRequest,
  { about, posts }: Extract<Prepared, { kind: 'message' }>,
  run: Run,
  deadline: Deadline,
): Promise<void> {
  const drafts = posts.map((post) => draftOf(about, post, seen.acceptedAt));
  await claimAndSend(seen.id, drafts, run, deadline);
}

/** Enters the deliveries of a request, each to a configured destination, and sends those that nothing blocks. */
export async function claimAndSend(
  requestId: string,
  drafts: readonly DeliveryDraft[],
  run: Run,
  deadline: Deadline,
): Promise<void> {
  // Two requests may be about the same deliveries, so an attempt has to tell whether this very piece of work began it.
  const parts: AttemptParts = { ...run.parts, ledger: run.ledger, owner: randomUUID() };
  const claimed = await run.ledger.claim(requestId, drafts, leaseOf(parts, deadline), ESCALATION_WINDOW_MS, deadline.signal);
  const works = paired(drafts, claimed).map(([draft, kept]) => {
    const breaker = run.breakers.get(draft.destination);
    if (breaker === undefined) throw new Error(`a post is for ${draft.destination}, which the configuration does not have`);
    const isOurs = kept.state === 'sending' && kept.leaseOwner === parts.owner;
    return isOurs ? deliverOne(kept, draft, breaker, parts, run, deadline) : undefined;
  });
  await all(works.filter((work) => work !== undefined));
}

async function deliverOne(
  kept: KeptDelivery,
  draft: DeliveryDraft,
  breaker: CircuitBreaker,
  parts: AttemptParts,
  run: Run,
  deadline: Deadline,
): Promise<void> {
  const handled = await breaker
    .pass(async (destination) => handledOf(await attempt(kept, draft.message, destination, parts, deadline)))
    .catch((error: unknown) => {
      if (error instanceof DatabaseError) throw error;
      return run.tally.bug(error);
    });
  run.tally.delivery({ ...kept, message: draft.message }, handled ?? (await takeBack(kept, breaker, parts)));
}

/** Ends an attempt that was begun for a destination which is left alone by now, before anything was sent. */
async function takeBack(
  kept: KeptDelivery,
  breaker: CircuitBreaker,
  { ledger, owner, now, random }: AttemptParts,
): Promise<Handled> {
  const reason = `${breaker.openBecause}, so it was not asked any more`;
  const settled = settle({ kind: 'retry', reason }, kept, now(), random());
  await ledger.finish(kept.id, owner, { ...settled, now: now() }, signalAfter(TAKE_BACK_MS));
  return { fate: 'later', reason };
}

/** How long taking an attempt back may take, in ms. */
const TAKE_BACK_MS = 2_000;
