// Where what is private stands though it must not: in the ledger, in the CRM, or in an item that others may see.

import type { Link } from '../../../src/core/sync/link';
import { secretsIn, tokenOf } from './entries';
import { placeOf, type Item, type World } from './world';

/** The first words of private items of which a text stands elsewhere. */
export function leaksOf(world: World, items: readonly Item[], links: readonly Link[]): readonly string[] {
  const hidden = items.filter(({ item }) => item.content.kind === 'private');
  const seen = secretsIn(everythingSeen(world, items));
  const told = hidden.filter((item) => (world.secrets.get(placeOf(item)) ?? []).some((secret) => seen.has(secret)));
  const kept = keptOf(world, hidden, links);
  return [...new Set([...told, ...kept].map(({ entry }) => tokenOf(entry)))];
}

/** All that others may see: the ledger, the CRM, and what is not private of all users' items. */
function everythingSeen({ store, crm }: World, items: readonly Item[]): string {
  const { links, conflicts, writes, grants } = store;
  const ledger = [links, conflicts, writes, grants].map((table) => [...table.values()]);
  const open = items.filter(({ item }) => item.content.kind !== 'private').map(({ entry }) => entry);
  return JSON.stringify([ledger, [...crm.rows.values()], open]);
}

/** Of what is private, the ledger keeps no text at all: neither what both sides agreed on, nor what gave way, nor what was written. */
function keptOf({ store }: World, hidden: readonly Item[], links: readonly Link[]): readonly Item[] {
  const linksOf = new Map<string, Link[]>();
  for (const link of links) {
    const place = placeOf({ ...link, id: link.remoteId === '' ? link.id : link.remoteId });
    linksOf.set(place, [...(linksOf.get(place) ?? []), link]);
  }
  const isText = (value: unknown) => value !== undefined && value !== '';
  const texts = new Set([
    ...[...store.links.values()].filter(({ entries }) => isText(entries)).map(({ id }) => id),
    ...[...store.conflicts.values()]
      .filter((row) => isText(row['crm_value']) || isText(row['remote_value']))
      .map((row) => row['link_id']),
    ...[...store.writes.values()]
      .filter((row) => isText(row['old_value']) || isText(row['new_value']))
      .map((row) => row['link_id']),
  ]);
  return hidden.filter((item) => (linksOf.get(placeOf(item)) ?? []).some(({ id }) => texts.has(id)));
}
