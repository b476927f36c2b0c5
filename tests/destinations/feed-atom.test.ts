import fc from 'fast-check';
import { create } from 'xmlbuilder2';
import { cleanText } from '../../src/destinations/kit/markup';
import { atomEntry, atomFeed } from '../../src/destinations/feed/atom';
import { momentOf, uuidOf, type PostedPost } from '../../src/destinations/feed/post';
import { HOSTILE, posted, stream } from '../support/feed';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** What of a DOM is looked at here. */
interface DomNode {
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<DomNode>;
  readonly attributes?: Iterable<{ readonly name: string; readonly value: string }>;
}

function element(node: DomNode): XmlElement {
  return {
    name: node.nodeName,
    attributes: Object.fromEntries([...(node.attributes ?? [])].map(({ name, value }) => [name, value])),
    text: node.textContent ?? '',
    children: [...node.childNodes].filter(({ nodeName }) => !nodeName.startsWith('#')).map(element),
  };
}

/** The root of a document, read by a parser that nobody here wrote. */
function parse(xml: string): XmlElement {
  return element(create(xml).root().node);
}

/** The entry of a post as the library would write it. */
function entryByLibrary(post: PostedPost, href: string): string {
  const invalidCharReplacement = (char: string) => (/\p{Surrogate}/u.test(char) ? '\ufffd' : '');
  // The library takes what looks like a reference for one, also in a text that is about references.
  const plain = (text: string) => text.replaceAll('&', '&amp;');
  const entry = create({ invalidCharReplacement }).ele('entry');
  entry.ele('id').txt(uuidOf(post.id));
  entry.ele('title', { type: 'text' }).txt(plain(post.title));
  entry.ele('updated').txt(post.postedAt);
  entry.ele('published').txt(momentOf(post));
  entry.ele('author').ele('name').txt(plain(post.actor));
  entry.ele('link', { rel: 'alternate', type: 'text/html', href });
  for (const tag of post.tags) entry.ele('category', { term: plain(tag) });
  entry.ele('content', { type: 'text' }).txt(plain(post.body));
  return entry.end({ wellFormed: true });
}

/** An element without the blanks between its elements. */
function withoutIndent({ text, children, ...rest }: XmlElement): XmlElement {
  return { ...rest, text: children.length > 0 ? '' : text, children: children.map(withoutIndent) };
}

function all(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name);
}

/** The one child of that name. */
function one(parent: XmlElement, name: string): XmlElement {
  const [child, ...others] = all(parent, name);
  if (child === undefined || others.length > 0) throw new Error(`${parent.name} does not have exactly one ${name}`);
  return child;
}

function entriesOf(xml: string): readonly XmlElement[] {
  return all(parse(xml), 'entry');
}

