// A pair in step for the failure list of entries: a visit in the CRM and in a groupware, a fault, and how everything stands at the end.

import { ALL_CARD_PARTS } from '../../src/core/sync/card';
import { AGENDA_KINDS, spelledField, type Entry, type EntryField, type EntryKind } from '../../src/core/sync/entry';
import { keyText, type EntryKey } from '../../src/core/sync/entry-key';
import type { Link } from '../../src/core/sync/link';
import type { Collection, StepOutcome } from '../../src/groupware/groupware';
import type { Links } from '../../src/ledger/links';
import type { TurnReport } from '../../src/commands/groupware/sync/turn';
import { ANN, BOB, type Person } from '../groupware/suite';
import { MemoryCrm } from './memory-crm';
import { newLinkStore, openMemoryLinks, type LinkStore } from './memory-links';
import { SIGNAL, turn, type Place } from './turns';
import { openWorld, WITH_DAYS, type Name, type Texts, type World } from './worlds';

const at = (wallClock: string) => ({ wallClock: `2026-12-${wallClock}:00`, timeZone: 'America/Chicago' });
/** When something is in December, in Chicago: `'01T09:00'`. */
export const between = (begin: string, end: string): Entry['time'] => ({ begin: at(begin), end: at(end) });

export const VISIT: Entry = {
  kind: 'event',
  subject: 'Visit',
  time: between('01T09:00', '01T10:00'),
  place: 'Dock 3',
  notes: '',
  done: false,
};
export const TASK: Entry = { kind: 'task', subject: 'Call', time: { end: at('02T16:00') }, place: '', notes: '', done: false };
/** The visit and the task as they are shown. */
export const V = 'Visit | 2026-12-01T15:00:00Z/2026-12-01T16:00:00Z | Dock 3';
export const T = 'Call | /2026-12-02T22:00:00Z';

/** Something that can be made beside the visit: its row, its entry, and how it is shown in the CRM and in the groupware. */
export interface Beside {
  readonly key: EntryKey;
  readonly kind: 'task';
  readonly entry: Entry;
  readonly shown: string;
  readonly there: string;
}

/** A task. */
export function beside(name: Name, objid = 8): Beside {
  const there = WITH_DAYS.includes(name) ? '/2026-12-02' : '/2026-12-02T22:00:00Z';
  return { key: { type: 'action_item', objid }, kind: 'task', entry: TASK, shown: T, there: `Call | ${there}` };
}

/** How everything stands once nothing happens any more. */
export interface Rest {
  readonly crm: readonly string[];
  readonly groupware: readonly string[];
  readonly links: readonly string[];
  /** The values that gave way: the field, whose value counts, and the other one. */
  readonly conflicts: readonly string[];
  /** How often the engine wrote on each side since the pair was in step. */
  readonly writes: readonly [crm: number, groupware: number];
}

/** A pair as it was put in step. */
export const IN_STEP: Rest = { crm: [V], groupware: [V], links: ['linked'], conflicts: [], writes: [0, 0] };

/** A place with a fault to come. */
export interface Pair extends Place {
  links: Links;
  store: LinkStore;
  rules: NonNullable<Place['rules']>;
  /** What stands between the engine and the groupware; a test brings its faults here. */
  between: (inner: Collection, kind: EntryKind) => Collection;
  readonly world: World;
  /** A user's items as texts. */
  texts(kind?: EntryKind, login?: string): Texts;
  /** Takes everything of a user away, and brings it back. */
  takeAway(login?: string): () => void;
  /** Spoils an event behind the server's back, and mends it. */
  spoil(name: string, text: string): () => void;
  /** Whatever was told of how far a user's listings came is known no more. */
  forgetCursors(kind?: EntryKind): void;
  person(kind?: EntryKind, login?: string): Person;
  /** What the groupware calls the item of a row. */
  idOf(type: string, objid: number): Promise<string>;
  /** A turn; what it was cut off by, if it was. */
  turn(login?: string): Promise<TurnReport | Error>;
  /** Takes turns until nothing happens any more. */
  rest(...logins: readonly string[]): Promise<Rest>;
  /** From here on writes are counted. */
  begin(): void;
  close(): Promise<void>;
}

export const OWNER = 'ann';
/** The visit's row. */
export const ROW = { type: 'appointment', objid: 7 } as const;
const TEN_MINUTES = 600_000;
const MOST_TURNS = 12;

