// What is soaked: the company of the source document over a month, a few days of it for a test, and the rush in which no idea may be missing.

import type { EntryKind } from '../../../src/core/sync/entry';
import { LIST_EVERY, type GoogleOptions } from '../../../src/groupware/google/options';
import type { Mutation } from '../sync/mutants';
import { NO_FAULTS, type SoakRates } from './faults';

export const [MINUTE, HOUR] = [60_000, 3_600_000];

/** A soak. */
export interface Soak {
  readonly seed: number;
  readonly users: number;
  /** So many entries there are at the beginning, and so many of them are contacts; more are made every day. */
  readonly atFirst: number;
  readonly contactsAtFirst: number;
  /** Working days, of which five make a week. */
  readonly days: number;
  /** How often anybody does something in a day, on average. */
  readonly actsADay: number;
  /** `every` of the configuration, and how often each host starts a run, in ms. */
  readonly every: number;
  readonly startEvery: number;
  /** From when to when, in hours of UTC, hosts start runs, and people work. */
  readonly hours: Readonly<Record<'runs' | 'people', readonly [begin: number, end: number]>>;
  /** Mutations may say other ones; they have the names of those of a campaign. */
  readonly rates: SoakRates;
  /** How late listings of Google show a change, in ms: by less than the program gives them. */
  readonly lagMs: Readonly<Record<EntryKind, number>>;
  /** `listEvery` of the configuration, in ms. */
  readonly listEvery: GoogleOptions['listEvery'];
  readonly mutation?: Partial<Mutation>;
}

/** On a usual day. */
const USUAL: SoakRates = {
  ...NO_FAULTS,
  ...{ fails: 0.01, loses: 0.02, expires: 0.01, databases: 0.002, kills: 0.0001, sleeps: 0.00002, races: 0.02, blinds: 0.0002 },
};

/** A company of 350 users over the working days of a month. */
export const MONTH: Omit<Soak, 'seed'> = {
  ...{ users: 350, atFirst: 4_300, contactsAtFirst: 400, days: 22, actsADay: 1_200 },
  ...{ every: 15 * MINUTE, startEvery: 5 * MINUTE, listEvery: LIST_EVERY, rates: USUAL },
  lagMs: { event: 20_000, task: 100_000, contact: 200_000 },
  hours: { runs: [6, 19], people: [6.5, 18.5] },
};

/** Some days of a small one. */
export const SHORT: Omit<Soak, 'seed'> = { ...MONTH, users: 12, atFirst: 130, contactsAtFirst: 15, days: 2, actsADay: 120 };

/** So many mistakes that each idea of the engine is needed. */
export const RUSH: Omit<Soak, 'seed'> = {
  ...SHORT,
  ...{ users: 6, atFirst: 165, contactsAtFirst: 15, days: 1, actsADay: 200 },
  ...{ every: 0, startEvery: 15_000, hours: { runs: [6, 6.5], people: [6, 6.4] } },
  // Else nothing of tasks and contacts would be seen in it.
  listEvery: { tasks: MINUTE, contacts: 2 * MINUTE },
  lagMs: { event: 50_000, task: 250_000, contact: 500_000 },
  rates: {
    ...{ fails: 0.05, loses: 0.15, expires: 0.05, databases: 0.03, kills: 0.005, sleeps: 0.001 },
    ...{ races: 0.5, acts: 0.2, blinds: 0.02 },
  },
};
