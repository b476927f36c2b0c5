// What WebDAV calls the things that a kind of entry is kept in: data, a row a kind.

import type { EntryKind } from '../../core/sync/entry';

/** The namespaces, by the prefixes that our questions have. Answers may have any other. */
export const NAMESPACES = {
  D: 'DAV:',
  C: 'urn:ietf:params:xml:ns:caldav',
  A: 'urn:ietf:params:xml:ns:carddav',
  CS: 'http://calendarserver.org/ns/',
} as const;

/** A name in one of them, such as `D:getetag`. */
export type DavName = `${keyof typeof NAMESPACES}:${string}`;

/** How a kind of entry is kept. */
export interface DavKind {
  /** The word behind `/.well-known/` (RFC 6764). */
  readonly wellKnown: string;
  /** The property of a principal that says where its collections are, the type of such a collection, and the property with its description. */
  readonly homeSet: DavName;
  readonly collection: DavName;
  readonly description: DavName;
  /** The question for several items by their addresses, for items by what they hold, and the property with the text of one. */
  readonly multiget: DavName;
  readonly query: DavName;
  readonly text: DavName;
  readonly contentType: string;
  /** With what the names of items end. */
  readonly ending: string;
  /** The component of an item, and the property of a collection that lists those that it takes; of cards there is one kind only. */
  readonly component?: string;
  readonly components?: DavName;
  /** What makes a collection (RFC 4791, 5.3.1, and RFC 5689). */
  readonly making: 'MKCALENDAR' | 'MKCOL';
  /** What the own collection is called in its path, and by its name. */
  readonly segment: string;
  readonly title: string;
  /** What people call such a collection, what is in it, and the key of the configuration that names one. */
  readonly called: string;
  readonly holds: string;
  readonly key: 'calendar' | 'tasks' | 'addressBook';
}

const calendar = {
  wellKnown: 'caldav',
  homeSet: 'C:calendar-home-set',
  collection: 'C:calendar',
  description: 'C:calendar-description',
  multiget: 'C:calendar-multiget',
  query: 'C:calendar-query',
  text: 'C:calendar-data',
  contentType: 'text/calendar; charset=utf-8',
  ending: '.ics',
  components: 'C:supported-calendar-component-set',
  making: 'MKCALENDAR',
  called: 'calendar',
} as const;

/** Each kind in a collection of its own: many servers and programs keep events and tasks apart. Cards are those of CardDAV (RFC 6352). */
export const DAV_KINDS: Readonly<Record<EntryKind, DavKind>> = {
  event: { ...calendar, component: 'VEVENT', segment: 'events', title: 'CRM', holds: 'events', key: 'calendar' },
  task: { ...calendar, component: 'VTODO', segment: 'tasks', title: 'CRM tasks', holds: 'tasks', key: 'tasks' },
  contact: {
    wellKnown: 'carddav',
    homeSet: 'A:addressbook-home-set',
    collection: 'A:addressbook',
    description: 'A:addressbook-description',
    multiget: 'A:addressbook-multiget',
    query: 'A:addressbook-query',
    text: 'A:address-data',
    contentType: 'text/vcard; charset=utf-8',
    ending: '.vcf',
    making: 'MKCOL',
    segment: 'contacts',
    title: 'CRM contacts',
    called: 'address book',
    holds: 'contacts',
    key: 'addressBook',
  },
};

/** The properties of a principal that say where its collections are: one of events and tasks, one of contacts. */
export const HOME_SETS: readonly DavName[] = [...new Set(Object.values(DAV_KINDS).map(({ homeSet }) => homeSet))];
