// The feed: a folder with the stream as pages, as an Atom feed and as an Activity Streams 2.0 collection. It needs no account, and any
// web server can serve it.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sleep, untilAborted } from '../../core/deadline';
import { filePath, httpUrl, integer, object, optional, required, text, withDefault, type Checked } from '../../core/shape';
import type { AdditionResult, Drawing, StreamEntry } from '../../io/stream-folder';
import type { DestinationType } from '../destination';
import { collection, collectionPage, jsonFile } from './activity-streams';
import { SCRIPT, STYLE } from './assets';
import { atomEntry, atomFeed } from './atom';
import { firstPage, monthPage } from './page';
import {
  anchorOf,
  COLLECTION_FILE,
  FEED_FILE,
  LIMITS,
  PAGE_FILE,
  pageFile,
  permalinkOf,
  postOf,
  readPost,
  STORE_FILE,
  uuidOf,
  type Post,
  type PostedPost,
  type Stream,
} from './post';

const options = object({
  folder: required(filePath(), 'The folder that holds the pages and the feed. It is made where it is missing.'),
  title: withDefault(text(), 'Activity stream', 'The title of the pages and the feed.'),
  link: optional(httpUrl(), 'The public address of the folder, where a web server serves it: for the permalinks.'),
  keep: withDefault(
    integer(1, 1_000),
    200,
    'How many of the newest posts stand on the first page and in the feed; all others have their place by month.',
  ),
});

type FeedOptions = Checked<typeof options>;

/** The time in milliseconds that a write which holds the lock at the deadline has to come to its end. */
const GRACE_MS = 50;

/** The destination type `feed`. */
export const feed: DestinationType<FeedOptions, Post> = {
  called: 'a folder of pages and feeds (Atom, Activity Streams 2.0)',
  summary: 'A folder with the stream as pages to look at, as an Atom feed and as Activity Streams 2.0.',
  limits: LIMITS,
  // The store drops an id that it has.
  repeat: 'safe',
  options,

  encode: (delivery) => postOf(delivery),

  preview: (post, { folder, link }) => ({
    line: `WRITE ${join(folder, PAGE_FILE)} and ${FEED_FILE} beside it, with the new entry`,
    headers: {},
    // The page is that of the month in which it will be posted.
    body: atomEntry({ ...post, postedAt: '(the moment of posting)', page: 'index' }, link).text,
  }),

  send: async (post, feedOptions, tools, deadline) => {
    const { folder, keep, title, link } = feedOptions;
    const { version } = tools;
    const addToStream = await tools.streamFolder();
    const damaged = new Set<string>();
    const addition = {
      folder,
      id: post.id,
      record: JSON.stringify(post),
      newest: keep,
      now: () => tools.now(),
      look: JSON.stringify([version, title, link, STYLE.address, SCRIPT.address]),
      fileOf: pageFile,
      draw: (drawing: Drawing) => drawFiles(drawing, { title, link, version }, (page) => damaged.add(page)),
    };
    const result = await settled(addToStream(addition, deadline.signal), deadline.signal);
    if (result === undefined) return { kind: 'unknown', reason: `the folder ${folder} did not answer before the deadline` };
    if (result.kind === 'failure') return { kind: 'retry', reason: result.reason };
    return {
      kind: 'delivered',
      receipt: { id: uuidOf(post.id), permalink: permalink({ ...post, page: result.page }, feedOptions) },
      ...(damaged.size === 0
        ? {}
        : { reason: `records in its store cannot be read, and are left out of ${[...damaged].join(', ')}` }),
    };
  },

  probe: async ({ folder }, tools) => {
    const files = await tools.files();
    const why = files.whyNotWritable(folder, 'folder');
    if (why !== undefined) return { kind: 'retry', reason: `the folder ${folder} ${why}`, folder };
    const store = join(folder, STORE_FILE);
    const whyNoStore = files.whyNotWritable(store);
    return whyNoStore === undefined
      ? { kind: 'works', words: `the folder ${folder} can be written` }
      : { kind: 'retry', reason: `the store ${store} ${whyNoStore}`, folder };
  },
};

/** What leads stands after what it leads to: whoever follows a link of the first page or of the feed finds the post. */
function drawFiles(
  { streamId, newest, pages, due }: Drawing,
  about: Pick<Stream, 'title' | 'link' | 'version'>,
  tellDamaged: (page: string) => void,
): Readonly<Record<string, string>> {
  const known = new Map<string, PostedPost | undefined>();
  // One damaged record must not keep all others from being drawn.
  const read = (entry: StreamEntry): readonly PostedPost[] => {
    const post = known.get(entry.record) ?? readPost(entry);
    known.set(entry.record, post);
    if (post === undefined) tellDamaged(entry.page);
    return post === undefined ? [] : [post];
  };
  const stream: Stream = { ...about, id: streamId, posts: newest.flatMap(read), pages };
  const files: Record<string, string> = { [STYLE.file]: STYLE.text, [SCRIPT.file]: SCRIPT.text };
  for (const page of due) {
    const posts = page.entries.flatMap(read);
    files[pageFile(page.page.name)] = monthPage(stream, page, posts);
    files[jsonFile(page.page.name)] = collectionPage(stream, page, posts);
  }
  return {
    ...files,
    [PAGE_FILE]: firstPage(stream),
    [FEED_FILE]: atomFeed(stream),
    [COLLECTION_FILE]: collection(stream),
  };
}

/** The result, or `undefined` for a folder that hangs, as one on a lost network drive does. */
async function settled(working: Promise<AdditionResult>, signal: AbortSignal): Promise<AdditionResult | undefined> {
  const inTime = await untilAborted(working, signal);
  if (inTime !== undefined) return inTime;
  return (await Promise.race([working, sleep(GRACE_MS, new AbortController().signal)])) ?? undefined;
}

/** Where the post stands for ever. */
function permalink(post: Pick<PostedPost, 'id' | 'page'>, { folder, link }: FeedOptions): string {
  if (link !== undefined) return `${link}/${permalinkOf(post)}`;
  return `${pathToFileURL(join(folder, pageFile(post.page))).href}#${anchorOf(post)}`;
}
