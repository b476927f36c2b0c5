// How long it takes until what somebody did stands on the other side, by the clock of the soak.

import type { Columns } from '../../../src/ledger/rows';
import { writableOf, type MemoryRow } from '../../support/memory-crm';
import type { Act } from '../sync/diary';
import { isAlike, tokenOf } from '../sync/entries';
import { holdersOf, itemsOf, rowsOf, type Item, type World } from '../sync/world';

/** What has not come to the other side yet. */
interface UnderWay {
  readonly act: Act;
  readonly since: number;
}

/** How long changes took, in ms. */
export interface Delays {
  readonly count: number;
  readonly median: number;
  readonly most99: number;
  readonly longest: number;
}

/** What comes to the other side: what is deleted in the groupware may stay in the CRM. */
const TRAVELS: Readonly<Record<Act['side'], readonly Act['did'][]>> = {
  crm: ['made', 'changed', 'deleted'],
  groupware: ['made', 'changed'],
};

/** Watches what people do. */
export class Arrivals {
  readonly #underWay = new Map<string, UnderWay[]>();
  readonly #delays: Record<Act['side'], number[]> = { crm: [], groupware: [] };
  #isClosed = false;

  constructor(private readonly world: World) {}

  /** Somebody did something. */
  note(act: Act): void {
    if (this.#isClosed) return;
    const users = act.user === '' ? holdersOf(this.world, act.token) : [act.user];
    for (const user of users) this.#noteOf(user, act);
  }

  #noteOf(user: string, act: Act): void {
    const own = this.#underWay.get(user) ?? [];
    // What it supersedes need not arrive any more; what is given away or hidden is no change of this user's.
    const others = own.filter(
      ({ act: { token, field } }) => token !== act.token || (act.did === 'changed' && field !== act.field),
    );
    this.#underWay.set(user, travels(act) ? [...others, { act, since: this.world.clock.now }] : others);
  }

  /** What was done so far is no matter. */
  forget(): void {
    this.#underWay.clear();
  }

  /** From now on nothing arrives any more; how much is still under way. */
  close(): number {
    const left = [...this.#underWay.values()].reduce((sum, own) => sum + own.length, 0);
    this.#isClosed = true;
    this.forget();
    return left;
  }

  /** A turn of a user ended well: whatever is there by now has arrived. */
  look(user: string): void {
    const own = this.#underWay.get(user);
    if (own === undefined) return;
    const still = own.filter((each) => this.#isUnderWay(user, each));
    if (still.length === 0) this.#underWay.delete(user);
    else this.#underWay.set(user, still);
  }

  /** How long changes of a side took. */
  delays(side: Act['side']): Delays {
    const sorted = this.#delays[side].toSorted((one, other) => one - other);
    const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
    return { count: sorted.length, median: at(0.5), most99: at(0.99), longest: at(1) };
  }

  #isUnderWay(user: string, { act, since }: UnderWay): boolean {
    const { world } = this;
    const isIt = (entry: Parameters<typeof tokenOf>[0]) => tokenOf(entry) === act.token;
    const rows = rowsOf(world, user, act.kind).filter(({ entry }) => isIt(entry));
    const items = itemsOf(world, user, act.kind).filter(({ entry }) => isIt(entry));
    const [here, there] = act.side === 'crm' ? [rows, items] : [items, rows];
    const { did, field, entry } = act;
    const isThere = (sides: readonly Pick<(typeof items)[number], 'entry'>[]) =>
      did === 'made' || field === undefined || entry === undefined
        ? sides.length > 0
        : sides.some((one) => isAlike(one.entry, entry, field));
    const hasArrived = did === 'deleted' ? there.length === 0 : isThere(there);
    if (hasArrived) this.#delays[act.side].push(world.clock.now - since);
    // What gave way on its own side comes to no other; the verdict says whether that was right.
    const isOutside = act.kind !== 'contact' && rows.some(({ isInWindow }) => !isInWindow);
    const isHidden = isOutside || items.some((item) => item.isHidden);
    const isGivenUp =
      isHidden || isOwn(act, rows) || this.#isApart(user, rows, items) || (did === 'deleted' ? here.length > 0 : !isThere(here));
    return !hasArrived && !isGivenUp;
  }

  /** What a user deleted in the groupware and the CRM keeps, or what left the window, is left alone on both sides. */
  #isApart(user: string, rows: readonly MemoryRow[], items: readonly Item[]): boolean {
    const isOf = (link: Columns) =>
      rows.some(({ type, objid }) => link['entry_type'] === type && link['objid'] === objid) ||
      items.some(({ kind, id }) => link['kind'] === kind && link['remote_id'] === id);
    return this.world.store.links.of(user).some((link) => link['state'] === 'apart' && isOf(link));
  }
}

/** A card that somebody makes is that person's own. */
function travels({ side, did, kind, entry }: Act): boolean {
  if (did === 'changed' && entry === undefined) return false;
  return TRAVELS[side].includes(did) && !(did === 'made' && kind === 'contact' && side === 'groupware');
}

/** Of a contact the CRM has not everything that stands on a card, and of some cards nothing. */
function isOwn({ side, kind, field }: Act, [row]: readonly MemoryRow[]): boolean {
  if (kind !== 'contact' || side === 'crm') return false;
  return row === undefined || (field !== undefined && !writableOf(row).includes(field));
}
