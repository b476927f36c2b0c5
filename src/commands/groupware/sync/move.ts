// A user moves to another groupware, in a turn that was leased. First there is a last turn at the former one, so that what people changed there
// is in the CRM; then every link forgets its item. It can be killed anywhere: once the links began to forget, the ledger says that they are
// nowhere, and whoever has the next turn goes on. The former items are left as they are.

import type { FoundItem } from '../../../clarify/entries';
import type { Deadline } from '../../../core/deadline';
import { ENTRY_KINDS } from '../../../core/sync/entry';
import { entryId, looksComputed } from '../../../core/sync/entry-id';
import { keyText } from '../../../core/sync/entry-key';
import type { Link } from '../../../core/sync/link';
import { moved } from '../../../core/sync/move';
import type { SyncRules } from '../../../core/sync/sides';
import { NOWHERE, spellWhereabouts, type Whereabouts } from '../../../core/sync/whereabouts';
import type { Links } from '../../../ledger/links';
import type { Outlook, TurnOf, TurnParts } from './look-ahead';
import { summed, takeTurn, type TurnReport } from './turn';

/** So often a last turn is taken until there is nothing to be written into the CRM any more. */
const MOST_TURNS = 3;

/** How a last turn ended: it is over, or the user stays for now, with the words why where the turn itself ended well. */
export interface LastTurn {
  readonly isOver: boolean;
  readonly report: TurnReport;
  readonly why: string;
}

/** Takes the last turn at a groupware. Nothing new is made there. Rejects with a DatabaseError of the CRM or the ledger. */
export async function takeLastTurn(turn: TurnOf, parts: TurnParts, deadline: Deadline): Promise<LastTurn> {
  const last: TurnOf = { ...turn, mostNew: () => Promise.resolve(0), listsAnew: true };
  const reports: [TurnReport, ...TurnReport[]] = [await takeTurn(last, parts, deadline)];
  for (;;) {
    const [first, ...more] = reports;
    const newest = more.at(-1) ?? first;
    const report = summed(reports);
    if (newest.isLost || newest.trouble !== '' || newest.outlook === undefined) return { isOver: false, report, why: '' };
    const why = whyNotYet(newest.outlook);
    if (why !== '') return { isOver: false, report, why };
    // Somebody may have changed meanwhile what was written, or the row that it was written into.
    if (newest.outlook.plan.decisions.every(({ crm }) => crm === undefined)) return { isOver: true, report, why };
    if (reports.length >= MOST_TURNS) return { isOver: false, report, why: 'people keep changing entries there' };
    reports.push(await takeTurn(last, parts, deadline));
  }
}

/** What of a turn that ended well stands in the way of a move; an empty text where nothing does. */
function whyNotYet({ unlisted, plan }: Outlook): string {
  if (unlisted.length > 0) return 'not everything there could be listed';
  if (plan.isAdopting) return 'entries were found there that the ledger knows nothing of';
  const isGuarded = plan.decisions.some(({ link }) => link.state === 'held' && link.cause === 'guard-there');
  return isGuarded ? 'too many entries are missing there at once, and are held' : '';
}

/** What forgetting needs. */
export type ForgetParts = Pick<TurnParts, 'links' | 'reader' | 'owner' | 'now'>;

/**
 * Makes all links of a user forget their items, and remembers that they are at another groupware from now on. False where the lease was lost.
 * Rejects with a DatabaseError of the CRM or the ledger; whoever has the next turn goes on.
 */
export async function forgetItems(
  rules: Pick<SyncRules, 'system' | 'user'>,
  to: Whereabouts,
  parts: ForgetParts,
  signal: AbortSignal,
): Promise<boolean> {
  const { links, owner } = parts;
  const { user } = rules;
  const commit = (what: Parameters<Links['commit']>[2]) => links.commit(user, owner, what, parts.now(), signal);
  if (!(await commit({ links: [], groupware: NOWHERE }))) return false;
  if (!(await commit({ links: await movedLinks(rules, parts, signal) }))) return false;
  for (const kind of ENTRY_KINDS) if (!(await commit({ links: [], cursor: { kind, cursor: '' } }))) return false;
  return commit({ links: [], groupware: spellWhereabouts(to) });
}

/** The links that are other ones once their user moves. Those that take the place of another one come first: so no row is ever without one. */
export async function movedLinks(
  rules: Pick<SyncRules, 'system' | 'user'>,
  { links, reader, now }: Pick<ForgetParts, 'links' | 'reader' | 'now'>,
  signal: AbortSignal,
): Promise<readonly Link[]> {
  const all = await links.links(rules.user, signal);
  const isUnsure = ({ origin, objid, state }: Link) =>
    origin === 'groupware' && objid !== 0 && (state === 'intended' || state === 'held');
  const unsure = all.filter(isUnsure);
  const rows = unsure.length === 0 ? new Map<string, FoundItem>() : await reader.byKey(unsure, now(), signal);
  // A row that does not tell is there.
  const hasRow = (link: Link) => rows.get(keyText(link)) !== 'absent';
  const taken = await takenIds(all, rules, links, signal);
  const known = new Map<string, number>();
  for (const link of all) known.set(keyText(link), (known.get(keyText(link)) ?? 0) + 1);
  const after = all.map((link) => ({ before: link, ...moved(link, hasRow(link), rules, (id) => taken.has(id)) }));
  // Where a move was cut off, the one that takes its place may be there already.
  const next = after.flatMap(({ before, next: each }) =>
    each === undefined || (known.get(keyText(before)) ?? 0) > 1 ? [] : [each],
  );
  const changed = after.filter(({ before, link }) => JSON.stringify(before) !== JSON.stringify(link)).map(({ link }) => link);
  return [...next, ...changed];
}

/** The ids that links for the rows of entered items would have, and that are taken. */
async function takenIds(
  all: readonly Link[],
  { system, user }: Pick<SyncRules, 'system' | 'user'>,
  links: Links,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  let entered = all.filter(({ id, objid }) => objid !== 0 && !looksComputed(id));
  for (let generation = 0; entered.length > 0; generation += 1) {
    const idOf = ({ type, objid }: Link) => entryId({ system, user, type, objid, generation });
    const ids = entered.map(idOf);
    for (const { id } of await links.find({ ids }, ids.length, signal)) taken.add(id);
    entered = entered.filter((link) => taken.has(idOf(link)));
  }
  return taken;
}

/** The links as they would be known after a move, for whoever only looks. Nothing is changed. */
export async function linksAfterMove(
  rules: Pick<SyncRules, 'system' | 'user'>,
  parts: Pick<ForgetParts, 'links' | 'reader' | 'now'>,
  signal: AbortSignal,
): Promise<Links> {
  const { links } = parts;
  const after = new Map((await movedLinks(rules, parts, signal)).map((link) => [link.id, link]));
  const asAfter = (all: readonly Link[]) => all.map((link) => after.get(link.id) ?? link);
  return {
    ...links,
    links: async () => {
      const before = await links.links(rules.user, signal);
      const known = new Set(before.map(({ id }) => id));
      const added = [...after.values()].filter(({ id }) => !known.has(id));
      return [...asAfter(before), ...added].filter(({ state }) => state !== 'gone');
    },
    find: async (...given) => asAfter(await links.find(...given)),
    cursors: () => Promise.resolve(new Map()),
  };
}
