// The stream as an Activity Streams 2.0 collection (https://www.w3.org/TR/activitystreams-core/), for programs. Pure.

import { cleanText, escapeMarkup } from '../kit/markup';
import type { DuePage } from '../../io/stream-folder';
import {
  COLLECTION_FILE,
  latestPostedAt,
  momentOf,
  objectNameOf,
  permalinkOf,
  uuidOf,
  webAddress,
  type PostedPost,
  type Stream,
} from './post';

// Hashtag and PropertyValue are not of the core vocabulary; this is how the programs that know them spell them.
const CONTEXT = [
  'https://www.w3.org/ns/activitystreams',
  { Hashtag: 'as:Hashtag', schema: 'http://schema.org#', PropertyValue: 'schema:PropertyValue', value: 'schema:value' },
] as const;

/** By activity code; every other activity is an Update, since version 2.0 has no verbs for tickets. */
const TYPES: Readonly<Record<number, string>> = { 100: 'Accept', 600: 'Create', 2600: 'Reject' };

/** Codes of activities that add a text to the object: phone log, notes, research log, mail out and in. */
const NOTES: readonly number[] = [500, 1700, 2500, 3400, 3500];

/** The text of the collection: its newest posts, and where the pages of the archive begin and end. */
export function collection(stream: Stream): string {
  const { title, link, posts, pages, version } = stream;
  const [newest, oldest] = [pages[0], pages.at(-1)];
  return JSON.stringify({
    '@context': CONTEXT,
    id: collectionId(stream),
    type: 'OrderedCollection',
    name: cleanText(title),
    updated: latestPostedAt(posts),
    generator: { type: 'Application', name: 'publish-activity', summary: escapeMarkup(`Version ${version}`) },
    totalItems: pages.reduce((sum, { entries }) => sum + entries, 0),
    // An address in this format has to be a whole one, so that a stream without a public address names no other files.
    ...(link === undefined || newest === undefined || oldest === undefined
      ? {}
      : { first: `${link}/${jsonFile(newest.name)}`, last: `${link}/${jsonFile(oldest.name)}` }),
    orderedItems: posts.map((post) => activity(post, link)),
  });
}

/** The text of a page of the collection. */
export function collectionPage(stream: Stream, { page, newer, older }: DuePage, posts: readonly PostedPost[]): string {
  const { link } = stream;
  const address = (name: string) => (link === undefined ? undefined : `${link}/${jsonFile(name)}`);
  return JSON.stringify({
    '@context': CONTEXT,
    id: address(page.name),
    type: 'OrderedCollectionPage',
    name: cleanText(`${stream.title}, ${page.name}`),
    partOf: collectionId(stream),
    next: older && address(older.name),
    prev: newer && address(newer.name),
    orderedItems: posts.map((post) => activity(post, link)),
  });
}

/** The file of a page of the collection. */
export function jsonFile(page: string): string {
  return `${page}.json`;
}

function collectionId({ id, link }: Stream): string {
  return link === undefined ? `urn:uuid:${id}` : `${link}/${COLLECTION_FILE}`;
}

function activity(post: PostedPost, link: string | undefined): object {
  const object = aboutObject(post);
  const isNote = NOTES.includes(post.activityCode);
  const note = { type: 'Note', name: cleanText(post.title), content: html(post.body), inReplyTo: object };
  return {
    id: uuidOf(post.id),
    type: typeOf(post, isNote),
    // Where the CRM names nobody, it did it itself.
    actor: { type: post.actor === 'CRM' ? 'Application' : 'Person', name: cleanText(post.actor) },
    name: cleanText(post.title),
    summary: html(post.title),
    content: post.body === '' ? undefined : html(post.body),
    published: momentOf(post),
    updated: post.postedAt,
    url: link === undefined ? undefined : `${link}/${permalinkOf(post)}`,
    object: isNote ? note : object,
    tag: unlessEmpty(post.tags.map((tag) => ({ type: 'Hashtag', name: cleanText(`#${tag}`) }))),
  };
}

function typeOf({ activity, activityCode }: PostedPost, isNote: boolean): string {
  // A post about the object itself, as an escalation is, calls attention to it.
  if (activity === '') return 'Announce';
  return isNote ? 'Create' : (TYPES[activityCode] ?? 'Update');
}

/** The object of the CRM, under its address there. */
function aboutObject(post: PostedPost): object {
  const address = webAddress(post.url);
  return {
    id: address ?? (post.thread === '' ? undefined : uuidOf(post.thread)),
    type: post.objectType === 'solution' ? 'Article' : 'Object',
    name: cleanText(objectNameOf(post)),
    url: address,
    attachment: unlessEmpty(
      post.fields.map(({ label, value }) => ({ type: 'PropertyValue', name: cleanText(label), value: cleanText(value) })),
    ),
  };
}

/** Plain text as the HTML that `summary` and `content` are. */
function html(text: string): string {
  return escapeMarkup(text).replace(/\r?\n/g, '<br>');
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
