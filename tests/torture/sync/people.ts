// The people of the campaign: they make, change, decorate and delete entries on both sides, whenever they like. What they did is written down.

import { spelledField, type AgendaKind, type Entry, type EntryField } from '../../../src/core/sync/entry';
import type { Link } from '../../../src/core/sync/link';
import type { MemoryRow } from '../../support/memory-crm';
import type { MemoryItem } from '../../support/memory-groupware';
import { asItKeepsThem, KINDS, timeOf, tokenOf, TYPES, type World } from './world';

/** Something that somebody did. */
export interface Act {
  readonly did: 'made' | 'changed' | 'deleted' | 'left the window' | 'resolved' | 'given';
  readonly side: 'crm' | 'groupware';
  readonly token: string;
  /** Counts what people do. */
  readonly at: number;
  /** Of a change: the field and its new value. */
  readonly field?: EntryField;
  readonly value?: string;
}

/** How often an act is what, of 100. What is left are changes. */
export interface Habits {
  readonly makes: number;
  readonly deletes: number;
  readonly gives: number;
  readonly leaves: number;
  readonly decorates: number;
  /** Of 100 acts so many are about the few newest entries of a user: what is new is talked about. */
  readonly isAboutNew: number;
}

/** An item that people can read: its kind, its id, and what it holds. */
type FoundItem = readonly [AgendaKind, string, MemoryItem, Entry];

/** The items of a user that people can read. */
export function itemsOf({ groupware }: World, user: string, kind: AgendaKind): readonly FoundItem[] {
  return [...groupware.of(user, kind).items].flatMap(([id, item]) =>
    item.content.kind === 'entry' ? [[kind, id, item, item.content.entry] as const] : [],
  );
}

/** So many of a user's entries are new. */
const NEW = 3;

const FIELDS: Readonly<Record<AgendaKind, readonly EntryField[]>> = {
  event: ['subject', 'time', 'place', 'notes'],
  task: ['subject', 'time', 'notes', 'done'],
};

/** Those who work in the company. */
export class People {
  readonly acts: Act[] = [];
  #objid = 1;
  /** What was resolved, and may not have come true yet. */
  #ordered: Entry[] = [];

  constructor(
    private readonly world: World,
    private readonly habits: Habits,
  ) {}

