// What became of every entry: whether it stands once on both sides and alike, and whether what people did is there, was superseded by
// them, or is kept among the conflicts.

import { spelledField, type Entry, type AgendaKind } from '../../../src/core/sync/entry';
import type { Link } from '../../../src/core/sync/link';
import type { MemoryRow } from '../../support/memory-crm';
import type { Act } from './people';
import { comparable, KINDS, tokenOf, type World } from './world';

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
}

interface Item {
  readonly user: string;
  readonly kind: AgendaKind;
  readonly id: string;
  readonly entry: Entry;
}

const SIGNAL = new AbortController().signal;

/** Looks at everything. */
export async function verdictOf(world: World, acts: readonly Act[]): Promise<Verdict> {
  const lists = { lost: [], doubled: [], different: [], orphans: [], editsLost: [], wiped: [] } as Record<
    keyof Verdict,
    string[]
  >;
  const links = await world.links.find({}, 1_000_000, SIGNAL);
  const kept = (await world.links.conflicts({}, 1_000_000, SIGNAL)).flatMap(({ crmValue, remoteValue }) => [
    crmValue,
    remoteValue,
  ]);
  const keptValues = { exact: new Set(kept.map(spelled)), all: kept.join('\n') };
  const rows = grouped([...world.crm.rows.values()], ({ entry }) => tokenOf(entry));
  const items = grouped(itemsOf(world), ({ entry }) => tokenOf(entry));
  const linkOf = new Map(
    links.filter(({ state }) => state !== 'gone').flatMap((link) => keysOf(link).map((key) => [key, link] as const)),
  );
  for (const [token, own] of grouped(acts, (act) => act.token)) {
    const here = rows.get(token) ?? [];
    const isLeftAlone = ({ user, kind, id }: Item) => linkOf.get(`${user} ${kind} ${id}`)?.state === 'apart';
    const there = (items.get(token) ?? []).filter((item) => !isLeftAlone(item));
    const all = [...here.map(({ entry }) => entry), ...(items.get(token) ?? []).map(({ entry }) => entry)];
    const name = usersOf(here, there, own)
      .map((user) => placeOf(here.filter(isOf(user)), there.filter(isOf(user)), own, linkOf))
      .find((wrong) => wrong !== undefined);
    if (name !== undefined) lists[name].push(token);
    if (own.some((act) => isLost(act, own, all, keptValues))) lists.editsLost.push(token);
  }
  for (const [place, decorations] of world.decorations) {
    const [user = '', kind = 'event', id = ''] = place.split('/');
    const item = world.groupware.of(user, kind === 'task' ? 'task' : 'event').items.get(id);
    if (item !== undefined && !decorations.every((one) => item.decorations.includes(one))) lists.wiped.push(place);
  }
  return lists;
}

/**
 * Whose sides are compared with each other: everybody's at once. Only where a row was given away and then deleted, two people who both
 * changed what they had may each keep it.
 */
function usersOf(here: readonly MemoryRow[], there: readonly Item[], acts: readonly Act[]): readonly (string | undefined)[] {
  const isSplit = ['given', 'deleted'].every((did) => acts.some((act) => act.did === did));
  return isSplit ? [...new Set([...here.map(({ owner }) => owner), ...there.map(({ user }) => user)])] : [undefined];
}

function isOf(wanted: string | undefined): (one: { readonly owner: string } | { readonly user: string }) => boolean {
  return (one) => wanted === undefined || ('owner' in one ? one.owner : one.user) === wanted;
}

function placeOf(
  here: readonly MemoryRow[],
  there: readonly Item[],
  acts: readonly Act[],
  linkOf: ReadonlyMap<string, Link>,
): keyof Verdict | undefined {
  if (here.length > 1 || there.length > 1) return 'doubled';
  const [row, item] = [here[0], there[0]];
  const isDeleted = acts.some(({ did }) => did === 'deleted' || did === 'resolved');
  if (row === undefined) return item !== undefined ? 'orphans' : isDeleted ? undefined : 'lost';
  if (item !== undefined)
    return comparable(row.entry) === comparable(item.entry) && row.owner === item.user ? undefined : 'different';
  // In the CRM only: that is right for what somebody deleted in the groupware, and nothing else.
  const isApart = linkOf.get(`${row.owner} ${row.type}:${row.objid}`)?.state === 'apart';
  const isDeletedThere = acts.some(({ did, side }) => (did === 'deleted' && side === 'groupware') || did === 'resolved');
  return isApart && isDeletedThere ? undefined : 'lost';
}

/** Whether a change is nowhere: not in the entry, not overwritten by people later, not among the conflicts. */
function isLost(
  act: Act,
  all: readonly Act[],
  entries: readonly Entry[],
  kept: { readonly exact: ReadonlySet<string>; readonly all: string },
): boolean {
  const { field, value } = act;
  if (field === undefined || value === undefined) return false;
  const isOver = ({ at, did, field: other }: Act) => at > act.at && (did === 'deleted' || did === 'resolved' || other === field);
  if (all.some(isOver)) return false;
  if (field === 'notes') return !kept.all.includes(value) && !entries.some(({ notes }) => notes.includes(value));
  const parts = { kind: 'event', subject: '', time: {}, place: '', notes: '', done: false } as const;
  const isThere = (entry: Entry) =>
    field === 'time'
      ? spelledField(entry, 'time') === value
      : comparable({ ...parts, [field]: spelledField(entry, field) }) === comparable({ ...parts, [field]: value });
  return !entries.some(isThere) && !kept.exact.has(spelled(value));
}

/** As a value compares alike, whoever spelled it. */
function spelled(value: string): string {
  return value.slice(0, 80).toUpperCase();
}

function keysOf({ user, kind, type, objid, remoteId }: Link): readonly string[] {
  return [`${user} ${type}:${objid}`, ...(remoteId === '' ? [] : [`${user} ${kind} ${remoteId}`])];
}

function itemsOf({ groupware, users }: World): readonly Item[] {
  return users.flatMap((user) =>
    KINDS.flatMap((kind) =>
      [...groupware.of(user, kind).items].flatMap(([id, { content }]) =>
        content.kind === 'entry' ? [{ user, kind, id, entry: content.entry }] : [],
      ),
    ),
  );
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
