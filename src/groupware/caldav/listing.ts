// Listings: what changed since a token (RFC 6578), in pages, or everything where a server knows no tokens.

import type { Deadline } from '../../core/deadline';
import type { Listing, RemoteGone, RemoteItem } from '../groupware';
import type { Asked } from './client';
import type { DavKind } from './dav-kinds';
import { idOfName, nameIn } from './hrefs';
import { fetchItems, versionIn, type Fetched, type Shelf } from './items';
import { childOf, type DavResponse, type Multistatus } from './multistatus';
import { propfind, syncCollection } from './questions';

/** From where a listing goes on: a token of the server, or how its calendar was as a whole. */
export interface Mark {
  readonly by: 'token' | 'whole';
  readonly text: string;
}

/** A page of what is there; where the next page is, or from where the next listing goes on. */
export type Listed =
  | {
      readonly kind: 'page';
      readonly items: readonly (RemoteItem | RemoteGone)[];
      readonly isWhole: boolean;
      readonly next?: Mark;
      readonly mark?: Mark;
    }
  /** `isThere`: the server said so of the calendar itself, and that only the mark is old. */
  | { readonly kind: 'expired'; readonly isThere: boolean }
  | Exclude<Listing, { readonly kind: 'page' | 'expired' }>;

/** Lists everything, or what changed since a mark. `isWhole` says whether this is, or goes on with, a listing of everything. */
export async function listFrom(shelf: Shelf, mark: Mark | undefined, isWhole: boolean, deadline: Deadline): Promise<Listed> {
  if (mark?.by === 'whole') return sinceWhole(shelf, mark, deadline);
  const { client, url } = shelf;
  const xml = syncCollection(mark?.text ?? '');
  const asked = await client.ask({ method: 'REPORT', url, headers: { Depth: '0' }, xml }, deadline);
  if (asked.kind === 'told') return page(shelf, asked.told, mark?.text, isWhole, deadline);
  if (asked.kind !== 'answer') return client.trouble(asked);
  if (mark !== undefined && saysExpired(asked.status))
    return { kind: 'expired', isThere: asked.conditions.includes('valid-sync-token') };
  if (asked.status === 404 || asked.status === 410) return { kind: 'absent' };
  return saysUnknown(asked.status) ? everything(shelf, deadline) : client.trouble(asked);
}

/** Whatever is wrong with a token that is not of this moment: without one it is told what it is. */
function saysExpired(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 408, 423, 425, 429].includes(status);
}

/** Answers of servers that do not know the question. */
function saysUnknown(status: number): boolean {
  return [400, 403, 405, 415, 422, 501].includes(status);
}

async function page(
  shelf: Shelf,
  { responses, syncToken }: Multistatus,
  before: string | undefined,
  isWhole: boolean,
  deadline: Deadline,
): Promise<Listed> {
  const { names, gone, strange, isCut } = sorted(shelf, responses);
  if (strange) return outside(shelf.kind);
  const read = await readAll(shelf, names, deadline);
  if ('reason' in read) return read;
  const token = syncToken === undefined || syncToken.length > 4_000 ? undefined : ({ by: 'token', text: syncToken } as const);
  const items = [...[...gone].map((name) => ({ id: idOfName(name, shelf.kind.ending), gone: true }) as const), ...read.items];
  if (!isCut) return { kind: 'page', items, isWhole, ...(token === undefined || read.isUnsure ? {} : { mark: token }) };
  if (token === undefined || token.text === before || read.isUnsure)
    return { kind: 'retry', reason: 'the server’s listing ends before its end' };
  return { kind: 'page', items, isWhole, next: token };
}

function outside({ called, key }: DavKind): Listed {
  return {
    kind: 'refused',
    reason: `the server lists items outside of the ${called}; name in ${key} the path that it uses itself`,
  };
}

