// A stand-in for a server of CalDAV on loopback. It keeps one user's calendars as RFC 4791 and 6578 have it, in as few lines as that takes,
// and does on demand what real servers do on bad days, and hostile ones on purpose.

import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface DavCall {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** An answer. */
export interface DavReply {
  readonly status: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Breaks the connection after so many bytes of the body. */
  readonly cutAfter?: number;
}

/** What stands in for an answer: nothing ever, or a cut before or after the thing was done. */
export type Mishap = DavReply | 'hang' | 'reset' | 'do and reset' | 'do and hang';

/** What is changed about the server: asked before each request is carried out; `undefined` leaves it as it is. */
export type Script = (call: DavCall, count: number) => Mishap | undefined;

/** A running stand-in. */
export interface DavServer {
  readonly url: string;
  readonly calls: readonly DavCall[];
  /** Texts by the path of their item. */
  readonly items: Map<string, string>;
  /** The paths of calendars. */
  readonly calendars: Map<string, { readonly name: string; readonly description: string; readonly component: string }>;
  script: Script;
  /** How it keeps what it is given. */
  keeps: (text: string) => string;
  /** Whether it says which version it made of a text. */
  tellsVersion: boolean;
  /** Whether it knows tokens. */
  knowsTokens: boolean;
  /** So many changes are in one listing. */
  pageSize: number;
  close(): Promise<void>;
}

export const HOME = '/dav/calendars/ann/';
export const PRINCIPAL = '/dav/principals/ann/';

/** Starts one on which every user has a home, and no calendar yet. */
export async function startDav(): Promise<DavServer> {
  const calls: DavCall[] = [];
  /** What happened, in its order: a token is how much of it somebody has seen. */
  const changes: string[] = [];
  const versions = new Map<string, string>();
  const state = {
    calls,
    items: new Map<string, string>(),
    calendars: new Map<string, { name: string; description: string; component: string }>(),
    script: (() => undefined) as Script,
    keeps: (text: string) => text,
    tellsVersion: true,
    knowsTokens: true,
    pageSize: 1_000,
  };
  const change = (path: string, text: string | undefined) => {
    changes.push(path);
    if (text === undefined) state.items.delete(path);
    else state.items.set(path, state.keeps(text));
    versions.set(path, `"v${changes.length}"`);
  };
  const item = (path: string, withText: boolean) => {
    const text = state.items.get(path);
    if (text === undefined) return said(path, 'HTTP/1.1 404 Not Found');
    const data = withText ? `<c:calendar-data>${escaped(text)}</c:calendar-data>` : '';
    return found(path, `<getetag>${escaped(versions.get(path) ?? '"v0"')}</getetag>${data}`);
  };
  const collection = (path: string, user: string) => {
    const calendar = state.calendars.get(path);
    const component = `<c:supported-calendar-component-set><c:comp name="${calendar?.component}"/></c:supported-calendar-component-set>`;
    const words = `<displayname>${escaped(calendar?.name ?? '')}</displayname><c:calendar-description>${escaped(calendar?.description ?? '')}</c:calendar-description>`;
    const type = `<resourcetype><collection/>${calendar === undefined ? '' : '<c:calendar/>'}</resourcetype>`;
    const ctag = `<s:getctag>${changes.filter((each) => each.startsWith(path)).length}</s:getctag>`;
    const [, whose] = /^\/dav\/principals\/(\w+)\/$/.exec(path) ?? [];
    const home = whose === undefined ? '' : `<c:calendar-home-set><href>/dav/calendars/${whose}/</href></c:calendar-home-set>`;
    const principal = `<current-user-principal><href>/dav/principals/${user}/</href></current-user-principal>`;
    return found(path, [type, ...(calendar === undefined ? [] : [words, component, ctag]), home, principal].join(''));
  };
  const report = (path: string, body: string): DavReply => {
    if (!state.calendars.has(path)) return { status: 404 };
    const hrefs = [...body.matchAll(/<D:href>([^<]*)<\/D:href>/g)].map(([, href]) => href ?? '');
    if (body.includes('calendar-multiget')) return multistatus(hrefs.map((href) => item(decodeURI(href), true)));
    if (body.includes('calendar-query')) {
      const uid = /<C:text-match[^>]*>([^<]*)</.exec(body)?.[1] ?? '';
      const hits = [...state.items].filter(([at, text]) => at.startsWith(path) && text.includes(`UID:${uid}\r\n`));
      return multistatus(hits.map(([at]) => item(at, true)));
    }
    if (!state.knowsTokens) return { status: 403, body: error('supported-report') };
    const token = /<D:sync-token>(?:t-(\d+))?[^<]*<\/D:sync-token>/.exec(body);
    const since = token?.[1] === undefined ? 0 : Number(token[1]);
    if (since > changes.length || /<D:sync-token>[^t<]/.test(body)) return { status: 403, body: error('valid-sync-token') };
    const own = changes.slice(since, since + state.pageSize).filter((at) => at.startsWith(path));
    const isLast = since + state.pageSize >= changes.length;
    const now = isLast ? changes.length : since + state.pageSize;
    const more = isLast ? [] : [said(path, 'HTTP/1.1 507 Insufficient Storage')];
    const listed = [...new Set(own)].filter((at) => state.items.has(at) || since > 0);
    return multistatus([...listed.map((at) => item(at, false)), ...more], `<sync-token>t-${now}</sync-token>`);
  };
  const handle = ({ method, path, headers, body }: DavCall): DavReply => {
    const isThere = state.items.has(path);
    const version = versions.get(path);
    if (method === 'PROPFIND') {
      const [user = ''] = Buffer.from((headers.authorization ?? '').replace('Basic ', ''), 'base64')
        .toString('utf8')
        .split(':');
      const isKnown = state.calendars.has(path) || /^\/dav\/((calendars|principals)\/\w+\/)?$/.test(path);
      if (!isKnown) return { status: 404 };
      const below =
        headers['depth'] === '1' ? [...state.calendars.keys(), ...state.items.keys()].filter((at) => isIn(path, at)) : [];
      return multistatus([path, ...below].map((at) => (state.items.has(at) ? item(at, false) : collection(at, user))));
    }
    if (method === 'REPORT') return report(path, body);
    if (method === 'MKCALENDAR') {
      if (state.calendars.has(path)) return { status: 405 };
      const text = (name: string) => new RegExp(`<[CD]:${name}>([^<]*)<`).exec(body)?.[1] ?? '';
      const component = /<C:comp name="(\w+)"/.exec(body)?.[1] ?? '';
      state.calendars.set(path, { name: text('displayname'), description: text('calendar-description'), component });
      return { status: 201 };
    }
    if (method === 'GET')
      return isThere ? { status: 200, headers: { ETag: version }, body: state.items.get(path) ?? '' } : { status: 404 };
    if (headers['if-none-match'] === '*' && isThere) return { status: 412 };
    if (headers['if-match'] !== undefined && headers['if-match'] !== version) return { status: 412 };
    if (method === 'PUT') {
      change(path, body);
      return { status: isThere ? 204 : 201, headers: state.tellsVersion ? { ETag: versions.get(path) } : {} };
    }
    if (!isThere) return { status: 404 };
    change(path, undefined);
    return { status: 204 };
  };
  const server = http.createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const path = decodeURI(new URL(incoming.url ?? '', 'http://stand-in').pathname);
      const call = {
        method: incoming.method ?? '',
        path,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      calls.push(call);
      const mishap = state.script(call, calls.length);
      if (mishap === 'hang') return;
      if (mishap === 'reset') return void incoming.socket.resetAndDestroy();
      const reply = typeof mishap === 'object' ? mishap : handle(call);
      if (mishap === 'do and hang') return;
      if (mishap === 'do and reset') return void incoming.socket.resetAndDestroy();
      const body = Buffer.from(reply.body ?? '');
      const type = call.method === 'GET' ? 'text/calendar' : 'application/xml; charset=utf-8';
      outgoing.writeHead(reply.status, { 'Content-Type': type, 'Content-Length': body.length, ...reply.headers });
      if (reply.cutAfter === undefined) outgoing.end(body);
      else outgoing.write(body.subarray(0, reply.cutAfter), () => incoming.socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** An answer about several things. The prefixes are others than those that we write. */
export function multistatus(responses: readonly string[], more = ''): DavReply {
  const names = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"';
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

function isIn(folder: string, path: string): boolean {
  return path.startsWith(folder) && path !== folder && /^[^/]+\/?$/.test(path.slice(folder.length));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\r', '&#13;');
}
