// What a server of WebDAV answers with (RFC 4918, 13 and 16).

import type * as http from 'node:http';

/** An answer. */
export interface DavReply {
  readonly status: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Breaks the connection after so many bytes of the body. */
  readonly cutAfter?: number;
}

/** An answer about several things. The prefixes are others than those that we write. */
export function multistatus(responses: readonly string[], more = ''): DavReply {
  const names =
    'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:s="http://calendarserver.org/ns/"';
  return {
    status: 207,
    body: `<?xml version="1.0" encoding="utf-8"?>\n<multistatus ${names}>${responses.join('')}${more}</multistatus>`,
  };
}

/** What is said of an address as a whole. */
export function said(path: string, status: string): string {
  return `<response><href>${escaped(encodeURI(path))}</href><status>${status}</status></response>`;
}

/** What was found of one. */
export function found(path: string, properties: string): string {
  const propstat = `<propstat><prop>${properties}</prop><status>HTTP/1.1 200 OK</status></propstat>`;
  const missing = '<propstat><prop><quota-used-bytes/></prop><status>HTTP/1.1 404 Not Found</status></propstat>';
  return `<response><href>${escaped(encodeURI(path))}</href>${propstat}${missing}</response>`;
}

/** What a server says is wrong. */
export function error(condition: string): string {
  return `<d:error xmlns:d="DAV:" xmlns:x="urn:x"><x:${condition}/><d:words>SECRET</d:words></d:error>`;
}

/** A text as it stands in XML. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\r', '&#13;');
}
