// A short campaign of real processes of `sync` that are killed, and the driver of the long ones; `npm run torture -- --sync` runs those.

import { join } from 'node:path';
import { onPosix } from '../support/program';
import { hasRadicale } from '../support/radicale';
import { sampleDatabase } from '../support/sample';
import { runKills, type KillCampaign } from './kills/campaign';
import type { GroupwareName } from './kills/groupware';
import { longRuns, runAll, type LongRun } from './sync/long';

const program = join(__dirname, '..', '..', 'dist', 'publish-activity.js');
const preload = join(__dirname, 'preload.cjs');

/** A groupware, whether it is here, how much is done, and the moments at which some have to be killed. */
interface Row {
  readonly title: string;
  readonly isHere: boolean;
  readonly size: Pick<KillCampaign, 'kills' | 'entries' | 'stride'>;
  readonly moments: RegExp;
}
const ROWS: Readonly<Record<GroupwareName, Row>> = {
  folder: { title: 'over a folder', isHere: true, size: { kills: 24, entries: 3, stride: 3 }, moments: /^fs / },
  caldav: {
    ...{ title: 'over Radicale (skipped without it)', isHere: hasRadicale, size: { kills: 22, entries: 2, stride: 2 } },
    moments: /^socket (write|answer) PUT$/,
  },
  google: {
    ...{ title: 'over the stand-in of Google', isHere: true, size: { kills: 24, entries: 2, stride: 2 } },
    moments: /^socket (write|answer) (POST|PATCH)$/,
  },
};

describe('Two hosts that keep entries in step', () => {
  for (const [groupware, { title, isHere, size, moments }] of Object.entries(ROWS) as [GroupwareName, Row][])
    (isHere ? onPosix : it.skip)(
      `lose, double and change nothing where they are killed before and after what they do, ${title} (skipped on Windows, where a process cannot kill itself)`,
      async () => {
        const common = { program, preload, sample: sampleDatabase() };
        // The seed says who does what; when the processes come to it, nobody can say again.
        const seed = Date.now() % 1_000_000;
        const figures = { seed, ...(await runKills({ ...common, ...size, groupware, seed })) };
        const wrong = { lost: 0, doubled: 0, different: 0, orphans: 0, editsLost: 0, wiped: 0, held: 0, damaged: 0, litter: 0 };
        expect(figures).toMatchObject({ seed, ...wrong, quietWrites: 0, examples: [] });
        expect(Object.keys(figures.codes).filter((code) => code !== '0' && code !== '75')).toEqual([]);
        expect(figures.acts).toBeGreaterThan(100);
        expect(Object.keys(figures.did)).toEqual(expect.arrayContaining(['made crm', 'changed crm', 'changed groupware']));
        expect(Object.entries(figures.standing).filter(([, count]) => count === 0)).toEqual([]);
        expect(Object.keys(figures.moments).filter((moment) => moments.test(moment))).not.toEqual([]);
        // Only in a folder does anything stay unfinished: what a server has it finishes.
        expect(figures.leftBehind > 0).toBe(groupware === 'folder');
      },
      300_000,
    );
});

describe('The long campaigns', () => {
  const ran = (name: string, counted: Readonly<Record<string, number>>, more: Partial<LongRun> = {}): LongRun => ({
    ...{ name, ...more },
    run: () => Promise.resolve({ counted, examples: [`the story of ${name}`] }),
  });
  const broken: LongRun = { name: 'a broken one', run: () => Promise.reject(new Error('it fell over')) };

  it.each<[string, readonly LongRun[], boolean, readonly string[]]>([
    ['are right where nothing is wrong', [ran('a company', { lost: 0, acts: 7 })], true, []],
    ['are wrong where something is', [ran('a company', { lost: 1 }), ran('a rush', {})], false, ['the story of a company']],
    ['are right where a mutant shows what it has to', [ran('no guard', { lost: 3 }, { shows: ['lost'] })], true, []],
    ['are wrong where it does not', [ran('no guard', { doubled: 3 }, { shows: ['lost'] })], false, ['it does not show lost']],
    [
      'are wrong where nothing happened that has to',
      [ran('killed', { kills: 0 }, { needs: ['kills', 'ended'] })],
      false,
      ['there was none of kills, ended'],
    ],
    ['are wrong where one falls over', [broken, ran('a rush', {})], false, ['Error: it fell over']],
  ])('%s, and each has its row', async (_, runs, isRight, words) => {
    const told = await runAll(runs, () => undefined);
    const lines = told.table.split('\n');
    expect([told.isRight, lines.slice(1, runs.length + 1).map((line) => line.split(' | ')[0]?.trim())]).toEqual([
      isRight,
      runs.map(({ name }) => name),
    ]);
    for (const word of words) expect(lines).toContain(word);
  });

  it('have a name each, and end with the mutants', () => {
    const kills = { program, preload, sample: '', kills: 1, groupwares: ['folder', 'caldav', 'google'] } as const;
    const names = longRuns({ seeds: [1, 2], isSmall: true, kills }).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        ...['a company, seed 2', 'a rush, Google with batch "shared"', 'real processes on two hosts, killed (caldav)'],
        ...['real processes on two hosts, killed (google, a service account)', 'Google: no If-Match', 'no guard'],
      ]),
    );
  });
});
