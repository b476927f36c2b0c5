// A CRM of entries in memory, for the engine of a turn: rows without versions or stamps, as those of Clarify, that people change meanwhile.

import type { CrmItem, CrmOutcome, CrmUser, EntryReader, EntryWriter, FoundItem } from '../../src/clarify/entries';
import { CARD_FIELDS } from '../../src/core/sync/card';
import { keyText, type EntryKey } from '../../src/core/sync/entry-key';
import { changedFields, ENTRY_FIELDS, withFields, type Entry, type EntryField, type EntryKind } from '../../src/core/sync/entry';
import { isDay } from '../../src/core/sync/entry';
import type { When } from '../../src/core/sync/entry';
import { IndexedMap } from './indexed-map';

/** A row. */
export interface MemoryRow extends EntryKey {
  readonly kind: EntryKind;
  /** An empty text for a contact, which belongs to no user alone. */
  readonly owner: string;
  readonly entry: Entry;
  /** Not of a contact: see {@link MemoryCrm.books}. */
  readonly isInWindow: boolean;
  readonly isPast: boolean;
}

/** The longest subject that a row holds. */
export const SUBJECT_MOST = 80;
/** The longest telephone number; a longer one is refused. */
export const PHONE_MOST = 20;

const FIELDS: Readonly<Record<EntryKind, readonly EntryField[]>> = {
  event: ['subject', 'time', 'place', 'notes'],
  task: ['subject', 'time', 'notes', 'done'],
  contact: ['subject', ...CARD_FIELDS],
};
/** What is written back of a contact; another e-mail only where its row is there. */
const WRITTEN_BACK: readonly EntryField[] = ['title', 'phone', 'mobile', 'email', 'otherEmail'];

/** What may be done to it beside what the contract says. */
export class MemoryCrm {
  readonly rows = new IndexedMap<MemoryRow>(({ owner }) => owner);
  readonly users = new Map<string, CrmUser>();
  /** The keys of the contacts with which a user has to do, by login. */
  readonly books = new Map<string, ReadonlySet<string>>();
  /** How often something was written by the engine. */
  writes = 0;
  /** Called before each question and each change: here a test brings its faults. */
  before: (what: string) => void = () => undefined;
  /** Called after each change was made, before its answer. */
  after: (what: string) => void = () => undefined;
  #next = 1_000_000;

  constructor(
    readonly writable: readonly EntryField[] = ENTRY_FIELDS,
    readonly creates: EntryWriter['creates'] = { event: 'appointment', task: 'action_item' },
  ) {}

  /** Makes or replaces a row. */
  put(row: Pick<MemoryRow, 'type' | 'objid' | 'kind' | 'owner' | 'entry'> & Partial<MemoryRow>): void {
    const whole = { isInWindow: row.kind !== 'contact', isPast: false, ...row };
    this.rows.set(keyText(row), { ...whole, entry: rendered(whole.entry) });
  }

  /** Changes a row, as people do. */
  edit(key: EntryKey, change: Partial<Entry>): void {
    const row = this.rows.get(keyText(key));
    if (row !== undefined) this.put({ ...row, entry: { ...row.entry, ...change } });
  }

  /** The contacts with which a user has to do, and that are there. */
  contactsOf(login: string): readonly MemoryRow[] {
    return [...(this.books.get(login) ?? [])].map((key) => this.rows.get(key)).filter((row) => row !== undefined);
  }

  readonly reader: EntryReader = {
    users: () => Promise.resolve([...this.users.values()]),
    ofUser: async (login) => {
      this.before('crm read');
      await Promise.resolve();
      const own = this.rows.of(login).filter(({ isInWindow }) => isInWindow);
      const contacts = this.contactsOf(login).map((row) => ({ ...row, isInWindow: true }));
      return [...own, ...contacts].map((row) => this.#itemOf(row));
    },
    byKey: async (keys) => {
      this.before('crm ask');
      await Promise.resolve();
      return new Map(
        keys.map((key): [string, FoundItem] => {
          const row = this.rows.get(keyText(key));
          return [keyText(key), row === undefined ? 'absent' : this.#itemOf(row)];
        }),
      );
    },
  };

  readonly writer: EntryWriter = {
    rendered: (_, entry) => rendered(entry),
    update: async (seen, entry, fields) => {
      this.before('crm update');
      await Promise.resolve();
      const row = this.rows.get(keyText(seen));
      if (row === undefined || changedFields(row.entry, seen.entry).length > 0) return { kind: 'stale' };
      if ((entry.card?.phone.length ?? 0) > PHONE_MOST) return { kind: 'rejected', reason: 'the telephone number is too long' };
      const next = { ...row, entry: rendered(withFields(row.entry, entry, fields)) };
      this.rows.set(keyText(seen), next);
      return this.#written(next, 'crm update');
    },
    creates: {},
    reserve: () => Promise.resolve((this.#next += 1)),
    insert: async (key, owner, entry) => {
      this.before('crm insert');
      await Promise.resolve();
      const known = this.rows.get(keyText(key));
      if (known !== undefined) return { kind: 'done', item: this.#itemOf(known), writes: [] };
      this.put({ ...key, kind: entry.kind, owner, entry });
      const row = this.rows.get(keyText(key));
      if (row === undefined) throw new Error('a row that was put is there');
      return this.#written(row, 'crm insert');
    },
    delete: async (seen) => {
      this.before('crm delete');
      await Promise.resolve();
      const row = this.rows.get(keyText(seen));
      if (row === undefined) return { kind: 'deleted', writes: [] };
      if (changedFields(row.entry, seen.entry).length > 0) return { kind: 'stale' };
      this.rows.delete(keyText(seen));
      this.writes += 1;
      this.after('crm delete');
      return { kind: 'deleted', writes: [] };
    },
  };

  #written(row: MemoryRow, what: string): CrmOutcome {
    this.writes += 1;
    this.after(what);
    const writes = [{ table: 'table_memory', objid: row.objid, column: 'entry', oldValue: '', newValue: row.entry.subject }];
    return { kind: 'done', item: this.#itemOf(row), writes };
  }

  #itemOf({ type, objid, kind, entry, owner, isInWindow, isPast }: MemoryRow): CrmItem {
    const fields = FIELDS[kind];
    return {
      type,
      objid,
      kind,
      entry,
      owner: kind === 'contact' ? undefined : owner,
      isInWindow,
      isPast,
      fields,
      writable: writableOf({ kind, entry }).filter((field) => this.writable.includes(field)),
      url: `http://crm/${type}/${objid}`,
      columns: {},
    };
  }
}

/** The fields of a row that are written back. */
export function writableOf({ kind, entry }: Pick<MemoryRow, 'kind' | 'entry'>): readonly EntryField[] {
  if (kind !== 'contact') return FIELDS[kind];
  return entry.card?.otherEmail === '' ? WRITTEN_BACK.filter((field) => field !== 'otherEmail') : WRITTEN_BACK;
}

/** As its columns hold it: no subject is longer, and there are no whole days. */
function rendered(entry: Entry): Entry {
  const { begin, end } = entry.time;
  return {
    ...entry,
    subject: entry.subject.slice(0, SUBJECT_MOST).trim(),
    time: { ...(begin && { begin: midnightOf(begin) }), ...(end && { end: midnightOf(end) }) },
  };
}

function midnightOf(when: When): When {
  return isDay(when) ? { wallClock: `${when.day}T00:00:00`, timeZone: 'America/Chicago' } : when;
}
