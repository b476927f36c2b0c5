// Pages and sync tokens, of events and of the list of calendars alike.
// https://developers.google.com/workspace/calendar/api/guides/sync and .../guides/pagination

import { one, type Call } from './api';
import { GoogleError } from './errors';
import { randomText, type Cursor } from './world';

/** What can be listed: in order of its changes. */
export interface Listable<Item> {
  /** What is listed, for cursors. */
  readonly of: string;
  /** How often it has changed. */
  readonly revision: number;
  /** Ids of all that is to be shown, or of what changed since. */
  readonly ids: (since: number | undefined) => readonly string[];
  /** Undefined where it is not there any more. */
  readonly item: (id: string, since: number | undefined) => Item | undefined;
  /** Parameters that cannot stand beside a sync token. */
  readonly notWithSync: readonly string[];
  readonly pages: Pages;
  /** Whether a listing goes on with a token, as all do but those of tasks. */
  readonly hasNoSync?: true;
}

/** How long pages are; the parameter that says so is `maxResults` unless it is called otherwise. */
interface Pages {
  readonly usual: number;
  readonly longest: number;
  readonly parameter?: string;
}

/** A page of a listing. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextPageToken?: string;
  readonly nextSyncToken?: string;
}

/** Parameters that may differ from one page to the next, and from one listing to the next. */
const FREE: ReadonlySet<string> = new Set([
  'pageToken',
  'syncToken',
  'alt',
  'fields',
  'key',
  'prettyPrint',
  'quotaUser',
  'userIp',
]);

/** The page that a call asks for. Only the last one has a sync token, and only where the listing can go on with one. */
export function pageOf<Item>(call: Call, listable: Listable<Item>): Page<Item> {
  const { world, user } = call;
  const parameters = fixed(call);
  const [sync, page] = [one(call, 'syncToken'), one(call, 'pageToken')];
  const from = sync === undefined ? undefined : cursor(call, 'sync', sync, listable.of, parameters);
  if (from !== undefined) checkTogether(call, listable.notWithSync);
  const at = page === undefined ? undefined : cursor(call, 'page', page, listable.of, parameters);
  const since = at === undefined ? from?.revision : at.since;
  const revision = at?.revision ?? listable.revision;
  const ids = at?.rest ?? listable.ids(since);
  const size = pageSize(call, listable.pages, world.longestPage);
  const items = ids.slice(0, size).flatMap((id) => listable.item(id, since) ?? []);
  const base = { email: user.email, of: listable.of, parameters, revision, expired: false };
  const give = (made: Cursor) => {
    const token = Buffer.from(`${made.kind}${randomText(16)}`).toString('base64url');
    world.cursors.set(token, made);
    return token;
  };
  if (ids.length > size) {
    const more = since === undefined ? {} : { since };
    return { items, nextPageToken: give({ ...base, kind: 'page', ...more, rest: ids.slice(size) }) };
  }
  const canGoOn = listable.hasNoSync !== true && !listable.notWithSync.some((name) => call.parameters.has(name));
  return { items, ...(canGoOn ? { nextSyncToken: give({ ...base, kind: 'sync' }) } : {}) };
}

function fixed({ parameters }: Call): string {
  return JSON.stringify([...parameters].filter(([name]) => !FREE.has(name)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function pageSize(call: Call, { usual, longest, parameter = 'maxResults' }: Pages, most: number): number {
  const asked = Number(one(call, parameter) ?? usual);
  if (asked < 1) throw new GoogleError('invalid', `Invalid value for: ${parameter}`, { location: parameter });
  return Math.min(asked, longest, most);
}

function checkTogether(call: Call, forbidden: readonly string[]): void {
  for (const name of forbidden)
    if (call.parameters.has(name))
      throw new GoogleError('invalid', `Sync token cannot be used together with ${name}.`, { location: 'syncToken' });
  for (const name of ['showDeleted', 'showHidden'])
    if (one(call, name) === 'false')
      throw new GoogleError('invalid', `Sync token cannot be used with ${name} set to false.`, { location: 'syncToken' });
}

/** Of another user, calendar or form a token is as good as expired; with other parameters nothing is promised, and here it is refused. */
function cursor(call: Call, kind: Cursor['kind'], token: string, of: string, parameters: string): Cursor {
  const { world, user } = call;
  const location = `${kind}Token`;
  const invalid = () =>
    new GoogleError('invalid', kind === 'sync' ? 'Invalid sync token value.' : 'Invalid page token value.', { location });
  if (!/^[\w-]{8,}=*$/.test(token)) throw invalid();
  const known = world.cursors.get(token);
  const isOther = known?.kind !== kind || known.email !== user.email || known.of !== of;
  if (isOther || known.expired) {
    // A page of what changed since a token expires with it.
    const isSync = kind === 'sync' || known?.since !== undefined;
    throw isSync && world.expiredIs === 410 ? new GoogleError('fullSyncRequired') : invalid();
  }
  if (known.parameters !== parameters)
    throw new GoogleError('invalid', `The parameters are not those that the ${kind} token was given for.`, { location });
  return known;
}
