// The long campaigns of entries in step, as `npm run torture -- --sync` runs them: in virtual time, and real processes that are killed. Each
// is a row of one table.

import { runKills, type KillCampaign, type KillFigures } from '../kills/campaign';
import { GOOGLE_WAYS, type GoogleWay } from '../kills/google';
import type { GroupwareName } from '../kills/groupware';
import { runSyncCampaign, type SyncCampaign } from './campaign';
import { GOOGLE_MUTATIONS } from './google-mutants';
import { MUTATIONS } from './mutants';
import { BAD_DAY, COMPANY, GOOGLE_RUSH, RUSH, SELDOM, SMALL, WRONG } from './profiles';

/** What a run came to: whatever it counted. */
export type Counted = Readonly<Record<string, number | undefined>>;

/** A run. What has to be wrong in it is nothing if left out. */
export interface LongRun {
  readonly name: string;
  readonly shows?: readonly string[];
  /** What has to have happened at all, or it says nothing. */
  readonly needs?: readonly string[];
  run(): Promise<{ readonly counted: Counted; readonly examples: readonly string[] }>;
}

/** What is to be run. */
export interface LongSync {
  /** A company for each. */
  readonly seeds: readonly number[];
  /** Whether all of it is small: to see that it goes through. */
  readonly isSmall: boolean;
  readonly kills: KillsOf;
}

/** What real processes are killed with, and in which groupwares they keep their entries. */
export interface KillsOf extends Omit<KillCampaign, 'seed' | 'entries' | 'stride' | 'groupware'> {
  readonly groupwares: readonly GroupwareName[];
}

/** What has to be 0; the last ones are counted where real processes are killed. */
const HAS_TO_BE_0: readonly string[] = [...WRONG, 'held', 'damaged', 'litter'];
const FIGURES: readonly string[] = ['acts', 'entries', 'writes', 'conflicts', 'resolved', 'roundsToQuiet'];
const COUNTS: readonly string[] = [
  ...['runs', 'turns', 'calls', 'kills', 'unrecorded', 'sleeps', 'fails', 'loses', 'blinds'],
  ...['requests', 'together', 'inBatch', 'refreshed', 'ended', 'mishaps', 'seconds'],
];

const GOOGLE_BATCHES = ['own', 'shared'] as const;
const GOOGLE_NEEDS = {
  own: ['kills', 'mishaps', 'refreshed', 'ended'],
  shared: ['kills', 'mishaps', 'refreshed', 'ended', 'together'],
} as const;

/** All runs, in their order. */
export function longRuns({ seeds, isSmall, kills }: LongSync): readonly LongRun[] {
  const [seed = 1] = seeds;
  const virtual = (name: string, campaign: Omit<SyncCampaign, 'seed'>, more: Partial<LongRun> = {}, its = seed): LongRun => ({
    ...{ name, ...more },
    run: async () => {
      const { counts, examples, ...figures } = await runSyncCampaign({ ...campaign, ...(isSmall && SMALL), seed: its });
      return { counted: { ...counts, ...figures }, examples };
    },
  });
  const never = { isNotRelisted: true, rates: { expires: 0, blinds: 0 } };
  return [
    ...seeds.map((each) => virtual(`a company, seed ${each}`, COMPANY, {}, each)),
    virtual('a bad day', BAD_DAY),
    virtual('a rush', RUSH),
    virtual('a rush, ids of the groupware', { ...RUSH, mutation: { switches: { namesByUs: false } } }),
    virtual('a rush, seldom listed', { ...RUSH, paces: SELDOM }),
    virtual('a rush, seldom listed, ids of the groupware', {
      ...RUSH,
      paces: SELDOM,
      mutation: { switches: { namesByUs: false } },
    }),
    virtual('a rush, never listed again', { ...RUSH, mutation: never }),
    ...GOOGLE_BATCHES.map((google) =>
      virtual(`a rush, Google with batch "${google}"`, { ...GOOGLE_RUSH, google }, { needs: GOOGLE_NEEDS[google] }),
    ),
    ...killRuns({ seeds, isSmall, kills }),
    ...Object.entries(GOOGLE_MUTATIONS).map(([name, mutation]) =>
      virtual(name, { ...GOOGLE_RUSH, google: 'shared', mutation }, { shows: mutation.shows }),
    ),
    ...Object.entries(MUTATIONS).map(([name, mutation]) => virtual(name, { ...RUSH, mutation }, { shows: mutation.shows })),
  ];
}

