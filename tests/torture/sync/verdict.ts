// What became of every entry: whether it stands once on both sides and alike, and whether what people did is there, was superseded by
// them, or is kept among the conflicts.

import type { Conflict, Link } from '../../../src/core/sync/link';
import { keyText } from '../../../src/core/sync/entry-key';
import type { MemoryRow } from '../../support/memory-crm';
import type { Act } from './diary';
import { agree, isAlike, spelled, spellings, tokenOf, wordsOf } from './entries';
import { leaksOf } from './leaks';
import { allItems, placeOf, type Item, type World } from './world';

/** What is wrong, by what it is; each with the first words of its entries. */
export interface Verdict {
  /** Not there any more on a side, or on either, though nobody wanted that. */
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly different: readonly string[];
  /** In the groupware only. */
  readonly orphans: readonly string[];
  readonly editsLost: readonly string[];
  readonly wiped: readonly string[];
  /** Private, and found where it must not be. */
  readonly leaked: readonly string[];
}

/** What is known of an entry: its rows, the items that say it, and what people did about it. */
export interface Known {
  readonly rows: readonly MemoryRow[];
  readonly items: readonly Item[];
  readonly acts: readonly Act[];
}

/** The links by what they are about: their user and row, and their user and item; and all whose items were ever made. */
type LinkOf = ReadonlyMap<string, Link>;

const SIGNAL = new AbortController().signal;
const MOST = 1_000_000;

/** Looks at everything. */
export async function verdictOf(world: World, acts: readonly Act[]): Promise<Verdict> {
  const lists = { lost: [], doubled: [], different: [], orphans: [], editsLost: [], wiped: [], leaked: [] } as Record<
    keyof Verdict,
    string[]
  >;
  const links = await world.links.find({}, MOST, SIGNAL);
  const conflicts = await world.links.conflicts({}, MOST, SIGNAL);
  const kept = keptOf(conflicts, links);
  const all = allItems(world);
  const rows = grouped([...world.crm.rows.values()], ({ entry }) => tokenOf(entry));
  const items = grouped(all, ({ entry }) => tokenOf(entry));
  const linkOf = new Map(links.flatMap((link) => keysOf(link).map((key) => [key, link] as const)));
  for (const [token, own] of grouped(acts, (act) => act.token)) {
    const known: Known = { rows: rows.get(token) ?? [], items: items.get(token) ?? [], acts: own };
    const name = token.startsWith('C') ? wrongContact(known, world, linkOf) : wrongEntry(known, linkOf);
    if (name !== undefined) lists[name].push(token);
    if (own.some((act) => isLost(act, known, kept))) lists.editsLost.push(token);
  }
  lists.wiped.push(...wipedOf(world, all));
  lists.different.push(...changedOf(world, all));
  lists.leaked.push(...world.leaked, ...leaksOf(world, all, links));
  return lists;
}

/** Items that have not all any more that others put there. */
function wipedOf({ decorations }: World, items: readonly Item[]): readonly string[] {
  return items
    .filter((one) => decorations.get(placeOf(one))?.every((text) => one.item.decorations.includes(text)) === false)
    .map(placeOf);
}

/** Items that nobody but their user may change, and that are not there as that user left them. */
function changedOf({ own }: World, items: readonly Item[]): readonly string[] {
  const left = new Map([...own].map(([place, entry]) => [place, wordsOf(entry)]));
  for (const item of items) if (left.get(placeOf(item)) === wordsOf(item.entry)) left.delete(placeOf(item));
  return [...left.keys()];
}

/** What is wrong with something that is at a time. */
function wrongEntry({ rows, items, acts }: Known, linkOf: LinkOf): keyof Verdict | undefined {
  const there = items.filter((item) => item.isHidden || !isLeftAlone(item, linkOf));
  return usersOf(rows, there, acts)
    .map((user) => wrongPlace(rows.filter(isOf(user)), there.filter(isOf(user)), acts, linkOf))
    .find((wrong) => wrong !== undefined);
}

/**
 * Whose sides are compared with each other: everybody's at once. Only where a row was given away and then deleted, two people who both
 * changed what they had may each keep it.
 */
function usersOf(rows: readonly MemoryRow[], items: readonly Item[], acts: readonly Act[]): readonly (string | undefined)[] {
  const isSplit = ['given', 'deleted'].every((did) => acts.some((act) => act.did === did));
  return isSplit ? [...new Set([...rows.map(({ owner }) => owner), ...items.map(({ user }) => user)])] : [undefined];
}

function isOf(wanted: string | undefined): (one: { readonly owner: string } | { readonly user: string }) => boolean {
  return (one) => wanted === undefined || ('owner' in one ? one.owner : one.user) === wanted;
}

/** Which of our links it was made for, its mark tells where nobody heard what the groupware calls it. */
function isLeftAlone({ user, kind, id, item }: Item, linkOf: LinkOf): boolean {
  return [id, item.mark].some((named) => linkOf.get(`${user} ${kind} ${named}`)?.state === 'apart');
}

