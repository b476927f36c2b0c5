// What a user's collections and the CRM say now, brought together for the plan.

import type { CrmItem, EntryReader, FoundItem } from '../../../clarify/entries';
import type { Deadline } from '../../../core/deadline';
import type { Sides } from '../../../core/sync/decide';
import { keyText } from '../../../core/sync/entry-key';
import { isDay, type Entry } from '../../../core/sync/entry';
import { isSought, type Link } from '../../../core/sync/link';
import type { LooseItem, LooseRow } from '../../../core/sync/plan';
import type { Here, SyncRules, There } from '../../../core/sync/sides';
import { instantOf } from '../../../core/wall-clock';
import type { Collection, Found, RemoteItem, Trouble } from '../../../groupware/groupware';
import type { Sight } from './listing';

/**
 * The groupware's side of each link of a kind, by the link's id. What a whole listing does not have is asked for by its id, and so is what a
 * listing of changes says is gone: it may only have got another name.
 */
export async function sightLinks(
  links: readonly Link[],
  sight: Sight,
  collection: Collection,
  now: number,
  deadline: Deadline,
): Promise<ReadonlyMap<string, There> | Trouble> {
  const byMark = byMarkOf(sight);
  const listed = (link: Link) =>
    sight.items.get(link.remoteId === '' ? link.id : link.remoteId) ?? (link.remoteId === '' ? byMark.get(link.id) : undefined);
  // What was changed lately, listings may still show as it was before.
  const isFresh = (link: Link) => !isSought(link) && link.changedAt + (collection.settledAfterMs ?? 0) > now;
  // Where the last step came to nothing, or while it is held, what is known may be old.
  const isDoubtful = (link: Link) =>
    link.remoteId === '' || link.attempts > 0 || link.state === 'held' || isFresh(link) || isEmptied(link);
  // Of one that left the window before its user moved here, nothing is here.
  const isAskable = ({ state, cause, pending, remoteId }: Link) =>
    state !== 'apart' || (cause === 'window' && pending?.kind !== 'absent' && remoteId !== '');
  const missing = links.filter((link) => {
    const isTold = listed(link) !== undefined && !isFresh(link);
    return !isTold && (sight.isWhole || isDoubtful(link) || sight.gone.has(link.remoteId)) && isAskable(link);
  });
  const ids = sight.isLost ? [] : missing.map(({ id, remoteId }) => (remoteId === '' ? id : remoteId));
  const found = ids.length === 0 ? new Map<string, Found>() : await collection.get(ids, deadline);
  if ('reason' in found) return found;
  return new Map(
    links.map((link): [string, There] => {
      const answer = found.get(link.remoteId === '' ? link.id : link.remoteId);
      const item = answer === undefined || answer === 'absent' ? listed(link) : answer;
      if (item !== undefined && !(answer === 'absent' && link.remoteId !== '')) return [link.id, thereOf(item)];
      if (sight.isLost || sight.gone.has(link.remoteId)) return [link.id, { kind: 'absent' }];
      if (!sight.isWhole && !isDoubtful(link)) return [link.id, unchanged(link)];
      // What was made a moment ago may be there all the same, where the groupware gave it an id that nobody heard of.
      const isUnsettled = link.remoteId === '' && isFresh(link);
      return [link.id, answer === 'absent' && !isUnsettled ? { kind: 'absent' } : { kind: 'unknown', words: '' }];
    }),
  );
}

/**
 * The links, with what the groupware calls their items where nobody heard of that before. Where it chose the name, only a listing tells it,
 * and a listing of changes only once: whatever the item is by now, it is asked for by that name later.
 */
export function withIds(links: readonly Link[], sights: readonly Sight[]): readonly Link[] {
  const byKind = new Map(sights.map((sight) => [sight.kind, { sight, byMark: byMarkOf(sight) }]));
  return links.map((link) => {
    const seen = link.remoteId === '' ? byKind.get(link.kind) : undefined;
    const item = seen?.sight.items.get(link.id) ?? seen?.byMark.get(link.id);
    return item === undefined ? link : { ...link, remoteId: item.id };
  });
}

/** The items that say which link they were made for, by that link's id. */
function byMarkOf({ items }: Sight): ReadonlyMap<string, RemoteItem> {
  return new Map([...items.values()].flatMap((item) => (item.mark === undefined ? [] : [[item.mark, item] as const])));
}

/** Whether nothing is known of an entry that something may have to be done about: somebody had it forgotten. */
function isEmptied({ state, remoteBase, pending }: Link): boolean {
  return state !== 'held' && state !== 'apart' && remoteBase === undefined && pending === undefined;
}

