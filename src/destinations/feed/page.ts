// The stream as a page: one file without scripts that asks nobody for anything, for people who just want to look. Pure.

import { createHash } from 'node:crypto';
import { Markup, markup } from '../../core/markup';
import { anchorOf, FEED_FILE, latestPostedAt, webAddress, type PostedPost, type Stream } from './post';
import { pageStyle, TINTS } from './style';

/** The text of the page. */
export function streamPage(stream: Stream): string {
  const { title, posts, version } = stream;
  const style = pageStyle();
  // Even if a text from the CRM became markup by some mistake of ours, the browser would load and run nothing.
  const policy = `default-src 'none'; style-src 'sha256-${sha256(style)}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="${ICON}">
<link rel="alternate" type="application/atom+xml" title="${title}" href="${FEED_FILE}">
<style>${new Markup(style)}</style>
</head>
<body>
<header class="masthead">
<div>
<h1 dir="auto">${title}</h1>
${posts.length === 0 ? '' : summary(posts)}
</div>
<a class="subscribe" href="${FEED_FILE}">${WAVES}Atom feed</a>
</header>
<main>
${posts.length === 0 ? EMPTY : posts.map(article)}</main>
<footer class="colophon">Kept by publish-activity ${version}</footer>
</body>
</html>
`.text;
}

function summary(posts: readonly PostedPost[]): Markup {
  const count = posts.length === 1 ? 'One post' : `The ${posts.length} latest posts`;
  return markup`<p>${count}, last updated ${time(latestPostedAt(posts))}</p>`;
}

// Every text from the CRM finds its own writing direction, and what stands beside it keeps its place.
function article(post: PostedPost): Markup {
  const anchor = anchorOf(post);
  const activity = post.activity === '' ? '' : markup`<span dir="auto">${post.activity}</span>`;
  const body = post.body === '' ? '' : markup`<p class="body" dir="auto">${post.body}</p>`;
  return markup`<article class="post" id="${anchor}" aria-labelledby="title-${post.id}">
<div class="avatar tint-${tint(post.actor)}" aria-hidden="true">${initials(post.actor)}</div>
<div>
<header>
<span class="actor" dir="auto">${post.actor}</span>
${activity}
<span class="when"><a href="#${anchor}" title="Link to this post">${time(post.happenedAt)}</a></span>
</header>
<h2 id="title-${post.id}" dir="auto">${post.title}</h2>
${body}
<footer>
${object(post)}
${post.tags.length === 0 ? '' : tagList(post.tags)}
</footer>
</div>
</article>
`;
}

/** The object as people call it (`Case 10003`), as a link where the CRM has an address for it. */
function object({ objectType, objectId, url }: PostedPost): Markup {
  const name = `${objectType.charAt(0).toUpperCase()}${objectType.slice(1)} ${objectId}`;
  const address = webAddress(url);
  if (address === undefined) return markup`<span class="object" dir="auto">${name}</span>`;
  return markup`<a class="object" href="${address}" dir="auto" title="Open in the CRM">${name}</a>`;
}

function tagList(tags: readonly string[]): Markup {
  // The role is given because Safari takes a list without bullets for none.
  return markup`<ul class="tags" role="list" aria-label="Tags">${tags.map((tag) => markup`<li dir="auto">#${tag}</li>`)}</ul>`;
}

/** A moment such as `14 Jun 2010 14:12 UTC`. The language itself fixes this spelling, whatever the host's locale and time zone. */
function time(instant: string): Markup {
  const spelling = new Date(instant).toUTCString().slice(5, 22).replace(/^0/, '');
  return markup`<time datetime="${instant}">${spelling} UTC</time>`;
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

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}

const EMPTY = new Markup(`<div class="empty">
<h2>Nothing here yet</h2>
<p>The next activity in the CRM will be the first post.</p>
</div>
`);

const WAVES = new Markup(
  '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="3" cy="13" r=".6"/><path d="M2 7.5A6.5 6.5 0 0 1 8.5 14M2 2.5A11.5 11.5 0 0 1 13.5 14"/></svg>',
);

// Three posts under each other. The page gives its own icon, lest browsers ask the server for one.
const ICON =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"%3E%3Crect width="16" height="16" rx="4" fill="%233348c5"/%3E' +
  '%3Cpath d="M4 5h8M4 8h8M4 11h5" stroke="%23fff" stroke-width="1.6" stroke-linecap="round"/%3E%3C/svg%3E';
