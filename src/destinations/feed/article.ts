// One post as it stands in a page. Every text from the CRM finds its own writing direction, and what stands beside it keeps its place.

import { createHash } from 'node:crypto';
import { markup, type Markup } from '../kit/markup';
import type { MessageField } from '../../core/message';
import { spellMoment, time } from './dates';
import { isLate } from './order';
import { anchorOf, momentOf, objectNameOf, permalinkOf, typeNameOf, webAddress, type PostedPost } from './post';

/** How many colours people and object types have; the style sheet has a class for each. */
export const TINTS = 12;

/** Most posts of the first page also stand in a page of the archive that is drawn beside it. */
const drawn = new WeakMap<PostedPost, Markup>();

/** The markup of a post, the same on every page. */
export function article(post: PostedPost): Markup {
  const known = drawn.get(post);
  if (known !== undefined) return known;
  const made = drawArticle(post);
  drawn.set(post, made);
  return made;
}

function drawArticle(post: PostedPost): Markup {
  const { actor, activity, title, body, fields, tags } = post;
  const moment = momentOf(post);
  return markup`<article class="post" id="${anchorOf(post)}" tabindex="-1" aria-labelledby="title-${post.id}" data-type="${typeNameOf(post)}" data-about="${objectNameOf(post)}">
<div class="avatar tint-${tint(actor)}" aria-hidden="true">${initials(actor)}</div>
<p class="who"><span class="actor" dir="auto">${actor}</span>
${activity === '' ? '' : markup`<span class="activity" dir="auto">${activity}</span>\n`}${object(post)}
<a class="when" href="${permalinkOf(post)}" title="${spellMoment(moment)}: link to this post">${time(moment, 'time')}</a>${late(post)}</p>
<h3 id="title-${post.id}" dir="auto">${title}</h3>
${body === '' ? '' : markup`<p class="body" dir="auto">${body}</p>\n`}${fieldList(fields)}<footer>${tagList(tags)}</footer>
</article>
`;
}

/** When a post came that stands far from where its readers would look for something new. */
function late(post: PostedPost): Markup | '' {
  return isLate(post) ? markup`\n<span class="late">(posted ${time(post.postedAt, 'date')})</span>` : '';
}

/** The object as people call it, as a link where the CRM has an address for it. */
function object(post: PostedPost): Markup {
  const dot = markup`<span class="dot tint-${tint(typeNameOf(post))}" aria-hidden="true"></span>`;
  const address = webAddress(post.url);
  if (address === undefined) return markup`<span class="object">${dot}<span dir="auto">${objectNameOf(post)}</span></span>`;
  return markup`<a class="object" href="${address}" title="Open in the CRM">${dot}<span dir="auto">${objectNameOf(post)}</span></a>`;
}

function fieldList(fields: readonly MessageField[]): Markup | '' {
  if (fields.length === 0) return '';
  const items = fields.map(({ label, value }) => markup`<div><dt dir="auto">${label}</dt> <dd dir="auto">${value}</dd></div>`);
  return markup`<dl class="fields">${items}</dl>\n`;
}

function tagList(tags: readonly string[]): Markup | '' {
  if (tags.length === 0) return '';
  // The role is given because Safari takes a list without bullets for none.
  return markup`<ul class="tags" role="list" aria-label="Tags">${tags.map((tag) => markup`<li dir="auto">#${tag}</li>`)}</ul>`;
}

/** The first letters of the first and the last word. */
function initials(name: string): string {
  const letters = name.split(/\s+/).flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? []);
  return [letters[0] ?? '?', ...letters.slice(1).slice(-1)].join('').toUpperCase();
}

/** The number of a colour that is the same for a name on every page and at every time. */
function tint(name: string): number {
  return createHash('sha256').update(name.toLowerCase(), 'utf8').digest().readUInt16BE() % TINTS;
}
