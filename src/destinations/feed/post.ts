// A post of the feed: what the folder keeps of a delivery, and what the Atom feed and the page both need to know about it.

import type { Delivery } from '../../core/delivery';
import { instantOf } from '../../core/wall-clock';

export { webAddress } from '../../core/web-address';

/**
 * A post as it is kept, as JSON, in the folder's store. Records of every age stand there side by side: a field can be added, as
 * one that may be missing, but none can be renamed or change its meaning.
 */
export interface Post {
  /** The delivery's id. */
  readonly id: string;
  readonly title: string;
  readonly body: string;
  /** As the message gives it; see {@link webAddress} before making a link of it. */
  readonly url: string;
  readonly tags: readonly string[];
  /** The canonical name of the object type, for example `case`. */
  readonly objectType: string;
  /** The object's id as people know it. */
  readonly objectId: string;
  readonly activity: string;
  /** Never empty: see {@link postOf}. */
  readonly actor: string;
  /** An ISO 8601 instant in UTC. */
  readonly happenedAt: string;
}

/** A stream as it is drawn: what is the same for the feed and the page. */
export interface Stream {
  /** A UUID, the feed's own for ever. */
  readonly id: string;
  readonly title: string;
  /** The public address of the folder, without a slash at its end; `undefined` where it is not known. */
  readonly link: string | undefined;
  /** The newest first. */
  readonly posts: readonly PostedPost[];
  /** The version of this program. */
  readonly version: string;
}

/** A post and when it was posted, as an ISO 8601 instant in UTC. */
export interface PostedPost extends Post {
  readonly postedAt: string;
}

/** The names of the files, as they stand in the folder and in links. */
export const FEED_FILE = 'feed.atom';
export const PAGE_FILE = 'index.html';

// The longest title and body, in UTF-16 units. Neither Atom nor HTML sets a limit; without one, a single endless text would be read
// by everybody, over and over, for as long as it is among the newest.
const LONGEST_TITLE = 500;
const LONGEST_BODY = 10_000;

/** The post that a delivery becomes. Pure. */
export function postOf({ id, message }: Delivery): Post {
  return {
    id,
    title: cut(message.title, LONGEST_TITLE),
    body: cut(message.body, LONGEST_BODY),
    url: message.url,
    tags: message.tags.filter((tag) => tag.trim() !== ''),
    objectType: message.objectType,
    objectId: message.id,
    activity: message.activity,
    // Atom wants an author for every entry; where nobody is named it is the CRM itself.
    actor: message.actor.trim() === '' ? 'CRM' : message.actor,
    happenedAt: instantOf(message.happened) ?? '',
  };
}

/** The id of the post's element in the page: what stands after the `#` of its permalink. */
export function anchorOf(post: Post): string {
  return `post-${post.id}`;
}

/** When the latest of the posts was posted. The clocks of two hosts may differ, so that it need not be the first one. */
export function latestPostedAt(posts: readonly PostedPost[]): string {
  return posts.reduce((latest, { postedAt }) => (postedAt > latest ? postedAt : latest), new Date(0).toISOString());
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // A character of two units is not cut in half.
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
