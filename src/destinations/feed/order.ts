// How the posts of one page stand: by when things happened, however late they were posted. Which page a post is on, and which posts
// the first page and the feed have, goes by when they were posted, see ../../io/stream-store.ts. Pure.

import { momentOf, type PostedPost } from './post';

/**
 * From when on a post says that it came late: a day, in ms. Less is what an outage over night makes, or a time zone that is set
 * wrong: such a post stands a little further down than its readers expect, and where all say so nobody reads it.
 */
export const LATE_MS = 24 * 3_600_000;

/** Whether what a post tells of happened long before it was posted. */
export function isLate(post: PostedPost): boolean {
  return Date.parse(post.postedAt) - Date.parse(momentOf(post)) >= LATE_MS;
}

/**
 * The posts by when things happened, the newest first. What happened at one moment keeps its order, which is that of posting. The
 * moments are instants, as the pages show them: they go the way of the site's clock, also through the hour that clocks repeat.
 */
export function byMoment(posts: readonly PostedPost[]): readonly PostedPost[] {
  const timed = posts.map((post) => ({ post, ms: Date.parse(momentOf(post)) }));
  return timed.sort((one, other) => other.ms - one.ms).map(({ post }) => post);
}

/**
 * The post at which whoever has read the newest posts goes on in the page of the archive: the last of them that came in time. What is
 * not among them was posted earlier still, so it stands below; beside a post that came late it would stand above. `undefined` where
 * there are no posts.
 */
export function whereOlderBegin(posts: readonly PostedPost[]): PostedPost | undefined {
  const last = posts.at(-1);
  return posts.findLast((post) => post.page === last?.page && !isLate(post)) ?? last;
}
