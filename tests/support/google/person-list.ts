// people.connections.list: https://developers.google.com/people/api/rest/v1/people.connections/list

import { bookOf, type PersonVersion, type StoredPerson } from './address-book';
import { isSet, one, type Call } from './api';
import { GoogleError } from './errors';
import { pageOf } from './listings';
import { personView, readMask } from './person-view';
import { StatusError } from './status-error';

const WEEK_MS = 7 * 86_400_000;
const MINUTE_MS = 60_000;
const PAGES = { usual: 100, longest: 1_000, parameter: 'pageSize' };

export function listConnections(call: Call): object {
  if (one(call, 'resourceName') !== 'people/me') throw new StatusError('INVALID_ARGUMENT', 'Only people/me is valid.');
  const { world } = call;
  const [book, fields, token] = [bookOf(world, call.user), readMask(call), one(call, 'syncToken')];
  checkSize(call);
  if (token === undefined && !call.parameters.has('pageToken')) countFirst(call);
  const wholeAt = token === undefined ? world.now() : (book.wholeAt.get(token) ?? world.now());
  if (wholeAt + WEEK_MS <= world.now()) throw expired();
  const seen = (person: StoredPerson): PersonVersion | undefined =>
    person.versions.findLast(({ at }) => at + world.contacts.lagMs <= world.now());
  const visible = book.people.flatMap((person) => seen(person) ?? []);
  const { items, nextPageToken, nextSyncToken } = pageOrExpired(() =>
    pageOf(call, {
      of: 'contacts',
      revision: Math.max(0, ...visible.map(({ revision }) => revision)),
      ids: (since) =>
        book.people
          .map((person) => ({ person, version: seen(person) }))
          .filter(({ version }) => version !== undefined && isShown(version, since))
          .sort((a, b) => (a.version?.revision ?? 0) - (b.version?.revision ?? 0))
          .map(({ person }) => String(book.people.indexOf(person))),
      item: (id, since) => {
        const person = book.people[Number(id)];
        const version = person === undefined ? undefined : seen(person);
        if (person === undefined || version === undefined || !isShown(version, since)) return undefined;
        return personView(person, fields, version, { isListed: true, isSync: since !== undefined });
      },
      notWithSync: [],
      pages: PAGES,
    }),
  );
  if (nextSyncToken !== undefined) book.wholeAt.set(nextSyncToken, wholeAt);
  const total = visible.filter(({ data }) => data !== undefined).length;
  return {
    ...(items.length === 0 ? {} : { connections: items }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    ...(nextSyncToken === undefined || !isSet(call, 'requestSyncToken') ? {} : { nextSyncToken }),
    ...{ totalPeople: total, totalItems: total },
  };
}

/** Whoever was deleted is told among changes only. */
function isShown({ revision, data }: PersonVersion, since: number | undefined): boolean {
  return since === undefined ? data !== undefined : revision > since;
}

/** A token that counts no more is told in this service's own words. */
function pageOrExpired<T>(page: () => T): T {
  try {
    return page();
  } catch (problem) {
    throw problem instanceof GoogleError && problem.reason === 'fullSyncRequired' ? expired() : problem;
  }
}

function expired(): StatusError {
  const words = 'Sync token is expired. Clear local cache and retry call without the sync token.';
  return new StatusError('FAILED_PRECONDITION', words, 'EXPIRED_SYNC_TOKEN');
}

function checkSize(call: Call): void {
  const size = Number(one(call, 'pageSize') ?? PAGES.usual);
  if (size < 0 || size > PAGES.longest) throw new StatusError('INVALID_ARGUMENT', 'Page size must be between 1 and 1000.');
}

/** The first page of a listing of everything has a quota of its own. */
function countFirst({ world }: Call): void {
  const { contacts } = world;
  contacts.firstAt = contacts.firstAt.filter((at) => at > world.now() - MINUTE_MS);
  if (contacts.firstAt.length >= contacts.mostFirst)
    throw new StatusError('RESOURCE_EXHAUSTED', 'Quota exceeded for first page of full sync requests.', 'RATE_LIMIT_EXCEEDED');
  contacts.firstAt = [...contacts.firstAt, world.now()];
}
