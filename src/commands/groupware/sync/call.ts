// The call of a rule: whoever owns the row, or has an entry of it, has a turn at once. The call was kept before the command was loaded.

import type { Request } from '../../../core/activity';
import { backoffMs } from '../../../core/backoff';
import { DatabaseError } from '../../../core/database-error';
import { signalAfter } from '../../../core/deadline';
import type { Report } from '../../../core/report';
import { ledgerHint, reportOfError } from '../../error-report';
import { objidWords } from '../../looking/ledger-words';
import type { Kept } from '../../outbox/publish/keep';
import { spooledReport } from '../../outbox/publish/spooled';
import { takeInBriefly } from '../../outbox/take-in';
import { byLogin } from './calls';
import { dryRun } from './dry-run';
import { handOn, judge, type Verdict } from './hand-on';
import type { Syncing } from './parts';
import { Round, type SyncContext } from './round';
import { turnOf } from './user-turns';
import { keptUsers } from './users';

/** How long a call takes in what waits in the spool, after its own turn, in ms. */
const AFTERWARDS_MS = 1_000;
/** How long putting a call off may take, in ms. */
const PUT_OFF_MS = 150;

type KeptInLedger = Extract<Kept, { place: 'ledger' }>;

/** Obeys a call. Rejects for a bug, and with the UserError of a part. */
export async function obeyCall(request: Request, kept: Kept, context: SyncContext): Promise<Report> {
  switch (kept.place) {
    case 'ledger': {
      const { parts, deadline, readCall } = context;
      const report = await obeyKept(request, kept, context);
      await takeInBriefly(kept.ledger, { ...parts, readCall }, Math.min(AFTERWARDS_MS, deadline.remainingMs()), deadline);
      return { ...report, about: request };
    }
    case 'spool':
      return spooledReport('sync', request, kept);
    case 'nowhere':
      return unkept(request, kept);
  }
}

/** That a turn is asked for is kept before the turn begins: from then on it comes, whatever becomes of this run. */
async function obeyKept(request: Request, { ledger, requestId }: KeptInLedger, context: SyncContext): Promise<Report> {
  const { parts, deadline } = context;
  const { signal } = deadline;
  const now = () => parts.now();
  const syncing = await parts.syncing(false);
  try {
    const { users } = await keptUsers(syncing, signal);
    const handing = { syncing, ledger, users: byLogin(users), now, random: parts.random };
    const verdict = onlyOne(await handOn([{ id: requestId, request, acceptedAt: now() }], handing, signal));
    if (verdict.kind !== 'asked') return nobodysTurn(request, verdict, true);
    const asked = users.filter(({ login }) => verdict.logins.includes(login));
    return await new Round(syncing, asked, context).takeAsked();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    // One that was handed on stays so. Where even that fails, its lease runs out, and the next run takes it up all the same.
    const dueAt = now() + backoffMs(1, undefined, parts.random());
    await ledger.settleRequest(requestId, 'accepted', error.message, dueAt, signalAfter(PUT_OFF_MS)).catch(unlessLedgers);
    return { ...reportOfError(error), hint: 'it is kept, and the next sync tries again' };
  }
}

function unlessLedgers(error: unknown): void {
  if (!(error instanceof DatabaseError)) throw error;
}

/** The report of a call that asks for nobody's turn; `isKept` is whether it is looked at again. */
function nobodysTurn(request: Request, { kind, reason }: Exclude<Verdict, { kind: 'asked' }>, isKept: boolean): Report {
  const message = `${objidWords(request)}: ${reason}`;
  if (kind === 'nobody') return { result: 'filtered', message, deliveries: [] };
  if (!isKept) return { result: 'not-found', message, deliveries: [] };
  return { result: 'later', message: `${message}; kept, and looked for until it is 10 minutes old`, deliveries: [] };
}

function onlyOne(verdicts: readonly Verdict[]): Verdict {
  const [verdict] = verdicts;
  if (verdict === undefined) throw new Error('every call has a verdict');
  return verdict;
}

/** Without a ledger nobody knows what is in step with what. Whatever changed is found by the next round all the same. */
function unkept(request: Request, { error, reason }: Extract<Kept, { place: 'nowhere' }>): Report {
  return {
    result: 'not-kept',
    message: `not in step yet, and not kept: ${error.message}; ${reason}`,
    hint: `${ledgerHint(error.problem)}, or make room for the spool; the next sync finds what changed all the same`,
    about: request,
    deliveries: [],
  };
}

/** Shows the plans of those whose turn a call would ask for. Nothing is kept. */
export async function dryRunOfCall(request: Request, syncing: Syncing, context: SyncContext): Promise<Report> {
  const { parts, deadline } = context;
  const { users } = await keptUsers(syncing, deadline.signal);
  const judging = { syncing, users: byLogin(users), now: () => parts.now() };
  const verdict = onlyOne(await judge([{ request }], judging, deadline.signal));
  if (verdict.kind !== 'asked') return { ...nobodysTurn(request, verdict, false), about: request };
  const asked = users.filter(({ login }) => verdict.logins.includes(login));
  return { ...(await dryRun(asked, syncing, context, turnOf)), about: request };
}
