// The campaign of steps: the program is killed (or finds the disk full) at its first step, in another run at its second, and so on, until
// a run ends unharmed; see preload.cjs for what a step is. After each, reruns bring the ledger to peace, and the books are balanced.

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { draftOf } from '../../src/commands/outbox/prepare';
import { newRequestId } from '../../src/core/request-id';
import { openSpoolFolder } from '../../src/io/spool-folder';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { openSpool } from '../../src/ledger/spool';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { message } from '../support/ledger-content';
import { balanceOf, type Campaign, type CampaignResult } from './campaign';
import { openCompany, ended, spooledIn, type Fired, type Installation, type TortureCompany } from './company';

/** What runs, and is killed: a call or a rerun, alone or beside another one that is left alone. */
export const STORIES = [
  'a call',
  'the same call twice at once',
  'a call into the spool',
  'a rerun',
  'two reruns at once',
  'a rerun with a spool',
  'two reruns with a spool at once',
] as const;

export type StepStory = (typeof STORIES)[number];

/** A campaign of steps; it ends by itself. */
export interface StepCampaign extends Omit<Campaign, 'kills'> {
  readonly story: StepStory;
  /** The disk is full at the step, or from it on; without it the program is killed. */
  readonly diskFull?: 'once' | 'from then on';
  /** The path of preload.cjs. */
  readonly preload: string;
}

/** So many runs have to end unharmed: an answer in more pieces makes another step, and whoever comes second has less to do. */
const UNHARMED = 6;

/** Runs a campaign of steps. */
export async function runSteps(campaign: StepCampaign): Promise<CampaignResult> {
  const company = await openCompany(campaign);
  const results: CampaignResult[] = [];
  let [step, unharmed] = [0, 0];
  const worker = async () => {
    while (unharmed < UNHARMED) {
      const result = await dieAt(++step, campaign, company);
      results.push(result);
      if (result.kills === 0) unharmed += 1;
      campaign.say?.(`${campaign.story}: ${Object.keys(result.moments).join() || 'unharmed'}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: campaign.atOnce }, worker));
  } finally {
    await company.close();
  }
  return results.reduce(sumOf);
}

async function dieAt(step: number, { story, preload, diskFull }: StepCampaign, company: TortureCompany): Promise<CampaignResult> {
  const installation = company.install(String(step));
  // Three activities of three objects for each step.
  const [first, second, third] = [3 * step, 3 * step + 1, 3 * step + 2].map((number) => company.fired(number % company.size));
  if (first === undefined || second === undefined || third === undefined) throw new Error('a company fires without end');
  const isRerun = story.includes('rerun');
  if (isRerun && !story.includes('spool')) await leaveBehind(installation, first, second, third);
  if (isRerun && story.includes('spool')) spool(installation, [first, second, third]);
  // A ledger that is a folder takes nothing.
  if (story === 'a call into the spool') mkdirSync(installation.ledger);
  const start = (env?: Readonly<Record<string, string>>) =>
    isRerun ? installation.start(['rerun'], env) : installation.publish(first, env);

  const NODE_OPTIONS = `--require ${JSON.stringify(preload)}`;
  const log = join(tmpdir(), `publish-activity-step-${process.pid}-${step}`);
  const dying = { NODE_OPTIONS, TORTURE_STEP: String(step), TORTURE_LOG: log, ...(diskFull && { TORTURE_DISK: diskFull }) };
  const ends = [start(dying), ...(story.endsWith('at once') ? [start()] : [])].map(ended);
  await Promise.all(ends);
  const moment = readFileSync(log, 'utf8');
  const kills = moment === '' ? 0 : 1;
  rmSync(log);
  if (story === 'a call into the spool') rmSync(installation.ledger, { recursive: true });

  const accepted = new Set([...(await installation.accepted()), ...spooledIn(installation)]);
  const isOpen = async () => (await installation.open()) + spooledIn(installation).length > 0;
  for (let reruns = 0; reruns < MOST_RERUNS && (await isOpen()); reruns++)
    await ended(installation.start(['rerun'], { NODE_OPTIONS, TORTURE_AHEAD: String((reruns + 1) * AHEAD_MS) }));
  const ours = [first, second, third].map(({ activityObjid }) => String(activityObjid));
  const posted = (await installation.posted()).filter((activity) => ours.includes(activity));
  const inDoubt = await installation.inDoubt();
  return { kills, runs: ends.length, ...balanceOf(accepted, posted), inDoubt, moments: kills > 0 ? { [moment]: kills } : {} };
}

/** Every lease is over and everything due after this time, in ms; each rerun of the recovery has a clock that is as much further. */
const AHEAD_MS = 20 * 60_000;
const MOST_RERUNS = 5;

/** What a rerun finds: a request, a delivery that is due, and one that was cut off while it was sent. */
async function leaveBehind(installation: Installation, first: Fired, second: Fired, third: Fired): Promise<void> {
  const ledger = openSqlLedger(openSqliteStore(installation.ledger), 'sqlite');
  const never = new AbortController().signal;
  const [now, owner] = [Date.now() - 60_000, 'a run of long ago'];
  const lease = { owner, now, workMs: 100 };
  await ledger.accept(first, lease, never);
  for (const fired of [second, third]) {
    const id = await ledger.accept(fired, lease, never);
    const draft = draftOf(
      fired,
      { destination: 'stream', message: message({ title: String(fired.activityObjid) }), by: undefined },
      now,
    );
    await ledger.claim(id, [draft], lease, 0, never);
    if (fired === second) await ledger.finish(draft.id, owner, { state: 'due', now, dueAt: now, reason: 'it was down' }, never);
  }
  ledger.close();
}

/** What waits for a rerun in the spool. */
function spool({ spool: folder }: Installation, fired: readonly Fired[]): void {
  const at = Date.now() - 60_000;
  const open = openSpool(openSpoolFolder(folder));
  for (const { objectType, objid, activityObjid } of fired)
    open.keep({
      id: newRequestId(at),
      command: 'publish',
      words: [objectType, String(objid), String(activityObjid)],
      rule: '',
      at,
    });
}

function sumOf(one: CampaignResult, other: CampaignResult): CampaignResult {
  const moments = { ...one.moments };
  for (const [moment, kills] of Object.entries(other.moments)) moments[moment] = (moments[moment] ?? 0) + kills;
  return {
    kills: one.kills + other.kills,
    runs: one.runs + other.runs,
    expected: one.expected + other.expected,
    posted: one.posted + other.posted,
    lost: one.lost + other.lost,
    doubled: one.doubled + other.doubled,
    unkept: one.unkept + other.unkept,
    inDoubt: one.inDoubt + other.inDoubt,
    moments,
  };
}