/** A CRM and a groupware with nothing in them. */
async function emptyPlace(name: Name, { root, kinds = AGENDA_KINDS, writable }: PairOptions): Promise<Pair> {
  const world = await openWorld(name, () => pair.now, root);
  const store = newLinkStore();
  const [counts, begun] = [{ groupware: 0 }, { crm: 0, groupware: 0 }];
  const users = new Map([ANN, BOB].map((user) => [user.login, { ...user, timeZone: 'America/Chicago' }]));
  const userOf = (login: string) => users.get(login) ?? { system: 'crm', login, email: '', timeZone: 'America/Chicago' };
  const openOf = (login: string, kind: EntryKind): Collection => {
    const collection = world.open(userOf(login), kind);
    return {
      remoteUser: collection.remoteUser,
      ...(collection.settledAfterMs === undefined ? {} : { settledAfterMs: collection.settledAfterMs }),
      list: (...of) => collection.list(...of),
      get: (...of) => collection.get(...of),
      apply: async (steps, deadline) => {
        const outcomes = await collection.apply(steps, deadline);
        counts.groupware += [...outcomes.values()].filter(isWritten).length;
        return outcomes;
      },
    };
  };
  const shownThere = async (logins: readonly string[]) => {
    const items: string[] = [];
    for (const login of logins) {
      for (const kind of kinds) {
        for (const content of await world.contents(userOf(login), kind))
          items.push(content.kind === 'entry' ? shown(content.entry) : content.kind);
      }
    }
    return items.sort();
  };
  const pair: Pair = {
    crm: new MemoryCrm(writable),
    store,
    links: openMemoryLinks(store),
    now: Date.UTC(2026, 10, 29, 12),
    rules: {},
    between: (inner) => inner,
    world,
    kinds,
    texts: (kind = 'event', login = OWNER) => required(world.texts, name)(userOf(login), kind),
    takeAway: (login = OWNER) => required(world.takeAway, name)(userOf(login)),
    spoil: (item, text) => required(world.spoil, name)(userOf(OWNER), 'event', item, text),
    forgetCursors: (kind = 'event') => required(world.forgetCursors, name)(userOf(OWNER), kind),
    open: ({ login }, kind) => pair.between(openOf(login, kind), kind),
    person: (kind = 'event', login = OWNER) => world.person(userOf(login), kind),
    idOf: async (type, objid) => (await pair.links.find({ type, objid }, 1, SIGNAL))[0]?.remoteId ?? '',
    turn: (login = OWNER) => {
      pair.now += TEN_MINUTES;
      return turn(pair, login).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    },
    rest: async (...logins) => {
      const all = logins.length === 0 ? [OWNER] : logins;
      for (let taken = 0, still = 0, known = ''; still < 2; taken += 1) {
        if (taken === MOST_TURNS) throw new Error(`it comes to no rest: ${known}`);
        const reports: unknown[] = [];
        for (const login of all) reports.push(await pair.turn(login));
        const failed = reports.find((report) => report instanceof Error);
        if (failed !== undefined) throw failed;
        const now = JSON.stringify([pair.crm.writes, counts.groupware, [...store.links.values()].map((row) => row['revision'])]);
        still = now === known ? still + 1 : 0;
        known = now;
      }
      return restOf(pair, await shownThere(all), [pair.crm.writes - begun.crm, counts.groupware - begun.groupware]);
    },
    begin: () => Object.assign(begun, { crm: pair.crm.writes, groupware: counts.groupware }),
    close: world.close,
  };
  return pair;
}

/** How a pair differs. */
export interface PairOptions {
  /** Where the folder is; in one of its own, unless it is said. */
  readonly root?: string;
  /** What is kept in step: events and tasks, unless it is said. */
  readonly kinds?: readonly EntryKind[];
  /** The fields that may be written in the CRM: all, unless it is said. */
  readonly writable?: readonly EntryField[];
}

/** Nothing but events: half the questions. */
export const EVENTS: PairOptions = { kinds: ['event'] };

/** A visit in step, and whatever else is put there before. */
export async function pairOf(
  name: Name,
  before: (pair: Pair) => void = () => undefined,
  options: PairOptions = {},
): Promise<Pair> {
  return inStep(await emptyPlace(name, options), (pair) => {
    pair.crm.put({ ...ROW, kind: 'event', owner: OWNER, entry: VISIT });
    before(pair);
  });
}

/** Contacts in step, one for each of these entries. */
export async function contactsOf(name: Name, entries: readonly Entry[], options: Omit<PairOptions, 'kinds'> = {}): Promise<Pair> {
  return inStep(await emptyPlace(name, { ...options, kinds: ['contact'] }), ({ crm }) => {
    const rows = entries.map((entry, n) => ({ ...contactRow(n + 1), kind: 'contact', owner: OWNER, entry }) as const);
    for (const row of rows) crm.put(row);
    crm.books.set(OWNER, new Set(rows.map(keyText)));
  });
}

/** The row of a contact. */
export function contactRow(objid: number): EntryKey {
  return { type: 'contact', objid };
}

async function inStep(pair: Pair, before: (pair: Pair) => void): Promise<Pair> {
  before(pair);
  await pair.rest();
  pair.begin();
  return pair;
}

function required<T>(work: T | undefined, name: Name): T {
  if (work === undefined) throw new Error(`${name} has no such thing`);
  return work;
}

function isWritten({ kind }: StepOutcome): boolean {
  return kind === 'done' || kind === 'deleted';
}

/** An entry, as far as it says something. */
export function shown(entry: Entry): string {
  const { subject, place, notes, done, card } = entry;
  const parts =
    card === undefined
      ? [subject, spelledField(entry, 'time'), place, notes, done ? 'done' : '']
      : [subject, ...ALL_CARD_PARTS.map((part) => card[part])];
  return parts.filter((part) => part !== '').join(' | ');
}

async function restOf(pair: Pair, groupware: readonly string[], writes: Rest['writes']): Promise<Rest> {
  const links = await pair.links.find({}, 1_000, SIGNAL);
  const conflicts = await pair.links.conflicts({}, 1_000, SIGNAL);
  return {
    crm: [...pair.crm.rows.values()].map(({ entry }) => shown(entry)).sort(),
    groupware,
    links: links.map(stateOf).sort(),
    conflicts: conflicts
      .map(({ field, winner, crmValue, remoteValue }) =>
        winner === 'crm' ? `${field}: crm, not ${remoteValue}` : `${field}: ${winner}, not ${crmValue}`,
      )
      .sort(),
    writes,
  };
}

function stateOf({ state, cause }: Link): string {
  return cause === '' ? state : `${state} (${cause})`;
}
