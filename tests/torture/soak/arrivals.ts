// How long it takes until what somebody did stands on the other side, by the clock of the soak.

import type { Act } from '../sync/diary';
import { isAlike, tokenOf } from '../sync/entries';
import { itemsOf, rowsOf, type World } from '../sync/world';

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

  constructor(private readonly world: World) {}

  /** Somebody did something. */
  note(act: Act): void {
    const own = this.#underWay.get(act.user) ?? [];
    // What it supersedes need not arrive any more; what is given away or hidden is no change of this user's.
    const others = own.filter(
      ({ act: { token, field } }) => token !== act.token || (act.did === 'changed' && field !== act.field),
    );
    this.#underWay.set(act.user, travels(act) ? [...others, { act, since: this.world.clock.now }] : others);
  }

  /** What was done so far is no matter. */
  forget(): void {
    this.#underWay.clear();
  }

  /** A turn of a user ended well: whatever is there by now has arrived. */
  look(user: string): void {
    const own = this.#underWay.get(user);
    if (own === undefined) return;
    const still = own.filter((each) => this.#isUnderWay(each));
    if (still.length === 0) this.#underWay.delete(user);
    else this.#underWay.set(user, still);
  }

  /** How long changes of a side took. */
  delays(side: Act['side']): Delays {
    const sorted = this.#delays[side].toSorted((one, other) => one - other);
    const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
    return { count: sorted.length, median: at(0.5), most99: at(0.99), longest: at(1) };
  }

  #isUnderWay({ act, since }: UnderWay): boolean {
    const { world } = this;
    const isIt = (entry: Parameters<typeof tokenOf>[0]) => tokenOf(entry) === act.token;
    const rows = world.kinds.flatMap((kind) => rowsOf(world, act.user, kind)).filter(({ entry }) => isIt(entry));
    const items = world.kinds.flatMap((kind) => itemsOf(world, act.user, kind)).filter(({ entry }) => isIt(entry));
    const [here, there] = act.side === 'crm' ? [rows, items] : [items, rows];
    const { did, field, entry } = act;
    const isThere = (sides: readonly Pick<(typeof items)[number], 'entry'>[]) =>
      did === 'made' || field === undefined || entry === undefined
        ? sides.length > 0
        : sides.some((one) => isAlike(one.entry, entry, field));
    const hasArrived = did === 'deleted' ? there.length === 0 : isThere(there);
    if (hasArrived) this.#delays[act.side].push(world.clock.now - since);
    // What gave way on its own side comes to no other; the verdict says whether that was right.
    const isHidden = items.some((item) => item.isHidden) || rows.some(({ isInWindow }) => !isInWindow);
    const isGivenUp = isHidden || (did === 'deleted' ? here.length > 0 : !isThere(here));
    return !hasArrived && !isGivenUp;
  }
}

/** Contacts are everybody's: who gets one is said by books, and a card that somebody makes is that person's own. */
function travels({ side, did, user, entry, token }: Act): boolean {
  if (user === '' || (did === 'changed' && entry === undefined)) return false;
  return TRAVELS[side].includes(did) && !(did === 'made' && token.startsWith('C'));
}
