// Short kill campaigns; `npm run torture` runs long ones.

import { join } from 'node:path';
import { onPosix } from '../support/program';
import { sampleDatabase } from '../support/sample';
import { runCampaign } from './campaign';
import { runSteps, type StepStory } from './steps';
import { runStorm, type Storm } from './storm';

const program = join(__dirname, '..', '..', 'dist', 'publish-activity.js');
const preload = join(__dirname, 'preload.cjs');

describe('A program that is killed', () => {
  onPosix.each([
    ['socialcast', 'a call', ['sqlite INSERT publish_activity_request', 'socket connect', 'socket answer POST', 'exit']],
    // No two reruns take the same number of steps, so that the last one is not always met.
    ['socialcast', 'a call into the spool', ['fs open to write', 'fs rename', 'fs close', 'exit']],
    ['socialcast', 'a rerun', ['sqlite UPDATE publish_activity_request', 'socket connect', 'socket answer POST']],
    ['feed', 'a call', ['sqlite INSERT publish_activity_request', 'sqlite INSERT entry', 'fs rename', 'exit']],
  ] as const)(
    'at each of its steps loses nothing that it accepted, and posts nothing twice: %s, %s (skipped on Windows, where a process cannot kill itself)',
    async (destination, story: StepStory, steps) => {
      const result = await runSteps({ program, preload, sample: sampleDatabase(), atOnce: 4, destination, story });
      // Only what is missing is shown: the list is long.
      expect(steps.filter((step) => !Object.hasOwn(result.moments, step))).toEqual([]);
      expect(result.expected).toBeGreaterThan(15);
      expect(result).toMatchObject({ lost: 0, doubled: 0, inDoubt: 0 });
    },
    180_000,
  );

  it.each<[string, Pick<Storm, 'calls' | 'overMs' | 'activities' | 'lockedMs' | 'deadline'>]>([
    ['60 calls about one activity', { calls: 60, overMs: 0, activities: 1, deadline: '3s' }],
    ['60 calls about 60 activities', { calls: 60, overMs: 0, activities: 60, deadline: '3s' }],
    [
      '24 calls while another program locks the ledger',
      { calls: 24, overMs: 3_000, activities: 24, lockedMs: 5_000, deadline: '2s' },
    ],
  ])(
    'is not the only one: %s on a busy machine lose nothing and double nothing, and none fails',
    async (_, storm) => {
      const result = await runStorm({ program, preload, sample: sampleDatabase(), destination: 'socialcast', ...storm });
      expect(Object.keys(result.codes).filter((code) => code !== '0' && code !== '75')).toEqual([]);
      expect(result).toMatchObject({ posted: storm.activities, lost: 0, doubled: 0, inDoubt: 0 });
      if (storm.lockedMs !== undefined) expect(result.spooled).toBeGreaterThan(0);
    },
    180_000,
  );

  it.each(['once', 'from then on'] as const)(
    'is no worse than one whose disk is full, at each of its steps, %s',
    async (diskFull) => {
      const common = { program, preload, sample: sampleDatabase(), atOnce: 4, diskFull } as const;
      const result = await runSteps({ ...common, destination: 'socialcast', story: 'a call' });
      const full = ['sqlite INSERT publish_activity_request', 'sqlite COMMIT', 'fs appendFile'];
      expect(Object.keys(result.moments)).toEqual(expect.arrayContaining(full));
      expect(result).toMatchObject({ lost: 0, doubled: 0, inDoubt: 0 });
    },
    180_000,
  );

  it.each(['socialcast', 'feed'] as const)(
    'again and again, at random, loses nothing that it accepted, and posts nothing twice: %s',
    async (destination) => {
      const result = await runCampaign({ program, sample: sampleDatabase(), kills: 15, atOnce: 2, destination });
      expect(result.kills).toBeGreaterThanOrEqual(15);
      expect(result.expected).toBeGreaterThan(0);
      expect(result).toMatchObject({ lost: 0, doubled: 0, inDoubt: 0 });
    },
    180_000,
  );
});
