// The feed: a folder that keeps an Atom feed and a page of the latest posts. It needs no account, and any web server can serve it.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sleep, untilAborted } from '../core/deadline';
import { filePath, httpUrl, integer, object, optional, required, text, withDefault, type Checked } from '../core/shape';
import type { Addition, AdditionResult } from '../io/stream-folder';
import type { DestinationType } from './destination';
import { atomEntry, atomFeed, entryId } from './feed/atom';
import { streamPage } from './feed/page';
import { anchorOf, FEED_FILE, PAGE_FILE, postOf, type Post, type Stream } from './feed/post';

const options = object({
  folder: required(filePath(), 'The folder that holds the page and the feed. It is made where it is missing.'),
  title: withDefault(text(), 'Activity stream', 'The title of the page and the feed.'),
  link: optional(httpUrl(), 'The public address of the folder, where a web server serves it: for the permalinks.'),
  keep: withDefault(integer(1, 1_000), 200, 'How many of the newest posts stand in the page and the feed.'),
});

type FeedOptions = Checked<typeof options>;

/** The time in milliseconds that a write which holds the lock at the deadline has to come to its end. */
const GRACE_MS = 50;

/** The destination type `feed`. */
export const feed: DestinationType<FeedOptions, Post> = {
  summary: 'An Atom feed and a page of the latest posts, kept in a folder.',
  // The store drops an id that it has.
  repeat: 'safe',
  options,

  encode: (delivery) => postOf(delivery),

  preview: (post, { folder, link }) => ({
    line: `WRITE ${join(folder, PAGE_FILE)} and ${FEED_FILE} beside it, with the new entry`,
    headers: {},
    body: atomEntry(post, '(the moment of posting)', link).text,
  }),

  send: async (post, feedOptions, tools, deadline) => {
    const { folder, keep } = feedOptions;
    const draw: Addition['draw'] = (id, entries) => {
      const posts = entries.map(({ record, postedAt }) => ({ ...(JSON.parse(record) as Post), postedAt }));
      return drawFiles({ id, posts, title: feedOptions.title, link: feedOptions.link, version: tools.version });
    };
    const addToStream = await tools.streamFolder();
    const addition = { folder, id: post.id, record: JSON.stringify(post), newest: keep, now: () => tools.now(), draw };
    const result = await settled(addToStream(addition, deadline.signal), deadline.signal);
    if (result === undefined) return { kind: 'unknown', reason: `the folder ${folder} did not answer before the deadline` };
    if (result.kind === 'failure') return { kind: 'retry', reason: result.reason };
    return { kind: 'delivered', receipt: { id: entryId(post.id), permalink: permalink(post, feedOptions) } };
  },

  probe: async ({ folder }, tools) => {
    const why = (await tools.files()).whyNotWritable(folder);
    return why === undefined
      ? { kind: 'works', words: `the folder ${folder} can be written` }
      : { kind: 'retry', reason: `the folder ${folder} ${why}` };
  },
};

/** The page stands before the feed: whoever follows an entry of the feed finds it in the page. */
function drawFiles(stream: Stream): Readonly<Record<string, string>> {
  return { [PAGE_FILE]: streamPage(stream), [FEED_FILE]: atomFeed(stream) };
}

/** The result, or `undefined` for a folder that hangs, as one on a lost network drive does. */
async function settled(working: Promise<AdditionResult>, signal: AbortSignal): Promise<AdditionResult | undefined> {
  const inTime = await untilAborted(working, signal);
  if (inTime !== undefined) return inTime;
  return (await Promise.race([working, sleep(GRACE_MS, new AbortController().signal)])) ?? undefined;
}

function permalink(post: Post, { folder, link }: FeedOptions): string {
  const page = link === undefined ? pathToFileURL(join(folder, PAGE_FILE)).href : `${link}/${PAGE_FILE}`;
  return `${page}#${anchorOf(post)}`;
}