  /** Somebody does something about a user's entries. */
  act(user: string): void {
    const { chance } = this.world;
    const { makes, deletes, gives, leaves, decorates } = this.habits;
    const dice = chance.below(100);
    const inCrm = chance.happens(0.5);
    if (dice < makes) return inCrm ? this.makeRow(user) : this.makeItem(user);
    if (dice < makes + deletes) return inCrm ? this.#deleteRow(user) : this.#deleteItem(user);
    if (dice < makes + deletes + gives) return this.#give(user);
    if (dice < makes + deletes + gives + leaves) return this.#leave(user);
    if (dice < makes + deletes + gives + leaves + decorates) return this.#decorate(user);
    return inCrm ? this.changeRow(this.#row(user)) : this.changeItem(user, this.#item(user));
  }

  makeRow(owner: string): void {
    const kind = this.#kind();
    const entry = this.#newEntry(kind);
    this.world.crm.put({ type: TYPES[kind], objid: this.#objid++, kind, owner, entry, isPast: this.world.chance.happens(0.05) });
    this.#note('made', 'crm', entry);
  }

  makeItem(user: string): void {
    const kind = this.#kind();
    const entry = asItKeepsThem(this.#newEntry(kind));
    const id = `own-${tokenOf(entry)}`;
    const decorations = [`reminder ${id}`];
    this.world.groupware.of(user, kind).put(id, { content: { kind: 'entry', entry }, mark: undefined, decorations });
    this.world.decorations.set(`${user}/${kind}/${id}`, decorations);
    this.#note('made', 'groupware', entry);
  }

  /** An operator says how what is held ends, and answers for what gives way by that. */
  async resolve(): Promise<number> {
    const { links, chance, clock } = this.world;
    const signal = new AbortController().signal;
    const all = await links.find({ states: ['held'] }, 10_000, signal);
    const held = all.filter(({ order }) => order === '');
    // What somebody said counts until it has come true, whatever is changed meanwhile.
    for (const entry of this.#ordered) this.#note('resolved', 'crm', entry);
    this.#ordered = all.filter(({ order }) => order !== '').flatMap((link) => this.#known(link));
    for (const link of held) {
      await links.order(link, chance.oneOf(['crm', 'groupware'] as const) ?? 'crm', clock.now, signal);
      for (const entry of this.#known(link)) {
        this.#note('resolved', 'crm', entry);
        this.#ordered.push(entry);
      }
    }
    return held.length;
  }

  #known({ type, objid, remoteBase }: Link): readonly Entry[] {
    const entry = this.world.crm.rows.get(`${type}:${objid}`)?.entry ?? remoteBase;
    return entry === undefined ? [] : [entry];
  }

  /** Somebody changes a row. */
  changeRow(row: MemoryRow | undefined, wanted?: EntryField): void {
    if (row === undefined) return;
    const [field, entry] = this.#changed(row.entry, row.kind as AgendaKind, wanted);
    this.world.crm.edit(row, entry);
    this.#note('changed', 'crm', this.world.crm.rows.get(`${row.type}:${row.objid}`)?.entry ?? entry, field);
  }

  /** Somebody changes an item. */
  changeItem(user: string, found: FoundItem | undefined, wanted?: EntryField): void {
    if (found === undefined) return;
    const [kind, id, item, old] = found;
    const [field, changed] = this.#changed(old, kind, wanted);
    const entry = asItKeepsThem(changed);
    this.world.groupware.of(user, kind).put(id, { ...item, content: { kind: 'entry', entry } });
    this.#note('changed', 'groupware', entry, field);
  }

  #decorate(user: string): void {
    const found = this.#item(user);
    if (found === undefined) return;
    const [kind, id, item] = found;
    const decorations = [...item.decorations, `colour ${this.#number()}`];
    this.world.groupware.of(user, kind).put(id, { ...item, decorations });
    this.world.decorations.set(`${user}/${kind}/${id}`, decorations);
  }

  #deleteRow(user: string): void {
    const row = this.#row(user);
    if (row === undefined) return;
    this.world.crm.rows.delete(`${row.type}:${row.objid}`);
    this.#note('deleted', 'crm', row.entry);
  }

  #deleteItem(user: string): void {
    const found = this.#item(user);
    if (found === undefined) return;
    const [kind, id, , entry] = found;
    this.world.groupware.of(user, kind).put(id, undefined);
    this.#note('deleted', 'groupware', entry);
  }

  /** A row is somebody else's from now on. */
  #give(user: string): void {
    const [row, owner] = [this.#row(user), this.world.chance.oneOf(this.world.users)];
    if (row === undefined || owner === undefined) return;
    this.world.crm.put({ ...row, owner });
    this.#note('given', 'crm', row.entry);
  }

  /** A row leaves the window, or one that is outside comes back. */
  #leave(user: string): void {
    const rows = this.world.crm.rows.of(user).filter(({ isInWindow }) => !isInWindow);
    const row = this.world.chance.oneOf(rows) ?? this.#row(user);
    if (row === undefined) return;
    this.world.crm.put({ ...row, isInWindow: !row.isInWindow });
    if (row.isInWindow) this.#note('left the window', 'crm', row.entry);
  }

  /** Whoever left the window comes back. */
  comeBack(): void {
    for (const row of this.world.crm.rows.values()) if (!row.isInWindow) this.world.crm.put({ ...row, isInWindow: true });
  }

  #changed(entry: Entry, kind: AgendaKind, wanted?: EntryField): readonly [EntryField, Entry] {
    const field = wanted ?? this.world.chance.oneOf(FIELDS[kind]) ?? 'subject';
    const number = this.#number();
    // Some are longer than the CRM's column.
    const tail = this.world.chance.happens(0.1) ? ` ${'long '.repeat(20)}` : '';
    const values: Partial<Record<EntryField, Entry[keyof Entry]>> = {
      subject: `${tokenOf(entry)} subject ${number}${tail}`.trim(),
      time: timeOf(kind, number),
      place: `Place ${number}`,
      notes: `note ${number};`,
      done: !entry.done,
    };
    return [field, { ...entry, [field]: values[field] }];
  }

  #newEntry(kind: AgendaKind): Entry {
    const number = this.#number();
    const place = kind === 'event' ? `Place ${number}` : '';
    return { kind, subject: `E${number} subject ${number}`, time: timeOf(kind, number), place, notes: '', done: false };
  }

  #row(user: string): MemoryRow | undefined {
    return this.#oneOf(this.world.crm.rows.of(user));
  }

  #item(user: string): FoundItem | undefined {
    return this.#oneOf(KINDS.flatMap((kind) => itemsOf(this.world, user, kind)));
  }

  #oneOf<T>(all: readonly T[]): T | undefined {
    const { chance } = this.world;
    return chance.oneOf(chance.happens(this.habits.isAboutNew / 100) ? all.slice(-NEW) : all);
  }

  #kind(): AgendaKind {
    return this.world.chance.happens(0.6) ? 'event' : 'task';
  }

  #number(): number {
    return this.world.counter.next++;
  }

  #note(did: Act['did'], side: Act['side'], entry: Entry, field?: EntryField): void {
    // What the program writes of its own never counts as what somebody did.
    const change = field === undefined || field === 'done' ? {} : { field, value: spelledField(entry, field) };
    this.acts.push({ did, side, token: tokenOf(entry), at: this.#number(), ...change });
  }
}
