// The company of the campaign: its CRM, its groupware, the ledger of links, and a clock that only the campaign moves.

import { spelledWhen, type Entry, type AgendaKind, type When } from '../../../src/core/sync/entry';
import { MemoryCrm, SUBJECT_MOST } from '../../support/memory-crm';
import { memoryGroupware, type MemoryGroupware, type Switches } from '../../support/memory-groupware';
import { newLinkStore, openMemoryLinks, type LinkStore } from '../../support/memory-links';
import type { Links } from '../../../src/ledger/links';
import { chanceOf, type Chance } from './random';

export const START = Date.UTC(2026, 5, 1, 12);
export const KINDS: readonly AgendaKind[] = ['event', 'task'];
export const TYPES = { event: 'appointment', task: 'action_item' } as const;

/** The company. */
export interface World {
  readonly chance: Chance;
  /** Ms since 1970 UTC, of the campaign's own. */
  readonly clock: { now: number };
  readonly crm: MemoryCrm;
  readonly groupware: MemoryGroupware;
  readonly store: LinkStore;
  readonly links: Links;
  readonly users: readonly string[];
  /** Counts what people do, so that it is known what came later; and what they write, so that no value comes twice. */
  readonly counter: { next: number };
  /** What stands in items beside what is kept in step, by what the groupware calls them: `user/kind/id`. */
  readonly decorations: Map<string, readonly string[]>;
}

/** A company of so many people. */
export function newWorld(seed: number, users: number, switches: Partial<Switches> = {}): World {
  const clock = { now: START };
  const store = newLinkStore();
  return {
    chance: chanceOf(seed),
    clock,
    crm: new MemoryCrm(),
    groupware: memoryGroupware({ pageSize: 7, keeps: asItKeepsThem, ...switches }, () => clock.now),
    store,
    links: openMemoryLinks(store),
    users: Array.from({ length: users }, (_, n) => `agent${n + 1}`),
    counter: { next: 1 },
    decorations: new Map(),
  };
}

/** What the groupware makes of what it is given: as real ones do, it spells some things its own way. */
export function asItKeepsThem(entry: Entry): Entry {
  const { begin, end } = entry.time;
  return {
    ...entry,
    place: entry.place.toUpperCase(),
    time: { ...(begin && { begin: utc(begin) }), ...(end && { end: utc(end) }) },
  };
}

function utc(when: When): When {
  const instant = spelledWhen(when);
  return instant.endsWith('Z') ? { wallClock: instant.slice(0, 19), timeZone: 'UTC' } : when;
}

/** An entry as it compares alike on both sides, though each spells it its own way. */
export function comparable({ kind, subject, time, place, notes, done }: Entry): string {
  const own = kind === 'event' ? place.toUpperCase() : done;
  return JSON.stringify([subject.slice(0, SUBJECT_MOST).trim(), spelledWhen(time.begin), spelledWhen(time.end), notes, own]);
}

/** By what the verdict knows an entry wherever it stands: the first word of its subject, which nobody changes. */
export function tokenOf({ subject }: Entry): string {
  return subject.split(' ', 1)[0] ?? '';
}

/** A time that no other entry has. */
export function timeOf(kind: AgendaKind, number: number): Entry['time'] {
  const at = (seconds: number) => ({
    wallClock: new Date(Date.UTC(2026, 5, 2) + seconds * 1000).toISOString().slice(0, 19),
    timeZone: 'UTC',
  });
  return kind === 'event' ? { begin: at(number * 20), end: at(number * 20 + 3600) } : { end: at(number * 20) };
}
