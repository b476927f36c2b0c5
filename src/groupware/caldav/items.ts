// Items of a calendar, asked for by their names. What an answer does not mention is unknown; only what the server calls absent is.

import type { Deadline } from '../../core/deadline';
import type { RemoteGone, RemoteItem, Trouble } from '../groupware';
import type { ItemTexts } from '../text-item';
import type { DavClient } from './client';
import type { DavKind } from './dav-kinds';
import { idOfName, itemUrl, nameIn } from './hrefs';
import type { DavResponse } from './multistatus';
import { itemByUid, multiget } from './questions';

/** A calendar with what its items are read by. */
export interface Shelf {
  readonly client: DavClient;
  readonly kind: DavKind;
  readonly url: URL;
  readonly texts: ItemTexts;
}

/** An item; that there is none of this name; or that it is there as something that was cancelled. */
export type Fetched = RemoteItem | RemoteGone | 'absent';

/** So many are asked for at once. */
const AT_ONCE = 100;

/** Asks for items by their names. Those that are missing in the result are unknown. */
export async function fetchItems(
  shelf: Shelf,
  names: readonly string[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, Fetched> | Trouble> {
  const fetched = new Map<string, Fetched>();
  for (let start = 0; start < names.length; start += AT_ONCE) {
    const trouble = await fetchPiece(shelf, names.slice(start, start + AT_ONCE), fetched, deadline);
    if (trouble !== undefined) return trouble;
  }
  return fetched;
}

async function fetchPiece(
  shelf: Shelf,
  names: readonly string[],
  into: Map<string, Fetched>,
  deadline: Deadline,
): Promise<Trouble | undefined> {
  const { client, kind, url } = shelf;
  const xml = multiget(
    kind,
    names.map((name) => itemUrl(url, name).pathname),
  );
  const asked = await client.ask({ method: 'REPORT', url, headers: { Depth: '1' }, xml }, deadline);
  if (asked.kind === 'told') {
    for (const response of asked.told.responses) {
      const name = nameIn(url, response.href);
      const item = name === undefined || !names.includes(name) ? undefined : fetchedFrom(shelf, name, response);
      if (name !== undefined && item !== undefined) into.set(name, item);
    }
    return undefined;
  }
  // One that is too long, or holds what XML cannot hold, must not hide the others.
  if (asked.kind !== 'unusable' || asked.isCut) return client.trouble(asked);
  if (names.length === 1) return undefined;
  const half = Math.ceil(names.length / 2);
  return (await fetchPiece(shelf, names.slice(0, half), into, deadline)) ?? fetchPiece(shelf, names.slice(half), into, deadline);
}

/** Looks for the item with a UID, whatever its name is: the server or a program may have chosen another one. */
export async function findByUid(shelf: Shelf, uid: string, deadline: Deadline): Promise<Fetched | undefined> {
  const { client, kind, url } = shelf;
  const asked = await client.ask({ method: 'REPORT', url, headers: { Depth: '1' }, xml: itemByUid(kind, uid) }, deadline);
  if (asked.kind !== 'told') return client.trouble(asked).kind === 'refused' ? 'absent' : undefined;
  for (const response of asked.told.responses) {
    const name = nameIn(url, response.href);
    const text = textOf(response, kind);
    // Some servers compare less strictly than they are asked to.
    if (name === undefined || name === '' || text === undefined || !shelf.texts.read(text).uids.includes(uid)) continue;
    const item = fetchedFrom(shelf, name, response);
    if (item !== undefined) return item;
  }
  return 'absent';
}

/** An item as a text says. */
export function itemFrom({ kind, texts }: Shelf, name: string, version: string, text: string): RemoteItem | RemoteGone {
  const id = idOfName(name, kind.ending);
  const { mark, content } = texts.read(text);
  if (content.kind === 'gone') return { id, gone: true };
  return { id, version, content, ...(mark === undefined || content.kind === 'private' ? {} : { mark }) };
}

/** The version that a server gave, as it is sent back; `undefined` for what cannot be sent. */
export function versionIn(spelled: string | undefined): string | undefined {
  const text = spelled?.trim() ?? '';
  if (!/^[ -~\u0080-\u00ff]{1,1000}$/.test(text)) return undefined;
  return /^(W\/)?"[^"]*"$/.test(text) ? text : `"${text.replaceAll('"', '')}"`;
}

function fetchedFrom(shelf: Shelf, name: string, response: DavResponse): Fetched | undefined {
  const { status } = response;
  if (status === 404 || status === 410) return 'absent';
  const version = versionIn(response.property('D:getetag')?.text);
  const text = textOf(response, shelf.kind);
  if (version === undefined || text === undefined) return undefined;
  return itemFrom(shelf, name, version, text);
}

/** The ends of lines as iCalendar has them, which XML has not. */
function textOf(response: DavResponse, { text }: DavKind): string | undefined {
  return response.property(text)?.text.replace(/\r?\n/g, '\r\n');
}
