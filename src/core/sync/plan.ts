// The plan of a user's turn: everything that is known of both sides, and what is to be done, with a reason for each. Pure: it knows no
// clock, no network and no order but that of its input.

import { isBusyId, readOnly } from './busy';
import { decide, type Decision, type Sides } from './decide';
import { ENTRY_KINDS, type Entry, type EntryKind } from './entry';
import { entryId, importedId, looksComputed } from './entry-id';
import { isEmpty, isTooMuch } from './guard';
import { isSought, newLink, type Link } from './link';
import type { PresentHere, SyncRules } from './sides';

/** A row of the CRM without a link. */
export interface LooseRow {
  readonly kind: EntryKind;
  readonly type: string;
  readonly objid: number;
  readonly here: PresentHere;
}

/** An item of the groupware without a link. */
export interface LooseItem {
  readonly kind: EntryKind;
  readonly id: string;
  readonly version: string;
  readonly entry: Entry;
  /** The id of the link that it says it was made for. */
  readonly mark?: string;
}

/** All that is known of a user. */
export interface Situation {
  readonly links: readonly Link[];
  /** Both sides of each link, by its id. */
  readonly sides: ReadonlyMap<string, Sides>;
  readonly rows: readonly LooseRow[];
  readonly items: readonly LooseItem[];
  /** The ids of links that are gone, among those that rows and items without a link could have. */
  readonly gone: ReadonlySet<string>;
  /** Those of links of other users: their items were moved or copied here. */
  readonly others: ReadonlySet<string>;
  /** The kinds whose calendar or list is not there. */
  readonly lost: readonly EntryKind[];
  /** Whether entries are only adopted, until somebody says that the ledger is the right one. */
  readonly isAdopting: boolean;
  /** How many entries may be made anew in the groupware. */
  readonly mostNew: number;
  /** Whether an entry of the groupware is in the window. */
  readonly isInWindow: (entry: Entry) => boolean;
}

/** What is to be done for a user. */
export interface Plan {
  readonly decisions: readonly Decision[];
  /** On which sides too much was missing at once. */
  readonly guarded: readonly ('here' | 'there')[];
  /** Whether entries are only adopted. */
  readonly isAdopting: boolean;
  /** Entries of ours that no link was ever made for: the ledger was emptied, or restored from before. */
  readonly strange: readonly LooseItem[];
  /** How many new entries have to wait for a later turn. */
  readonly left: number;
}

/** Makes the plan. */
export function plan(situation: Situation, rules: SyncRules): Plan {
  const { links, rows, items } = situation;
  const own = ownItems(situation);
  const guarded = guardedSides(situation);
  const known = links.flatMap((link) => decisionsOf(link, sidesOf(link, situation), rules, guarded));
  const adopted = new Set<string>();
  const found: Decision[] = [];
  const made: Decision[] = [];
  for (const row of rows) {
    if (isDeleted(row.kind, situation)) continue;
    const link = linkOfRow(row, rules, situation.gone);
    const item = own.get(link.id);
    if (item === undefined) {
      made.push(...decisionsOf(link, { here: row.here, there: { kind: 'absent' } }, rules, []));
      continue;
    }
    adopted.add(item.id);
    const there = { kind: 'present', id: item.id, entry: item.entry, version: item.version } as const;
    found.push(...decisionsOf({ ...link, state: 'linked', sent: undefined }, { here: row.here, there }, rules, []));
  }
  const strange = strangeOf(items, adopted, situation);
  const isAdopting = situation.isAdopting || strange.length > 0;
  // What is made anew for whoever moved counts as new.
  const placing = new Set(links.filter(isSought).map(({ id }) => id));
  const isPlaced = ({ remote, link }: Decision) => remote?.do === 'create' && placing.has(link.id);
  const anew = [...known.filter(isPlaced), ...made];
  const imported = items.flatMap((item) => (adopted.has(item.id) ? [] : importsOf(item, situation, rules)));
  const free = [...known.filter((decision) => !isPlaced(decision)), ...anew.slice(0, situation.mostNew), ...imported];
  return {
    decisions: [...(isAdopting ? free.filter((decision) => !makesOrDeletes(decision)) : free), ...found],
    guarded,
    isAdopting,
    strange,
    left: Math.max(0, anew.length - situation.mostNew),
  };
}

/** How many entries would be made anew in the groupware, if as many could be. */
export function countNew(situation: Omit<Situation, 'mostNew'>, rules: SyncRules): number {
  if (situation.isAdopting) return 0;
  const { links, rows, gone } = situation;
  const own = ownItems(situation);
  const isPlaced = (link: Link) => decide(link, sidesOf(link, situation), rules).remote?.do === 'create';
  const placed = links.filter((link) => isSought(link) && isPlaced(link)).length;
  return placed + rows.filter((row) => !own.has(linkOfRow(row, rules, gone).id)).length;
}

/** The ids of links that rows and items without one would have, as far as it is known which ids are gone: ask whether these are, too. */
export function candidateIds(
  { rows, items, gone }: Pick<Situation, 'rows' | 'items' | 'gone'>,
  rules: SyncRules,
): readonly string[] {
  const ids = [
    ...rows.map((row) => linkOfRow(row, rules, gone).id),
    ...items.flatMap((item) => [item.mark ?? item.id, linkIdOfItem(item, rules, gone)]),
  ];
  return ids.filter((id) => !gone.has(id));
}

