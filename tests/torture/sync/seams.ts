// Everything that a turn asks of the outside, with something going on before and after each question: time passes, people work, services
// fail, answers are lost, and the program is killed.

import type { EntryReader, EntryWriter } from '../../../src/clarify/entries';
import type { EntryKey } from '../../../src/core/sync/entry-key';
import type { EntryField, EntryKind } from '../../../src/core/sync/entry';
import type { Collection, Found, Listing, RemoteStep, StepOutcome } from '../../../src/groupware/groupware';
import type { Links } from '../../../src/ledger/links';
import type { HostedWorld } from './world';

/** How often, of 1, at each question or step. */
export interface Rates {
  /** Somebody does something about the very user whose turn it is. */
  readonly acts: number;
  /** Somebody changes the very row or item that a step is about, in the same field, just before it is done, or after its answer was lost. */
  readonly races: number;
  /** The program is killed, before or after it. */
  readonly kills: number;
  /** The program sleeps until its lease has run out, and another host has taken the whole turn. */
  readonly sleeps: number;
  /** A database fails, before anything is done or after. */
  readonly databases: number;
  /** The groupware says no, before anything is done. */
  readonly fails: number;
  /** The groupware did it, and nobody hears of it. */
  readonly loses: number;
  /** A cursor counts no more. */
  readonly expires: number;
  /** For a whole turn, the groupware shows a calendar as empty. */
  readonly blinds: number;
}

/** For how long a listing of a kind is new enough, in ms; of all others each turn lists. */
export type Paces = Readonly<Partial<Record<EntryKind, number>>>;

export const NO_RATES: Rates = {
  acts: 0,
  races: 0,
  kills: 0,
  sleeps: 0,
  databases: 0,
  fails: 0,
  loses: 0,
  expires: 0,
  blinds: 0,
};

/** The program is not there any more. */
export class Killed extends Error {}
/** A database or a service that is not there. */
export class Failed extends Error {}

/** What goes on at a question. */
export interface Sea {
  readonly world: HostedWorld;
  readonly rates: Rates;
  /** The user whose turn it is. */
  readonly user: string;
  /** The kinds of which the groupware may show nothing. */
  readonly mayBeBlind: readonly EntryKind[];
  act(): void;
  /** Somebody changes a row, or an item, at the last moment. */
  raceInCrm(key: EntryKey, field: EntryField | undefined): void;
  raceThere(kind: EntryKind, step: RemoteStep): void;
  /** Another host takes the turn meanwhile. */
  elsewhere(): Promise<void>;
  readonly counts: { kills: number; sleeps: number; fails: number; loses: number; calls: number; blinds: number };
}

/** A question to a database. After one that changes something nobody may know whether it did. */
async function around<T>(sea: Sea, ask: () => Promise<T>, changes = true): Promise<T> {
  await happening(sea);
  if (sea.world.chance.happens(sea.rates.databases)) {
    sea.counts.fails += 1;
    throw new Failed('it is not there');
  }
  const answer = await ask();
  await happening(sea);
  if (changes && sea.world.chance.happens(sea.rates.databases)) {
    sea.counts.loses += 1;
    throw new Failed('its answer did not come');
  }
  return answer;
}

async function happening(sea: Sea): Promise<void> {
  const { world, rates, counts } = sea;
  world.clock.now += 20;
  if (world.chance.happens(rates.acts)) sea.act();
  if (world.chance.happens(rates.kills)) {
    counts.kills += 1;
    throw new Killed('killed');
  }
  if (!world.chance.happens(rates.sleeps)) return;
  counts.sleeps += 1;
  await sea.elsewhere();
}

/** The reader of the CRM. */
export function readerAt(sea: Sea, inner: EntryReader): EntryReader {
  return {
    users: (signal) => inner.users(signal),
    ofUser: (...of) => around(sea, () => inner.ofUser(...of), false),
    byKey: (...of) => around(sea, () => inner.byKey(...of), false),
  };
}

/** The writer of the CRM. */
export function writerAt(sea: Sea, inner: EntryWriter): EntryWriter {
  return {
    rendered: (...of) => inner.rendered(...of),
    creates: inner.creates,
    reserve: (...of) => around(sea, () => inner.reserve(...of)),
    update: (seen, entry, fields, ...of) => {
      if (sea.world.chance.happens(sea.rates.races)) sea.raceInCrm(seen, sea.world.chance.oneOf(fields));
      return around(sea, () => inner.update(seen, entry, fields, ...of));
    },
    insert: (...of) => around(sea, () => inner.insert(...of)),
    delete: (seen, ...of) => {
      if (sea.world.chance.happens(sea.rates.races)) sea.raceInCrm(seen, undefined);
      return around(sea, () => inner.delete(seen, ...of));
    },
  };
}

/** The ledger of links. */
export function linksAt(sea: Sea, inner: Links): Links {
  return {
    ...inner,
    links: (...of) => around(sea, () => inner.links(...of), false),
    cursors: (...of) => around(sea, () => inner.cursors(...of), false),
    commit: (...of) => around(sea, () => inner.commit(...of)),
  };
}

/** Whether an id is one that a mutant made up: what does not exist is no worse to be seen than before. */
export function isOther(id: string): boolean {
  return id.startsWith('other-');
}

const LATER = { kind: 'retry', reason: 'too many requests', afterMs: 60_000 } as const;

/** A collection of the groupware. */
export function collectionAt(sea: Sea, kind: EntryKind, inner: Collection): Collection {
  const { world, rates, counts } = sea;
  let isBlind: boolean | undefined;
  const cannotSee = () => {
    isBlind ??= sea.mayBeBlind.includes(kind) && world.chance.happens(rates.blinds);
    if (isBlind) counts.blinds += 1;
    return isBlind;
  };
  const isRefused = () => {
    const refused = world.chance.happens(rates.fails);
    if (refused) counts.fails += 1;
    return refused;
  };
  return {
    ...inner,
    async list(cursor, page, deadline): Promise<Listing> {
      counts.calls += 1;
      await happening(sea);
      if (isRefused()) return LATER;
      if (cursor !== undefined && world.chance.happens(rates.expires)) return { kind: 'expired' };
      const listing = await inner.list(cursor, page, deadline);
      await happening(sea);
      return cannotSee() && listing.kind === 'page' ? { ...listing, items: [], isWhole: true } : listing;
    },
    async get(ids, deadline) {
      counts.calls += 1;
      await happening(sea);
      if (isRefused()) return LATER;
      const found = await inner.get(ids, deadline);
      return cannotSee() && !('reason' in found)
        ? new Map([...found].map(([id, there]): [string, Found] => [id, isOther(id) ? there : 'absent']))
        : found;
    },
    async apply(steps, deadline) {
      const outcomes = new Map<string, StepOutcome>();
      const isLostWhole = world.chance.happens(rates.loses);
      for (const step of steps) {
        counts.calls += 1;
        await happening(sea);
        if (world.chance.happens(rates.races)) sea.raceThere(kind, step);
        if (isRefused()) outcomes.set(step.linkId, LATER);
        else {
          const outcome = (await inner.apply([step], deadline)).get(step.linkId);
          const isLost = isLostWhole || world.chance.happens(rates.loses);
          if (isLost) counts.loses += 1;
          else if (outcome !== undefined) outcomes.set(step.linkId, outcome);
          // What nobody heard of is changed before anybody looks.
          if (isLost && world.chance.happens(rates.races)) sea.raceThere(kind, step);
        }
      }
      await happening(sea);
      return outcomes;
    },
  };
}
