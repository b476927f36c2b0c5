// What people keep to themselves: they make items private or series, write into them what is nobody else's business, and open them again.

import type { RemoteContent } from '../../../src/groupware/groupware';
import type { MemoryItem } from '../../support/memory-groupware';
import type { Diary } from './diary';
import { asItKeepsThem, changedEntry, secretEntry, secretsIn, tokenOf } from './entries';
import { itemsOf, placeOf, putItem, type Item, type World } from './world';

/** Of those that are hidden, so many are open again when the campaign ends. */
const OPENED_AT_LAST = 0.7;

/** Those who hide items, and open them. */
export class Hiders {
  constructor(
    private readonly world: World,
    private readonly diary: Diary,
  ) {}

  /** Somebody hides one of a user's items, or does something about one that is hidden. */
  act(user: string, visible: Item | undefined): void {
    const { chance } = this.world;
    const hidden = chance.oneOf(this.#hidden(user));
    if (hidden === undefined || chance.happens(0.4)) return this.#hide(visible);
    const dice = chance.below(10);
    if (dice < 4) return this.#write(hidden);
    if (dice < 9) return this.#open(hidden);
    putItem(this.world, hidden, undefined);
    this.world.secrets.delete(placeOf(hidden));
    this.diary.note({ did: 'deleted', side: 'groupware', user }, hidden.entry);
  }

  /** Most of what is hidden is opened. */
  openMost(): void {
    const { users, chance } = this.world;
    for (const hidden of users.flatMap((user) => this.#hidden(user))) if (chance.happens(OPENED_AT_LAST)) this.#open(hidden);
  }

  #hidden(user: string): readonly Item[] {
    return this.world.kinds.flatMap((kind) => itemsOf(this.world, user, kind)).filter(({ isHidden }) => isHidden);
  }

  /** There are no series of contacts. */
  #hide(found: Item | undefined): void {
    if (found === undefined) return;
    const kind = found.kind !== 'contact' && this.world.chance.happens(0.4) ? 'series' : 'private';
    this.world.own.set(placeOf(found), found.entry);
    putItem(this.world, found, hiding(found, { kind }));
    this.diary.note({ did: 'hidden', side: 'groupware', user: found.user }, found.entry);
  }

  /** A series gets another rule or an exception, or other words; what is private gets words that nobody else may see. */
  #write(found: Item): void {
    const { chance, secrets, decorations } = this.world;
    const place = placeOf(found);
    const number = this.diary.number();
    if (found.item.content.kind === 'series' && chance.happens(0.5)) {
      const exceptions = [...found.item.decorations, `exception ${number}`];
      decorations.set(place, exceptions);
      putItem(this.world, found, { ...found.item, decorations: exceptions });
      return;
    }
    const isPrivate = found.item.content.kind === 'private';
    const [field, changed, secret = ''] = isPrivate
      ? secretEntry(found.entry, number, chance)
      : changedEntry(found.entry, undefined, number, chance);
    const entry = asItKeepsThem(changed);
    if (isPrivate) secrets.set(place, [...(secrets.get(place) ?? []), secret]);
    putItem(this.world, found, hiding({ ...found, entry }, found.item.content));
    this.diary.note({ did: 'changed', side: 'groupware', user: found.user }, entry, field);
  }

  /** It is an entry as any other again. Until now, nobody else may have seen what was written into it meanwhile. */
  #open(found: Item): void {
    const { secrets, leaked, own } = this.world;
    const place = placeOf(found);
    const written = secrets.get(place) ?? [];
    const seen = written.length === 0 ? new Set() : secretsIn(this.#seenOf(found.user));
    if (written.some((secret) => seen.has(secret))) leaked.push(tokenOf(found.entry));
    secrets.delete(place);
    const { mark, decorations } = found.item;
    // Cards of one's own stay that.
    const isOwn = found.kind === 'contact' && mark === undefined;
    if (!isOwn) own.delete(place);
    putItem(this.world, found, { mark, decorations, content: { kind: 'entry', entry: found.entry } });
    this.diary.note({ did: 'opened', side: 'groupware', user: found.user }, found.entry);
  }

  /** What the program made of a user's entries so far. */
  #seenOf(user: string): string {
    const { store, crm } = this.world;
    return JSON.stringify([store.links.of(user), store.conflicts.of(user), crm.rows.of(user), crm.contactsOf(user)]);
  }
}

function hiding({ item, entry }: Pick<Item, 'item' | 'entry'>, content: RemoteContent): MemoryItem {
  return { ...item, content, behind: entry };
}
