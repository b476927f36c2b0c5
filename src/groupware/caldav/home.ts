// Where a user's calendars are (RFC 6764, 5397 and 4791): asked of the server, from wherever the configuration leads to.

import type { Deadline } from '../../core/deadline';
import type { GroupwareUser, Refused, Trouble } from '../groupware';
import { meaningOf } from './answer';
import type { Asked, DavClient } from './client';
import { DAV_KINDS, HOME_SETS, type DavKind, type DavName } from './dav-kinds';
import { asFolderUrl, leadsTo, pathOfUser } from './hrefs';
import { childOf, childrenOf, hrefIn, type DavResponse } from './multistatus';
import type { CaldavOptions } from './options';
import { propfind } from './questions';
import { urlOf } from '../../core/web-address';

/** A calendar, as far as it can be told from others. */
export interface Calendar {
  readonly url: URL;
  readonly name: string;
  /** Where our mark stands, if it is one of ours. */
  readonly description: string;
  /** Whether it takes a component; an address book has none, and takes all cards. */
  takes(component: string | undefined): boolean;
}

/** Where a user's calendars are, or the one that the configuration names. */
export type Home =
  /** `named`: all homes that the principal names, by their properties. */
  | { readonly kind: 'home'; readonly url: URL; readonly named?: ReadonlyMap<DavName, URL> }
  | { readonly kind: 'calendar'; readonly calendar: Calendar };

/** So many redirects are followed, one after the other. */
const MOST_REDIRECTS = 5;

/** The homes that were found in this run: those of events and tasks are one, that of contacts is another. Most principals name both. */
const homes = new WeakMap<CaldavOptions, Map<string, Home>>();

/** Finds it, once in a run. */
export async function findHome(
  client: DavClient,
  kind: DavKind,
  options: CaldavOptions,
  user: GroupwareUser,
  deadline: Deadline,
): Promise<Home | Trouble> {
  const known = homes.get(options) ?? new Map<string, Home>();
  homes.set(options, known);
  const keyOf = (homeSet: DavName) => `${homeSet} ${user.login}`;
  const found = known.get(keyOf(kind.homeSet));
  if (found !== undefined) return found;
  const home = await search(client, kind, options, user, deadline);
  if ('reason' in home) return home;
  if (home.kind === 'home') for (const [homeSet, url] of home.named ?? []) known.set(keyOf(homeSet), { kind: 'home', url });
  known.set(keyOf(kind.homeSet), home);
  return home;
}

async function search(
  client: DavClient,
  kind: DavKind,
  options: CaldavOptions,
  user: GroupwareUser,
  deadline: Deadline,
): Promise<Home | Trouble> {
  const ask = (url: URL) => look(client, url, kind, deadline);
  for (const start of startsOf(kind, options, user)) {
    const seen = await ask(start);
    if (seen === undefined) continue;
    if ('reason' in seen) return seen;
    const { url, response } = seen;
    const calendar = calendarOf(url, response, kind);
    if (calendar !== undefined) return { kind: 'calendar', calendar };
    // A login for all has a principal of its own, which is no user's.
    const principal = options.principal === undefined ? hrefIn(response.property('D:current-user-principal')) : undefined;
    const home = await homeOf(seen, principal, ask, kind);
    if (home !== undefined) return home;
    // What is named for a user, and says nothing of a home, is it.
    if (start.pathname !== '/' && !start.pathname.startsWith('/.well-known/') && isFolder(response))
      return { kind: 'home', url: asFolderUrl(url) };
  }
  return notFound(kind);
}

function notFound({ called, key }: DavKind): Refused {
  return {
    kind: 'refused',
    reason: `the server shows no ${called}s of this user; name the user’s path in principal, or that of the ${called} in ${key}, and see whether the user has ever logged in there, and what the login may see`,
  };
}

/** What a home says of the calendars in it; or the answer that says nothing of any. */
export async function calendarsIn(
  client: DavClient,
  home: URL,
  kind: DavKind,
  deadline: Deadline,
): Promise<readonly Calendar[] | Exclude<Asked, { readonly kind: 'told' }>> {
  const request = { method: 'PROPFIND', url: home, headers: { Depth: '1' }, xml: propfind(PROPERTIES(kind)) } as const;
  const asked = await client.ask(request, deadline);
  if (asked.kind !== 'told') return asked;
  return asked.told.responses.flatMap((response) => {
    const url = leadsTo(response.href, home);
    const calendar = url === undefined || url.origin !== home.origin ? undefined : calendarOf(url, response, kind);
    return calendar === undefined ? [] : [calendar];
  });
}

interface Seen {
  readonly url: URL;
  readonly response: DavResponse;
}

/** What is at an address, behind its redirects; nothing where nothing is there that could be asked. */
type Look = Seen | Trouble | undefined;