/** What the addresses of a listing are. */
function sorted({ url }: Shelf, responses: readonly DavResponse[]) {
  const [names, gone] = [new Map<string, string | undefined>(), new Set<string>()];
  let [strange, isCut] = [false, false];
  for (const response of responses) {
    const name = nameIn(url, response.href);
    if (name === undefined) strange = true;
    // Of the calendar itself it says that there is more (RFC 6578, 3.6).
    else if (name === '') isCut ||= response.status === 507;
    else if (response.status === 404 || response.status === 410) gone.add(name);
    else if (!isFolder(response)) names.set(name, versionIn(response.property('D:getetag')?.text));
  }
  return { names, gone, strange, isCut };
}

function isFolder(response: DavResponse): boolean {
  return response.href.endsWith('/') || childOf(response.property('D:resourcetype'), 'D:collection') !== undefined;
}

/** The items of these names; `isUnsure` where the server did not tell all of them, so that they have to be asked for again. */
async function readAll(shelf: Shelf, names: ReadonlyMap<string, string | undefined>, deadline: Deadline) {
  const fetched = await fetchItems(shelf, [...names.keys()], deadline);
  if ('reason' in fetched) return fetched;
  const items = [...names].map(([name, version]) => itemOf(name, version, fetched.get(name), shelf));
  return { items, isUnsure: fetched.size < names.size };
}

function itemOf(
  name: string,
  version: string | undefined,
  fetched: Fetched | undefined,
  { kind }: Shelf,
): RemoteItem | RemoteGone {
  const id = idOfName(name, kind.ending);
  if (fetched === 'absent') return { id, gone: true };
  return fetched ?? { id, version: version ?? '', content: { kind: 'unreadable', words: 'the server does not tell what it is' } };
}

/** Everything, of a server that knows no tokens. How the calendar was is asked for first: what changes meanwhile is told twice. */
async function everything(shelf: Shelf, deadline: Deadline): Promise<Listed> {
  const { client, url } = shelf;
  const before = await wholeOf(shelf, deadline);
  if (typeof before !== 'string') return client.trouble(before);
  const xml = propfind(['D:getetag', 'D:resourcetype']);
  const asked = await client.ask({ method: 'PROPFIND', url, headers: { Depth: '1' }, xml }, deadline);
  if (asked.kind !== 'told') return client.trouble(asked);
  const { names, strange, isCut } = sorted(shelf, asked.told.responses);
  if (strange) return outside(shelf.kind);
  const read = isCut
    ? ({ kind: 'retry', reason: 'the server’s listing ends before its end' } as const)
    : await readAll(shelf, names, deadline);
  if ('reason' in read) return read;
  const hasMark = before !== '' && !read.isUnsure;
  return { kind: 'page', items: read.items, isWhole: true, ...(hasMark ? { mark: { by: 'whole', text: before } } : {}) };
}

/** Nothing, as long as the calendar as a whole is as it was. */
async function sinceWhole(shelf: Shelf, mark: Mark, deadline: Deadline): Promise<Listed> {
  const now = await wholeOf(shelf, deadline);
  if (now === mark.text) return { kind: 'page', items: [], isWhole: false, mark };
  // Some servers answer as well where there is nothing.
  if (typeof now === 'string') return { kind: 'expired', isThere: now !== '' };
  return now.kind === 'answer' && saysExpired(now.status) ? { kind: 'expired', isThere: false } : shelf.client.trouble(now);
}

/** What changes with every change in the calendar; an empty text where the server has no such thing. */
async function wholeOf({ client, url }: Shelf, deadline: Deadline): Promise<string | Exclude<Asked, { readonly kind: 'told' }>> {
  const asked = await client.ask({ method: 'PROPFIND', url, headers: { Depth: '0' }, xml: propfind(['CS:getctag']) }, deadline);
  return asked.kind === 'told' ? (asked.told.responses[0]?.property('CS:getctag')?.text.trim() ?? '') : asked;
}
