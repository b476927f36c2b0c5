// The stream as pages for people who just want to look: the first page with the newest posts, and the pages of the archive. They ask
// nobody for anything but the style and the script beside them, and say everything without either. Pure.

import { Markup, markup } from '../kit/markup';
import type { ArchivePage, DuePage } from '../../io/stream-folder';
import { article } from './article';
import { SCRIPT, STYLE } from './assets';
import { dayOf, monthName, time } from './dates';
import { ATOM_ICON, FAVICON, SEARCH_ICON, THEME_ICON } from './icons';
import { byMoment, whereOlderBegin } from './order';
import {
  COLLECTION_FILE,
  FEED_FILE,
  latestPostedAt,
  momentOf,
  PAGE_FILE,
  pageFile,
  permalinkOf,
  type PostedPost,
  type Stream,
} from './post';

/** The text of the first page: what was posted last, and the way to what was posted before. */
export function firstPage(stream: Stream): string {
  const { title, posts, pages } = stream;
  const total = pages.reduce((sum, { entries }) => sum + entries, 0);
  const last = whereOlderBegin(posts);
  const older = last === undefined || total <= posts.length ? '' : anchor('next', permalinkOf(last), 'Older posts');
  const heading = markup`<h1 dir="auto">${title}</h1>
${posts.length === 0 ? '' : summary(posts, total)}`;
  const archive = pages.length > 1 || total > posts.length ? archiveOf(pages) : '';
  return document(stream, title, heading, [posts.length === 0 ? EMPTY : days(posts), steps([older]), archive]);
}

/** The text of a page of the archive. */
export function monthPage(stream: Stream, { page, newer, older }: DuePage, posts: readonly PostedPost[]): string {
  const heading = markup`<p class="of"><a href="${PAGE_FILE}" dir="auto">${stream.title}</a></p>
<h1>${pageTitle(page)}</h1>`;
  const links = steps([
    newer === undefined ? '' : anchor('prev', pageFile(newer.name), pageTitle(newer)),
    older === undefined ? '' : anchor('next', pageFile(older.name), pageTitle(older)),
  ]);
  return document(stream, `${pageTitle(page)} – ${stream.title}`, heading, [days(posts), links]);
}

/** A page with what all have in common. */
function document({ title, version }: Stream, name: string, heading: Markup, content: readonly (Markup | '')[]): string {
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${name}</title>
<link rel="icon" href="${FAVICON}">
<link rel="alternate" type="application/atom+xml" title="${title}" href="${FEED_FILE}">
<link rel="alternate" type="application/activity+json" title="${title}" href="${COLLECTION_FILE}">
<link rel="stylesheet" href="${STYLE.address}">
<script src="${SCRIPT.address}"></script>
</head>
<body>
<a class="skip" href="#posts">Skip to the posts</a>
<header class="masthead">
<div>
${heading}
</div>
<a class="subscribe" href="${FEED_FILE}">${ATOM_ICON}Atom feed</a>
<button class="theme" id="theme" type="button" hidden>${THEME_ICON}</button>
</header>
${TOOLS}
<main id="posts" tabindex="-1" aria-label="Posts">
${content.filter((part) => part !== '')}</main>
<footer class="colophon">
<p class="keys" hidden>In the posts, <kbd>j</kbd> and <kbd>k</kbd> go to the next and the previous one, and <kbd>/</kbd> searches.</p>
<p>Kept by publish-activity ${version}</p>
</footer>
</body>
</html>
`.text;
}

// Even if a text from the CRM became markup by some mistake of ours, the browser would load and run nothing. In a page that is opened
// as a file, `self` need not mean the files beside it (https://www.w3.org/TR/CSP3/#match-url-to-source-expression, opaque origins);
// `file:` means them in every browser, and nothing to a page that a server sends.
const POLICY =
  "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src data:; base-uri 'none'; form-action 'none'";

function summary(posts: readonly PostedPost[], total: number): Markup {
  const latest = total > posts.length ? `The latest ${posts.length} of ${total} posts` : `${posts.length} posts`;
  return markup`<p>${total === 1 ? 'One post' : latest}, updated ${time(latestPostedAt(posts))}</p>`;
}

/** The posts by when things happened, with a heading for each day of UTC. */
function days(posts: readonly PostedPost[]): Markup {
  const groups: { readonly day: string; readonly posts: PostedPost[] }[] = [];
  for (const post of byMoment(posts)) {
    const day = dayOf(momentOf(post));
    const last = groups.at(-1);
    if (last?.day === day) last.posts.push(post);
    else groups.push({ day, posts: [post] });
  }
  return markup`${groups.map(
    (group) => markup`<section class="day">
<h2>${group.day}</h2>
${group.posts.map(article)}</section>
`,
  )}`;
}

/** The months that have posts, by years; a month with several parts leads to its newest. */
function archiveOf(pages: readonly ArchivePage[]): Markup {
  const newest = pages.filter((page, index) => pages[index - 1]?.month !== page.month);
  const count = (month: string) => pages.reduce((sum, page) => sum + (page.month === month ? page.entries : 0), 0);
  const years = [...new Set(newest.map(({ month }) => month.slice(0, 4)))];
  const months = (year: string) =>
    newest
      .filter(({ month }) => month.startsWith(year))
      .map(
        ({ name, month }) =>
          markup`<li><a href="${pageFile(name)}">${monthName(month)}</a> <span class="number">${count(month)}</span></li>`,
      );
  return markup`<nav class="archive" aria-labelledby="archive">
<h2 id="archive">Archive</h2>
${years.map((year) => markup`<h3>${year}</h3><ul role="list">${months(year)}</ul>\n`)}</nav>
`;
}

function pageTitle({ month, part }: ArchivePage): string {
  return `${monthName(month)} ${month.slice(0, 4)}${part === 1 ? '' : `, part ${part}`}`;
}

function anchor(rel: 'prev' | 'next', href: string, text: string): Markup {
  return markup`<a class="step ${rel}" rel="${rel}" href="${href}">${text}</a>`;
}

function steps(links: readonly (Markup | '')[]): Markup | '' {
  const present = links.filter((link) => link !== '');
  return present.length === 0 ? '' : markup`<nav class="steps" aria-label="More posts">${present}</nav>\n`;
}

// Hidden, because it does nothing without the script.
const TOOLS = new Markup(`<form class="tools" id="tools" role="search" aria-label="Filter the posts of this page" hidden>
<label class="search"><span class="unseen">Search the posts of this page</span>${SEARCH_ICON.text}<input id="q" type="search" placeholder="Search" autocomplete="off" spellcheck="false"></label>
<label><span class="unseen">Object type</span><select id="type"><option value="">All types</option></select></label>
<label><span class="unseen">Tag</span><select id="tag"><option value="">All tags</option></select></label>
<div class="filtered">
<p class="count" role="status"></p>
<button class="about" id="about" type="button" hidden></button>
<button class="clear" type="reset" hidden>Show all</button>
</div>
</form>`);

const EMPTY = new Markup(`<div class="empty">
<h2>Nothing here yet</h2>
<p>The next activity in the CRM will be the first post.</p>
</div>
`);
