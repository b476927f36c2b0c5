// How the people of an address book are listed: everybody, or who changed since a sync token. Pure.
// https://developers.google.com/people/api/rest/v1/people.connections/list

import { at } from '../../../core/shape';
import type { RemoteGone, RemoteItem } from '../../groupware';
import { BY_SYNC_TOKEN, type ListingRules, type Page } from '../places/listing';
import { formerNamesOf, isMarked, itemOf, PERSON_QUERY } from './person';

/** What is fixed of a listing, and a part of each cursor. */
const FIXED = { ...PERSON_QUERY, pageSize: '1000', requestSyncToken: 'true' } as const;

/** How people are listed. */
export const PEOPLE_LISTING: ListingRules = {
  ...BY_SYNC_TOKEN,
  path: (whose) => `${whose}/connections`,
  itemOf,
  fixed: FIXED,
  holds: 'connections',
};

/** What a page says that is of use here. */
export interface OwnPeople {
  readonly items: readonly (RemoteItem | RemoteGone)[];
  /** What people are called by now, by what they were called before. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** The people of a page that were made for the CRM. */
export function ownPeople({ items, listed }: Page): OwnPeople {
  const renamed = new Map(
    listed.flatMap((person) => formerNamesOf(person).map((name) => [name, String(at(person, 'resourceName'))] as const)),
  );
  // Whoever is somebody's own is not even handed on.
  const ours = items.filter((item, n) => 'gone' in item || isMarked(listed[n]));
  // Whoever knows a person by the old name asks for it.
  const formerly = [...renamed.keys()].map((id): RemoteGone => ({ id, gone: true }));
  return { items: [...ours, ...formerly], renamed };
}
