// The stream as an Atom feed (RFC 4287, https://www.rfc-editor.org/rfc/rfc4287), valid by the rules of the W3C feed validator.
// Pure.

import { markup, type Markup } from '../kit/markup';
import {
  FEED_FILE,
  latestPostedAt,
  momentOf,
  PAGE_FILE,
  permalinkOf,
  uuidOf,
  webAddress,
  type PostedPost,
  type Stream,
} from './post';

/** The text of the feed document. */
export function atomFeed(stream: Stream): string {
  const { id, title, link, posts, version } = stream;
  // Without a public address the page is named as the feed's neighbour, which it is wherever the folder is served; the feed's own
  // address must be left out then, although the RFC would like to have it (section 4.1.1).
  const page = link === undefined ? PAGE_FILE : `${link}/${PAGE_FILE}`;
  const self =
    link === undefined
      ? ''
      : markup`
  <link rel="self" type="application/atom+xml" href="${link}/${FEED_FILE}"/>`;
  return markup`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>urn:uuid:${id}</id>
  <title type="text">${title}</title>
  <updated>${latestPostedAt(posts)}</updated>${self}
  <link rel="alternate" type="text/html" href="${page}"/>
  <generator version="${version}">publish-activity</generator>
${posts.map((post) => atomEntry(post, link))}</feed>
`.text;
}

/**
 * One entry. `updated` is when the post was posted, `published` when the activity happened: readers look for what is new by
 * `updated`, so a post that comes late must not be dated before what they have already read.
 */
export function atomEntry(post: PostedPost, link: string | undefined): Markup {
  const seenAt = webAddress(post.url) ?? (link === undefined ? undefined : `${link}/${permalinkOf(post)}`);
  const alternate =
    seenAt === undefined
      ? ''
      : markup`
    <link rel="alternate" type="text/html" href="${seenAt}"/>`;
  const categories = post.tags.map(
    (tag) => markup`
    <category term="${tag}"/>`,
  );
  return markup`  <entry>
    <id>${uuidOf(post.id)}</id>
    <title type="text">${post.title}</title>
    <updated>${post.postedAt}</updated>
    <published>${momentOf(post)}</published>
    <author><name>${post.actor}</name></author>${alternate}${categories}
    <content type="text">${contentOf(post)}</content>
  </entry>
`;
}

/** The body and the fields; never empty, which would be an entry without anything to read. */
function contentOf({ title, body, fields }: PostedPost): string {
  const lines = [body, ...fields.map(({ label, value }) => `${label}: ${value}`)].filter((line) => line !== '');
  return lines.length === 0 ? title : lines.join('\n');
}