/** The items by the id of the link that they may be made for. */
function ownItems({ items }: Pick<Situation, 'items'>): ReadonlyMap<string, LooseItem> {
  return new Map(items.map((item) => [item.mark ?? item.id, item]));
}

function decisionsOf(link: Link, sides: Sides, rules: SyncRules, guarded: readonly ('here' | 'there')[]): readonly Decision[] {
  const decision = decisionOf(link, sides, rules, guarded);
  if (decision.next === undefined) return [decision];
  return [decision, ...decisionsOf(decision.next, { here: sides.here, there: { kind: 'absent' } }, rules, [])];
}

/** Busy times come and go many at once, and each is told again: too much of them is never missing there. */
function decisionOf(link: Link, sides: Sides, rules: SyncRules, guarded: readonly ('here' | 'there')[]): Decision {
  if (!isBusyId(link.remoteId)) return decide(link, sides, rules, guarded);
  return readOnly(
    decide(
      link,
      sides,
      rules,
      guarded.filter((side) => side === 'here'),
    ),
  );
}

function sidesOf(link: Link, { sides }: Pick<Situation, 'sides'>): Sides {
  return sides.get(link.id) ?? { here: { kind: 'unknown' }, there: { kind: 'unknown', words: '' } };
}

/** A link for a row that has none: of the first generation that is not gone. */
function linkOfRow({ kind, type, objid, here }: LooseRow, { system, user }: SyncRules, gone: ReadonlySet<string>): Link {
  for (let generation = 0; ; generation += 1) {
    const id = entryId({ system, user, type, objid, generation });
    if (!gone.has(id))
      return newLink({ id, user, kind, type, objid, generation, origin: 'crm', state: 'intended', sent: here.entry });
  }
}

/** The id of the link of an item without one. What was deleted never comes back, but for a busy time: then its link is a new one. */
function linkIdOfItem({ kind, id }: LooseItem, { system, user }: SyncRules, gone: ReadonlySet<string>): string {
  for (let generation = 0; ; generation += 1) {
    const linkId = importedId(system, user, kind, id, generation);
    if (!gone.has(linkId) || !isBusyId(id)) return linkId;
  }
}

/** What somebody made in the groupware becomes a row, where rows may be made. */
function importsOf(item: LooseItem, { gone, isInWindow }: Situation, rules: SyncRules): readonly Decision[] {
  const { kind, id: remoteId, version, entry, mark } = item;
  const { user, mayWrite, creates } = rules;
  const type = creates[kind];
  // One that is marked as ours is a copy that somebody made, or of another ledger.
  if (!mayWrite || type === undefined || mark !== undefined || looksComputed(remoteId) || !isInWindow(entry)) return [];
  const id = linkIdOfItem(item, rules, gone);
  if (gone.has(id)) return [];
  const link = newLink({ id, user, kind, type, remoteId, version, origin: 'groupware', state: 'intended', sent: entry });
  return decisionsOf(link, { here: { kind: 'unknown' }, there: { kind: 'present', id: remoteId, entry, version } }, rules, []);
}

/** Entries of ours that no link was ever made for, but for those that are adopted. */
export function strangeOf(
  items: readonly LooseItem[],
  adopted: ReadonlySet<string>,
  { gone, others, links }: Situation,
): readonly LooseItem[] {
  const known = new Set([...gone, ...others, ...links.map(({ id }) => id)]);
  return items.filter(({ id, mark = id }) => looksComputed(mark) && !adopted.has(id) && !known.has(mark));
}

/** Whether somebody deleted the calendar or list that entries stood in. It is not made anew for others before it is said what of these becomes. */
function isDeleted(kind: EntryKind, { lost, links }: Situation): boolean {
  const isOfIt = (link: Link) =>
    (link.state === 'linked' && !isBusyId(link.remoteId)) ||
    (link.state === 'held' && link.cause === 'guard-there' && link.order === '');
  return lost.includes(kind) && links.some((link) => link.kind === kind && isOfIt(link));
}

function makesOrDeletes({ crm, remote, link }: Decision): boolean {
  return (
    crm?.do === 'insert' || crm?.do === 'delete' || remote?.do === 'create' || remote?.do === 'delete' || link.state === 'gone'
  );
}

function guardedSides({ links, sides, lost }: Situation): readonly ('here' | 'there')[] {
  const all = links.filter(({ state }) => state === 'linked').map((link) => ({ link, both: sides.get(link.id) }));
  // Busy times stand in no calendar or list of ours.
  const known = all.filter(({ link }) => !isBusyId(link.remoteId));
  const isMissed = ({ both }: (typeof all)[number]) => both?.there.kind === 'absent' && both.here.kind === 'present';
  const isLost = ({ both }: (typeof all)[number]) => both?.here.kind === 'absent' && both.there.kind !== 'absent';
  const hasLost = known.some(({ link }) => lost.includes(link.kind));
  // Each calendar and each list can be suddenly empty by itself.
  const isEmptied = ENTRY_KINDS.some((kind) =>
    isEmpty(known.filter(({ link }) => link.kind === kind).map(({ both }) => both?.there)),
  );
  return [
    ...(hasLost || isEmptied || isTooMuch(known.filter(isMissed).length, known.length) ? (['there'] as const) : []),
    ...(isTooMuch(all.filter(isLost).length, all.length) ? (['here'] as const) : []),
  ];
}
