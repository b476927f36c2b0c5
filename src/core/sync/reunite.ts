// What stands at a groupware from an earlier stay of a user, under ids that count no more. Pure.

import type { Sides } from './decide';
import { importedId } from './entry-id';
import { keyText } from './entry-key';
import { isSought, type Link } from './link';
import type { LooseItem } from './plan';
import type { SyncRules } from './sides';

/** The links that a user has, with those that found their items under an earlier id; and the items that belong to nobody yet. */
export interface Reunited {
  readonly links: readonly Link[];
  readonly sides: ReadonlyMap<string, Sides>;
  readonly items: readonly LooseItem[];
}

/**
 * Gives links that look for their items what stands there from an earlier stay: an item of the same row, whose own link is gone since. `rows`
 * are those of links that are gone, by the ids of these.
 */
export function reunited(
  { links, sides, items }: Reunited,
  rows: ReadonlyMap<string, string>,
  { system, user }: Pick<SyncRules, 'system' | 'user'>,
): Reunited {
  const isLooking = (link: Link) =>
    (isSought(link) || (link.state === 'apart' && link.cause === 'window')) &&
    link.remoteId === '' &&
    ['absent', 'unknown'].includes(sides.get(link.id)?.there.kind ?? 'unknown');
  const looking = new Map(links.filter(isLooking).map((link) => [`${link.kind} ${keyText(link)}`, link.id]));
  const found = new Map<string, LooseItem>();
  for (const item of items) {
    const { kind, id, mark = id } = item;
    const row = rows.get(mark) ?? rows.get(importedId(system, user, kind, id));
    const link = looking.get(`${kind} ${row ?? ''}`);
    if (link !== undefined && !found.has(link)) found.set(link, item);
  }
  if (found.size === 0) return { links, sides, items };
  const taken = new Set(found.values());
  const sidesNow = new Map(sides);
  for (const [id, { id: itemId, entry, version }] of found) {
    const here = sides.get(id)?.here ?? { kind: 'unknown' };
    sidesNow.set(id, { here, there: { kind: 'present', id: itemId, entry, version } });
  }
  return {
    links: links.map((link) => ({ ...link, remoteId: found.get(link.id)?.id ?? link.remoteId })),
    sides: sidesNow,
    items: items.filter((item) => !taken.has(item)),
  };
}
