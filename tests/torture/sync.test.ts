// A short campaign of entries in step, in virtual time, and that it can fail; `npm run torture -- --sync` is the long one.

import { runSyncCampaign } from './sync/campaign';
import { MUTATIONS } from './sync/mutants';
import { BAD_DAY, RUSH, SELDOM, SMALL, wrongOf } from './sync/profiles';
import { NO_RATES } from './sync/seams';

/** One user, who has to do with a few contacts. */
const OFFICE = { users: 1, entries: 50, contacts: 5, holders: 1 } as const;

describe('Entries in step', () => {
  it.each([1, 2, 3])('are neither lost nor doubled nor different on a day on which things fail: seed %d', async (seed) => {
    const figures = await runSyncCampaign({ ...BAD_DAY, ...SMALL, seed });
    expect([wrongOf(figures), figures.examples]).toEqual([{}, []]);
    const { kills, fails, loses } = figures.counts;
    expect(Math.min(kills, fails, loses, figures.acts, figures.conflicts)).toBeGreaterThan(0);
  });

  it.each([1, 2])('are neither on a day on which hardly anything works: seed %d', async (seed) => {
    const figures = await runSyncCampaign({ ...RUSH, ...SMALL, seed });
    expect([wrongOf(figures), figures.examples]).toEqual([{}, []]);
    expect(Math.min(figures.counts.sleeps, figures.counts.kills)).toBeGreaterThan(0);
  });

  it.each([
    ['names items by itself and shows them late', { switches: { namesByUs: false } }],
    ['often shows a calendar as empty', { rates: { blinds: 0.2 } }],
    ['is listed seldom', { paces: SELDOM }],
    ['is listed seldom, and names items by itself', { paces: SELDOM, switches: { namesByUs: false } }],
    [
      'is listed seldom, and never had to list everything again',
      { paces: SELDOM, isNotRelisted: true, rates: { expires: 0, blinds: 0 } },
    ],
    ['never had to list everything again', { isNotRelisted: true, rates: { expires: 0, blinds: 0 } }],
  ])('are neither where the groupware %s', async (_, mutation) => {
    const figures = await runSyncCampaign({ ...RUSH, ...SMALL, seed: 1, mutation });
    expect([wrongOf(figures), figures.examples]).toEqual([{}, []]);
  });

  it.each(Object.keys(MUTATIONS))('are found to be wrong without one of the ideas: %s', async (name) => {
    const mutation = MUTATIONS[name];
    if (mutation === undefined) throw new Error(`there is no mutant ${name}`);
    // In so small a company not every seed brings what it takes.
    const wrong = new Set<string>();
    for (let seed = 1; seed <= 4 && !mutation.shows.every((one) => wrong.has(one)); seed += 1)
      for (const one of Object.keys(wrongOf(await runSyncCampaign({ ...RUSH, ...SMALL, seed, mutation })))) wrong.add(one);
    expect([...wrong]).toEqual(expect.arrayContaining([...mutation.shows]));
  });

  it('are left alone in 1,000 rounds in which nothing happens', async () => {
    const figures = await runSyncCampaign({ ...OFFICE, seed: 1, rounds: 1_000, rates: NO_RATES });
    expect(wrongOf(figures)).toEqual({});
    // Each was written once, where it was not.
    expect(figures.writes).toBe(OFFICE.entries + OFFICE.contacts);
  });
});