describe('atomFeed', () => {
  const posts = [posted(3, { actor: '', tags: ['dovetailCRM', 'dock doors'] }), posted(2, { url: '' }), posted(1)];
  const link = 'https://crm.example.com/stream';

  it('has what every feed must have', () => {
    const feed = parse(atomFeed(stream(posts, link)));
    expect(feed.attributes).toEqual({ xmlns: 'http://www.w3.org/2005/Atom' });
    expect(one(feed, 'id').text).toBe('urn:uuid:0b5d7f0a-2f0e-4f5e-9a39-3f1f0a5a9d11');
    expect(one(feed, 'title')).toMatchObject({ text: 'Activity stream', attributes: { type: 'text' } });
    expect(one(feed, 'generator')).toMatchObject({ text: 'publish-activity', attributes: { version: '1.2.3' } });
    expect(all(feed, 'link').map(({ attributes }) => attributes)).toEqual([
      { rel: 'self', type: 'application/atom+xml', href: `${link}/feed.atom` },
      { rel: 'alternate', type: 'text/html', href: `${link}/index.html` },
    ]);
  });

  it('names its page as a neighbour, and not itself, where its public address is not known', () => {
    const feed = parse(atomFeed(stream(posts)));
    expect(all(feed, 'link').map(({ attributes }) => attributes)).toEqual([
      { rel: 'alternate', type: 'text/html', href: 'index.html' },
    ]);
  });

  it('has the entries in their order, each with what every entry must have', () => {
    const entries = entriesOf(atomFeed(stream(posts, link)));
    expect(entries.map((entry) => one(entry, 'id').text)).toEqual(posts.map(({ id }) => uuidOf(id)));
    for (const entry of entries) {
      expect(one(entry, 'title').attributes).toEqual({ type: 'text' });
      expect(one(entry, 'updated').text).toMatch(RFC_3339);
      expect(one(entry, 'published').text).toMatch(RFC_3339);
      expect(one(entry, 'content').attributes).toEqual({ type: 'text' });
      expect(one(one(entry, 'author'), 'name').text).not.toBe('');
      expect(all(entry, 'link')).toHaveLength(1);
    }
  });

  it('writes of a post what it says', () => {
    const [entry] = entriesOf(atomFeed(stream([posted(3, { tags: ['dovetailCRM', ' ', 'dock doors'] })], link)));
    expect(entry?.children.map(({ name, text, attributes }) => [name, text, attributes['href'] ?? attributes['term']])).toEqual([
      ['id', 'urn:uuid:4e074085-62be-db8b-60ce-05c1decfe3ad', undefined],
      ['title', "Created Case for Nora O'Dell at Calder, number 3", undefined],
      ['updated', '2010-07-03T08:00:00.000Z', undefined],
      ['published', '2010-06-14T14:12:00Z', undefined],
      ['author', 'Pat Morales', undefined],
      ['link', '', 'http://server/dovetail/Cases/Summary/3'],
      ['category', '', 'dovetailCRM'],
      ['category', '', 'dock doors'],
      ['content', 'Case Title: Dock door does not open\nPriority: High', undefined],
    ]);
  });

  it('is as new as the newest of its entries, wherever that stands', () => {
    expect(one(parse(atomFeed(stream([posted(1), posted(3), posted(2)]))), 'updated').text).toBe(posted(3).postedAt);
  });

  it('names the CRM as the author where nobody is named', () => {
    const [entry] = entriesOf(atomFeed(stream([posted(1, { actor: '  ' })])));
    expect(entry && one(one(entry, 'author'), 'name').text).toBe('CRM');
  });

  it('gives the title as the content of a post without a body and fields', () => {
    const [entry] = entriesOf(atomFeed(stream([posted(1, { title: 'New Solution', body: '', fields: [] })])));
    expect(entry && one(entry, 'content').text).toBe('New Solution');
  });

  it.each([
    ['http://server/a b?q=<x>&y', link, 'http://server/a%20b?q=%3Cx%3E&y'],
    ['javascript:alert(1)', link, `${link}/2010-07.html#post-${posted(1).id}`],
    ['not an address', undefined, undefined],
    ['', undefined, undefined],
  ])('links the entry of an object at %j, in a feed at %j, to %j', (url, feedLink, href) => {
    const [entry] = entriesOf(atomFeed(stream([posted(1, { url })], feedLink)));
    expect(entry && all(entry, 'link').map(({ attributes }) => attributes['href'])).toEqual(href === undefined ? [] : [href]);
  });

  it.each(HOSTILE)('carries the text %j unharmed', (hostile) => {
    const xml = atomFeed({
      ...stream([posted(1, { title: hostile, body: hostile, actor: hostile, tags: [hostile], fields: [] })]),
      title: hostile,
    });
    expect(cleanText(xml)).toBe(xml);
    const feed = parse(xml);
    const [entry] = all(feed, 'entry');
    const texts =
      entry && [one(feed, 'title'), one(entry, 'title'), one(entry, 'content'), one(entry, 'author')].map(({ text }) => text);
    expect(texts).toEqual(Array(4).fill(cleanText(hostile)));
    expect(entry && one(entry, 'category').attributes['term']).toBe(cleanText(hostile));
  });

  it('reads like the one that xmlbuilder2 writes, whatever the texts', () => {
    const pieces = [...HOSTILE, 'a', ' ', 'é', '\ud83d', '\ude80', '\u0000', '\ufffe', '\n', '\t', '<', '>', '&', '"', "'", ']]'];
    const text = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }).map((parts) => `x${parts.join('')}x`);
    fc.assert(
      fc.property(text, text, text, fc.array(text, { maxLength: 3 }), (title, body, actor, tags) => {
        const post = posted(1, { title, body, actor, tags, fields: [] });
        const [entry] = entriesOf(atomFeed(stream([post], link)));
        const expected = parse(entryByLibrary(post, 'http://server/dovetail/Cases/Summary/1'));
        expect(entry && withoutIndent(entry)).toEqual(withoutIndent(expected));
      }),
    );
  });

  it('cuts endless texts, and no character in half', () => {
    const [entry] = entriesOf(
      atomFeed(stream([posted(1, { title: `x${'🚀'.repeat(500_000)}`, body: 'b'.repeat(1_000_000), fields: [] })])),
    );
    expect(entry && one(entry, 'title').text).toBe(`x${'🚀'.repeat(249)}…`);
    expect(entry && one(entry, 'content').text).toBe(`${'b'.repeat(9_999)}…`);
  });
});

describe('atomEntry', () => {
  it('is the same text alone as in the feed', () => {
    expect(atomFeed(stream([posted(1)]))).toContain(atomEntry(posted(1), undefined).text);
  });
});
