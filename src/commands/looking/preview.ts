// The command `preview`: the posts that one activity gives, by which route; or how many a span of the past would have given, where and
// when. The ledger is not looked at, and nothing is sent.

import type { LoggedActivity } from '../../clarify/activity-log';
import type { Span, ExpectedActivities } from '../../clarify/expected';
import type { Request } from '../../core/activity';
import type { Post } from '../../core/compose';
import { DatabaseError } from '../../core/database-error';
import { UserError } from '../../core/errors';
import { Forecast, type Expected } from '../../core/forecast';
import type { Report } from '../../core/report';
import { visible } from '../../core/visible';
import { isoSeconds } from '../../core/wall-clock';
import type { CommandFunction, Context, Datum } from '../command';
import type { OptionsOf } from '../options';
import { readMomentOption } from './ledger-filter';
import { counted } from './ledger-words';
import { prepare, prepareRead, type Prepared } from '../outbox/prepare';
import { withinOf } from '../outbox/rerun/index';

/** How many activities of the log, and how many of their posts, are read in one round trip. */
const [PAGE, BATCH] = [1_000, 50];
const DAY_MS = 86_400_000;

/** Shows posts without sending them. */
export const preview: CommandFunction<'rule' | 'since' | 'until'> = (context) => {
  const { words, options } = context;
  if (words.length > 0 && options.since !== undefined)
    throw new UserError('usage', 'an activity and --since do not go together', 'preview one activity, or a span of the past');
  return options.since === undefined ? one(context) : past(context, spanOf(context));
};

async function one({ words, options, parts, deadline, readRequest, emit }: Context<OptionsOf<'rule'>>): Promise<Report> {
  const request = readRequest(words, options.rule ?? '');
  const prepared = await prepare(request, parts.now(), parts, deadline);
  if (prepared.kind !== 'message')
    return {
      result: prepared.kind === 'filtered' ? 'filtered' : 'not-found',
      message: prepared.reason,
      about: prepared.about,
      deliveries: [],
    };
  for (const post of prepared.posts) emit(datumOf(post));
  return { result: 'done', message: '', about: prepared.about, deliveries: [], printed: true };
}

function datumOf({ destination, by, message: { title, body, url, tags } }: Post): Datum {
  const way = by === undefined ? 'as everything' : by === 'rule' ? 'by its rule' : `by route ${by}`;
  const lines = [title, ...body.split('\n'), url, tags.map((tag) => `#${tag}`).join(' ')].filter((line) => line.trim() !== '');
  return {
    text: [`${destination}, ${way}:`, ...lines.map((line) => `  ${visible(line)}`)].join('\n'),
    json: { format: 1, kind: 'post', destination, by: by ?? null, title, body, url, tags },
  };
}

function spanOf({
  options: { since = '', until },
  parts,
}: Pick<Context<OptionsOf<'since' | 'until'>>, 'options' | 'parts'>): Span {
  const now = parts.now();
  const span = {
    since: readMomentOption('--since', since, now),
    until: until === undefined ? now : readMomentOption('--until', until, now),
  };
  if (span.since < span.until) return span;
  throw new UserError('usage', '--since is not before --until');
}

async function past(context: Context, span: Span): Promise<Report> {
  const { config, parts, deadline, emit, progress } = context;
  const within = withinOf(context);
  const forecast = new Forecast(Object.keys(config.destinations));
  const sums = { activities: 0, leftOut: 0 };
  // What the CRM logs on a subcase and once more on its case is one post.
  const onParents = new Set<number>();
  const lacking: string[] = [];
  for (const each of parts.history?.() ?? []) {
    for await (const page of pagesOf(each, span, context, () => lacking.push(each.objectType))) {
      for (let start = 0; start < page.length && !deadline.signal.aborted; start += BATCH) {
        const batch = page.slice(start, start + BATCH);
        for (const prepared of await within((own) => prepareAll(batch, each, context, own))) {
          if (isKnown(prepared, onParents)) continue;
          sums.activities += 1;
          if (prepared.kind !== 'message') sums.leftOut += 1;
          else for (const { destination, message } of prepared.posts) forecast.add(destination, message.happened.wallClock);
        }
        progress(sums.activities, 0);
      }
    }
  }
  const days = (span.until - span.since) / DAY_MS;
  const expected = forecast.result();
  emit({ text: textOf(expected, days), json: jsonOf(expected, days, span, sums) });
  const words = [
    `${counted(sums.activities, 'activity', 'activities')} from ${isoSeconds(span.since)} to ${isoSeconds(span.until)}`,
    sums.leftOut === 0 ? '' : `${sums.leftOut} of them left out`,
    lacking.length === 0 ? '' : `without what this CRM lacks (${lacking.join(', ')})`,
    deadline.signal.aborted ? 'stopped before the end' : '',
  ];
  return { result: 'done', message: words.filter((word) => word !== '').join(', '), deliveries: [] };
}

async function* pagesOf(
  expected: ExpectedActivities,
  span: Span,
  { deadline }: Pick<Context, 'deadline'>,
  lacks: () => void,
): AsyncGenerator<readonly LoggedActivity[]> {
  let after: LoggedActivity | undefined;
  while (!deadline.signal.aborted) {
    const page = await expected.logged(span, after, PAGE, deadline.signal).catch((error: unknown) => {
      // No CRM has the tables of every object type.
      if (!(error instanceof DatabaseError && error.problem === 'configuration')) throw error;
      lacks();
      return [];
    });
    yield page;
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}

async function prepareAll(
  batch: readonly LoggedActivity[],
  { objectType, rule }: ExpectedActivities,
  { parts }: Pick<Context, 'parts'>,
  deadline: Context['deadline'],
): Promise<readonly Prepared[]> {
  const requests = batch.map(({ objid, activityObjid }): Request => ({ objectType, objid, activityObjid, rule }));
  const readings = await parts.readMany(requests, deadline);
  return Promise.all(
    requests.map((request, index) => {
      const reading = readings[index];
      if (reading === undefined) throw new Error('every request is read');
      return prepareRead(request, reading, parts);
    }),
  );
}

/** Whether the same activity was met before. */
function isKnown({ about }: Prepared, known: Set<number>): boolean {
  const { activityObjid = 0 } = about;
  if (known.has(activityObjid)) return true;
  known.add(activityObjid);
  return false;
}

function textOf(expected: readonly Expected[], days: number): string {
  const rows = expected.map(({ destination, posts, busiest }) => [
    destination,
    String(posts),
    (posts / days).toFixed(1),
    posts === 0 ? '' : `${busiest.posts} at ${busiest.hour.replace('T', ' ')}`,
  ]);
  const table = [['destination', 'posts', 'a day', 'busiest hour (time of the CRM)'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const line = ([name = '', ...cells]: readonly string[]) =>
    [name.padEnd(widths[0] ?? 0), ...cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0))].join('  ').trimEnd();
  return table.map(line).join('\n');
}

function jsonOf(
  expected: readonly Expected[],
  days: number,
  { since, until }: Span,
  sums: Readonly<Record<string, number>>,
): Readonly<Record<string, unknown>> {
  return {
    format: 1,
    kind: 'forecast',
    since: isoSeconds(since),
    until: isoSeconds(until),
    ...sums,
    destinations: expected.map(({ destination, posts, busiest }) => ({
      destination,
      posts,
      perDay: posts / days,
      busiestHour: posts === 0 ? null : busiest,
    })),
  };
}
