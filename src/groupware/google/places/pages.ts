// Pages of Google's listings: of the items of a user, which the engine asks for one by one, and of what the items stand in, which is read as a
// whole.

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { Later, Listing, RemoteGone, RemoteItem, Trouble } from '../../groupware';
import { isWell, troubleOf } from '../calls/answers';
import type { Asker } from './items';

/** Where a listing goes on: from a cursor, or on a page, which is how many pages came before it and a place. */
export interface PageAsked {
  readonly number: number;
  /** Left out at the begin of a listing of everything. */
  readonly from: string | undefined;
}

/** What the engine asks for. */
export function pageAsked(cursor: string | undefined, page: string | undefined): PageAsked {
  if (page === undefined) return { number: 0, from: cursor };
  const [, number = '0', from = ''] = /^(\d{1,6}) (.+)$/s.exec(page) ?? [];
  return { number: Number(number), from };
}

/** A page as the engine is told of it; `to` is the place where the listing goes on. One that has no end is none. */
export function pageTold(
  {
    items,
    isLast,
    isWhole,
  }: { readonly items: readonly (RemoteItem | RemoteGone)[]; readonly isLast: boolean; readonly isWhole: boolean },
  to: string,
  { number }: PageAsked,
  mostPages: number,
): Listing {
  if (!isLast && number + 1 >= mostPages) return { kind: 'retry', reason: 'Google’s listing has no end' };
  return { ...{ kind: 'page', items, isWhole }, ...(isLast ? { cursor: to } : { next: `${number + 1} ${to}` }) };
}

/** A list that is read as a whole. */
export interface WholeList {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Under which name its pages have what is in them. */
  readonly holds: string;
  readonly mostPages: number;
  /** What it is told as where it cannot be read. */
  readonly unreadable: Later;
}

/** All of a list; or why it cannot be had. */
export async function readWhole(
  { path, query, holds, mostPages, unreadable }: WholeList,
  { client, user }: Asker,
  deadline: Deadline,
): Promise<readonly unknown[] | Trouble> {
  const listed: unknown[] = [];
  let pageToken = '';
  for (let page = 0; page < mostPages; page += 1) {
    const asked = { method: 'GET', path, query: { ...query, ...(pageToken === '' ? {} : { pageToken }) } } as const;
    const called = await client.call(user, asked, deadline);
    if (called.kind !== 'answer' || !isWell(called)) return troubleOf(called);
    const [items, next] = [at(called.json, holds) ?? [], at(called.json, 'nextPageToken') ?? ''];
    if (!Array.isArray(items) || typeof next !== 'string' || (next !== '' && next === pageToken)) return unreadable;
    listed.push(...(items as readonly unknown[]));
    if (next === '') return listed;
    pageToken = next;
  }
  return unreadable;
}