/** Those with real processes alone: one for each groupware, and of Google one for each way in which it is asked. */
export function killRuns({ seeds: [seed = 1], isSmall, kills: { groupwares, ...kills } }: LongSync): readonly LongRun[] {
  const ways = groupwares.flatMap((groupware): readonly (readonly [string, GroupwareName, GoogleWay?])[] =>
    groupware === 'google'
      ? Object.entries(GOOGLE_WAYS).map(([name, way]) => [name, groupware, way] as const)
      : [[groupware, groupware]],
  );
  return ways.map(([name, groupware, google]) => ({
    name: `real processes on two hosts, killed (${name})`,
    needs: google === undefined ? ['kills'] : ['kills', 'unrecorded', 'refreshed', 'inBatch'],
    run: async () => {
      const stride = isSmall ? 4 : 1;
      const figures = await runKills({ ...kills, groupware, ...(google && { google }), seed, entries: 4, stride });
      return { counted: countedOf(figures, kills.say), examples: figures.examples };
    },
  }));
}

function countedOf(
  { examples: _, codes, moments, did, standing, unrecordedOf, ...counted }: KillFigures,
  say?: (line: string) => void,
): Counted {
  say?.(`killed before: ${JSON.stringify(moments)}; the others ended with: ${JSON.stringify(codes)}`);
  say?.(`people did: ${JSON.stringify(did)}; at the end there were: ${JSON.stringify(standing)}`);
  say?.(`done and not recorded: ${JSON.stringify(unrecordedOf)}`);
  return counted;
}

/** Runs them to the end, also after one that failed; the table of all, and whether each was as it has to be. */
export async function runAll(
  runs: readonly LongRun[],
  say: (line: string) => void,
): Promise<{ readonly table: string; readonly isRight: boolean }> {
  const rows: (readonly string[])[] = [];
  const problems: string[] = [];
  for (const { name, shows = [], needs = [], run } of runs) {
    say(name);
    const begun = performance.now();
    try {
      const { counted, examples } = await run();
      const wrong = HAS_TO_BE_0.filter((one) => (counted[one] ?? 0) > 0);
      const lacks = needs.filter((one) => !((counted[one] ?? 0) > 0));
      const isAsItHasTo = shows.length === 0 ? wrong.length === 0 : shows.every((one) => wrong.includes(one));
      const isRight = isAsItHasTo && lacks.length === 0;
      if (!isAsItHasTo) problems.push(name, ...(shows.length === 0 ? examples : [`it does not show ${shows.join(', ')}`]));
      if (lacks.length > 0) problems.push(name, `there was none of ${lacks.join(', ')}`);
      rows.push([
        name,
        isRight ? 'right' : 'WRONG',
        ...cells({ ...counted, seconds: Math.round((performance.now() - begun) / 1000) }),
      ]);
    } catch (error) {
      problems.push(name, String(error));
      rows.push([name, 'FAILED', ...cells({})]);
    }
  }
  const head = ['run', 'verdict', ...HAS_TO_BE_0, ...FIGURES, ...COUNTS];
  return { table: [...aligned([head, ...rows]), ...problems].join('\n'), isRight: problems.length === 0 };
}

function cells(counted: Counted): readonly string[] {
  return [...HAS_TO_BE_0, ...FIGURES, ...COUNTS].map((name) => String(counted[name] ?? '-'));
}

/** Rows as lines, with columns as wide as they have to be. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | '));
}
