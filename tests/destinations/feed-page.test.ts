import { createHash } from 'node:crypto';
import { streamPage } from '../../src/destinations/feed/page';
import { TINTS } from '../../src/destinations/feed/style';
import { HOSTILE, posted, stream } from '../support/feed';

/** The tags of a page with the names of their attributes, in their order. */
function tagsOf(html: string): readonly string[] {
  const tags = html.replace(/<style>[^<]*<\/style>/, '').match(/<[^>]*>/g) ?? [];
  return tags.map((tag) => tag.replace(/="[^"]*"/g, ''));
}

/** The values of an attribute. */
function valuesOf(html: string, attribute: string): readonly string[] {
  return [...html.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map((match) => match[1] ?? '');
}

describe('streamPage', () => {
  it('shows who did what to which object when, the newest first', () => {
    const html = streamPage(
      stream([posted(2, { actor: "Nora O'Dell", activity: 'Close', tags: ['dovetailCRM', 'dock doors'] }), posted(1)]),
    );
    const first = html.slice(html.indexOf('<article'), html.indexOf('</article>'));
    const words = first.replace(/<[^>]*>/g, '\n').replace(/\s*\n\s*/g, '\n');
    expect(words.trim().split('\n')).toEqual([
      'NO',
      'Nora O&#39;Dell',
      'Close',
      '14 Jun 2010 14:12 UTC',
      'Created Case for Nora O&#39;Dell at Calder, number 2',
      'Case Title: Dock door does not open',
      'Case 2',
      '#dovetailCRM',
      '#dock doors',
    ]);
    expect(html.indexOf(posted(2).id)).toBeLessThan(html.indexOf(posted(1).id));
    expect(html).toContain(
      'The 2 latest posts, last updated <time datetime="2010-07-02T08:00:00.000Z">2 Jul 2010 08:00 UTC</time>',
    );
  });

  it('has a permalink for every post, and every id once', () => {
    const html = streamPage(stream([posted(3), posted(2), posted(1)]));
    const ids = valuesOf(html, 'id');
    expect(new Set(ids).size).toBe(ids.length);
    const links = valuesOf(html, 'href').filter((href) => href.startsWith('#'));
    expect(links).toEqual([3, 2, 1].map((n) => `#post-${posted(n).id}`));
    expect(links.every((href) => ids.includes(href.slice(1)))).toBe(true);
    expect(valuesOf(html, 'aria-labelledby').every((id) => ids.includes(id))).toBe(true);
  });

  it('allows its own style, and nothing else', () => {
    const html = streamPage(stream([posted(1)]));
    const [policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)?.slice(1) ?? [];
    const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy?.replace(/&#39;/g, "'")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<style>'));
    expect(style).not.toMatch(/url\(|@import/);
    expect(tagsOf(html).join('')).not.toMatch(/<script|<iframe| src| style| on[a-z]+/);
  });

  it('leads to its feed, to its posts and to the CRM, and nowhere else', () => {
    const hrefs = valuesOf(streamPage(stream([posted(1)], 'https://crm.example.com/stream')), 'href');
    expect(hrefs.filter((href) => !href.startsWith('data:'))).toEqual([
      'feed.atom',
      'feed.atom',
      `#post-${posted(1).id}`,
      'http://server/dovetail/Cases/Summary/1',
    ]);
  });

  it('wants to be found by nobody', () => {
    expect(streamPage(stream([]))).toContain('<meta name="robots" content="noindex">');
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
    const html = streamPage(stream([posted(1, { url })]));
    expect(html).toContain('<span class="object" dir="auto">Case 1</span>');
  });

  it.each(HOSTILE)('takes no text from the CRM for markup: %j', (hostile) => {
    const message = {
      title: hostile,
      body: hostile,
      actor: hostile,
      activity: hostile,
      tags: [hostile],
      objectType: hostile,
      id: hostile,
    };
    const plain = { title: 'x', body: 'x', actor: 'x', activity: 'x', tags: ['x'], objectType: 'x', id: 'x' };
    const page = (text: string, changed: object) => streamPage({ ...stream([posted(1, changed)]), title: text });
    expect(tagsOf(page(hostile, message))).toEqual(tagsOf(page('x', plain)));
  });

  it.each([
    ['Pat Morales', 'PM'],
    ['Ana Maria de la Cruz', 'AC'],
    ['pmorales', 'P'],
    ['(ext) émile Zola', 'EZ'],
    ['🚀', '?'],
    ['', 'C'],
  ])('gives %j the initials %j', (actor, initials) => {
    expect(streamPage(stream([posted(1, { actor })]))).toContain(`aria-hidden="true">${initials}</div>`);
  });

  it('gives a person one colour, of which there is a style', () => {
    const tint = (actor: string, n: number) => /class="avatar (tint-\d+)"/.exec(streamPage(stream([posted(n, { actor })])))?.[1];
    const people = Array.from({ length: 40 }, (_, index) => `Person ${index}`);
    expect(people.map((name) => tint(name, 1))).toEqual(people.map((name) => tint(name.toUpperCase(), 2)));
    expect(new Set(people.map((name) => tint(name, 1))).size).toBeGreaterThan(TINTS / 2);
    expect(people.every((name) => streamPage(stream([])).includes(`.${tint(name, 1)}{`))).toBe(true);
  });

  it('says so where there is nothing yet', () => {
    const html = streamPage(stream([]));
    expect(html).toContain('<h2>Nothing here yet</h2>');
    expect(html).not.toContain('<article');
    expect(html).not.toContain('latest post');
  });

  it('leaves out what a post does not have', () => {
    const html = streamPage(stream([posted(1, { body: '', activity: '', tags: [] })]));
    expect(html).toContain('<p>One post, last updated ');
    expect(html).not.toMatch(/class="body"|<ul/);
  });
});
