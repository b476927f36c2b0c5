// The company of the campaign: its CRM, its groupware, the ledger of links, and a clock that only the campaign moves.

import { ENTRY_KINDS, type Entry, type EntryKind } from '../../../src/core/sync/entry';
import { MemoryCrm, type MemoryRow } from '../../support/memory-crm';
import type { MemoryItem } from '../../support/memory-groupware';
import { newLinkStore, openMemoryLinks, type LinkStore } from '../../support/memory-links';
import type { Links } from '../../../src/ledger/links';
import { tokenOf } from './entries';
import type { CompanyGroupware } from './groupware';
import { chanceOf, type Chance } from './random';

export const START = Date.UTC(2026, 5, 1, 12);
export const KINDS: readonly EntryKind[] = ENTRY_KINDS;
export const TYPES = { event: 'appointment', task: 'action_item', contact: 'contact' } as const;

/** The company. */
export interface World {
  readonly chance: Chance;
  /** Ms since 1970 UTC, of the campaign's own. */
  readonly clock: { readonly now: number };
  readonly crm: MemoryCrm;
  readonly groupware: Pick<CompanyGroupware, 'of' | 'canHide'>;
  readonly store: LinkStore;
  readonly links: Links;
  readonly users: readonly string[];
  /** The kinds of entries that people have to do with. */
  readonly kinds: readonly EntryKind[];
  /** Those that keep an address book. */
  readonly holders: readonly string[];
  /** Counts what people do, so that it is known what came later; and what they write, so that no value comes twice. */
  readonly counter: { next: number };
  /** What stands in items beside what is kept in step, by their places. */
  readonly decorations: Map<string, readonly string[]>;
  /** Items that are nobody's but their user's, as that user left them: what is private, series, and cards of one's own. By their places. */
  readonly own: Map<string, Entry>;
  /** What was written into items since they are private, by their places; and the tokens of those of which it was found elsewhere. */
  readonly secrets: Map<string, readonly string[]>;
  readonly leaked: string[];
}

/** A company in which runs of the program take turns one after the other, and move its clock. */
export interface HostedWorld extends World {
  readonly clock: { now: number };
  readonly groupware: CompanyGroupware;
}

/** An item as its user sees it. */
export interface Item {
  readonly user: string;
  readonly kind: EntryKind;
  readonly id: string;
  readonly item: MemoryItem;
  readonly entry: Entry;
  /** Whether the groupware tells the program only what it is: private, or a series. */
  readonly isHidden: boolean;
}

/** A company of so many people, of whom so many keep an address book. */
export async function newWorld(
  seed: number,
  [most, holders]: readonly [users: number, holders: number],
  groupware: (world: Pick<HostedWorld, 'users' | 'clock' | 'chance'>) => CompanyGroupware | Promise<CompanyGroupware>,
): Promise<HostedWorld> {
  const store = newLinkStore();
  const users = Array.from({ length: most }, (_, n) => `agent${n + 1}`);
  const own = { users, clock: { now: START }, chance: chanceOf(seed) };
  return {
    ...own,
    crm: new MemoryCrm(),
    groupware: await groupware(own),
    store,
    links: openMemoryLinks(store),
    holders: users.slice(0, holders),
    kinds: ENTRY_KINDS,
    counter: { next: 1 },
    decorations: new Map(),
    own: new Map(),
    secrets: new Map(),
    leaked: [],
  };
}

/** Where an item stands: its user, its kind, and what the groupware calls it. */
export function placeOf({ user, kind, id }: Pick<Item, 'user' | 'kind' | 'id'>): string {
  return `${user}/${kind}/${id}`;
}

/** A user's items of a kind. */
export function itemsOf({ groupware }: World, user: string, kind: EntryKind): readonly Item[] {
  return [...groupware.of(user, kind).items].flatMap(([id, item]) => asSeen({ user, kind, id }, item) ?? []);
}

/** An item by what the groupware calls it, or by the link that it was made for. */
export function itemNamed({ groupware }: World, user: string, kind: EntryKind, name: string): Item | undefined {
  const { items } = groupware.of(user, kind);
  const id = items.has(name) ? name : [...items].find(([, { mark }]) => mark === name)?.[0];
  const item = id === undefined ? undefined : items.get(id);
  return id === undefined || item === undefined ? undefined : asSeen({ user, kind, id }, item);
}

function asSeen(place: Pick<Item, 'user' | 'kind' | 'id'>, item: MemoryItem): Item | undefined {
  const entry = item.content.kind === 'entry' ? item.content.entry : item.behind;
  return entry === undefined ? undefined : { ...place, item, entry, isHidden: item.content.kind !== 'entry' };
}

/** Everybody's items. */
export function allItems(world: World): readonly Item[] {
  return world.users.flatMap((user) => world.kinds.flatMap((kind) => itemsOf(world, user, kind)));
}

/** A user makes an item, or something else of it, or deletes it. The item as it stands there then: groupwares spell some things their own way. */
export function putItem(
  world: World,
  { user, kind, id }: Pick<Item, 'user' | 'kind' | 'id'>,
  item: Omit<MemoryItem, 'version'> | undefined,
): Item | undefined {
  const named = world.groupware.of(user, kind).put(id, item);
  const there = item === undefined ? undefined : itemNamed(world, user, kind, named);
  const place = placeOf({ user, kind, id: named });
  if (there === undefined) world.own.delete(place);
  else if (world.own.has(place)) world.own.set(place, there.entry);
  return there;
}

/** Those in whose address books a contact belongs, by the first word of its name. */
export function holdersOf({ crm, holders }: World, token: string): readonly string[] {
  return holders.filter((user) => crm.contactsOf(user).some(({ entry }) => tokenOf(entry) === token));
}

/** The rows of a kind that a user has to do with. */
export function rowsOf({ crm }: World, user: string, kind: EntryKind): readonly MemoryRow[] {
  return kind === 'contact' ? crm.contactsOf(user) : crm.rows.of(user).filter((row) => row.kind === kind);
}
