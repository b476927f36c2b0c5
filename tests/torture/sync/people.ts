// The people of the campaign: they make, change, decorate and delete entries on both sides, whenever they like. What they did is written down.

import { AGENDA_KINDS, isSameField, type AgendaKind, type EntryField, type EntryKind } from '../../../src/core/sync/entry';
import { keyText } from '../../../src/core/sync/entry-key';
import type { MemoryRow } from '../../support/memory-crm';
import type { Diary } from './diary';
import { asItKeepsThem, changedEntry, newEntry, tokenOf } from './entries';
import { Hiders } from './hidden';
import { itemsOf, placeOf, putItem, rowsOf, TYPES, type Item, type World } from './world';

/** How often an act is what, of 100. What is left are changes. */
export interface Habits {
  readonly makes: number;
  readonly deletes: number;
  readonly gives: number;
  readonly leaves: number;
  readonly decorates: number;
  /** Items are made private or series, written into, and opened again. */
  readonly hides: number;
  /** Of 100 acts so many are about the few newest entries of a user: what is new is talked about. */
  readonly isAboutNew: number;
  /** Of 100 acts so many are about contacts, where there are any; and of the changes of these, so many are made by two users at once. */
  readonly isAboutContacts: number;
  readonly isMadeByTwo: number;
}

/** So many of a user's entries are new. */
const NEW = 3;
/** A new contact is in the window of so many users at the most. */
const MOST_HOLDERS = 3;

/** Those who work in the company. */
export class People {
  readonly #hiders: Hiders;
  #objid = 1;

  constructor(
    private readonly world: World,
    private readonly diary: Diary,
    private readonly habits: Habits,
  ) {
    this.#hiders = new Hiders(world, diary);
  }

  /** Somebody does something about a user's entries. */
  act(user: string): void {
    const { chance } = this.world;
    const { makes, deletes, gives, leaves, decorates, hides } = this.habits;
    const kinds = this.#kinds(user);
    const inCrm = chance.happens(0.5);
    let dice = chance.below(100);
    const isIt = (part: number) => (dice -= part) < 0;
    if (isIt(makes)) return inCrm ? this.makeRow(user, this.#kindOf(kinds)) : this.makeItem(user, this.#kindOf(kinds));
    if (isIt(deletes)) return inCrm ? this.#deleteRow(this.#row(user, kinds)) : this.#deleteItem(this.#item(user, kinds));
    // A contact belongs to nobody who could give it away.
    if (kinds[0] === 'contact' && isIt(gives + leaves)) return this.#leaveBook(user);
    if (kinds[0] !== 'contact' && isIt(gives)) return this.#give(this.#row(user, AGENDA_KINDS));
    if (kinds[0] !== 'contact' && isIt(leaves)) return this.#leave(user);
    if (isIt(decorates)) return this.#decorate(this.#item(user, kinds));
    if (isIt(hides)) return this.#hiders.act(user, this.#item(user, this.#hideable(kinds)));
    if (inCrm) return this.changeRow(this.#row(user, kinds));
    const item = this.#item(user, kinds);
    return item?.kind === 'contact' && chance.happens(this.habits.isMadeByTwo / 100)
      ? this.#changeByTwo(item)
      : this.changeItem(item);
  }

  makeRow(user: string, kind: EntryKind): void {
    const { crm, chance, holders } = this.world;
    const entry = newEntry(kind, this.diary.number());
    const key = { type: TYPES[kind], objid: this.#objid++ };
    const owner = kind === 'contact' ? '' : user;
    crm.put({ ...key, kind, owner, entry, isPast: kind !== 'contact' && chance.happens(0.05) });
    if (kind === 'contact') {
      const others = Array.from({ length: chance.below(MOST_HOLDERS) }, () => chance.oneOf(holders) ?? user);
      for (const holder of new Set([user, ...others])) this.#hold(holder, keyText(key), true);
    }
    this.diary.note({ did: 'made', side: 'crm', user: owner }, entry);
  }

  /** A card that somebody makes is that person's own: the CRM gets no contact by it. */
  makeItem(user: string, kind: EntryKind): void {
    const entry = asItKeepsThem(newEntry(kind, this.diary.number()));
    // Google knows no other letters.
    const id = `made${tokenOf(entry).toLowerCase()}`;
    const content = { kind: 'entry', entry } as const;
    const made = putItem(this.world, { user, kind, id }, { content, mark: undefined, decorations: [`reminder ${id}`] });
    if (made === undefined) throw new Error('an item that was put is there');
    this.world.decorations.set(placeOf(made), made.item.decorations);
    if (kind === 'contact') this.world.own.set(placeOf(made), made.entry);
    this.diary.note({ did: 'made', side: 'groupware', user }, made.entry);
  }

  /** Somebody changes a row. */
  changeRow(row: MemoryRow | undefined, wanted?: EntryField): void {
    if (row === undefined) return;
    const [field, entry] = changedEntry(row.entry, wanted, this.diary.number(), this.world.chance);
    this.world.crm.edit(row, entry);
    const changed = this.world.crm.rows.get(keyText(row))?.entry ?? entry;
    this.diary.note({ did: 'changed', side: 'crm', user: row.owner }, changed, field);
  }

  /** Somebody changes an item. */
  changeItem(found: Item | undefined, wanted?: EntryField): void {
    if (found === undefined || found.isHidden) return;
    const [field, changed] = changedEntry(found.entry, wanted, this.diary.number(), this.world.chance);
    const there = putItem(this.world, found, { ...found.item, content: { kind: 'entry', entry: asItKeepsThem(changed) } });
    // Where it says the same as before, nobody changed anything: a task at Google may be due on that day already.
    if (there === undefined || (field !== 'done' && isSameField(there.entry, found.entry, field))) return;
    this.diary.note({ did: 'changed', side: 'groupware', user: found.user }, there.entry, field);
  }

  /** Two users change the same field of a contact, before anybody sees what the other one made of it. */
  #changeByTwo(found: Item): void {
    const { world } = this;
    const isSame = ({ entry }: Pick<Item, 'entry'>) => tokenOf(entry) === tokenOf(found.entry);
    const key = world.crm.contactsOf(found.user).filter(isSame).map(keyText)[0] ?? '';
    const others = world.holders.filter((user) => user !== found.user && world.crm.books.get(user)?.has(key));
    const theirs = others.flatMap((user) => itemsOf(world, user, 'contact').filter(isSame));
    const field = world.chance.oneOf(['title', 'phone', 'email'] as const);
    for (const item of [found, ...theirs.slice(0, 1)]) this.changeItem(item, field);
  }

  #decorate(found: Item | undefined): void {
    if (found === undefined) return;
    const decorations = [...found.item.decorations, `colour ${this.diary.number()}`];
    const there = putItem(this.world, found, { ...found.item, decorations });
    if (there !== undefined) this.world.decorations.set(placeOf(there), there.item.decorations);
  }

  #deleteRow(row: MemoryRow | undefined): void {
    if (row === undefined) return;
    this.world.crm.rows.delete(keyText(row));
    this.diary.note({ did: 'deleted', side: 'crm', user: row.owner }, row.entry);
  }

