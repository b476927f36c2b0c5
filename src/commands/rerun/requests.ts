// The requests of a rerun: what was accepted, and whose message is not composed yet.

import { randomUUID } from 'node:crypto';
import { BACKOFF, backoffMs } from '../../core/backoff';
import { DatabaseError } from '../../core/database-error';
import type { Deadline } from '../../core/deadline';
import { settle } from '../../core/settle';
import type { DeliveryDraft, KeptDelivery, KeptRequest, RequestState } from '../../ledger/ledger';
import { attempt, leaseOf, type AttemptParts } from '../deliver';
import { OPEN_REQUESTS } from '../ledger-access';
import { draftOf, ESCALATION_WINDOW_MS, prepare, type Prepared } from '../prepare';
import { NOT_YET_MS } from '../publish';
import { FAILURES_IN_ROW, type Lane } from './lane';
import { hasCome, type Run } from './run';
import { handledOf, type Handled } from './tally';
import { all, each, requestsOf } from './work';

/** How many requests are read and composed at the same time. */
const AT_ONCE = 4;

/** Takes up what was accepted. After some failures in a row the CRM is left alone. */
export async function publishRequests(run: Run): Promise<void> {
  // A request is for all destinations, so it cannot be taken up for one of them.
  if (run.filter.destination !== undefined) return;
  let failures = 0;
  const wanted = () => failures < FAILURES_IN_ROW && !run.budget.spent;
  const { ids, objectType } = run.filter;
  const filter = { states: OPEN_REQUESTS, ...(ids && { ids }), ...(objectType === undefined ? {} : { objectType }) };
  await each(requestsOf(run, filter, wanted), AT_ONCE, async (seen) => {
    if (!isWanted(seen, run) || run.stop.aborted || !wanted() || !run.budget.take()) return;
    const prepared = await takeAndPrepare(seen, run);
    if (prepared === undefined) return run.budget.giveBack();
    const isCrmDown = prepared.kind === 'failed' && prepared.error instanceof DatabaseError;
    failures = isCrmDown ? failures + 1 : 0;
    await conclude({ ...seen, attempts: seen.attempts + 1 }, prepared, run);
  });
}

/** Whether a request is due, and one of those that the run is about. */
export function isWanted({ acceptedAt, dueAt }: KeptRequest, { filter, parts }: Run): boolean {
  const { since = -Infinity, until = Infinity } = filter;
  return acceptedAt >= since && acceptedAt < until && (filter.ids !== undefined || hasCome(dueAt, parts.now()));
}

type Tried = Prepared | { readonly kind: 'failed'; readonly error: unknown };

/** `undefined` where somebody else was faster. Reading many requests at once has its place here. */
function takeAndPrepare(seen: KeptRequest, run: Run): Promise<Tried | undefined> {
  return run.within(async (deadline) => {
    // Two times, because the deliveries are sent under a deadline of their own.
    const lease = { owner: run.parts.owner, now: run.parts.now(), workMs: 2 * deadline.remainingMs() };
    if (!(await run.ledger.takeRequest(seen, lease, deadline.signal))) return undefined;
    return prepare(seen.request, seen.acceptedAt, run.parts, deadline).catch((error: unknown) => ({ kind: 'failed', error }));
  });
}

async function conclude(seen: KeptRequest, prepared: Tried, run: Run): Promise<void> {
  switch (prepared.kind) {
    case 'failed': {
      const { error } = prepared;
      return putOff(seen, error instanceof DatabaseError ? { fate: 'later', reason: error.message } : run.tally.bug(error), run);
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

/** Enters the deliveries, and sends those that nothing blocks; the others have their turn with everything else that is due. */
async function deliverAll(
  seen: KeptRequest,
  { about, message }: Extract<Prepared, { kind: 'message' }>,
  run: Run,
  deadline: Deadline,
): Promise<void> {
  // Two requests may be about the same deliveries, so an attempt has to tell whether this very piece of work began it.
  const parts: AttemptParts = { ...run.parts, ledger: run.ledger, owner: randomUUID() };
  const lanes = [...run.lanes.values()];
  const drafts = lanes.map(({ destination }) => draftOf(about, message, destination.name, seen.acceptedAt));
  const claimed = await run.ledger.claim(seen.id, drafts, leaseOf(parts, deadline), ESCALATION_WINDOW_MS, deadline.signal);
  const works = lanes.map((lane, index) => {
    const [kept, draft] = [claimed[index], drafts[index]];
    if (kept === undefined || draft === undefined) throw new Error('a claim answers with one delivery for each draft');
    const isOurs = kept.state === 'sending' && kept.leaseOwner === parts.owner;
    return isOurs ? deliverOne(kept, draft, lane, parts, run, deadline) : undefined;
  });
  await all(works.filter((work) => work !== undefined));
}

async function deliverOne(
  kept: KeptDelivery,
  draft: DeliveryDraft,
  lane: Lane,
  parts: AttemptParts,
  run: Run,
  deadline: Deadline,
): Promise<void> {
  const handled = await lane
    .pass(async () => handledOf(await attempt(kept, draft.message, lane.destination, parts, deadline)))
    .catch((error: unknown) => {
      if (error instanceof DatabaseError) throw error;
      return run.tally.bug(error);
    });
  run.tally.delivery({ ...kept, message: draft.message }, handled ?? (await takeBack(kept, lane, parts)));
}

/** Ends an attempt that was begun for a destination which is left alone by now, before anything was sent. */
async function takeBack(kept: KeptDelivery, lane: Lane, { ledger, owner, now, random }: AttemptParts): Promise<Handled> {
  const reason = `${lane.destination.name} failed ${FAILURES_IN_ROW} times in a row, so it was not asked any more`;
  const settled = settle({ kind: 'retry', reason }, kept, now(), random());
  await ledger.finish(kept.id, owner, { ...settled, now: now() }, AbortSignal.timeout(TAKE_BACK_MS));
  return { fate: 'later', reason };
}

/** How long taking an attempt back may take, in ms. */
const TAKE_BACK_MS = 2_000;
