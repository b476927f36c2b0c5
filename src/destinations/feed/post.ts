// A post of the feed: what the folder keeps of a delivery, and what all that is drawn from it needs to know about it.

import type { Delivery } from '../../core/delivery';
import { characters, fitLimit } from '../../core/fit';
import { readKept, type Kind } from '../../core/kept-json';
import type { MessageField } from '../../core/message';
import { instantOf } from '../../core/wall-clock';
import type { ArchivePage, StreamEntry } from '../../io/stream-folder';

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
  /** How people call the object type, for example `Change Request`. */
  readonly typeName: string;
  /** The activity's `act_code`; 0 where the post is about the object itself. */
  readonly activityCode: number;
  /** What is shown beside the text. */
  readonly fields: readonly MessageField[];
  /** 32 hex digits, the same for every post about an object; an empty text where it is not known. */
  readonly thread: string;
}

/** What records that an earlier version kept lack. */
const ADDED = { typeName: '', activityCode: 0, fields: [], thread: '' } as const;

/** A post, when it was posted, as an ISO 8601 instant in UTC, and the page of the archive that it stands in. */
export interface PostedPost extends Post {
  readonly postedAt: string;
  readonly page: string;
}

/** A stream as it is drawn: what is the same for every file. */
export interface Stream {
  /** A UUID, the feed's own for ever. */
  readonly id: string;
  readonly title: string;
  /** The public address of the folder, without a slash at its end; `undefined` where it is not known. */
  readonly link: string | undefined;
  /** What was posted last, the newest first. */
  readonly posts: readonly PostedPost[];
  /** The pages of the archive, the newest first. */
  readonly pages: readonly ArchivePage[];
  /** The version of this program. */
  readonly version: string;
}

/** The names of the files, as they stand in the folder and in links. */
export const FEED_FILE = 'feed.atom';
export const PAGE_FILE = 'index.html';
export const COLLECTION_FILE = 'stream.json';
export const STORE_FILE = 'stream.sqlite';

/**
 * Neither Atom nor HTML sets a limit; without one, a single endless text would be read by everybody, over and over, for as long as it is
 * among the newest.
 */
export const LIMITS = { title: characters(500), body: characters(10_000), value: characters(500) };

/** The post that a delivery becomes. Pure. */
export function postOf({ id, message, thread }: Delivery): Post {
  return {
    id,
    title: fitLimit(message.title, LIMITS.title),
    body: fitLimit(message.body, LIMITS.body),
    url: message.url,
    tags: message.tags.filter((tag) => tag.trim() !== ''),
    objectType: message.objectType,
    objectId: message.id,
    activity: message.activity,
    // Atom wants an author for every entry; where nobody is named it is the CRM itself.
    actor: message.actor.trim() === '' ? 'CRM' : message.actor,
    happenedAt: instantOf(message.happened) ?? '',
    typeName: message.typeName,
    activityCode: message.activityCode,
    fields: message.fields.map((field) => ({ ...field, value: fitLimit(field.value, LIMITS.value) })),
    thread: thread.key,
  };
}

/** What every record has, or would have had. */
const KINDS: Readonly<Record<keyof Post, Kind>> = {
  id: 'text',
  title: 'text',
  body: 'text',
  url: 'text',
  tags: 'texts',
  objectType: 'text',
  objectId: 'text',
  activity: 'text',
  actor: 'text',
  happenedAt: 'text',
  typeName: 'text',
  activityCode: 'number',
  fields: { listOf: ['name', 'label', 'value'] },
  thread: 'text',
};

/** A post as it was kept, possibly by an earlier version of this program. `undefined` where it was damaged since. */
export function readPost({ record, postedAt, page }: StreamEntry): PostedPost | undefined {
  const post = readKept(record, ADDED, KINDS) as Post | undefined;
  if (post === undefined || !isInstant(postedAt) || !(post.happenedAt === '' || isInstant(post.happenedAt))) return undefined;
  return { ...post, postedAt, page };
}

function isInstant(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}

/** When it happened; when it was posted, where the CRM has no moment. An ISO 8601 instant in UTC. */
export function momentOf({ happenedAt, postedAt }: PostedPost): string {
  return happenedAt === '' ? postedAt : happenedAt;
}

/** How people call the type of the post's object, for example `Case`. */
export function typeNameOf({ typeName, objectType }: Post): string {
  return typeName === '' ? `${objectType.charAt(0).toUpperCase()}${objectType.slice(1)}` : typeName;
}

/** How people call the post's object, for example `Case 4711`. */
export function objectNameOf(post: Post): string {
  return `${typeNameOf(post)} ${post.objectId}`.trimEnd();
}

/** The file of a page of the archive. */
export function pageFile(page: string): string {
  return `${page}.html`;
}

/** Where the post stands for ever, as seen from the folder. */
export function permalinkOf(post: Pick<PostedPost, 'id' | 'page'>): string {
  return `${pageFile(post.page)}#${anchorOf(post)}`;
}

/** The id of the post's element in a page: what stands after the `#` of its permalink. */
export function anchorOf(post: Pick<Post, 'id'>): string {
  return `post-${post.id}`;
}

/** A delivery's id as a `urn:uuid:`; its 32 hex digits become the UUID's, whose version and variant nobody looks at. */
export function uuidOf(hexDigits: string): string {
  return `urn:uuid:${hexDigits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
}

/** When the latest of the posts was posted. The clocks of two hosts may differ, so that it need not be the first one. */
export function latestPostedAt(posts: readonly PostedPost[]): string {
  return posts.reduce((latest, { postedAt }) => (postedAt > latest ? postedAt : latest), new Date(0).toISOString());
}
