// What is known before a turn does anything: how both sides stand, and the plan that follows from it.

import type { EntryReader, EntryWriter } from '../../../clarify/entries';
import type { Deadline } from '../../../core/deadline';
import { ENTRY_KINDS, type Entry, type EntryKind } from '../../../core/sync/entry';
import { keyText } from '../../../core/sync/entry-key';
import type { Link } from '../../../core/sync/link';
import { candidateIds, countNew, plan, type LooseItem, type LooseRow, type Plan, type Situation } from '../../../core/sync/plan';
import { reunited } from '../../../core/sync/reunite';
import type { SyncRules, There } from '../../../core/sync/sides';
import type { Collection, Trouble } from '../../../groupware/groupware';
import type { Links } from '../../../ledger/links';
import type { ListingParts, Sight, Unlisted } from './listing';
import { lookAgain, looksOf, lookThere, unlistedOf } from './look-there';
import { liesBetween, looseItems, sightCrm, together, withIds, type CrmSight } from './sight';

/** What a turn needs. */
export interface TurnParts {
  readonly links: Links;
  readonly reader: EntryReader;
  /** Left out where nothing may be written into the CRM. */
  readonly writer?: EntryWriter;
  /** The owner of the lease under which the turn was taken. */
  readonly owner: string;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** A user’s collections. Entries of a kind that has none are left alone. */
export type Collections = Readonly<Partial<Record<EntryKind, Collection>>>;

/** What a turn is about. */
export interface TurnOf {
  readonly rules: SyncRules;
  /** By kind, those that are kept in step. */
  readonly collections: Collections;
  /** The window, in ms since 1970 UTC. */
  readonly since: number;
  readonly until: number;
  /** How many entries may be made anew in the groupware now, of so many as there are. */
  readonly mostNew: (wanted: number) => Promise<number>;
  readonly mayListAll: ListingParts['mayListAll'];
  readonly isAdopting: boolean;
  /** Whether everything is listed, however new the last listing is. */
  readonly listsAnew?: boolean;
  /** How its plan is made; without it, so that both sides are in step. */
  readonly planned?: typeof plan;
}

/** How much of what is new a turn may do. */
export type TurnLimits = Pick<TurnOf, 'mostNew' | 'mayListAll'>;

/** What is known before anything is done. */
export interface Outlook {
  readonly plan: Plan;
  readonly crm: CrmSight;
  readonly sights: readonly Sight[];
  /** The kinds of which everything would have to be listed, and may not be now. Nothing of them is planned. */
  readonly unlisted: readonly Unlisted[];
  /** How far the listings had come, as it was kept. */
  readonly cursors: ReadonlyMap<EntryKind, string>;
  readonly links: ReadonlyMap<string, Link>;
  /** What the groupware has, by the link's id. */
  readonly remote: ReadonlyMap<string, Entry>;
  readonly remoteSides: ReadonlyMap<string, There>;
  /** Words about items that cannot be understood. */
  readonly troubles: readonly string[];
}

/** Collections in the order in which they are looked at. */
export function inOrder(collections: Collections): readonly (readonly [EntryKind, Collection])[] {
  return ENTRY_KINDS.flatMap((kind) => (collections[kind] === undefined ? [] : [[kind, collections[kind]] as const]));
}

/** Looks at both sides and makes the plan; nothing is changed. */
export async function lookAhead(turn: TurnOf, parts: TurnParts, deadline: Deadline): Promise<Outlook | Trouble> {
  const { rules } = turn;
  const { signal } = deadline;
  const [all, cursors] = await Promise.all([parts.links.links(rules.user, signal), parts.links.cursors(rules.user, signal)]);
  const watched = inOrder(turn.collections).map(([kind, collection]) => {
    const links = all.filter((link) => link.kind === kind);
    return { kind, collection, kept: cursors.get(kind), links };
  });
  const listing = { now: parts.now, random: parts.random, mayListAll: turn.mayListAll };
  const isPaced = !turn.isAdopting && turn.listsAnew !== true;
  const before = await lookThere(watched, isPaced, listing, deadline);
  if ('reason' in before) return before;
  const crm = await sightCrm(rules, all, parts.reader, parts.now(), signal);
  const seen = await lookAgain(before, crm.rows, listing, deadline);
  if ('reason' in seen) return seen;
  const [looks, unlisted] = [looksOf(seen), unlistedOf(seen)];
  const sights = looks.map(({ sight }) => sight);
  const there = new Map(looks.flatMap((look) => [...look.there]));
  const links = all.filter((link) => !unlisted.some(({ kind }) => kind === link.kind));
  const rows = crm.rows.filter((row) => sights.some(({ kind }) => kind === row.kind));
  const loose = sights.flatMap((sight) => looseItems(sight, all));
  const { gone, others, rowsOfGone } = await knownIds(rules, rows, loose, parts, signal);
  const apart = { links: withIds(links, sights), sides: together(links, crm.sides, there), items: loose };
  const { sides, items, links: known } = reunited(apart, rowsOfGone, rules);
  const situation = {
    links: known,
    ...{ sides, rows, items, gone, others },
    lost: sights.filter(({ isLost }) => isLost).map(({ kind }) => kind),
    isAdopting: turn.isAdopting,
    isInWindow: (entry: Entry) => liesBetween(entry, turn.since, turn.until),
  };
  const wanted = turn.planned === undefined ? countNew(situation, rules) : 0;
  const mostNew = wanted === 0 ? 0 : await turn.mostNew(wanted);
  const made = (turn.planned ?? plan)({ ...situation, mostNew }, rules);
  const present = [...sides].flatMap(([id, side]) => (side.there.kind === 'present' ? [[id, side.there.entry] as const] : []));
  const found = items.map(({ id, mark = id, entry }) => [mark, entry] as const);
  return {
    plan: made,
    crm,
    sights,
    unlisted,
    cursors,
    links: new Map(all.map((link) => [link.id, link])),
    remote: new Map([...found, ...present]),
    remoteSides: new Map([...there].map(([id, side]) => [id, sides.get(id)?.there ?? side])),
    troubles: [...sides.values()].flatMap((side) => ('words' in side.there && side.there.words !== '' ? [side.there.words] : [])),
  };
}

/** What is known of ids that rows and items without a link could have. */
interface KnownIds extends Pick<Situation, 'gone' | 'others'> {
  /** The rows of the user's own links that are gone, by the ids of these. */
  readonly rowsOfGone: ReadonlyMap<string, string>;
}

/** The ids, among those that rows and items without a link could have, of links that are gone and never come back, and of other users' links. */
async function knownIds(
  rules: SyncRules,
  rows: readonly LooseRow[],
  items: readonly LooseItem[],
  { links }: TurnParts,
  signal: AbortSignal,
): Promise<KnownIds> {
  const [gone, others] = [new Set<string>(), new Set<string>()];
  const rowsOfGone = new Map<string, string>();
  for (let asked = new Set<string>(); ;) {
    const ids = candidateIds({ rows, items, gone }, rules).filter((id) => !asked.has(id));
    if (ids.length === 0) return { gone, others, rowsOfGone };
    asked = new Set([...asked, ...ids]);
    for (const link of await links.find({ ids }, ids.length, signal)) {
      const { id, user, state } = link;
      if (state === 'gone') gone.add(id);
      if (state === 'gone' && user === rules.user && link.objid !== 0) rowsOfGone.set(id, keyText(link));
      if (user !== rules.user) others.add(id);
    }
  }
}
