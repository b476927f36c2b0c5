// Listing the people of an address book: everybody, or who changed since a sync token. Whoever lists says the same each time, or the token
// would count no more. https://developers.google.com/people/api/rest/v1/people.connections/list

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { GroupwareUser, RemoteGone, RemoteItem, Trouble } from '../../groupware';
import { isWell, troubleOf, type Answer } from '../calls/answers';
import type { GoogleClient } from '../calls/client';
import type { Place } from '../places/cursor';
import { staleIn } from '../places/pages';
import { formerNamesOf, isMarked, itemOf, PERSON_QUERY } from './person';

/** A page of people. */
export type PersonPage =
  | {
      readonly kind: 'page';
      readonly items: readonly (RemoteItem | RemoteGone)[];
      /** What people are called by now, by what they were called before. */
      readonly renamed: ReadonlyMap<string, string>;
      /** Where the next page is; or, of the last one, from where the next listing goes on. */
      readonly to: Place;
      readonly isLast: boolean;
    }
  | { readonly kind: 'expired' }
  | Trouble;

/** What is fixed of a listing, and a part of each cursor. */
export const FIXED = { ...PERSON_QUERY, pageSize: '1000', requestSyncToken: 'true' } as const;

/** Lists a page. */
export async function listPeople(
  client: GoogleClient,
  user: GroupwareUser,
  from: Place,
  deadline: Deadline,
): Promise<PersonPage> {
  const { syncToken, pageToken } = from;
  const query = { ...FIXED, ...(syncToken === '' ? {} : { syncToken }), ...(pageToken === '' ? {} : { pageToken }) };
  // A page of everybody may be as long as the rest of a batch together; one of changes is short.
  const call = { method: 'GET', path: `${from.calendarId}/connections`, query, alone: syncToken === '' } as const;
  const called = await client.call(user, call, deadline);
  if (called.kind !== 'answer') return troubleOf(called);
  return isWell(called) ? pageOf(called, from) : unlisted(called, from);
}

/** A token that counts no more is answered 400: https://github.com/freed-project/freed/issues/1976 */
function unlisted(answer: Answer, { syncToken, pageToken }: Place): PersonPage {
  return staleIn(answer, syncToken, pageToken) ?? troubleOf(answer);
}

function pageOf({ json }: Answer, from: Place): PersonPage {
  const [listed, page, sync] = [at(json, 'connections') ?? [], at(json, 'nextPageToken') ?? '', at(json, 'nextSyncToken') ?? ''];
  if (!Array.isArray(listed) || typeof page !== 'string' || typeof sync !== 'string') return UNREADABLE;
  // So is a listing that does not say where it goes on: an empty answer is none of an empty address book.
  if ((page === '' && sync === '') || (page !== '' && page === from.pageToken)) return UNREADABLE;
  const items = listed.map(itemOf);
  // What is left out would be taken for deleted.
  if (items.includes(undefined)) return UNREADABLE;
  const renamed = new Map(
    (listed as readonly unknown[]).flatMap((person) =>
      formerNamesOf(person).map((name) => [name, String(at(person, 'resourceName'))] as const),
    ),
  );
  // Whoever is somebody's own is not even handed on.
  const ours = items.flatMap((item, n) => (item !== undefined && ('gone' in item || isMarked(listed[n])) ? [item] : []));
  // Whoever knows a person by the old name asks for it.
  const formerly = [...renamed.keys()].map((id): RemoteGone => ({ id, gone: true }));
  const to = page === '' ? { ...from, syncToken: sync, pageToken: '' } : { ...from, pageToken: page };
  return { kind: 'page', items: [...ours, ...formerly], renamed, to, isLast: page === '' };
}

const UNREADABLE: Trouble = { kind: 'retry', reason: 'Google’s listing of contacts cannot be read' };
