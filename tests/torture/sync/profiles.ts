// The campaigns that are run: the company of the source document, mild and harsh, and a small one that tells the engine from its mutants.

import type { SyncCampaign, SyncFigures } from './campaign';
import { NO_RATES, type Paces } from './seams';

/** A company of 350 with 8,300 entries and 200 contacts, as they work on a day on which now and then something fails. */
export const COMPANY: Omit<SyncCampaign, 'seed'> = {
  users: 350,
  entries: 8_300,
  contacts: 200,
  holders: 100,
  rounds: 40,
  rates: {
    ...NO_RATES,
    acts: 0.04,
    races: 0.02,
    kills: 0.002,
    sleeps: 0.0005,
    databases: 0.002,
    fails: 0.01,
    loses: 0.02,
    expires: 0.01,
    blinds: 0.0005,
  },
};

/** The same on a bad day, with a groupware that shows changes late. */
export const BAD_DAY: Omit<SyncCampaign, 'seed'> = {
  ...COMPANY,
  lagMs: 400_000,
  rates: {
    ...NO_RATES,
    acts: 0.1,
    races: 0.1,
    kills: 0.01,
    sleeps: 0.003,
    databases: 0.02,
    fails: 0.05,
    loses: 0.15,
    expires: 0.05,
    blinds: 0.002,
  },
};

/** So many mistakes that each idea of the engine is needed. */
export const RUSH: Omit<SyncCampaign, 'seed'> = {
  users: 40,
  entries: 3_000,
  contacts: 100,
  holders: 20,
  rounds: 40,
  lagMs: 400_000,
  rates: { ...BAD_DAY.rates, acts: 0.2, races: 0.5, databases: 0.03, blinds: 0.02 },
};

/** The same over Google, whose listings are late by less than the program gives them, and are looked at again before they are right. */
export const GOOGLE_RUSH: Omit<SyncCampaign, 'seed' | 'google'> = { ...RUSH, lagMs: 50_000, betweenMs: 15_000 };

/** Tasks that are listed each 15 minutes, and contacts each hour, while turns come each 5 minutes. */
export const SELDOM: Paces = { task: 900_000, contact: 3_600_000 };

/** What makes any of them small enough for a test of every day. */
export const SMALL = { users: 6, entries: 150, contacts: 15, holders: 6, rounds: 20 } as const;

/** What has to be 0. */
export const WRONG = ['lost', 'doubled', 'different', 'orphans', 'editsLost', 'wiped', 'leaked', 'quietWrites'] as const;

/** What is wrong, by its name, as far as anything is. */
export function wrongOf(figures: SyncFigures): Readonly<Partial<Record<(typeof WRONG)[number], number>>> {
  return Object.fromEntries(WRONG.filter((name) => figures[name] > 0).map((name) => [name, figures[name]]));
}
