import { cleanText } from '../../src/destinations/kit/markup';
import type { Message } from '../../src/core/message';
import { collection, collectionPage } from '../../src/destinations/feed/activity-streams';
import { problemsOf } from '../support/activity-streams';
import { archivePage, HOSTILE, posted, stream } from '../support/feed';

const link = 'https://crm.example.com/stream';
const pages = [archivePage('2010-08', 1), archivePage('2010-07-p2', 3), archivePage('2010-07', 200)];

type Json = Record<string, unknown>;
const read = (text: string) => JSON.parse(text) as Json;
const itemsOf = (text: string) => read(text)['orderedItems'] as Json[];

/** The activity that a post becomes. */
function activityOf(message: Partial<Message>, at: string | undefined = link): Json {
  const text = collection(stream([posted(3, message)], at));
  expect(problemsOf(text)).toEqual([]);
  return itemsOf(text)[0] ?? {};
}

describe('the collection', () => {
  it('is a good document, in which the newest posts stand in their order', () => {
    const text = collection(stream([posted(3), posted(2), posted(1)], link, pages));
    expect(problemsOf(text)).toEqual([]);
    expect(read(text)).toMatchObject({
      id: `${link}/stream.json`,
      type: 'OrderedCollection',
      name: 'Activity stream',
      totalItems: 204,
      first: `${link}/2010-08.json`,
      last: `${link}/2010-07.json`,
      updated: posted(3).postedAt,
    });
    expect(itemsOf(text).map((item) => item['url'])).toEqual([3, 2, 1].map((n) => `${link}/2010-07.html#post-${posted(n).id}`));
  });

  it('names no other files where its public address is not known', () => {
    const text = collection(stream([posted(1)], undefined, pages));
    expect(problemsOf(text)).toEqual([]);
    expect(read(text)['id']).toBe('urn:uuid:0b5d7f0a-2f0e-4f5e-9a39-3f1f0a5a9d11');
    expect(text).not.toMatch(/"(first|last)"|\.json|\.html/);
  });

  it('is good while it is empty', () => {
    const text = collection(stream([], link, []));
    expect(problemsOf(text)).toEqual([]);
    expect(read(text)).toMatchObject({ totalItems: 0, orderedItems: [] });
  });

  it('is read from page to page', () => {
    const [newer, page, older] = pages;
    if (newer === undefined || page === undefined || older === undefined) throw new Error('three pages');
    const due = { page, newer, older, entries: [] };
    const text = collectionPage(stream([], link, pages), due, [posted(2), posted(1)]);
    expect(problemsOf(text)).toEqual([]);
    expect(read(text)).toMatchObject({
      id: `${link}/2010-07-p2.json`,
      type: 'OrderedCollectionPage',
      partOf: `${link}/stream.json`,
      prev: `${link}/2010-08.json`,
      next: `${link}/2010-07.json`,
    });
    expect(itemsOf(text)).toHaveLength(2);
    expect(problemsOf(collectionPage(stream([]), { page, newer: undefined, older: undefined, entries: [] }, []))).toEqual([]);
  });
});

describe('an activity', () => {
  it('says who did what to which object when', () => {
    expect(activityOf({ tags: ['dock doors'], body: 'one\ntwo' })).toEqual({
      id: 'urn:uuid:4e074085-62be-db8b-60ce-05c1decfe3ad',
      type: 'Create',
      actor: { type: 'Person', name: 'Pat Morales' },
      name: "Created Case for Nora O'Dell at Calder, number 3",
      summary: 'Created Case for Nora O&#39;Dell at Calder, number 3',
      content: 'one<br>two',
      published: '2010-06-14T14:12:00Z',
      updated: '2010-07-03T08:00:00.000Z',
      url: `${link}/2010-07.html#post-${posted(3).id}`,
      object: {
        id: 'http://server/dovetail/Cases/Summary/3',
        type: 'Object',
        name: 'Case 3',
        url: 'http://server/dovetail/Cases/Summary/3',
        attachment: [{ type: 'PropertyValue', name: 'Priority', value: 'High' }],
      },
      tag: [{ type: 'Hashtag', name: '#dock doors' }],
    });
  });

  it.each([
    ['Create', { activityCode: 600 }],
    ['Accept', { activityCode: 100 }],
    ['Update', { activityCode: 200 }],
    ['Update', { activityCode: 94001 }],
    ['Create', { activityCode: 1700 }],
    ['Announce', { activity: '', activityCode: 0 }],
  ])('is of the type %s for %j', (type, message) => {
    expect(activityOf(message)['type']).toBe(type);
  });

  it('has the note as its object, in reply to the case, where somebody wrote one', () => {
    expect(activityOf({ activityCode: 1700, body: 'a < b' })['object']).toMatchObject({
      type: 'Note',
      content: 'a &lt; b',
      inReplyTo: { name: 'Case 3' },
    });
  });

  it('was done by a program where nobody is named', () => {
    expect(activityOf({ actor: '' })['actor']).toEqual({ type: 'Application', name: 'CRM' });
  });

  it('is about an object that is the same in every post, also where the CRM has no address for it', () => {
    const id = (activityOf({ url: 'javascript:alert(1)' })['object'] as Json)['id'];
    expect(id).toMatch(/^urn:uuid:/);
    expect((activityOf({ url: '', title: 'another' })['object'] as Json)['id']).toBe(id);
  });

  it.each(HOSTILE)('carries the text %j unharmed', (hostile) => {
    const fields = [{ name: 'owner', label: hostile, value: hostile }];
    const activity = activityOf({ title: hostile, body: hostile, actor: hostile, tags: [hostile], fields, id: hostile });
    expect(activity['name']).toBe(cleanText(hostile));
    expect(activity['tag']).toEqual([{ type: 'Hashtag', name: `#${cleanText(hostile)}` }]);
  });
});

describe('the checker', () => {
  const good = collection(stream([posted(1)], link));

  it.each<[string, string | object]>([
    ['a list at the top', [read(good)]],
    ['a text at the top', '"stream"'],
    ['no JSON', good.slice(1)],
    ['another vocabulary', { ...read(good), '@context': 'https://www.w3.org/ns/csvw' }],
    ['a vocabulary that is a number', { ...read(good), '@context': 2 }],
    ['an extension that is not declared', { ...read(good), '@context': 'https://www.w3.org/ns/activitystreams' }],
    ['a type that is a number', { ...read(good), type: 1 }],
    ['an id that is a number', { ...read(good), id: 1 }],
    ['a name that is a map', { ...read(good), name: { en: 'x' } }],
    ['unordered items in an ordered collection', { ...read(good), items: [] }],
    ['a first page that is none', { ...read(good), first: { type: 'Person', name: 'x' } }],
    ['a relative address', { ...read(good), first: '2010-07.json' }],
    ['an actor that is a number', changed({ actor: 1 })],
    ['an object that is a number', changed({ object: 1 })],
    ['a content that is a number', changed({ content: 1 })],
    ['markup in a text that was not escaped', changed({ summary: 'a <b>' })],
    ['a relative url', changed({ url: 'index.html' })],
    ['a moment without a zone', changed({ published: '2010-06-14T14:12:00' })],
    ['a word of version 1.0', changed({ verb: 'post' })],
  ])('refuses %s', (_, document) => {
    expect(problemsOf(typeof document === 'string' ? document : JSON.stringify(document))).not.toEqual([]);
  });

  function changed(properties: object): object {
    return { ...read(good), orderedItems: itemsOf(good).map((item) => ({ ...item, ...properties })) };
  }
});
