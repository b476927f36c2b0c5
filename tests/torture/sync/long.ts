// The long campaigns of entries in step, as `npm run torture -- --sync` shows them: two tables.

import { runSyncCampaign, type SyncCampaign, type SyncFigures } from './campaign';
import { MUTATIONS } from './mutants';
import { BAD_DAY, COMPANY, RUSH, WRONG, wrongOf } from './profiles';

const FIGURES = ['acts', 'entries', 'writes', 'conflicts', 'resolved', 'roundsToQuiet'] as const;
const COUNTS = ['turns', 'calls', 'kills', 'sleeps', 'fails', 'loses', 'blinds'] as const;

/** Runs all of them, a company for each seed; whether nothing was lost, and each mutant was found. */
export async function runLongSync(seeds: readonly number[], say: (line: string) => void): Promise<boolean> {
  let isRight = true;
  const run = async (name: string, campaign: SyncCampaign, expected: readonly string[]) => {
    const begun = performance.now();
    const figures = await runSyncCampaign(campaign);
    const wrong = Object.keys(wrongOf(figures));
    const isAsExpected = expected.length === 0 ? wrong.length === 0 : expected.every((one) => wrong.includes(one));
    say(row(name, figures, (performance.now() - begun) / 1000) + (isAsExpected ? '' : ' | NOT AS EXPECTED'));
    if (expected.length === 0) for (const example of figures.examples) say(`  ${example}`);
    isRight &&= isAsExpected;
  };
  say(['run', ...WRONG, ...FIGURES, ...COUNTS, 'seconds'].join(' | '));
  for (const seed of seeds) await run(`a company, seed ${seed}`, { ...COMPANY, seed }, []);
  for (const seed of seeds.slice(0, 1)) await run(`a bad day, seed ${seed}`, { ...BAD_DAY, seed }, []);
  const [seed = 1] = seeds;
  await run('a rush', { ...RUSH, seed }, []);
  await run('a rush, ids of the groupware', { ...RUSH, seed, mutation: { switches: { namesByUs: false } } }, []);
  const never = { isNotRelisted: true, rates: { expires: 0, blinds: 0 } };
  await run('a rush, never listed again', { ...RUSH, seed, mutation: never }, []);
  for (const [name, mutation] of Object.entries(MUTATIONS)) await run(name, { ...RUSH, seed, mutation }, mutation.shows);
  return isRight;
}

function row(name: string, figures: SyncFigures, seconds: number): string {
  const all = [...[...WRONG, ...FIGURES].map((one) => figures[one]), ...COUNTS.map((one) => figures.counts[one])];
  return [name, ...all, Math.round(seconds)].join(' | ');
}