  #deleteItem(found: Item | undefined): void {
    if (found === undefined) return;
    putItem(this.world, found, undefined);
    this.diary.note({ did: 'deleted', side: 'groupware', user: found.user }, found.entry);
  }

  /** A row is somebody else's from now on. */
  #give(row: MemoryRow | undefined): void {
    const owner = this.world.chance.oneOf(this.world.users);
    if (row === undefined || owner === undefined) return;
    this.world.crm.put({ ...row, owner });
    this.diary.note({ did: 'given', side: 'crm', user: row.owner }, row.entry);
  }

  /** A row leaves the window, or one that is outside comes back. */
  #leave(user: string): void {
    const rows = this.world.crm.rows.of(user).filter(({ isInWindow }) => !isInWindow);
    const row = this.world.chance.oneOf(rows) ?? this.#row(user, AGENDA_KINDS);
    if (row === undefined) return;
    this.world.crm.put({ ...row, isInWindow: !row.isInWindow });
    if (row.isInWindow) this.diary.note({ did: 'left the window', side: 'crm', user }, row.entry);
  }

  /** A user has to do with a contact no more, or with one that was somebody's before. */
  #leaveBook(user: string): void {
    const { chance, crm, holders } = this.world;
    const row = chance.oneOf(crm.contactsOf(user));
    const other = chance.oneOf(crm.contactsOf(chance.oneOf(holders) ?? user));
    if (row !== undefined && chance.happens(0.5)) {
      this.#hold(user, keyText(row), false);
      this.diary.note({ did: 'left the window', side: 'crm', user }, row.entry);
    } else if (other !== undefined) this.#hold(user, keyText(other), true);
  }

  #hold(user: string, key: string, isHeld: boolean): void {
    const { books } = this.world.crm;
    const others = [...(books.get(user) ?? [])].filter((one) => one !== key);
    books.set(user, new Set(isHeld ? [...others, key] : others));
  }

  /** Whoever left the window comes back, but for half of the contacts; and most of what is hidden is opened. */
  comeBack(): void {
    const { crm, chance, holders } = this.world;
    for (const row of crm.rows.values()) if (!row.isInWindow && row.kind !== 'contact') crm.put({ ...row, isInWindow: true });
    const left = new Set(
      this.diary.acts.flatMap(({ did, user, token }) => (did === 'left the window' ? [`${user} ${token}`] : [])),
    );
    for (const row of crm.rows.values())
      for (const user of row.kind === 'contact' ? holders : [])
        if (left.has(`${user} ${tokenOf(row.entry)}`) && chance.happens(0.5)) this.#hold(user, keyText(row), true);
    this.#hiders.openMost();
  }

  #row(user: string, kinds: readonly EntryKind[]): MemoryRow | undefined {
    return this.#oneOf(kinds.flatMap((kind) => rowsOf(this.world, user, kind)));
  }

  #item(user: string, kinds: readonly EntryKind[]): Item | undefined {
    return this.#oneOf(kinds.flatMap((kind) => itemsOf(this.world, user, kind)).filter(({ isHidden }) => !isHidden));
  }

  #oneOf<T>(all: readonly T[]): T | undefined {
    const { chance } = this.world;
    return chance.oneOf(chance.happens(this.habits.isAboutNew / 100) ? all.slice(-NEW) : all);
  }

  /** What an act is about. */
  #kinds(user: string): readonly EntryKind[] {
    const isAboutContacts = this.world.chance.happens(this.habits.isAboutContacts / 100);
    return isAboutContacts && this.world.holders.includes(user) ? ['contact'] : AGENDA_KINDS;
  }

  #hideable(kinds: readonly EntryKind[]): readonly EntryKind[] {
    return kinds.filter((kind) => this.world.groupware.canHide.includes(kind));
  }

  #kindOf(kinds: readonly EntryKind[]): EntryKind {
    return kinds[0] === 'contact' ? 'contact' : this.agendaKind();
  }

  agendaKind(): AgendaKind {
    return this.world.chance.happens(0.6) || !this.world.kinds.includes('task') ? 'event' : 'task';
  }
}
