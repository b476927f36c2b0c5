// What is soaked: the company of the source document over a month, a few days of it for a test, and the rush in which no idea may be missing.

import type { Mutation } from '../sync/mutants';
import { NO_FAULTS, type SoakRates } from './faults';

export const [MINUTE, HOUR] = [60_000, 3_600_000];

/** A soak. */
export interface Soak {
  readonly seed: number;
  readonly users: number;
  /** So many entries there are at the beginning; more are made every day. */
  readonly atFirst: number;
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
  readonly lagMs: number;
  readonly mutation?: Partial<Mutation>;
}

/** On a usual day. */
const USUAL: SoakRates = {
  ...NO_FAULTS,
  ...{ fails: 0.01, loses: 0.02, expires: 0.01, databases: 0.002, kills: 0.0001, sleeps: 0.00002, races: 0.02, blinds: 0.0002 },
};

/** A company of 350 users over the working days of a month. */
export const MONTH: Omit<Soak, 'seed'> = {
  ...{ users: 350, atFirst: 3_900, days: 22, actsADay: 1_200 },
  ...{ every: 15 * MINUTE, startEvery: 5 * MINUTE, rates: USUAL, lagMs: 20_000 },
  hours: { runs: [6, 19], people: [6.5, 18.5] },
};

/** Some days of a small one. */
export const SHORT: Omit<Soak, 'seed'> = { ...MONTH, users: 12, atFirst: 120, days: 2, actsADay: 120 };

/** So many mistakes that each idea of the engine is needed. */
export const RUSH: Omit<Soak, 'seed'> = {
  ...SHORT,
  ...{ users: 6, atFirst: 150, days: 1, actsADay: 200 },
  ...{ every: 0, startEvery: 15_000, lagMs: 50_000, hours: { runs: [6, 6.5], people: [6, 6.4] } },
  rates: {
    ...{ fails: 0.05, loses: 0.15, expires: 0.05, databases: 0.03, kills: 0.005, sleeps: 0.001 },
    ...{ races: 0.5, acts: 0.2, blinds: 0.02 },
  },
};
