// The command `reconcile`: what the CRM logged and no rule ever passed on, because the rule engine was down or the rule is wrong. It is
// listed, and with --publish it is posted.

import { worstOf, UserError, type Result } from '../../../core/errors';
import type { Report } from '../../../core/report';
import { visible } from '../../../core/visible';
import { instantOf } from '../../../core/wall-clock';
import type { Span } from '../../../clarify/expected';
import type { Ledger } from '../../../ledger/ledger';
import type { CommandFunction, Context, Datum } from '../../command';
import type { GlobalOptions, OptionsOf } from '../../options';
import type { PublishParts } from '../publish/parts';
import { reportOfError } from '../../error-report';
import { FORGOTTEN_HINT, forgottenBy, forgottenWords, type Forgotten } from '../forgotten';
import { withLedger } from '../../looking/ledger-access';
import { readMomentOption } from '../../looking/ledger-filter';
import { counted, objidWords } from '../../looking/ledger-words';
import { Comparison, type Missing } from './comparison';
import { publishMissing } from './publish-missing';
import { openRun } from '../rerun/index';
import { GRACE_MS } from '../rerun/alerts';
import { Budget } from '../rerun/run';
import { meaningOf, spooledFiles } from '../../looking/spool-view';

/** What reconciling needs beside the parts of publishing. */
export interface ReconcileParts {
  /** The oldest and the newest lines of the program's own log; none where it cannot be read, or none is kept. */
  logEnds?(): Promise<readonly string[]>;
}

/** Compares the CRM's log with the ledger. */
export const reconcile: CommandFunction<'since' | 'until' | 'publish' | 'limit' | 'dryRun', PublishParts & ReconcileParts> = (
  context,
) => {
  const { options, parts, config, emit } = context;
  // Wrong options are refused before anything is opened.
  const span = spanOf(context);
  const { expected = [] } = parts;
  if (expected.length === 0) throw nothingConfigured();
  return withLedger(context, async (ledger) => {
    const forgotten = await lookIntoLog(context, ledger);
    // Whether it was posted then, nobody knows any more: in doubt nothing is.
    if (forgotten !== undefined && options.publish === true)
      throw new UserError('configuration', `nothing was published: ${forgottenWords(forgotten)}`, FORGOTTEN_HINT);
    const run =
      options.publish === true
        ? // What is shown is how far the comparison has come.
          await openRun({ ...context, progress: () => undefined }, ledger, {}, new Budget(Infinity))
        : undefined;
    const spooled = await Promise.all(spooledFiles(parts.spools()).map((file) => meaningOf(file, context.readCall)));
    const comparison = new Comparison(
      context,
      ledger,
      span,
      spooled.filter((request) => request !== undefined),
    );
    let waiting = 0;
    for await (const page of comparison.pages(expected)) {
      for (const missing of page) emit(datumOf(missing, config.clarify.timeZone));
      if (run !== undefined) waiting += await publishMissing(page, run);
    }
    const report = reportOf(comparison, waiting, run?.tally.report([], waiting), context);
    if (forgotten === undefined) return report;
    return { ...report, message: `${report.message}; ${forgottenWords(forgotten)}`, hint: FORGOTTEN_HINT };
  });
};

/** What the log tells of and the ledger does not know. A log that cannot be read tells nothing. */
async function lookIntoLog(
  { parts, config, deadline }: Context<GlobalOptions, ReconcileParts>,
  ledger: Ledger,
): Promise<Forgotten | undefined> {
  const known = async (ids: readonly string[]) =>
    (await ledger.deliveries({ ids }, ids.length, deadline.signal)).map(({ id }) => id);
  return forgottenBy(known, (await parts.logEnds?.()) ?? [], config.file);
}

function spanOf({ options, parts }: Pick<Context<OptionsOf<'since' | 'until'>>, 'options' | 'parts'>): Span {
  const now = parts.now();
  if (options.since === undefined) {
    throw new UserError(
      'usage',
      '--since is missing',
      'say since when the log is looked through: --since 24h, or --since 2026-11-22',
    );
  }
  const since = readMomentOption('--since', options.since, now);
  const until = options.until === undefined ? now - GRACE_MS : readMomentOption('--until', options.until, now);
  if (since < until) return { since, until };
  const hint =
    options.until === undefined ? 'the last 15 minutes are left to the rules, unless --until says something else' : undefined;
  throw new UserError('usage', '--since is not before --until', hint);
}

function nothingConfigured(): UserError {
  const example = '"reconcile": [{ "objectType": "case", "activities": ["Create", "Close"] }]';
  return new UserError('configuration', 'the configuration does not say what rules pass on', `add it, for example ${example}`);
}

function datumOf({ request, activity: { name, code, time } }: Missing, timeZone: string): Datum {
  const loggedAt = instantOf({ wallClock: time, timeZone }) ?? time;
  return {
    text: `${loggedAt}  ${visible(name)}  ${objidWords(request)}`,
    json: { format: 1, kind: 'activity', ...request, activity: name, activityCode: code, loggedAt },
  };
}

/** `posted` is the report of what was posted; left out where nothing was to be posted. */
function reportOf(
  comparison: Comparison,
  waiting: number,
  posted: Report | undefined,
  { options }: Pick<Context<OptionsOf<'limit'>>, 'options'>,
): Report {
  const { logged, missing, trouble } = comparison;
  const isCutShort = comparison.isCutShort();
  const unread = trouble === undefined ? undefined : reportOfError(trouble);
  const words = [
    foundWords(comparison),
    posted?.message ?? '',
    waiting > (posted?.sums?.['later'] ?? 0) ? `${counted(waiting, 'waits', 'wait')} for the next rerun` : '',
    missing === options.limit ? 'there may be more, but --limit ends it here' : '',
    isCutShort ? 'stopped before the end' : '',
  ];
  const found = words.filter((word) => word !== '').join('; ');
  const result = worstOf([
    missing === 0 ? 'done' : (posted?.result ?? 'done'),
    waiting > 0 || isCutShort ? 'later' : 'done',
    unread?.result ?? 'done',
  ]);
  const hint = posted?.hint ?? hintOf(comparison, posted !== undefined, unread?.result);
  return {
    result,
    message:
      unread === undefined
        ? found
        : `the CRM's log cannot be read: ${unread.message}${logged === 0 ? '' : `; until then ${found}`}`,
    ...(hint === undefined ? {} : { hint }),
    ...(posted?.stack === undefined ? {} : { stack: posted.stack }),
    sums: { logged, missing, ...posted?.sums, waiting },
    deliveries: [],
  };
}

function foundWords({ logged, missing }: Comparison): string {
  const among = counted(logged, 'activity', 'activities');
  if (logged === 0) return 'the CRM logged nothing of the kind in that time';
  if (missing === 0) return `nothing is missing among ${among}`;
  return `${missing} of ${among} ${missing === 1 ? 'was' : 'were'} never passed on`;
}

function hintOf(comparison: Comparison, publishes: boolean, unread: Result | undefined): string | undefined {
  if (unread === 'later' || comparison.isCutShort())
    return 'run the same command again later; what it posted is not posted again';
  if (unread !== undefined) return 'check clarify.database and the rights of its login';
  return publishes || comparison.missing === 0 ? undefined : 'the same command with --publish posts what is missing';
}
