// The documents that are sent to a server. Pure.

import type { NewXml } from '../../io/xml-contract';
import { NAMESPACES, type DavKind, type DavName } from './dav-kinds';

/** Asks for properties. */
export function propfind(names: readonly DavName[]): NewXml {
  return root('D:propfind', [props(names)]);
}

/** Asks what changed since a token, or for everything (RFC 6578). */
export function syncCollection(token: string): NewXml {
  return root('D:sync-collection', [element('D:sync-token', token), element('D:sync-level', '1'), props(['D:getetag'])]);
}

/** Asks for items by their addresses. */
export function multiget({ multiget: name, text }: DavKind, hrefs: readonly string[]): NewXml {
  return root(name, [props(['D:getetag', text]), ...hrefs.map((href) => element('D:href', href))]);
}

/** Asks for the item with a UID. */
export function itemByUid({ query, text, component }: DavKind, uid: string): NewXml {
  if (component === undefined) {
    const equals = { collation: 'i;unicode-casemap', 'match-type': 'equals' };
    const match: NewXml = { name: 'A:text-match', attributes: equals, children: [uid] };
    return root(query, [props(['D:getetag', text]), { name: 'A:filter', children: [filter('A:prop-filter', 'UID', [match])] }]);
  }
  const match: NewXml = { name: 'C:text-match', attributes: { collation: 'i;octet' }, children: [uid] };
  const inner = filter('C:comp-filter', component, [filter('C:prop-filter', 'UID', [match])]);
  return root(query, [
    props(['D:getetag', text]),
    { name: 'C:filter', children: [filter('C:comp-filter', 'VCALENDAR', [inner])] },
  ]);
}

/** Makes a collection with a name, and a mark by which it is found again. */
export function makeCollection(kind: DavKind, mark: string): NewXml {
  const { component, components, making, collection, description, title } = kind;
  const taken: readonly NewXml[] =
    component === undefined || components === undefined
      ? [{ name: 'D:resourcetype', children: [{ name: 'D:collection' }, { name: collection }] }]
      : [{ name: components, children: [{ name: 'C:comp', attributes: { name: component } }] }];
  const prop: NewXml = { name: 'D:prop', children: [element('D:displayname', title), element(description, mark), ...taken] };
  return root(making === 'MKCOL' ? 'D:mkcol' : 'C:mkcalendar', [{ name: 'D:set', children: [prop] }]);
}

function root(name: string, children: readonly NewXml[]): NewXml {
  const bound = Object.entries(NAMESPACES).map(([prefix, namespace]) => [`xmlns:${prefix}`, namespace]);
  return { name, attributes: Object.fromEntries(bound) as Record<string, string>, children };
}

function props(names: readonly DavName[]): NewXml {
  return { name: 'D:prop', children: names.map((name) => ({ name })) };
}

function element(name: DavName, text: string): NewXml {
  return { name, children: text === '' ? [] : [text] };
}

function filter(name: string, of: string, children: readonly NewXml[]): NewXml {
  return { name, attributes: { name: of }, children };
}
