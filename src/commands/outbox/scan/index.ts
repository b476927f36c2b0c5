// The command `scan`: what happens in the CRM without an event that a rule could fire on. A scheduler runs it; two at once share the work.
//
// What happened is kept together with the change of what is remembered, in one transaction (decision 10), and then takes the way of a
// rerun. So a kill at any line neither loses it nor has it published twice.

import { OPEN_REQUESTS } from '../../../core/states';
import { worstOf } from '../../../core/errors';
import type { Report } from '../../../core/report';
import type { WatchChange } from '../../../ledger/ledger';
import type { CommandFunction, Context } from '../../command';
import type { PublishParts } from '../publish/parts';
import { leaseOf } from '../deliver';
import { withLedger } from '../../looking/ledger-access';
import { counted } from '../../looking/ledger-words';
import { openRun } from '../rerun/index';
import { publishRequests } from '../rerun/requests';
import { Budget, type Run } from '../rerun/run';
import { dryRun } from './dry-run';
import type { ScanParts } from './parts';
import { look, WHOLE, type Change, type Recall } from './look';
import { Seen } from './seen';
import { watchesOf, type Watch } from './watches';

/** Publishes what happened since the last time. The first time it takes stock and publishes nothing. */
export const scan: CommandFunction<'limit' | 'dryRun', PublishParts & ScanParts> = async (context) => {
  const { config, parts, options } = context;
  const watches = watchesOf(config.scan, await parts.scanReader());
  if (watches.length === 0) {
    const message = 'there is nothing to scan: scan.productRevisions and scan.stock are false in the configuration';
    return { result: 'done', message, deliveries: [] };
  }
  if (options.dryRun === true) return dryRun(watches, context);
  return withLedger(context, async (ledger) => {
    // What is shown is how many were looked at.
    const run = await openRun({ ...context, progress: () => undefined }, ledger, {}, new Budget(Infinity));
    const seen = new Seen(options.limit);
    let waiting = 0;
    for (const watch of watches) waiting += await scanAll(watch, run, seen, context);
    return reportOf(seen, waiting, run);
  });
};

/** Looks at everything of a kind, and answers how many of the requests that came of it are open still. */
async function scanAll(watch: Watch, run: Run, seen: Seen, { progress }: Pick<Context, 'progress'>): Promise<number> {
  const { objectType } = watch;
  const recall: Recall = (type, objids) => run.within(({ signal }) => run.ledger.watched(type, objids, signal));
  const isFirst = (await recall(objectType, [WHOLE.objid])).length === 0;
  let waiting = 0;
  seen.look(watch, 0, isFirst);
  for await (const { count, quiet, findings } of look(watch, isFirst, recall, run)) {
    seen.look(watch, count, isFirst);
    await watchAll(quiet, run);
    waiting += await publishAll(seen.within(findings), run, seen);
    progress(seen.total, 0);
    if (seen.isSpent) return waiting;
  }
  if (isFirst && !run.stop.aborted) await watchAll([{ objectType, ...WHOLE }], run);
  return waiting;
}

/** Keeps what happened, and takes it up at once. What this run does not come to, a rerun does. */
async function publishAll(findings: readonly Change[], run: Run, seen: Seen): Promise<number> {
  const made = await watchAll(
    findings.map(({ change }) => change),
    run,
  );
  // Another scan was faster with the others.
  const ids = made.filter((id) => id !== undefined);
  seen.find(ids.length);
  if (ids.length === 0) return 0;
  await publishRequests({ ...run, filter: { ids } });
  const open = await run.within(({ signal }) => run.ledger.requests({ ids, states: OPEN_REQUESTS }, ids.length, signal));
  return open.length;
}

function watchAll(changes: readonly WatchChange[], run: Run): Promise<readonly (string | undefined)[]> {
  return run.within((deadline) => run.ledger.watch(changes, leaseOf(run.parts, deadline), deadline.signal));
}

function reportOf(seen: Seen, waiting: number, run: Run): Report {
  const report = run.tally.report([], waiting);
  const untold = waiting - (report.sums?.['later'] ?? 0);
  const words = [
    ...(report.message === '' ? [] : [report.message]),
    ...seen.words('took stock of'),
    ...(untold > 0 ? [`${counted(untold, 'waits', 'wait')} for the next rerun`] : []),
    ...(run.stop.aborted ? ['stopped before the end'] : []),
  ];
  const result = worstOf([
    seen.found === 0 && report.result === 'posted' ? 'done' : report.result,
    waiting > 0 || run.stop.aborted ? 'later' : 'done',
  ]);
  return { ...report, result, message: words.join('; '), sums: { ...report.sums, ...seen.sums } };
}
