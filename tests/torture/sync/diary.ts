// What the people of the campaign did, written down for the verdict.

import { spelledField, type Entry, type EntryField, type EntryKind } from '../../../src/core/sync/entry';
import { tokenOf } from './entries';
import type { World } from './world';

/** Something that somebody did. */
export interface Act {
  readonly did: 'made' | 'changed' | 'deleted' | 'left the window' | 'resolved' | 'given' | 'hidden' | 'opened';
  readonly side: 'crm' | 'groupware';
  /** Whose entry it was; an empty text for a contact of the CRM, which is everybody's. */
  readonly user: string;
  readonly kind: EntryKind;
  readonly token: string;
  /** Counts what people do. */
  readonly at: number;
  /** Of a change: the field, and the entry as it was then. */
  readonly field?: EntryField;
  readonly entry?: Entry;
}

/** What was done, in its order. */
export class Diary {
  readonly acts: Act[] = [];

  constructor(private readonly world: Pick<World, 'counter'>) {}

  /** A number that nobody had before. */
  number(): number {
    return this.world.counter.next++;
  }

  note(act: Pick<Act, 'did' | 'side' | 'user'>, entry: Entry, field?: EntryField): void {
    // What the program writes of its own never counts as what somebody did; and nothing can be looked for where nothing was written.
    const isFound = field !== undefined && field !== 'done';
    const change = isFound ? { field, ...(spelledField(entry, field) !== '' && { entry }) } : {};
    this.acts.push({ ...act, kind: entry.kind, token: tokenOf(entry), at: this.number(), ...change });
  }
}
