// The storm: a bulk change lets rules fire hundreds of times at once, on a machine with two cores and with the ordinary deadline. However
// late a call comes to run, it has to keep what it was handed, and the reruns after it make one post of each activity.

import { existsSync, readdirSync } from 'node:fs';
import { openSqliteFile } from '../../src/io/sqlite';
import { balanceOf, type CampaignResult } from './campaign';
import { exitOf, openCompany, spooledIn, type Installation, type StreamType } from './company';

/** A storm. */
export interface Storm {
  /** The built program. */
  readonly program: string;
  /** The sample database, which is copied and filled with activities. */
  readonly sample: string;
  readonly destination: StreamType;
  /** How many processes are started, and over how long, in ms; 0 for all at once. */
  readonly calls: number;
  readonly overMs: number;
  /** How many activities they are about. */
  readonly activities: number;
  /** For how long another program holds the ledger's lock, from the first call on, in ms. */
  readonly lockedMs?: number;
  /** The path of preload.cjs. */
  readonly preload: string;
  readonly deadline?: string;
  readonly say?: (line: string) => void;
}

/** The storms of `npm run torture -- --storm`. */
export const STORMS: Readonly<Record<string, Omit<Storm, 'program' | 'sample' | 'preload'>>> = {
  '200 calls at once about one activity': { destination: 'socialcast', calls: 200, overMs: 0, activities: 1 },
  '200 calls at once about 200 activities': { destination: 'socialcast', calls: 200, overMs: 0, activities: 200 },
  '1,000 calls over 120 s about one activity': { destination: 'socialcast', calls: 1_000, overMs: 120_000, activities: 1 },
  '1,000 calls over 120 s about 1,000 activities': {
    destination: 'socialcast',
    calls: 1_000,
    overMs: 120_000,
    activities: 1_000,
  },
  '60 calls while another program locks the ledger for 20 s': {
    destination: 'socialcast',
    calls: 60,
    overMs: 18_000,
    activities: 60,
    lockedMs: 20_000,
  },
};

/** What came of it. */
export interface StormResult extends Pick<CampaignResult, 'expected' | 'posted' | 'lost' | 'doubled' | 'inDoubt'> {
  /** How the calls ended, by exit code. */
  readonly codes: Readonly<Record<string, number>>;
  /** The most requests that were seen in the spool. */
  readonly spooled: number;
  readonly reruns: number;
  /** How long the slowest call took, in ms. */
  readonly slowestMs: number;
}

/** How many reruns bring the ledger to peace at the most; each has a clock that is so much further ahead, in ms. */
const MOST_RERUNS = 8;
const AHEAD_MS = 20 * 60_000;

/** Lets rules fire, and then the scheduler. */
export async function runStorm(storm: Storm): Promise<StormResult> {
  const { calls, overMs, activities, lockedMs = 0, deadline = '10s', say } = storm;
  const NODE_OPTIONS = `--require ${JSON.stringify(storm.preload)}`;
  const company = await openCompany({ ...storm, deadline });
  const installation = company.install('storm');
  const fired = Array.from({ length: calls }, (_, number) => company.fired(number % activities));
  try {
    if (lockedMs > 0) await lock(installation, lockedMs);
    const codes: Record<string, number> = {};
    let [slowestMs, spooled] = [0, 0];
    const firing = fired.map(async (each, index) => {
      await pause((overMs * index) / calls);
      const begin = performance.now();
      const code = String(await exitOf(installation.publish(each)));
      codes[code] = (codes[code] ?? 0) + 1;
      slowestMs = Math.max(slowestMs, performance.now() - begin);
      spooled = Math.max(spooled, filesIn(installation.spool));
    });
    await Promise.all(firing);
    say?.(`${calls} calls: ${JSON.stringify(codes)}, ${spooled} in the spool`);
    let reruns = 0;
    while (reruns < MOST_RERUNS && (reruns === 0 || spooledIn(installation).length + (await installation.open()) > 0)) {
      await exitOf(installation.start(['rerun'], { NODE_OPTIONS, TORTURE_AHEAD: String(reruns * AHEAD_MS) }));
      reruns += 1;
      say?.(`rerun ${reruns}: ${spooledIn(installation).length} in the spool, ${await installation.open()} open`);
    }
    const expected = new Set(fired.map(({ activityObjid }) => String(activityObjid)));
    const { lost, doubled, posted } = balanceOf(expected, await installation.posted());
    const counts = { expected: expected.size, posted, lost, doubled, inDoubt: await installation.inDoubt() };
    return { codes, spooled, reruns, slowestMs: Math.round(slowestMs), ...counts };
  } finally {
    await company.close();
  }
}

/** Holds the ledger's lock as another program could, and lets go of it after a time that nobody waits for here. */
async function lock(installation: Installation, ms: number): Promise<void> {
  await exitOf(installation.start(['status']));
  const other = await openSqliteFile(installation.ledger, { readOnly: false });
  other.exec('PRAGMA journal_mode = WAL');
  other.exec('BEGIN EXCLUSIVE');
  // Not waited for: the calls go on meanwhile.
  setTimeout(() => {
    other.exec('ROLLBACK');
    other.close();
  }, ms);
}

/** How many wait there; they may be taken in at this moment. */
function filesIn(folder: string): number {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).length : 0;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
