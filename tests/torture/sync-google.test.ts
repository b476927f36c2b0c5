// A short campaign of entries in step over the stand-in of Google, in virtual time: requests fail, answers are lost, tokens end, listings are
// late. And that it can fail; `npm run torture -- --sync` is the long one.

import { runSyncCampaign } from './sync/campaign';
import { GOOGLE_MUTATIONS } from './sync/google-mutants';
import { GOOGLE_RUSH, SMALL, wrongOf } from './sync/profiles';

const RUSH = { ...GOOGLE_RUSH, ...SMALL };

jest.setTimeout(300_000);

describe('Entries in step with Google', () => {
  it.each([
    ['own', 1],
    ['shared', 1],
    ['shared', 2],
  ] as const)(
    'are neither lost nor doubled nor different where hardly anything works: batch "%s", seed %d',
    async (google, seed) => {
      const figures = await runSyncCampaign({ ...RUSH, google, seed });
      expect([wrongOf(figures), figures.examples]).toEqual([{}, []]);
      const { kills, loses, mishaps = 0, refreshed = 0, ended = 0, together = 0 } = figures.counts;
      expect(Math.min(kills, loses, mishaps, refreshed, ended, figures.acts, figures.conflicts)).toBeGreaterThan(0);
      // Calls of several users travel together, or never.
      expect(together > 0).toBe(google === 'shared');
    },
  );

  it.each(Object.keys(GOOGLE_MUTATIONS))('are found to be wrong without one of the ideas: %s', async (name) => {
    const mutation = GOOGLE_MUTATIONS[name];
    if (mutation === undefined) throw new Error(`there is no mutant ${name}`);
    // In so small a company not every seed brings what it takes.
    const wrong = new Set<string>();
    for (let seed = 1; seed <= 6 && !mutation.shows.every((one) => wrong.has(one)); seed += 1)
      for (const one of Object.keys(wrongOf(await runSyncCampaign({ ...RUSH, google: 'shared', seed, mutation }))))
        wrong.add(one);
    expect([...wrong]).toEqual(expect.arrayContaining([...mutation.shows]));
  });
});
