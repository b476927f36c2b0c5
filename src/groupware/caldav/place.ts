// Which of a user's calendars a kind of entry is kept in, and how the own one is made: under a path that is computed, so that one whose
// making nobody heard the end of is found, and never made twice.

import type { Deadline } from '../../core/deadline';
import type { GroupwareUser, Refused, Trouble } from '../groupware';
import type { DavClient } from './client';
import type { DavKind } from './dav-kinds';
import { calendarsIn, findHome, isNothing, type Calendar, type Home } from './home';
import { asFolderUrl, pathOfUser } from './hrefs';
import type { CaldavOptions } from './options';
import { makeCollection } from './questions';

/** Where entries are kept, or that the calendar is not there. */
export type DavPlace = { readonly kind: 'place'; readonly url: URL } | NoPlace | Trouble;

/** That the own calendar is not there: where it may be made, and in which home. */
export interface NoPlace {
  readonly kind: 'absent';
  readonly url: URL;
  readonly home: URL;
}

/** What a place is looked for with. */
export interface PlaceParts {
  readonly client: DavClient;
  readonly kind: DavKind;
  readonly options: CaldavOptions;
  readonly user: GroupwareUser;
  /** As the configuration names the calendar, for this user and kind. */
  readonly wanted: string | undefined;
}

/** Finds the calendar; in a home that is known from before, as long as something is there. */
export async function findPlace(parts: PlaceParts, deadline: Deadline, known?: URL): Promise<DavPlace> {
  const { client, kind, options, user, wanted } = parts;
  if (wanted?.startsWith('/') === true) return { kind: 'place', url: pathOfUser(wanted, options.url, user) };
  const home: Home | Trouble =
    known === undefined ? await findHome(client, kind, options, user, deadline) : { kind: 'home', url: known };
  if ('reason' in home) return home;
  if (home.kind === 'calendar') return named([home.calendar], kind, `the ${kind.called} of url`);
  const calendars = await calendarsIn(client, home.url, kind, deadline);
  if ('kind' in calendars)
    return known !== undefined && isNothing(calendars) ? findPlace(parts, deadline) : client.trouble(calendars);
  if (wanted !== undefined)
    return named(
      calendars.filter(({ name, url }) => name === wanted || lastPart(url) === wanted),
      kind,
      `the ${kind.called} "${wanted}"`,
    );
  const url = ownUrl(home.url, kind, user);
  const own =
    calendars.find((each) => each.url.pathname === url.pathname) ??
    // Some servers choose the path themselves.
    calendars.find(({ description }) => description === markOf(kind, user));
  return own === undefined ? { kind: 'absent', url, home: home.url } : { kind: 'place', url: own.url };
}

/** Makes the own calendar where it is not there; whatever the answer is, only what is there afterwards counts. */
export async function makePlace(parts: PlaceParts, { url, home }: NoPlace, deadline: Deadline): Promise<DavPlace> {
  const { client, kind, user } = parts;
  const made = await client.send({ method: kind.making, url, xml: makeCollection(kind, markOf(kind, user)) }, deadline);
  const place = await findPlace(parts, deadline, home);
  if (place.kind !== 'absent') return place;
  const { reason, ...trouble } = client.trouble(made);
  const hint = trouble.kind === 'refused' ? `; make one there, and name it in ${kind.key}` : '';
  return { ...trouble, reason: `the ${kind.called} of the CRM cannot be made: ${reason}${hint}` };
}

/** This spelling can never change: by it the calendar is found again. */
function ownUrl(home: URL, { segment }: DavKind, { system }: GroupwareUser): URL {
  return new URL(`${asFolderUrl(home).pathname}publish-activity-${system}-${segment}/`, home);
}

/** Likewise. */
function markOf({ segment }: DavKind, { system }: GroupwareUser): string {
  return `publish-activity: ${segment} of ${system}`;
}

function named(found: readonly Calendar[], { component, holds }: DavKind, what: string): DavPlace {
  const [calendar, ...more] = found;
  if (calendar === undefined) return refused(`${what} is not there; it has another name, or was deleted`);
  if (more.length > 0) return refused(`${what} is there ${found.length} times; name its path instead`);
  if (!calendar.takes(component)) return refused(`${what} takes no ${holds}; name another one for them`);
  return { kind: 'place', url: calendar.url };
}

function refused(reason: string): Refused {
  return { kind: 'refused', reason };
}

/** As people see it in an address. */
function lastPart({ pathname }: URL): string {
  const part = pathname.split('/').filter(Boolean).at(-1) ?? '';
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
