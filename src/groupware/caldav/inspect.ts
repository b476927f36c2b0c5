// What a server says about a place for entries when it is only asked: whether it is there, what the login may do (RFC 3744, 5.5), how it
// lists (RFC 3253, 3.1.5, and RFC 6578), what time it has. What it does not say stays unknown: to put something there on trial could be
// seen by people, and stay.

import type { Deadline } from '../../core/deadline';
import { clockIn } from '../../core/server-clock';
import type { Inspected, Refused, Unwritable } from '../groupware';
import type { DavAnswer } from './client';
import type { DavKind, DavName } from './dav-kinds';
import { calendarOf, PROPERTIES } from './home';
import type { WhoseLogin } from './login';
import { childOf, childrenOf, type DavResponse } from './multistatus';
import { findPlace, type PlaceParts } from './place';
import { propfind } from './questions';

/** Looks at a place. `now` is in ms since 1970 UTC. */
export async function inspectPlace(
  parts: PlaceParts,
  login: WhoseLogin['whose'],
  now: () => number,
  deadline: Deadline,
): Promise<Inspected | Unwritable> {
  const { client, kind } = parts;
  const place = await findPlace(parts, deadline);
  if ('reason' in place) return place;
  const before = now();
  const options = await client.send({ method: 'OPTIONS', url: place.url }, deadline);
  if (options.kind === 'silence' || options.status === 401) return client.trouble(options);
  const common = { kind: 'inspected', login, ...clockIn(options.headers, (before + now()) / 2) } as const;
  const isThere = place.kind === 'place';
  // What is not there yet is made in what is around it.
  const url = isThere ? place.url : new URL('..', place.url);
  const names = [...PROPERTIES(kind), 'D:current-user-privilege-set', 'D:supported-report-set'] as const;
  const asked = await client.ask({ method: 'PROPFIND', url, headers: { Depth: '0' }, xml: propfind(names) }, deadline);
  if (asked.kind !== 'told')
    return isThere && asked.kind === 'answer' && [404, 410].includes(asked.status) ? missing(kind) : client.trouble(asked);
  const [response] = asked.told.responses;
  if (response === undefined) return { ...common, isThere };
  const may = mayWrite(response);
  if (!isThere) {
    if (may === false)
      return refused(`the server says that the login may make no ${kind.called} there; make one, and name it in ${kind.key}`);
    return { ...common, isThere, ...(may === true && offers(options, kind.making) ? { writable: 'said' } : {}) };
  }
  const wrong = whyUnfit(url, response, kind);
  if (wrong !== undefined) return wrong;
  if (may === false) return refused(`the server says that the login may make nothing there; give it the right to write there`);
  return { ...common, isThere, ...(may === true ? { writable: 'said' } : {}), ...listingOf(response) };
}

function missing({ called, key }: DavKind): Refused {
  return refused(`there is no ${called} at the path that ${key} names; it has another one, or was deleted`);
}

/** What is there, and cannot hold what it shall hold. */
function whyUnfit(url: URL, response: DavResponse, kind: DavKind): Refused | undefined {
  if (response.property('D:resourcetype') === undefined) return undefined;
  const calendar = calendarOf(url, response, kind);
  const { called, key, holds, component } = kind;
  if (calendar === undefined) return refused(`the server says that what is at the path that ${key} names is no ${called}`);
  return calendar.takes(component)
    ? undefined
    : refused(`the ${called} "${calendar.name}" takes no ${holds}; name another one in ${key}`);
}

/** What making, changing and deleting need of a collection; each is part of `write` and of `all` (RFC 3744, 3.2 to 3.11). */
const NEEDED: readonly DavName[] = ['D:bind', 'D:unbind', 'D:write-content'];
const WHOLE: readonly DavName[] = ['D:all', 'D:write'];

/** Whether the login may; nothing where the server does not say, or says it of a part only. */
function mayWrite(response: DavResponse): boolean | undefined {
  const set = response.property('D:current-user-privilege-set');
  const given = set === undefined ? [] : childrenOf(set, 'D:privilege');
  if (given.length === 0) return undefined;
  const has = (name: DavName) => given.some((privilege) => childOf(privilege, name) !== undefined);
  if (WHOLE.some(has) || NEEDED.every(has)) return true;
  return has('D:bind') ? undefined : false;
}

function offers({ headers }: DavAnswer, method: DavKind['making']): boolean {
  return (headers['allow'] ?? '').split(',').some((each) => each.trim().toUpperCase() === method);
}

/** Whether it tells what changed; nothing where it does not say which questions it knows. */
function listingOf(response: DavResponse): Pick<Inspected, 'tellsChanges'> {
  const set = response.property('D:supported-report-set');
  const known = set === undefined ? [] : childrenOf(set, 'D:supported-report').map((each) => childOf(each, 'D:report'));
  if (known.length === 0) return {};
  return { tellsChanges: known.some((report) => childOf(report, 'D:sync-collection') !== undefined) };
}

function refused(reason: string): Refused {
  return { kind: 'refused', reason };
}
