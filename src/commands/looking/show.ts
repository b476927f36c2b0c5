// The command `show`: the values behind the placeholders of one activity, where they come from, and what becomes of them. It reads the
// CRM and nothing else: no ledger is opened, and nothing is sent.

import type { ExplainedValue } from '../../clarify/explain';
import type { Activity, Request } from '../../core/activity';
import { WORDED_PARTS, type WordsSource } from '../../core/choose-templates';
import type { WordedPost } from '../../core/compose';
import type { Deadline } from '../../core/deadline';
import type { Report } from '../../core/report';
import { visible } from '../../core/visible';
import type { CommandFunction, Datum } from '../command';
import type { PublishParts } from '../outbox/publish/parts';
import { reportOfError } from '../error-report';
import { NO_ROUTE } from '../outbox/prepare';
import { columns } from './columns';

/** An activity with everything that a post about it is made of. */
export interface Explanation {
  readonly values: readonly ExplainedValue[];
  readonly posts: readonly WordedPost[];
}

/** What showing is made of beside the parts of publishing. */
export interface ShowParts {
  /** Explains an activity that was read. Rejects with a DatabaseError. */
  explain(activity: Activity, request: Request, deadline: Deadline): Promise<Explanation>;
}

/** Shows what a post about an activity is made of. What is internal stays where it is. */
export const show: CommandFunction<'rule', PublishParts & ShowParts> = async ({
  words,
  options,
  parts,
  deadline,
  readRequest,
  emit,
}) => {
  const request = readRequest(words, options.rule ?? '');
  try {
    const reading = await parts.read(request, parts.now(), deadline);
    if (reading.kind !== 'found') {
      const result = reading.kind === 'internal' ? 'filtered' : 'not-found';
      return { result, message: reading.reason, about: request, deliveries: [] };
    }
    const { activity } = reading;
    const explanation = await parts.explain(activity, request, deadline);
    emit(datumOf(activity, request, explanation));
    const leftOut = parts.leftOut(activity) ?? (explanation.posts.length === 0 ? NO_ROUTE : undefined);
    const done: Report = { result: 'done', message: '', about: request, deliveries: [], printed: true };
    return leftOut === undefined ? done : { ...done, result: 'filtered', message: `nothing is posted: ${leftOut}` };
  } catch (error) {
    return { ...reportOfError(error), about: request };
  }
};

function datumOf(activity: Activity, request: Request, { values, posts }: Explanation): Datum {
  const { objectType, objid, entry } = activity;
  const what = `${objectType} with objid ${objid}${entry === undefined ? ', without an activity' : `, activity ${entry.objid}`}`;
  const parent = entry?.onParent;
  const again =
    parent === undefined
      ? []
      : [`The CRM logs it once more, on the ${parent.objectType} with objid ${parent.objid}; both are one post.`];
  const rows = values.map(({ name, value, raw, from, lacking }) => [
    name,
    lacking ? '(this site lacks it)' : visible(raw === undefined ? value : `${value} (in the CRM: ${raw})`.trimStart()),
    from,
  ]);
  const blocks = groupsOf(posts).map((group) => postText(group));
  return {
    text: [[what, ...again].join('\n'), columns([['placeholder', 'value', 'where it comes from'], ...rows]), ...blocks].join(
      '\n\n',
    ),
    json: {
      format: 1,
      objectType,
      objid,
      activityObjid: entry?.objid,
      rule: request.rule,
      onParent: parent,
      values,
      posts: posts.map(({ destination, by, sources, message: { title, body, url, tags } }) => ({
        ...{ destination, by, title, body, url, tags },
        sources: Object.fromEntries(WORDED_PARTS.map((part) => [part, { of: sources[part].of, key: sources[part].key }])),
      })),
    },
  };
}

/** The posts that are one and the same message. */
function groupsOf(posts: readonly WordedPost[]): readonly (readonly [WordedPost, ...WordedPost[]])[] {
  const groups = new Map<WordedPost['message'], [WordedPost, ...WordedPost[]]>();
  for (const post of posts) {
    const group = groups.get(post.message);
    if (group === undefined) groups.set(post.message, [post]);
    else group.push(post);
  }
  return [...groups.values()];
}

function postText(group: readonly [WordedPost, ...WordedPost[]]): string {
  const [{ message, sources }] = group;
  const texts = { title: message.title, body: message.body, link: message.url };
  const rows = WORDED_PARTS.map((part) => ['', part, visible(texts[part]), sourceWords(sources[part])]);
  const tags = ['', 'tags', message.tags.map((tag) => `#${visible(tag)}`).join(' '), ''];
  return `To ${group.map(addressWords).join(', ')}:\n${columns([...rows, tags])}`;
}

function addressWords({ destination, by }: WordedPost): string {
  const why = by === 'rule' ? ' (by the rule)' : by === undefined ? '' : ` (by route ${by})`;
  return `${visible(destination)}${why}`;
}

function sourceWords({ of, key }: WordsSource): string {
  if (of === 'rule') return 'the template of the rule';
  if (typeof of === 'number') return `the template of route ${of}`;
  const place = of === 'templates' ? 'templates' : 'built in';
  return key === '' ? place : `${place}, under "${visible(key)}"`;
}