function wrongPlace(
  rows: readonly MemoryRow[],
  items: readonly Item[],
  acts: readonly Act[],
  linkOf: LinkOf,
): keyof Verdict | undefined {
  const [hidden, there] = [items.filter(({ isHidden }) => isHidden), items.filter(({ isHidden }) => !isHidden)];
  const [row, item] = [rows[0], there[0]];
  // Whoever has a row, and hides its item, may not get another one.
  const own = hidden.filter(({ user }) => user === item?.user);
  if (rows.length > 1 || there.length > 1 || own.length > 0) return 'doubled';
  const isDeleted = acts.some(({ did }) => did === 'deleted' || did === 'resolved');
  if (row === undefined) {
    if (item !== undefined) return 'orphans';
    // What was hidden before it was in the CRM stays with its user.
    const isNew = acts.some(({ did, side }) => did === 'made' && side === 'groupware');
    return isDeleted || (isNew && hidden.length > 0) ? undefined : 'lost';
  }
  if (item !== undefined) return agree(row, item.entry) && row.owner === item.user ? undefined : 'different';
  if (hidden.some(({ user }) => user === row.owner)) return undefined;
  // In the CRM only: that is right for what somebody deleted in the groupware, and nothing else.
  const isApart = linkOf.get(`${row.owner} ${keyText(row)}`)?.state === 'apart';
  const isDeletedThere = acts.some(({ did, side }) => (did === 'deleted' && side === 'groupware') || did === 'resolved');
  return isApart && isDeletedThere ? undefined : 'lost';
}

/** What is wrong with a contact: everybody who has to do with it has one card of it, and whoever had to may still have one. */
function wrongContact({ rows, items, acts }: Known, { holders, crm }: World, linkOf: LinkOf): keyof Verdict | undefined {
  const row = rows[0];
  const isBy = (wanted: Act['side'], did: Act['did']) => acts.some((act) => act.did === did && act.side === wanted);
  // A card that somebody makes is that person's own, and no contact.
  if (row === undefined && !isBy('crm', 'made')) return undefined;
  if (rows.length > 1) return 'doubled';
  if (row === undefined && !isBy('crm', 'deleted')) return 'lost';
  return holders
    .map((user) => {
      const isOfUser = (one: { readonly user: string }) => one.user === user;
      const mayLack = acts.filter(isOfUser).some(({ did }) => did === 'deleted' || did === 'resolved');
      const key = row === undefined ? '' : keyText(row);
      const isHeld = crm.books.get(user)?.has(key) === true;
      // One that dropped out of the window stays.
      const isExpected = row !== undefined && (isHeld || linkOf.has(`${user} was made ${key}`));
      return wrongCard(row, items.filter(isOfUser), { isHeld, isExpected, mayLack }, linkOf);
    })
    .find((wrong) => wrong !== undefined);
}

/** What is known of a user's card of a contact. */
interface Card {
  /** Whether the user has to do with the contact. */
  readonly isHeld: boolean;
  /** Whether it has to be there, unless it may be lacking: that user deleted it, or an operator said so. */
  readonly isExpected: boolean;
  readonly mayLack: boolean;
}

function wrongCard(
  row: MemoryRow | undefined,
  cards: readonly Item[],
  { isHeld, isExpected, mayLack }: Card,
  linkOf: LinkOf,
): keyof Verdict | undefined {
  const [card] = cards;
  if (cards.length > 1) return 'doubled';
  if (card === undefined) return isExpected && !mayLack ? 'lost' : undefined;
  if (card.isHidden) return undefined;
  if (isLeftAlone(card, linkOf)) return !isHeld || mayLack ? undefined : 'different';
  if (row === undefined || !isHeld) return 'orphans';
  return agree(row, card.entry) ? undefined : 'different';
}

/** The values that gave way. */
interface Kept {
  /** As they compare alike, and all of them as one text. */
  readonly exact: ReadonlySet<string>;
  readonly all: string;
  /** The fields whose values were emptied, by the rows and items that they were about: nothing is kept of what became private. */
  readonly emptied: ReadonlySet<string>;
}

function keptOf(conflicts: readonly Conflict[], links: readonly Link[]): Kept {
  const values = conflicts.flatMap(({ crmValue, remoteValue }) => [crmValue, remoteValue]);
  const byId = new Map(links.map((link) => [link.id, link]));
  const emptied = conflicts.flatMap(({ linkId, field, crmValue, remoteValue }) => {
    const link = byId.get(linkId);
    if (link === undefined || crmValue !== '' || remoteValue !== '') return [];
    return [`${keyText(link)} ${field}`, `${placeOf({ ...link, id: link.remoteId })} ${field}`];
  });
  return { exact: new Set(values.map(spelled)), all: values.join('\n'), emptied: new Set(emptied) };
}

/** Whether a change is nowhere: not in the entry, not overwritten by people later, not among the conflicts. */
function isLost(act: Act, { rows, items, acts }: Known, kept: Kept): boolean {
  const { field, entry } = act;
  if (field === undefined || entry === undefined) return false;
  const isOver = ({ at, did, field: other }: Act) => at > act.at && (did === 'deleted' || did === 'resolved' || other === field);
  if (acts.some(isOver)) return false;
  const places = [...rows.map(keyText), ...items.map(placeOf)];
  const isEmptied = places.some((place) => kept.emptied.has(`${place} ${field}`));
  if (isEmptied && acts.some(({ at, did }) => did === 'hidden' && at > act.at)) return false;
  const entries = [...rows, ...items].map((one) => one.entry);
  if (field === 'notes') return !kept.all.includes(entry.notes) && !entries.some(({ notes }) => notes.includes(entry.notes));
  if (entries.some((one) => isAlike(one, entry, field))) return false;
  return !spellings(entry, field).some((value) => kept.exact.has(value));
}

function keysOf(link: Link): readonly string[] {
  const { user, kind, id, remoteId, state } = link;
  const made = remoteId === '' ? [] : [`${user} was made ${keyText(link)}`];
  if (state === 'gone') return made;
  return [...made, `${user} ${keyText(link)}`, `${user} ${kind} ${remoteId === '' ? id : remoteId}`];
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}
