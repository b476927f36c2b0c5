// What WebDAV calls the things that a kind of entry is kept in: data, a row a kind. Contacts will be a row as well (RFC 6352).

import type { AgendaKind } from '../../core/sync/entry';

/** The namespaces, by the prefixes that our questions have. Answers may have any other. */
export const NAMESPACES = { D: 'DAV:', C: 'urn:ietf:params:xml:ns:caldav', CS: 'http://calendarserver.org/ns/' } as const;

/** A name in one of them, such as `D:getetag`. */
export type DavName = `${keyof typeof NAMESPACES}:${string}`;

/** How a kind of entry is kept. */
export interface DavKind {
  /** The word behind `/.well-known/` (RFC 6764). */
  readonly wellKnown: string;
  /** The property of a principal that says where its collections are, and the type of such a collection. */
  readonly homeSet: DavName;
  readonly collection: DavName;
  /** The question for several items by their addresses, for items by what they hold, and the property with the text of one. */
  readonly multiget: DavName;
  readonly query: DavName;
  readonly text: DavName;
  readonly contentType: string;
  /** With what the names of items end. */
  readonly ending: string;
  /** The component of an item, and the property of a collection that lists those that it takes. */
  readonly component: string;
  readonly components: DavName;
  /** What the own calendar is called in its path, and by its name. */
  readonly segment: string;
  readonly title: string;
}

const calendar = {
  wellKnown: 'caldav',
  homeSet: 'C:calendar-home-set',
  collection: 'C:calendar',
  multiget: 'C:calendar-multiget',
  query: 'C:calendar-query',
  text: 'C:calendar-data',
  contentType: 'text/calendar; charset=utf-8',
  ending: '.ics',
  components: 'C:supported-calendar-component-set',
} as const;

/** Each kind in a calendar of its own: many servers and programs keep events and tasks apart. */
export const DAV_KINDS: Readonly<Record<AgendaKind, DavKind>> = {
  event: { ...calendar, component: 'VEVENT', segment: 'events', title: 'CRM' },
  task: { ...calendar, component: 'VTODO', segment: 'tasks', title: 'CRM tasks' },
};