async function look(client: DavClient, start: URL, kind: DavKind, deadline: Deadline): Promise<Look> {
  let url = start;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const request = { method: 'PROPFIND', url, headers: { Depth: '0' }, xml: propfind(PROPERTIES(kind)) } as const;
    const asked = await client.ask(request, deadline);
    if (asked.kind === 'told') {
      const [response] = asked.told.responses;
      return response === undefined ? undefined : { url, response };
    }
    const location = redirectOf(asked);
    if (location === undefined) return isNothing(asked) ? undefined : client.trouble(asked);
    const next = leadsTo(location, url);
    if (next === undefined) return elsewhere(location, url);
    url = next;
  }
  return { kind: 'refused', reason: 'the server’s redirects lead nowhere' };
}

function redirectOf(asked: Asked): string | undefined {
  return asked.kind === 'answer' && [301, 302, 303, 307, 308].includes(asked.status)
    ? (asked.headers['location'] ?? '')
    : undefined;
}

/** Many servers have nothing but a page, or no right for anybody, where others have their principals. */
export function isNothing(asked: Asked): boolean {
  if (asked.kind !== 'answer') return false;
  const { kind } = meaningOf(asked);
  return asked.status < 300 || (asked.status !== 401 && (kind === 'absent' || kind === 'refused' || kind === 'rejected'));
}

function elsewhere(href: string, from: URL): Refused {
  const to = urlOf(href, from);
  const where = to === undefined ? '' : ` (${to.origin})`;
  const reason = `the server leads to another one${where}, which never gets the login; if it is right, name it in url`;
  return { kind: 'refused', reason };
}

async function homeOf(
  seen: Seen,
  principal: string | undefined,
  ask: (url: URL) => Promise<Look>,
  kind: DavKind,
): Promise<Home | Trouble | undefined> {
  const own = homeNamed(seen, kind);
  if (own !== undefined) return own;
  if (principal === undefined) return undefined;
  const url = leadsTo(principal, seen.url);
  if (url === undefined) return elsewhere(principal, seen.url);
  const there = await ask(url);
  if (there === undefined || 'reason' in there) return there;
  return homeNamed(there, kind);
}

/** The home that a principal names, with that of the other collections. */
function homeNamed({ url, response }: Seen, { homeSet }: DavKind): Home | Trouble | undefined {
  const named = new Map<DavName, URL>();
  for (const each of HOME_SETS) {
    const href = hrefIn(response.property(each));
    const home = href === undefined ? undefined : within(href, url);
    if (home instanceof URL) named.set(each, home);
    else if (home !== undefined && each === homeSet) return home;
  }
  const own = named.get(homeSet);
  return own === undefined ? undefined : { kind: 'home', url: own, named };
}

function within(href: string, from: URL): URL | Trouble {
  const url = leadsTo(href, from);
  return url === undefined ? elsewhere(href, from) : asFolderUrl(url);
}

/** Where to ask first. A server’s own address says less than the one that is made for the question. */
function startsOf({ wellKnown }: DavKind, { url, principal }: CaldavOptions, user: GroupwareUser): readonly URL[] {
  if (principal !== undefined) return [pathOfUser(principal, url, user)];
  const [own, known] = [asFolderUrl(new URL(url)), new URL(`/.well-known/${wellKnown}`, url)];
  return own.pathname === '/' ? [known, own] : [own, known];
}

/** What a calendar is told by. */
export const PROPERTIES = ({ description, components }: DavKind): readonly DavName[] => [
  ...(['D:resourcetype', 'D:displayname', 'D:current-user-principal'] as const),
  ...[description, ...HOME_SETS],
  ...(components === undefined ? [] : [components]),
];

/** What is said of an address, where it is a calendar (or address book, by its kind). */
export function calendarOf(
  url: URL,
  response: DavResponse,
  { collection, description, components }: DavKind,
): Calendar | undefined {
  if (childOf(response.property('D:resourcetype'), collection) === undefined) return undefined;
  const listed = components === undefined ? undefined : response.property(components);
  const taken =
    listed === undefined ? undefined : childrenOf(listed, 'C:comp').map((each) => each.attributes.get('name')?.toUpperCase());
  return {
    url: asFolderUrl(url),
    name: response.property('D:displayname')?.text.trim() ?? '',
    description: response.property(description)?.text.trim() ?? '',
    takes: (component) => taken === undefined || component === undefined || taken.length === 0 || taken.includes(component),
  };
}

/** A folder of collections. Neither a calendar nor an address book may hold another one (RFC 4791, 4.2, and RFC 6352, 5.2). */
function isFolder(response: DavResponse): boolean {
  const type = response.property('D:resourcetype');
  const isOne = Object.values(DAV_KINDS).some(({ collection }) => childOf(type, collection) !== undefined);
  return childOf(type, 'D:collection') !== undefined && !isOne;
}
