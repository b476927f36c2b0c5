// The groupware of the company, as its people and the campaign see it.

import { ENTRY_KINDS, type EntryKind } from '../../../src/core/sync/entry';
import type { Collection } from '../../../src/groupware/groupware';
import { memoryGroupware, type MemoryItems, type Switches } from '../../support/memory-groupware';
import type { Rates } from './seams';

/** How the program opens somebody's entries of a kind. */
export type Open = (user: string, kind: EntryKind) => Collection;

/** A run of the program, as far as its groupware goes. */
export interface Run {
  readonly rates: Rates;
  /** How many turns it has begun and not ended. */
  underWay(): number;
}

/** Where people keep what they plan. */
export interface CompanyGroupware {
  of(user: string, kind: EntryKind): MemoryItems;
  /** The kinds of items that people can make private, or series. */
  readonly canHide: readonly EntryKind[];
  /** A run of the program begins. */
  begin(run: Run): Open;
  /** How many turns a run has under way at once. */
  readonly turnsAtOnce: number;
  /** How long a listing may be late by its own word, in ms; left out where each collection says so itself. */
  readonly settledAfterMs?: number;
  /** How many steps changed something so far. */
  writes(): number;
  /** What else there is to count. */
  readonly counts: Readonly<Record<string, number>>;
}

/** One in memory. */
export function inMemory(switches: Partial<Switches>, now: () => number): CompanyGroupware {
  const { of, open, writes } = memoryGroupware(switches, now);
  const settledAfterMs = switches.lagMs ?? 0;
  return { of, writes, begin: () => open, canHide: ENTRY_KINDS, turnsAtOnce: 1, settledAfterMs, counts: {} };
}
