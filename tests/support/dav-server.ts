// A stand-in for a server of CalDAV and CardDAV on loopback. It keeps calendars and address books of users as RFC 4791, 6352 and 6578 have
// it, in as few lines as that takes, and does on demand what real servers do on bad days, and hostile ones on purpose.

import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { error, escaped, found, multistatus, said, type DavReply } from './dav-answers';
import { collectionIn, KINDS, kindOf, propertiesOf, queried, unmetBy, type DavCollection } from './dav-collections';

/** A request as it came. */
export interface DavCall {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** What stands in for an answer: nothing ever, or a cut before or after the thing was done. */
export type Mishap = DavReply | 'hang' | 'reset' | 'do and reset' | 'do and hang';

/** What is changed about the server: asked before each request is carried out; `undefined` leaves it as it is. */
export type Script = (call: DavCall, count: number) => Mishap | undefined;

export const HOME = '/dav/calendars/ann/';
export const CARDS_HOME = '/dav/addressbooks/ann/';
const PRINCIPALS = '/dav/principals/';

/** A running stand-in, on which every user has homes, and no collection yet. */
export class DavServer {
  readonly calls: DavCall[] = [];
  /** Texts by the path of their item. */
  readonly items = new Map<string, string>();
  /** Calendars and address books by their paths. */
  readonly collections = new Map<string, DavCollection>();
  script: Script = () => undefined;
  /** How it keeps what it is given. */
  keeps = (text: string): string => text;
  /** Whether it says which version it made of a text. */
  tellsVersion = true;
  /** Whether it knows tokens. */
  knowsTokens = true;
  /** So many changes are in one listing. */
  pageSize = 1_000;
  /** It takes no item with more bytes. */
  largest = 1024 ** 2;
  /** What happened, in its order: a token is how much of it somebody has seen. */
  readonly #changes: string[] = [];
  readonly #versions = new Map<string, string>();
  readonly #http = http.createServer((incoming, outgoing) => this.#serve(incoming, outgoing));

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  #serve(incoming: http.IncomingMessage, outgoing: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const path = decodeURI(new URL(incoming.url ?? '', 'http://stand-in').pathname);
      const { method = '', headers, socket } = incoming;
      const call = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
      this.calls.push(call);
      const mishap = this.script(call, this.calls.length);
      if (mishap === 'hang') return;
      if (mishap === 'reset') return void socket.resetAndDestroy();
      const reply = typeof mishap === 'object' ? mishap : this.#handle(call);
      if (mishap === 'do and hang') return;
      if (mishap === 'do and reset') return void socket.resetAndDestroy();
      const body = Buffer.from(reply.body ?? '');
      const collection = this.#around(path)?.collection;
      const type =
        method === 'GET' && collection !== undefined ? kindOf(collection).contentType : 'application/xml; charset=utf-8';
      outgoing.writeHead(reply.status, { 'Content-Type': type, 'Content-Length': body.length, ...reply.headers });
      if (reply.cutAfter === undefined) outgoing.end(body);
      else outgoing.write(body.subarray(0, reply.cutAfter), () => socket.destroy());
    });
  }

  #handle(call: DavCall): DavReply {
    const { method, path } = call;
    if (method === 'PROPFIND') return this.#propfind(call);
    if (method === 'REPORT') return this.#report(call);
    if (method === 'MKCALENDAR' || method === 'MKCOL') return this.#make(call);
    const version = this.#versions.get(path);
    const text = this.items.get(path);
    if (method === 'GET') return text === undefined ? { status: 404 } : { status: 200, headers: { ETag: version }, body: text };
    return this.#write(call, version, text !== undefined);
  }

  #propfind({ path, headers }: DavCall): DavReply {
    const [user = ''] = Buffer.from((headers.authorization ?? '').replace('Basic ', ''), 'base64')
      .toString('utf8')
      .split(':');
    const isKnown = this.collections.has(path) || /^\/dav\/((calendars|addressbooks|principals)\/[\w-]+\/)?$/.test(path);
    if (!isKnown) return { status: 404 };
    const all = [...this.collections.keys(), ...this.items.keys()];
    const below = headers['depth'] === '1' ? all.filter((at) => isIn(path, at)) : [];
    return multistatus([path, ...below].map((at) => (this.items.has(at) ? this.#item(at, false) : this.#collection(at, user))));
  }

  #collection(path: string, user: string): string {
    const collection = this.collections.get(path);
    const own = collection === undefined ? '<resourcetype><collection/></resourcetype>' : propertiesOf(collection, this.largest);
    const ctag = `<s:getctag>${this.#changes.filter((each) => each.startsWith(path)).length}</s:getctag>`;
    const whose = path.startsWith(PRINCIPALS) ? path.slice(PRINCIPALS.length) : '';
    const homes = KINDS.map((kind) => `<${kind.homeSet}><href>${kind.homes}${whose}</href></${kind.homeSet}>`);
    const principal = `<current-user-principal><href>${PRINCIPALS}${user}/</href></current-user-principal>`;
    return found(path, [own, collection === undefined ? '' : ctag, ...(whose === '' ? [] : homes), principal].join(''));
  }

  #item(path: string, withText: boolean): string {
    const text = this.items.get(path);
    if (text === undefined) return said(path, 'HTTP/1.1 404 Not Found');
    const collection = this.#around(path)?.collection;
    const data = collection === undefined || !withText ? undefined : kindOf(collection).data;
    const version = `<getetag>${escaped(this.#versions.get(path) ?? '"v0"')}</getetag>`;
    return found(path, data === undefined ? version : `${version}<${data}>${escaped(text)}</${data}>`);
  }

  #report({ path, body, headers }: DavCall): DavReply {
    const collection = this.collections.get(path);
    if (collection === undefined) return { status: 404 };
    const kind = kindOf(collection);
    if (body.includes(kind.multiget)) {
      const hrefs = [...body.matchAll(/<D:href>([^<]*)<\/D:href>/g)].map(([, href = '']) => decodeURI(href));
      return multistatus(hrefs.map((href) => this.#item(href, true)));
    }
    if (body.includes(kind.query)) {
      const isMeant = queried(kind, body);
      if (typeof isMeant === 'object') return isMeant;
      // Without a depth it is a question about the collection itself.
      const below = headers['depth'] === '1' ? [...this.items] : [];
      return multistatus(below.filter(([at, text]) => isIn(path, at) && isMeant(text)).map(([at]) => this.#item(at, true)));
    }
    if (!this.knowsTokens || !body.includes(':sync-collection')) return { status: 403, body: error('supported-report') };
    return this.#changesIn(path, body);
  }

  #changesIn(path: string, body: string): DavReply {
    const [changes, size] = [this.#changes, this.pageSize];
    const token = /<D:sync-token>(?:t-(\d+))?[^<]*<\/D:sync-token>/.exec(body);
    const since = token?.[1] === undefined ? 0 : Number(token[1]);
    if (since > changes.length || /<D:sync-token>[^t<]/.test(body)) return { status: 403, body: error('valid-sync-token') };
    const own = changes.slice(since, since + size).filter((at) => at.startsWith(path));
    const isLast = since + size >= changes.length;
    const now = isLast ? changes.length : since + size;
    const more = isLast ? [] : [said(path, 'HTTP/1.1 507 Insufficient Storage')];
    const listed = [...new Set(own)].filter((at) => this.items.has(at) || since > 0);
    return multistatus([...listed.map((at) => this.#item(at, false)), ...more], `<sync-token>t-${now}</sync-token>`);
  }

  #make({ method, path, body }: DavCall): DavReply {
    if (this.collections.has(path)) return { status: 405 };
    if (this.#around(path) !== undefined) return { status: 403, body: error('addressbook-collection-location-ok') };
    if (!KINDS.some(({ homes }) => path.startsWith(homes))) return { status: 409 };
    const made = collectionIn(method, body);
    if (typeof made === 'string') return { status: 403, body: error(made) };
    this.collections.set(path, made);
    return { status: 201 };
  }

  #write({ method, path, headers, body }: DavCall, version: string | undefined, isThere: boolean): DavReply {
    if (headers['if-none-match'] === '*' && isThere) return { status: 412 };
    if (headers['if-match'] !== undefined && headers['if-match'] !== version) return { status: 412 };
    if (method !== 'PUT') {
      if (!isThere) return { status: 404 };
      this.change(path, undefined);
      return { status: 204 };
    }
    const around = this.#around(path);
    if (around === undefined) return { status: 409 };
    const others = [...this.items].filter(([at]) => at !== path && isIn(around.path, at)).map(([, text]) => text);
    const item = { text: body, contentType: headers['content-type'] };
    const unmet = unmetBy(around.collection, item, others, this.largest);
    if (unmet !== undefined) return { status: 403, body: error(unmet) };
    this.change(path, body);
    return { status: isThere ? 204 : 201, headers: this.tellsVersion ? { ETag: this.#versions.get(path) } : {} };
  }

  /** Puts a text where somebody has it, as if another program had; none takes it away. */
  change(path: string, text: string | undefined): void {
    this.#changes.push(path);
    if (text === undefined) this.items.delete(path);
    else this.items.set(path, this.keeps(text));
    this.#versions.set(path, `"v${this.#changes.length}"`);
  }

  /** The collection that something is in. */
  #around(path: string): { readonly path: string; readonly collection: DavCollection } | undefined {
    const folder = path.slice(0, path.replace(/\/$/, '').lastIndexOf('/') + 1);
    const collection = this.collections.get(folder);
    return collection === undefined ? undefined : { path: folder, collection };
  }
}

/** Starts one. */
export function startDav(): Promise<DavServer> {
  return new DavServer().listen();
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(folder) && path !== folder && /^[^/]+\/?$/.test(path.slice(folder.length));
}
