// The command `rerun`: everything that is due. A scheduler runs it every few minutes; two at once share the work.

import { all } from '../../../core/at-once';
import type { Deadline } from '../../../core/deadline';
import type { Report } from '../../../core/report';
import type { DeliveryFilter, Ledger, StateCount } from '../../../ledger/ledger';
import type { CommandFunction, Context } from '../../command';
import type { SyncParts } from '../../groupware/sync/parts';
import type { FilterName, OptionsOf } from '../../options';
import type { ReadyDestination } from '../deliver';
import { damagedStates, withLedger } from '../../looking/ledger-access';
import { deliveryFilterOf, destinationHint } from '../../looking/ledger-filter';
import { counted } from '../../looking/ledger-words';
import type { PublishParts } from '../publish/parts';
import { raiseAlerts } from './alerts';
import { putCrashedInDoubt } from './crashed';
import { sendDeliveries } from './deliveries';
import { dryRun } from './dry-run';
import { giveUpForgottenCalls } from './forgotten-calls';
import { FAILURES_IN_ROW, CircuitBreaker } from './circuit-breaker';
import { makeDue, requestsToTakeUp } from './make-due';
import { publishRequests } from './requests';
import { Budget, type Run } from './run';
import { Tally } from './tally';
import { takeInSpools } from './spools';
import { deliveriesOf } from './work';

type RerunOption = FilterName | 'failed' | 'abandoned' | 'dryRun';

/** Sends what is due, and looks into what is in doubt. */
export const rerun: CommandFunction<RerunOption, PublishParts & SyncParts> = (context) => {
  // Wrong options are refused before the ledger is opened.
  const filter = deliveryFilterOf(context);
  return withLedger(context, async (ledger) => {
    const run = await openRun(context, ledger, filter, new Budget(context.options.limit ?? Infinity));
    await tellOfDamaged(run);
    return context.options.dryRun === true ? dryRun(context, run) : takeUp(context, run);
  });
};

/** Everything that takes up requests or deliveries is such a run: it keeps to the pace of each destination. */
export async function openRun(context: Context, ledger: Ledger, filter: DeliveryFilter, budget: Budget): Promise<Run> {
  const within = withinOf(context);
  const counts = await within(({ signal }) => ledger.counts(signal));
  return {
    ledger,
    parts: { ...context.parts, ledger },
    whenInDoubt: context.config.whenInDoubt,
    filter,
    damagedStates: damagedStates(counts),
    requestStates: requestsToTakeUp(context.options),
    breakers: await breakersOf(context, ledger, counts, within),
    stop: context.deadline.signal,
    interrupted: interruptionOf(context.deadline),
    within,
    budget,
    tally: new Tally(context, dueAmong(counts, context.parts.now())),
  };
}

async function takeUp(context: Context<OptionsOf<RerunOption>, PublishParts & SyncParts>, run: Run): Promise<Report> {
  await takeInSpools(context, run);
  await makeDue(context.options, run);
  const [crashed] = await all([putCrashedInDoubt(run), requestsThenDeliveries(run)]);
  if (crashed !== undefined && crashed > 0) await sendDeliveries(run);
  await giveUpForgottenCalls(run);
  if (!run.stop.aborted) {
    const before = run.parts.now() - context.config.keepMessages;
    await run.within(({ signal }) => run.ledger.forgetMessages(before, signal));
  }
  await raiseAlerts(context, run);
  return reportOf(context, run);
}

/** What is damaged elsewhere is met on the way; but nobody ever asks for a state that is none. */
async function tellOfDamaged(run: Run): Promise<void> {
  if (run.damagedStates.length === 0) return;
  // Each of them is told on the way, and none comes out.
  await deliveriesOf(run, { ...run.filter, states: run.damagedStates }).next();
}

/** A request may be in the way of a delivery, and not the other way round. */
async function requestsThenDeliveries(run: Run): Promise<number> {
  await publishRequests(run);
  await sendDeliveries(run);
  return 0;
}

function interruptionOf(deadline: Deadline): AbortSignal {
  const interruption = new AbortController();
  deadline.signal.addEventListener('abort', () => !deadline.expired() && interruption.abort(), { once: true });
  return interruption.signal;
}

/** A deadline for each piece of work, so that what is in flight when the run is stopped comes to its end. */
export function withinOf({ attemptDeadline }: Pick<Context, 'attemptDeadline'>): Run['within'] {
  return async (work) => {
    const deadline: Deadline = attemptDeadline();
    try {
      return await work(deadline);
    } finally {
      deadline.end();
    }
  };
}

async function breakersOf(
  { parts, deadline }: Context,
  ledger: Ledger,
  counts: readonly StateCount[],
  within: Run['within'],
): Promise<Run['breakers']> {
  const waits = await within(({ signal }) => ledger.waits(parts.now(), signal));
  const breakers = (await parts.destinations()).map(async (destination) => {
    const failed = await within(({ signal }) => hasJustFailed(destination, ledger, counts, signal));
    const until = waits.find((wait) => wait.destination === destination.name)?.until;
    return [destination.name, new CircuitBreaker(destination, failed, deadline.signal, () => parts.now(), until)] as const;
  });
  return new Map(await all(breakers));
}

/** As many of the deliveries that wait longest are looked at to see how a destination fared. */
const SAMPLE = 50;

/** Whether the newest attempts at a destination failed. */
async function hasJustFailed(
  { name }: ReadyDestination,
  ledger: Ledger,
  counts: readonly StateCount[],
  signal: AbortSignal,
): Promise<boolean> {
  const lastSuccess = Math.max(
    0,
    ...counts.filter(({ destination }) => destination === name).map((count) => count.lastDeliveredAt),
  );
  const waiting = await ledger.deliveries({ destination: name, states: ['due', 'in-doubt'] }, SAMPLE, signal);
  return waiting.filter(({ lastAttemptAt }) => lastAttemptAt > lastSuccess).length >= FAILURES_IN_ROW;
}

const WAITING: ReadonlySet<string> = new Set(['due', 'in-doubt', 'sending']);

/** About how many are due: how many wait where at least one is due. */
function dueAmong(counts: readonly StateCount[], now: number): number {
  return sumOf(counts.filter(({ state, nextDueAt }) => (state === 'due' || state === 'in-doubt') && nextDueAt <= now));
}

function sumOf(counts: readonly StateCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

async function reportOf(context: Context, run: Run): Promise<Report> {
  const waiting = (await run.within(({ signal }) => run.ledger.counts(signal))).filter(({ state }) => WAITING.has(state));
  const opened = [...run.breakers.values()].filter((breaker) => breaker.isOpen);
  const homeless = waiting.filter(({ destination }) => !run.breakers.has(destination));
  const more = [
    ...opened.map(({ openBecause }) => `${openBecause}, so the rest for it waits`),
    ...homeless.map(
      ({ destination, count }) =>
        `${counted(count, 'delivery waits', 'deliveries wait')} for ${destination}, which the configuration does not have`,
    ),
    ...(run.stop.aborted ? ['stopped before the end'] : []),
  ];
  const total = sumOf(waiting);
  if (opened.length > 0 || homeless.length > 0) run.tally.keepsSomething();
  if (opened.some(({ destination }) => destination.unusable !== undefined)) run.tally.keepsSomething('configuration');
  if (more.length > 0 && total > 0) more.push(`${counted(total, 'delivery waits', 'deliveries wait')} in all`);
  const report = run.tally.report(more, total);
  const hint = report.hint ?? destinationHint(context);
  return hint === undefined ? report : { ...report, hint };
}
