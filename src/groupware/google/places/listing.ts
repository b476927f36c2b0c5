// A page of what is in a place: of everything, or of what changed since a cursor. Whoever lists says the same each time, or a sync token would
// count no more (https://developers.google.com/workspace/calendar/api/guides/sync).

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { Later, Refused, RemoteGone, RemoteItem, Trouble } from '../../groupware';
import { isGoogles, isMissing, isWell, refusalOf, troubleOf, type Answer } from '../calls/answers';
import type { Cursor } from './cursor';
import type { Asker, ItemRules } from './items';

/** How a service lists what is in a place. */
export interface ListingRules extends Pick<ItemRules, 'path' | 'itemOf'> {
  /** What is fixed of a listing, and a part of each cursor. */
  readonly fixed: Readonly<Record<string, string>>;
  /** What of an answer is asked for, where the service lets that be said. */
  readonly fields?: string;
  /** Under which name its pages have what is in them. */
  readonly holds: string;
  /** What is asked where only changes are wanted. */
  readonly changesSince: (since: string) => Readonly<Record<string, string>>;
  /** From where a listing goes on after a page; `undefined` where its last one does not say. */
  readonly goesOn: (page: AnsweredPage) => Pick<Cursor, 'since' | 'latest'> | undefined;
}

/** A page as it was answered. */
export interface AnsweredPage {
  readonly json: unknown;
  readonly listed: readonly unknown[];
  readonly from: Cursor;
  readonly isLast: boolean;
}

/** A page of what is in a place. */
export interface Page {
  readonly kind: 'page';
  readonly items: readonly (RemoteItem | RemoteGone)[];
  /** What these are made of, in the same order. */
  readonly listed: readonly unknown[];
  /** Where the next page is; or, of the last one, from where the next listing goes on. */
  readonly to: Cursor;
  readonly isLast: boolean;
}

/** What became of a listing. `missing`: Google says that there is no such place, in these words. */
export type Listed = Page | { readonly kind: 'expired' } | { readonly kind: 'missing'; readonly refusal: Refused } | Trouble;

/** Listings that end with a token, from which the next one goes on: an answer without one is none of an empty place. */
export const BY_SYNC_TOKEN: Pick<ListingRules, 'changesSince' | 'goesOn'> = {
  changesSince: (syncToken) => ({ syncToken }),
  goesOn: ({ json, from, isLast }) => {
    if (!isLast) return { since: from.since, latest: '' };
    const since = at(json, 'nextSyncToken');
    return typeof since === 'string' && since !== '' ? { since, latest: '' } : undefined;
  },
};

/** Lists a page. */
export async function listPage(rules: ListingRules, { client, user }: Asker, from: Cursor, deadline: Deadline): Promise<Listed> {
  const { placeId, since, pageToken } = from;
  const query = {
    ...rules.fixed,
    ...(rules.fields === undefined ? {} : { fields: rules.fields }),
    ...(since === '' ? {} : rules.changesSince(since)),
    ...(pageToken === '' ? {} : { pageToken }),
  };
  // A page of everything may be as long as the rest of a batch together; one of changes is short.
  const call = { method: 'GET', path: rules.path(placeId), query, alone: since === '' } as const;
  const called = await client.call(user, call, deadline);
  if (called.kind !== 'answer') return troubleOf(called);
  if (isWell(called)) return pageOf(called, rules, from);
  return staleIn(called, from) ?? (isMissing(called) ? { kind: 'missing', refusal: refusalOf(called) } : troubleOf(called));
}

function pageOf({ json }: Answer, rules: ListingRules, from: Cursor): Listed {
  const [listed, pageToken] = [at(json, rules.holds) ?? [], at(json, 'nextPageToken') ?? ''];
  if (!Array.isArray(listed) || typeof pageToken !== 'string') return UNREADABLE;
  if (pageToken !== '' && pageToken === from.pageToken) return UNREADABLE;
  const items = listed.map((each) => rules.itemOf(each));
  const isLast = pageToken === '';
  const on = rules.goesOn({ json, listed, from, isLast });
  // What is left out would be taken for deleted.
  if (items.includes(undefined) || on === undefined) return UNREADABLE;
  const to = { placeId: from.placeId, pageToken, ...on };
  return { kind: 'page', items: items.filter((item) => item !== undefined), listed, to, isLast };
}

/**
 * What a refusal of a listing means where it may be for how far it goes back, or for its page: nothing else of the question is ever wrong.
 * Google says 410, and was seen to say 400 (https://github.com/freed-project/freed/issues/1976). `undefined` where it means something else.
 */
function staleIn(answer: Answer, { since, pageToken }: Cursor): Later | { readonly kind: 'expired' } | undefined {
  const isStale = (answer.status === 410 || answer.status === 400) && isGoogles(answer);
  if (isStale && since !== '') return { kind: 'expired' };
  return isStale && pageToken !== '' ? { kind: 'retry', reason: 'Google forgot how far a listing came' } : undefined;
}

const UNREADABLE: Later = { kind: 'retry', reason: 'Google’s listing cannot be read' };
