// Whoever says how it ends with what is held.

import type { Entry } from '../../../src/core/sync/entry';
import type { Link } from '../../../src/core/sync/link';
import type { Diary } from './diary';
import { itemNamed, type Item, type World } from './world';

const SIGNAL = new AbortController().signal;
const MOST = 10_000;

/** An operator. */
export class Operator {
  /** What was resolved, and may not have come true yet. */
  #ordered: (readonly [Link, Entry])[] = [];

  constructor(
    private readonly world: World,
    private readonly diary: Diary,
  ) {}

  /** Says how what is held ends, and answers for what gives way by that; how much that was. */
  async resolve(): Promise<number> {
    const { links, chance, clock } = this.world;
    const all = await links.find({ states: ['held'] }, MOST, SIGNAL);
    const held = all.filter((link) => link.order === '' && !this.#goesOn(link));
    // What somebody said counts until it has come true, whatever is changed meanwhile.
    for (const [link, entry] of this.#ordered) this.#note(link, entry);
    this.#ordered = all.filter(({ order }) => order !== '').flatMap((link) => this.#known(link));
    for (const link of held) {
      await links.order(link, chance.oneOf(['crm', 'groupware'] as const) ?? 'crm', clock.now, SIGNAL);
      for (const [, entry] of this.#known(link)) {
        this.#note(link, entry);
        this.#ordered.push([link, entry]);
      }
    }
    return held.length;
  }

  /** What is private, or a series, goes on by itself, and hardly anybody says anything about it before. */
  #goesOn(link: Link): boolean {
    if (link.cause !== 'private' && link.cause !== 'series') return false;
    const item = this.#itemOf(link);
    const isThere = this.world.crm.rows.has(`${link.type}:${link.objid}`);
    return item !== undefined && (item.isHidden || isThere) && !this.world.chance.happens(0.02);
  }

  #itemOf({ user, kind, id, remoteId }: Link): Item | undefined {
    return itemNamed(this.world, user, kind, remoteId === '' ? id : remoteId);
  }

  #known(link: Link): readonly (readonly [Link, Entry])[] {
    const entry = this.world.crm.rows.get(`${link.type}:${link.objid}`)?.entry ?? link.remoteBase ?? this.#itemOf(link)?.entry;
    return entry === undefined ? [] : [[link, entry]];
  }

  #note({ user }: Link, entry: Entry): void {
    this.diary.note({ did: 'resolved', side: 'crm', user }, entry);
  }
}
