// A strict checker of Activity Streams 2.0 documents, written from the musts of https://www.w3.org/TR/activitystreams-core/ and the
// ranges of https://www.w3.org/TR/activitystreams-vocabulary/, as far as a stream of activities needs them.

const CONTEXT = 'https://www.w3.org/ns/activitystreams';

const ACTIVITIES = ['Accept', 'Add', 'Announce', 'Create', 'Flag', 'Move', 'Offer', 'Reject', 'Remove', 'Undo', 'Update'];
const COLLECTIONS = ['Collection', 'CollectionPage', 'OrderedCollection', 'OrderedCollectionPage'];
const OBJECTS = ['Object', 'Article', 'Document', 'Note', 'Page', 'Application', 'Group', 'Organization', 'Person', 'Service'];
/** Types of other vocabularies, which the context of a document has to declare. */
const EXTENSIONS = ['Hashtag', 'PropertyValue'];

const TEXTS = ['name', 'summary', 'content', 'mediaType'];
const MOMENTS = ['published', 'updated', 'startTime', 'endTime'];
const OF_OBJECTS = ['actor', 'object', 'target', 'generator', 'inReplyTo', 'attachment', 'tag', 'items', 'orderedItems'];
const OF_PAGES = ['first', 'last', 'current', 'next', 'prev'];
const KNOWN = [
  '@context',
  'id',
  'type',
  'url',
  'totalItems',
  'partOf',
  'value',
  ...TEXTS,
  ...MOMENTS,
  ...OF_OBJECTS,
  ...OF_PAGES,
];

type Json = Readonly<Record<string, unknown>>;

/** What is wrong with the text of a document; nothing for a good one. */
export function problemsOf(text: string): readonly string[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return [`no JSON: ${String(error)}`];
  }
  if (!isObject(document)) return ['a document is one object'];
  return [...contextProblems(document), ...objectProblems(document, 'document', declaredIn(document))];
}

function contextProblems(document: Json): readonly string[] {
  const context = document['@context'];
  return [context].flat().includes(CONTEXT) ? [] : ['@context does not name the vocabulary'];
}

function declaredIn(document: Json): readonly string[] {
  return [document['@context']].flat().flatMap((context) => (isObject(context) ? Object.keys(context) : []));
}

function objectProblems(object: Json, at: string, declared: readonly string[]): readonly string[] {
  const type = object['type'];
  const problems: string[] = [];
  const note = (problem: string) => problems.push(`${at}: ${problem}`);
  if (typeof type !== 'string') return [`${at}: type is no text`];
  const own = [...ACTIVITIES, ...COLLECTIONS, ...OBJECTS];
  if (!own.includes(type) && !(EXTENSIONS.includes(type) && declared.includes(type))) note(`${type} is no type`);
  if ('id' in object && !isAddress(object['id'])) note('id is no whole address');
  if ('url' in object && !isAddress(object['url'])) note('url is no whole address');
  for (const key of Object.keys(object)) if (!KNOWN.includes(key)) note(`${key} is no property`);
  if ('value' in object && !declared.includes('value')) note('value is not declared');
  for (const key of TEXTS) if (key in object && typeof object[key] !== 'string') note(`${key} is no text`);
  for (const key of MOMENTS) if (key in object && !isMoment(object[key])) note(`${key} is no moment`);
  for (const key of ['summary', 'content']) if (key in object && !isHtmlText(object[key])) note(`${key} is no HTML`);
  for (const key of OF_OBJECTS) {
    [object[key] ?? []].flat().forEach((value, index) => {
      if (isObject(value)) problems.push(...objectProblems(value, `${at}.${key}[${index}]`, declared));
      else if (!isAddress(value)) note(`${key} is neither an object nor an address`);
    });
  }
  if (ACTIVITIES.includes(type)) {
    for (const key of ['id', 'actor', 'object', 'published']) if (!(key in object)) note(`an activity without ${key}`);
  }
  if (COLLECTIONS.includes(type)) problems.push(...collectionProblems(object, at));
  else
    for (const key of [...OF_PAGES, 'items', 'orderedItems', 'totalItems', 'partOf'])
      if (key in object) note(`${key} of no collection`);
  return problems;
}

function collectionProblems(collection: Json, at: string): readonly string[] {
  const type = String(collection['type']);
  const [isOrdered, isPage] = [type.startsWith('Ordered'), type.endsWith('Page')];
  const problems: string[] = [];
  if ((isOrdered ? 'items' : 'orderedItems') in collection) problems.push(`${at}: the wrong kind of items`);
  const total = collection['totalItems'];
  if (total !== undefined && !(Number.isInteger(total) && Number(total) >= 0)) problems.push(`${at}: totalItems is no count`);
  for (const key of OF_PAGES) {
    const page = collection[key];
    const isGood = page === undefined || isAddress(page) || (isObject(page) && String(page['type']).endsWith('Page'));
    if (!isGood) problems.push(`${at}: ${key} is no page`);
  }
  if (!isPage && ['next', 'prev', 'partOf'].some((key) => key in collection)) problems.push(`${at}: only a page has neighbours`);
  if (isPage && !isAddress(collection['partOf'])) problems.push(`${at}: a page is part of a collection`);
  return problems;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole IRI: what is relative "SHOULD NOT be used", and the specification's own tests take it for an error. */
function isAddress(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(value);
}

/** An xsd:dateTime as section 2.3 wants it: with a zone. */
function isMoment(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value);
}

/** HTML that is nothing but text and line breaks. */
function isHtmlText(value: unknown): boolean {
  const rest = String(value)
    .replaceAll('<br>', '')
    .replace(/&(amp|lt|gt|quot|#39);/g, '');
  return !/[<>&]/.test(rest);
}
