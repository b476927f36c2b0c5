// What the stand-in for a server of CalDAV and CardDAV keeps items in: what each kind of collection is called on the wire, and which items
// it takes.

import { error, escaped, type DavReply } from './dav-answers';

/** A collection of one user. An address book has no component. */
export interface DavCollection {
  readonly name: string;
  readonly description: string;
  readonly component?: string;
}

/** What is called differently in calendars (RFC 4791) and in address books (RFC 6352). */
export interface CollectionKind {
  /** The folder of the homes, and the property of a principal that names the user's. */
  readonly homes: string;
  readonly homeSet: string;
  /** The elements of its type, its description, and the text of an item. */
  readonly type: string;
  readonly description: string;
  readonly data: string;
  /** The endings of its questions: for items by their addresses, and by what they hold. */
  readonly multiget: string;
  readonly query: string;
  readonly collations: readonly string[];
  /** What items are. */
  readonly contentType: string;
  readonly isItem: (text: string) => boolean;
  /** The conditions that an item does not meet which is of another type, or is none. */
  readonly unsupported: string;
  readonly invalid: string;
}

const CALENDAR: CollectionKind = {
  homes: '/dav/calendars/',
  homeSet: 'c:calendar-home-set',
  type: 'c:calendar',
  description: 'c:calendar-description',
  data: 'c:calendar-data',
  multiget: ':calendar-multiget',
  query: ':calendar-query',
  collations: ['i;ascii-casemap', 'i;octet'],
  contentType: 'text/calendar',
  isItem: () => true,
  unsupported: 'supported-calendar-data',
  invalid: 'valid-calendar-data',
};

const ADDRESS_BOOK: CollectionKind = {
  homes: '/dav/addressbooks/',
  homeSet: 'card:addressbook-home-set',
  type: 'card:addressbook',
  description: 'card:addressbook-description',
  data: 'card:address-data',
  multiget: ':addressbook-multiget',
  query: ':addressbook-query',
  collations: ['i;ascii-casemap', 'i;unicode-casemap'],
  contentType: 'text/vcard',
  // One card, with all that a card has to have (RFC 6352, 5.1, and RFC 2426).
  isItem: (text) =>
    text.match(/^BEGIN:VCARD\r?$/gm)?.length === 1 &&
    ['VERSION', 'UID', 'FN', 'END'].every((name) => linesOf(text, name).length === 1),
  unsupported: 'supported-address-data',
  invalid: 'valid-address-data',
};

export const KINDS: readonly CollectionKind[] = [CALENDAR, ADDRESS_BOOK];

/** The kind of a collection. */
export function kindOf({ component }: DavCollection): CollectionKind {
  return component === undefined ? ADDRESS_BOOK : CALENDAR;
}

/** The properties of a collection, without what changes. */
export function propertiesOf(collection: DavCollection, largest: number): string {
  const { type, description } = kindOf(collection);
  const takes =
    collection.component === undefined
      ? `<card:supported-address-data>${['3.0', '4.0'].map((version) => `<card:address-data-type content-type="text/vcard" version="${version}"/>`).join('')}</card:supported-address-data><card:max-resource-size>${largest}</card:max-resource-size>`
      : `<c:supported-calendar-component-set><c:comp name="${collection.component}"/></c:supported-calendar-component-set>`;
  const words = `<displayname>${escaped(collection.name)}</displayname><${description}>${escaped(collection.description)}</${description}>`;
  return `<resourcetype><collection/><${type}/></resourcetype>${words}${takes}`;
}

/** The collection that a request makes; or the condition that it does not meet (RFC 4791, 5.3.1, and RFC 5689, 3). */
export function collectionIn(method: string, body: string): DavCollection | string {
  const text = (name: string) => new RegExp(`<\\w:${name}>([^<]*)<`).exec(body)?.[1] ?? '';
  const isAddressBook = /<D:resourcetype>\s*<D:collection\/>\s*<A:addressbook\/>\s*<\/D:resourcetype>/.test(body);
  if (method === 'MKCALENDAR') {
    const component = /<C:comp name="(\w+)"/.exec(body)?.[1] ?? '';
    return { name: text('displayname'), description: text('calendar-description'), component };
  }
  if (!isAddressBook || !body.includes('<D:mkcol')) return 'valid-resourcetype';
  return { name: text('displayname'), description: text('addressbook-description') };
}

/** Which condition an item does not meet that somebody puts into a collection. */
export function unmetBy(
  collection: DavCollection,
  item: { readonly text: string; readonly contentType: string | undefined },
  others: readonly string[],
  largest: number,
): string | undefined {
  const { contentType, unsupported, isItem, invalid } = kindOf(collection);
  if (item.contentType?.startsWith(contentType) !== true) return unsupported;
  if (Buffer.byteLength(item.text) > largest) return 'max-resource-size';
  if (!isItem(item.text)) return invalid;
  const uid = uidOf(item.text);
  return uid !== undefined && others.some((text) => uidOf(text) === uid) ? 'no-uid-conflict' : undefined;
}

/** Which texts a question for items by their UID finds; or why it is no question. */
export function queried(kind: CollectionKind, body: string): ((text: string) => boolean) | DavReply {
  const [, attributes = '', uid = ''] = /<\w:text-match([^>]*)>([^<]*)</.exec(body) ?? [];
  const collation = /collation="([^"]*)"/.exec(attributes)?.[1] ?? 'i;unicode-casemap';
  if (!kind.collations.includes(collation)) return { status: 403, body: error('supported-collation') };
  const folded = (text: string) => (collation === 'i;octet' ? text : text.toUpperCase());
  return (text) => folded(uidOf(text) ?? '') === folded(uid);
}

function uidOf(text: string): string | undefined {
  return linesOf(text, 'UID')[0]?.slice('UID:'.length).trim();
}

function linesOf(text: string, name: string): readonly string[] {
  return text.match(new RegExp(`^${name}:.*$`, 'gm')) ?? [];
}