/** What a listing of changes does not name is as it was; what it named earlier may still have to be worked off. */
function unchanged({ pending, remoteBase, remoteId, version }: Link): There {
  if (pending?.kind === 'absent') return { kind: 'absent' };
  if (pending?.kind === 'entry') return { kind: 'present', id: remoteId, entry: pending.entry, version: pending.version };
  return remoteBase === undefined
    ? { kind: 'unknown', words: '' }
    : { kind: 'present', id: remoteId, entry: remoteBase, version };
}

function thereOf({ id, version, content }: RemoteItem): There {
  switch (content.kind) {
    case 'entry':
      return { kind: 'present', id, version, entry: content.entry };
    case 'unreadable':
      return { kind: 'unknown', words: content.words };
    default:
      return { kind: content.kind };
  }
}

/** Items that no link knows. */
export function looseItems(sight: Sight, links: readonly Link[]): readonly LooseItem[] {
  // Most listings tell of nothing new.
  const known = new Set(sight.items.size === 0 ? [] : links.flatMap(({ id, remoteId }) => [id, remoteId]));
  return [...sight.items.values()].flatMap(({ id, version, content, mark }): readonly LooseItem[] =>
    content.kind !== 'entry' || known.has(id) || (mark !== undefined && known.has(mark) && !known.has(id) && isOurs(mark, links))
      ? []
      : [{ kind: sight.kind, id, version, entry: content.entry, ...(mark === undefined ? {} : { mark }) }],
  );
}

/** Whether a mark is that of a link which still looks for its item. */
function isOurs(mark: string, links: readonly Link[]): boolean {
  return links.some(({ id, remoteId }) => id === mark && remoteId === '');
}

/** The CRM's side. */
export interface CrmSight {
  readonly sides: ReadonlyMap<string, Here>;
  readonly items: ReadonlyMap<string, CrmItem>;
  readonly rows: readonly LooseRow[];
}

/** Reads a user's entries, and asks for the rows of those links that the window did not return. */
export async function sightCrm(
  rules: Pick<SyncRules, 'user' | 'removesContacts'>,
  links: readonly Link[],
  reader: EntryReader,
  now: number,
  signal: AbortSignal,
): Promise<CrmSight> {
  const items = new Map((await reader.ofUser(rules.user, now, signal)).map((item) => [keyText(item), item]));
  const wanted = links.filter((link) => link.objid !== 0 && !items.has(keyText(link)));
  const asked = wanted.length === 0 ? new Map<string, FoundItem>() : await reader.byKey(wanted, now, signal);
  const all = new Map([...items, ...[...asked].flatMap(([key, item]) => (item === 'absent' ? [] : [[key, item] as const]))]);
  const sides = new Map(
    links.map((link): [string, Here] => {
      if (link.objid === 0) return [link.id, { kind: 'unknown' }];
      const found = all.get(keyText(link)) ?? asked.get(keyText(link));
      return [
        link.id,
        found === undefined ? { kind: 'unknown' } : found === 'absent' ? { kind: 'absent' } : hereOf(found, rules),
      ];
    }),
  );
  const known = new Set(links.map(keyText));
  const rows = [...items.values()].flatMap((item): readonly LooseRow[] => {
    const here = hereOf(item, rules);
    return known.has(keyText(item)) || here.kind !== 'present'
      ? []
      : [{ kind: item.kind, type: item.type, objid: item.objid, here }];
  });
  return { sides, items: all, rows };
}

/** A contact belongs to everybody in whose window it is. To have dropped out of it is to be somebody else’s, where its card shall go. */
function hereOf(item: CrmItem, { user, removesContacts }: Pick<SyncRules, 'user' | 'removesContacts'>): Here {
  const { entry, isInWindow, isPast, fields, writable } = item;
  const owner = item.owner ?? (isInWindow || !removesContacts ? user : '');
  return { kind: 'present', entry, owner, isInWindow, isPast, fields, writable };
}

/** Both sides of each link. */
export function together(
  links: readonly Link[],
  here: ReadonlyMap<string, Here>,
  there: ReadonlyMap<string, There>,
): ReadonlyMap<string, Sides> {
  return new Map(
    links.map(({ id }) => [
      id,
      { here: here.get(id) ?? { kind: 'unknown' }, there: there.get(id) ?? { kind: 'unknown', words: '' } },
    ]),
  );
}

/** Whether an entry lies between two moments (ms since 1970 UTC); one without a time does. */
export function liesBetween({ time: { begin, end } }: Entry, since: number, until: number): boolean {
  const at = begin ?? end;
  if (at === undefined) return true;
  const moment = Date.parse(isDay(at) ? `${at.day}T12:00:00Z` : (instantOf(at) ?? ''));
  return moment >= since && moment < until;
}
