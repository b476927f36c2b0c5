// What became of every entry after the kills: whether it stands once on both sides and alike, whether what people did is there, was
// superseded by them or is kept among the conflicts, and whether what they put into items stands to the letter.

import type { Item } from './items';
import { allItems, rowsOf, type Row } from './look';
import { withDatabase, type Office } from './office';
import type { Act, People } from './people';
import type { Field } from './texts';

/** What may be wrong. */
const WRONGS = ['lost', 'doubled', 'different', 'orphans', 'editsLost', 'wiped', 'held', 'damaged', 'litter'] as const;
type Wrong = (typeof WRONGS)[number];

/** What is wrong, each with its entry and its story; and how many values gave way and were kept. */
export interface Verdict {
  readonly wrong: Readonly<Record<Wrong, readonly string[]>>;
  readonly conflicts: number;
}

interface KeptLink {
  readonly login: string;
  readonly objid: number;
  readonly remote_id: string;
  readonly state: string;
  readonly cause: string;
}

/** Looks at everything. */
export function verdictOf(office: Office, people: People): Verdict {
  const wrong = Object.fromEntries(WRONGS.map((name) => [name, [] as string[]])) as Record<Wrong, string[]>;
  const kept = keptIn(office);
  const rows = grouped(rowsOf(office));
  const items = grouped(allItems(office.groupware));
  for (const [token, own] of grouped(people.acts)) {
    const [here, there] = [rows.get(token) ?? [], items.get(token) ?? []];
    const story = () => storyOf(token, own, here, there, kept.links);
    for (const user of usersOf(here, there, own)) {
      const isOf = (each: Row | Item) => user === undefined || each.user === user;
      const name = placeOf(here.filter(isOf), there.filter(isOf), own);
      if (name !== undefined) wrong[name].push(story());
    }
    if (own.some((act) => isLost(act, own, [...here, ...there], kept.values))) wrong.editsLost.push(story());
  }
  for (const item of allItems(office.groupware))
    for (const line of people.decorations.get(item.uid) ?? [])
      if (!office.groupware.hasLine(item.text, line)) wrong.wiped.push(`${item.uid}: ${line}`);
  wrong.held.push(...kept.held);
  wrong.damaged.push(...kept.damaged);
  wrong.litter.push(...office.groupware.litter());
  return { wrong, conflicts: kept.values.length / 2 };
}

/** Only where a row was given away and then deleted, two people who both changed what they had may each keep it. */
function usersOf(here: readonly Row[], there: readonly Item[], acts: readonly Act[]): readonly (string | undefined)[] {
  const isSplit = (['given', 'deleted'] as const).every((did) => acts.some((act) => act.did === did));
  return isSplit ? [...new Set([...here, ...there].map(({ user }) => user))] : [undefined];
}

/** What both sides say alike. */
const PARTS = ['user', 'subject', 'begin', 'end', 'notes', 'done', 'title', 'phone', 'mobile'] as const;

function placeOf([row, ...rows]: readonly Row[], [item, ...items]: readonly Item[], acts: readonly Act[]): Wrong | undefined {
  if (rows.length + items.length > 0) return 'doubled';
  const deletedOn = (side: Act['side']) => acts.some((act) => act.did === 'deleted' && act.side === side);
  if (row === undefined && item === undefined) return deletedOn('crm') || deletedOn('groupware') ? undefined : 'lost';
  if (row === undefined) return 'orphans';
  // In the CRM only: that is right for what somebody deleted in the groupware, and nothing else.
  if (item === undefined) return deletedOn('groupware') ? undefined : 'lost';
  return PARTS.every((part) => row[part] === item[part] || isItsDay(part, row, item)) ? undefined : 'different';
}

/** Where an item says only on which day a task is due, the row says when on that day. */
function isItsDay(part: (typeof PARTS)[number], row: Row, { kind, end }: Item): boolean {
  return part === 'end' && kind === 'task' && /^[\d-]{10}$/.test(end) && row.end.slice(0, 11) === `${end}T`;
}

/** Whether a change is nowhere: not in the entry, not overwritten by people later, not among the conflicts. */
function isLost(act: Act, all: readonly Act[], standing: readonly (Row | Item)[], kept: readonly string[]): boolean {
  const { field, value } = act;
  if (field === undefined || value === undefined || field === 'done') return false;
  if (all.some(({ at, did, field: other }) => at > act.at && (did === 'deleted' || other === field))) return false;
  const isThere = standing.some((each) => shown(each, field).includes(value));
  return !isThere && !kept.some((one) => one.includes(value));
}

/** A field as it stands; a place is in the text of an item. */
function shown(one: Row | Item, field: Field): string {
  if (field === 'time') return one.end;
  if (field === 'place') return 'text' in one ? one.text : '';
  return field === 'done' ? String(one.done) : one[field];
}

interface Kept {
  readonly links: readonly KeptLink[];
  readonly values: readonly string[];
  readonly held: readonly string[];
  readonly damaged: readonly string[];
}

function keptIn({ ledger, crm }: Office): Kept {
  const checked = [ledger, crm].flatMap((file) =>
    withDatabase(file, (database) =>
      database
        .prepare('PRAGMA integrity_check')
        .all()
        .map((row) => JSON.stringify(row)),
    ),
  );
  return withDatabase(ledger, (database) => {
    const all = <T>(sql: string) => database.prepare(sql).all() as T[];
    const links = all<KeptLink>('SELECT login, objid, remote_id, state, cause FROM publish_activity_link');
    const conflicts = all<{ crm_value: string; remote_value: string }>(
      'SELECT crm_value, remote_value FROM publish_activity_conflict',
    );
    const grants = all<{ login: string; state: string }>(
      "SELECT login, state FROM publish_activity_grant WHERE state <> 'active'",
    );
    const restless = links.filter(({ state }) => ['held', 'intended', 'leaving'].includes(state));
    return {
      links,
      values: conflicts.flatMap(({ crm_value, remote_value }) => [crm_value, remote_value]).map(inOffice),
      held: [...restless, ...grants].map((each) => JSON.stringify(each)),
      damaged: checked.filter((answer) => !answer.includes('"ok"')),
    };
  });
}

/** Times are kept in UTC. */
function inOffice(value: string): string {
  return value.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (instant) =>
    new Date(Date.parse(instant) + OFFSET_MS).toISOString().slice(0, 19),
  );
}
/** Kathmandu is 5 hours and 45 minutes ahead. */
const OFFSET_MS = 345 * 60_000;

function storyOf(
  token: string,
  acts: readonly Act[],
  here: readonly Row[],
  there: readonly Item[],
  links: readonly KeptLink[],
): string {
  const show = (one: Row | Item) => JSON.stringify(Object.fromEntries(PARTS.map((part) => [part, one[part]])));
  const own = links.filter(
    ({ objid, remote_id }) => here.some((row) => row.objid === objid) || there.some(({ uid }) => uid === remote_id),
  );
  return [
    token,
    ...acts.map(({ at, did, side, field = '', value = '' }) => `${at} ${did} ${side} ${field} ${value}`),
    ...here.map((row) => `row ${row.objid} ${show(row)}`),
    ...there.map((item) => `item ${item.uid} ${show(item)}`),
    ...own.map((link) => JSON.stringify(link)),
  ].join('\n    ');
}

function grouped<T extends { readonly token: string }>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(one.token, [...(groups.get(one.token) ?? []), one]);
  return groups;
}
