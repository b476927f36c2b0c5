import { createHash } from 'node:crypto';
import { TINTS } from '../../src/destinations/feed/article';
import { SCRIPT, STYLE } from '../../src/destinations/feed/assets';
import { LATE_MS } from '../../src/destinations/feed/order';
import { firstPage, monthPage } from '../../src/destinations/feed/page';
import type { PostedPost } from '../../src/destinations/feed/post';
import { archivePage, HOSTILE, posted, stream } from '../support/feed';

/** The tags of a page with the names of their attributes, in their order. */
function tagsOf(html: string): readonly string[] {
  return (html.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, ''));
}

/** The values of an attribute. */
function valuesOf(html: string, attribute: string): readonly string[] {
  return [...html.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map((match) => match[1] ?? '');
}

/** The texts of a part of a page, from one tag to another. */
function textsOf(html: string, from: string, to: string): readonly string[] {
  const start = html.indexOf(from);
  const part = html.slice(start, html.indexOf(to, start));
  const words = part.replace(/<[^>]*>/g, '\n').replace(/\s*\n\s*/g, '\n');
  return words.trim().split('\n');
}

/** The headings of the days, and under them the numbers of the posts, in their order. */
function outlineOf(html: string): readonly string[] {
  const found = html.matchAll(/<h2>([^<]*)<\/h2>|<span dir="auto">Case (\d+)<\/span>/g);
  return [...found].map(([, day, number]) => day ?? number ?? '');
}

describe('the first page', () => {
  it('shows who did what to which object when, the newest first', () => {
    const happened = { wallClock: '2010-07-02T09:12:00', timeZone: 'America/Chicago' };
    const newest = posted(2, { actor: "Nora O'Dell", activity: 'Close', tags: ['dovetailCRM', 'dock doors'], happened });
    const html = firstPage(stream([newest, posted(1)]));
    expect(textsOf(html, '<article', '</article>')).toEqual([
      'NO',
      'Nora O&#39;Dell',
      'Close',
      'Case 2',
      '14:12 UTC',
      'Created Case for Nora O&#39;Dell at Calder, number 2',
      'Case Title: Dock door does not open',
      'Priority',
      'High',
      '#dovetailCRM',
      '#dock doors',
    ]);
    expect(html.indexOf(posted(2).id)).toBeLessThan(html.indexOf(posted(1).id));
    expect(html).toContain('2 posts, updated <time datetime="2010-07-02T08:00:00.000Z">2 Jul 2010 08:00 UTC</time>');
  });

  it('gives every day its heading', () => {
    const at = (wallClock: string) => ({ happened: { wallClock, timeZone: 'UTC' } });
    const posts = [
      posted(4, at('2012-02-29T23:59:59')),
      posted(3, at('2010-06-14T09:00:00')),
      posted(2, at('2010-06-14T00:00:00')),
      posted(1, at('2010-06-13T23:59:59')),
    ];
    const headings = [...firstPage(stream(posts)).matchAll(/<h2>([^<]*)<\/h2>|id="post-(.{32})"/g)];
    expect(headings.map(([, day, id]) => day ?? posts.find((post) => post.id === id)?.objectId)).toEqual([
      'Wednesday, 29 February 2012',
      '4',
      'Monday, 14 June 2010',
      '3',
      '2',
      'Sunday, 13 June 2010',
      '1',
    ]);
  });

  it('shows when a post was posted where the CRM has no moment', () => {
    const html = firstPage(stream([posted(1, { happened: { wallClock: '1753-01-01T00:00:00', timeZone: 'UTC' } })]));
    expect(html).toContain('<h2>Thursday, 1 July 2010</h2>');
  });

  it('has a permalink for every post, into the page where it stays, and every id once', () => {
    const html = firstPage(stream([posted(3), posted(2), posted(1)]));
    const ids = valuesOf(html, 'id');
    expect(new Set(ids).size).toBe(ids.length);
    const links = valuesOf(html, 'href').filter((href) => href.includes('#post-'));
    expect(links).toEqual([3, 2, 1].map((n) => `2010-07.html#post-${posted(n).id}`));
    expect(links.every((href) => ids.includes(href.replace(/.*#/, '')))).toBe(true);
    expect(valuesOf(html, 'aria-labelledby').every((id) => ids.includes(id))).toBe(true);
  });

  it('leads to the older posts and to all months, a month of several parts once', () => {
    const pages = [
      archivePage('2010-07-p2', 3),
      archivePage('2010-07', 200),
      archivePage('2010-06', 1),
      archivePage('2009-12', 20),
    ];
    const html = firstPage(stream([posted(3), posted(2)], undefined, pages));
    expect(html).toContain('The latest 2 of 224 posts, updated');
    expect(html).toContain(`<a class="step next" rel="next" href="2010-07.html#post-${posted(2).id}">Older posts</a>`);
    expect(textsOf(html, '<nav class="archive"', '</nav>')).toEqual([
      'Archive',
      '2010',
      'July',
      '203',
      'June',
      '1',
      '2009',
      'December',
      '20',
    ]);
    expect(valuesOf(html.slice(html.indexOf('class="archive"')), 'href')).toEqual([
      '2010-07-p2.html',
      '2010-06.html',
      '2009-12.html',
    ]);
  });

  it('leads on at what was posted in time, because nothing older stands above that', () => {
    const inTime = (n: number) => posted(n, { happened: { wallClock: `2010-07-0${n}T07:00:00`, timeZone: 'UTC' } });
    const link = (posts: readonly PostedPost[]) =>
      /rel="next" href="([^"]*)"/.exec(firstPage(stream(posts, undefined, pages)))?.[1];
    const pages = [archivePage('2010-08', 1), archivePage('2010-07', 200)];
    const newer = { ...inTime(9), page: '2010-08' };
    expect(link([newer, inTime(8), inTime(7), posted(6), posted(5)])).toBe(`2010-07.html#post-${posted(7).id}`);
    expect(link([newer, posted(6), posted(5)])).toBe(`2010-07.html#post-${posted(5).id}`);
  });

  it('has no archive while everything stands on it', () => {
    expect(firstPage(stream([posted(2), posted(1)]))).not.toMatch(/<nav/);
  });

  it('says so where there is nothing yet', () => {
    const html = firstPage(stream([], undefined, []));
    expect(html).toContain('<h2>Nothing here yet</h2>');
    expect(html).not.toMatch(/<article|posts, updated/);
  });

  it('leaves out what a post does not have', () => {
    const html = firstPage(stream([posted(1, { body: '', activity: '', tags: [], fields: [] })]));
    expect(html).toContain('<p>One post, updated ');
    expect(html).not.toMatch(/class="(body|activity|fields|tags)"/);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' \u0001javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//server/x',
    'x',
    '',
  ])('makes no link of %j', (url) => {
    const html = firstPage(stream([posted(1, { url })]));
    expect(html).toMatch(/<span class="object"><span class="dot [^>]*><\/span><span dir="auto">Case 1<\/span><\/span>/);
    expect(valuesOf(html, 'href').filter((href) => href !== '' && url.includes(href))).toEqual([]);
  });

  it.each([
    ['Pat Morales', 'PM'],
    ['Ana Maria de la Cruz', 'AC'],
    ['pmorales', 'P'],
    ['(ext) émile Zola', 'EZ'],
    ['🚀', '?'],
    ['', 'C'],
  ])('gives %j the initials %j', (actor, initials) => {
    expect(firstPage(stream([posted(1, { actor })]))).toContain(`aria-hidden="true">${initials}</div>`);
  });

  it('gives a person one colour, of which there is a style', () => {
    const tint = (actor: string, n: number) => /class="avatar (tint-\d+)"/.exec(firstPage(stream([posted(n, { actor })])))?.[1];
    const people = Array.from({ length: 40 }, (_, index) => `Person ${index}`);
    expect(people.map((name) => tint(name, 1))).toEqual(people.map((name) => tint(name.toUpperCase(), 2)));
    expect(new Set(people.map((name) => tint(name, 1))).size).toBeGreaterThan(TINTS / 2);
    const styled = [...STYLE.text.matchAll(/^\.(tint-\d+) \{/gm)].map(([, name]) => name);
    expect(styled).toEqual(Array.from({ length: TINTS }, (_, number) => `tint-${number}`));
  });
});

describe('a page of the archive', () => {
  const [newer, page, older] = [archivePage('2010-08', 5), archivePage('2010-07-p2', 2), archivePage('2010-07', 200)];

  it('leads to its neighbours and to the first page', () => {
    const html = monthPage(stream([]), { page, newer, older, entries: [] }, [posted(2), posted(1)]);
    expect(html).toContain('<title>July 2010, part 2 – Activity stream</title>');
    expect(html).toContain('<a href="index.html" dir="auto">Activity stream</a>');
    expect(html).toContain('<h1>July 2010, part 2</h1>');
    expect(textsOf(html, '<nav class="steps"', '</nav>')).toEqual(['August 2010', 'July 2010']);
    expect(html).toMatch(/rel="prev" href="2010-08\.html".*rel="next" href="2010-07\.html"/);
    expect(html.match(/<article/g)).toHaveLength(2);
  });

  it('leads nowhere where it is the only one', () => {
    const html = monthPage(stream([]), { page, newer: undefined, older: undefined, entries: [] }, [posted(1)]);
    expect(html).not.toMatch(/<nav/);
  });
});

describe.each([
  ['the first page', (...args: Parameters<typeof stream>) => firstPage(stream(...args))],
  [
    'a page of the archive',
    (...args: Parameters<typeof stream>) =>
      monthPage(stream(...args), { page: archivePage('2010-07', 1), newer: undefined, older: undefined, entries: [] }, args[0]),
  ],
])('%s', (_, draw) => {
  it('allows the style and the script beside it, and nothing else', () => {
    const html = draw([posted(1)]);
    const [policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)?.slice(1) ?? [];
    expect(policy?.replace(/&#39;/g, "'")).toBe(
      "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src data:; base-uri 'none'; form-action 'none'",
    );
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.search(/<script|<link/));
    expect(valuesOf(html, 'src')).toEqual([SCRIPT.address]);
    expect(tagsOf(html).join('')).not.toMatch(/<style|<iframe| style| on[a-z]+/);
    expect(html).not.toMatch(/<script(?! src="[^"]*"><\/script>)/);
  });

  it('leads to its feed, to its posts and to the CRM, and nowhere else', () => {
    const hrefs = valuesOf(draw([posted(1)], 'https://crm.example.com/stream'), 'href');
    expect(hrefs.filter((href) => !href.startsWith('data:') && href !== 'index.html')).toEqual([
      'feed.atom',
      'stream.json',
      STYLE.address,
      '#posts',
      'feed.atom',
      'http://server/dovetail/Cases/Summary/1',
      `2010-07.html#post-${posted(1).id}`,
    ]);
  });

  it('wants to be found by nobody', () => {
    expect(draw([])).toContain('<meta name="robots" content="noindex">');
  });

  it.each(HOSTILE)('takes no text from the CRM for markup: %j', (hostile) => {
    const tagsWith = (text: string) => {
      const field = { name: 'owner', label: text, value: text };
      const message = {
        title: text,
        body: text,
        actor: text,
        activity: text,
        tags: [text],
        objectType: text,
        typeName: text,
        id: text,
      };
      return tagsOf(draw([posted(1, { ...message, fields: [field] })]));
    };
    expect(tagsWith(hostile)).toEqual(tagsWith('x'));
  });
});

describe.each([
  ['the first page', (posts: readonly PostedPost[]) => firstPage(stream(posts))],
  [
    'a page of the archive',
    (posts: readonly PostedPost[]) =>
      monthPage(stream([]), { page: archivePage('2010-07', 1), newer: undefined, older: undefined, entries: [] }, posts),
  ],
])('in their order by when things happened, on %s,', (_, draw) => {
  /** The post number `n`, posted on day `n` of July 2010, about something of the time on that clock. */
  const at = (n: number, wallClock: string, timeZone = 'UTC') => posted(n, { happened: { wallClock, timeZone } });

  it('posts have each day once, whenever they were posted', () => {
    const posts = [at(5, '2010-06-16T09:00:00'), at(4, '2010-05-02T09:00:00'), at(3, '2010-06-16T11:00:00')];
    expect(outlineOf(draw(posts))).toEqual(['Wednesday, 16 June 2010', '3', '5', 'Sunday, 2 May 2010', '4']);
  });

  it('posts about the same moment stand as they were posted, and those without one by their posting', () => {
    const same = '2010-07-03T08:00:00';
    expect(outlineOf(draw([at(5, same), at(4, '1753-01-01T00:00:00'), at(3, '1753-01-01T00:00:00'), at(2, same)]))).toEqual([
      'Sunday, 4 July 2010',
      '4',
      'Saturday, 3 July 2010',
      '5',
      '3',
      '2',
    ]);
  });

  it('posts of several zones stand by their instants, and those of an hour that clocks repeat as the clock showed them', () => {
    const chicago = (n: number, wallClock: string) => at(n, wallClock, 'America/Chicago');
    const posts = [
      at(9, '2010-11-07T07:59:59'),
      chicago(8, '2010-11-07T02:00:00'),
      chicago(7, '2010-11-07T01:10:00'),
      chicago(6, '2010-11-07T01:50:00'),
      chicago(5, '2010-11-07T00:59:59'),
    ];
    expect(outlineOf(draw(posts))).toEqual(['Sunday, 7 November 2010', '8', '9', '6', '7', '5']);
  });

  it('posts say that they came a day late, or later, and when', () => {
    const late = (before: number) => {
      const wallClock = new Date(Date.parse(posted(5).postedAt) - before).toISOString().slice(0, 19);
      return /<span class="late">.*<\/span>/.exec(draw([at(5, wallClock)]))?.[0];
    };
    expect(LATE_MS).toBe(86_400_000);
    const said = '<span class="late">(posted <time datetime="2010-07-05T08:00:00.000Z">5 July 2010</time>)</span>';
    expect([LATE_MS, 400 * LATE_MS].map(late)).toEqual([said, said]);
    expect([LATE_MS - 1_000, 0, -LATE_MS].map(late)).toEqual([undefined, undefined, undefined]);
    expect(draw([at(5, '1753-01-01T00:00:00')])).not.toContain('class="late"');
  });
});

describe('the style and the script', () => {
  it('have another address whenever they change', () => {
    for (const { file, text, address } of [STYLE, SCRIPT]) {
      expect(address).toBe(`${file}?v=${createHash('sha256').update(text).digest('hex').slice(0, 8)}`);
    }
  });

  it('load nothing, and set no text as markup', () => {
    expect(STYLE.text).not.toMatch(/url\(|@import/);
    expect(SCRIPT.text).not.toMatch(
      /fetch|XMLHttpRequest|import\(|innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(/,
    );
  });
});
