// The kill campaign: real processes of the program, killed at random and whenever a stand-in sees a request, all with one ledger; then
// reruns until the ledger is at peace. Counts what was accepted, lost, doubled and left in doubt.

import type { ChildProcess } from 'node:child_process';
import { openCompany, ended, spooledIn, type StreamType } from './company';

/** What a campaign is given. */
export interface Campaign {
  /** The built program. */
  readonly program: string;
  /** The sample database, which is copied and filled with activities. */
  readonly sample: string;
  readonly kills: number;
  /** How many processes run at once. */
  readonly atOnce: number;
  readonly destination: StreamType;
  readonly say?: (line: string) => void;
}

/** What came of it. */
export interface CampaignResult {
  readonly kills: number;
  readonly runs: number;
  /** Activities that a ledger had accepted when the last process was killed. */
  readonly expected: number;
  readonly posted: number;
  readonly lost: number;
  readonly doubled: number;
  /** Posted by runs that could not keep them, and said so (74). */
  readonly unkept: number;
  readonly inDoubt: number;
  /** Kills by the moment at which they struck. */
  readonly moments: Readonly<Record<string, number>>;
}

/** How long the reruns may take to bring the ledger to peace, in ms. */
const PEACE_MS = 120_000;

/** Runs a campaign. */
export async function runCampaign(campaign: Campaign): Promise<CampaignResult> {
  const company = await openCompany(campaign);
  const { socialcast } = company;
  const installation = company.install('all');
  const moments: Record<string, number> = {};
  let [kills, runs] = [0, 0];
  const kill = (child: ChildProcess, moment: string) => {
    if (child.exitCode !== null || child.killed) return;
    child.kill('SIGKILL');
    kills += 1;
    moments[moment] = (moments[moment] ?? 0) + 1;
  };
  const oneRun = async () => {
    runs += 1;
    const child =
      Math.random() < 0.15
        ? installation.start(['rerun'])
        : installation.publish(company.fired(Math.floor(Math.random() * company.size)));
    const seen = socialcast.requests.length;
    const strike = Math.random();
    const timers: NodeJS.Timeout[] = [];
    if (strike < 0.6) timers.push(setTimeout(() => kill(child, 'at random'), 40 + Math.random() * 160));
    else if (strike < 0.9) {
      timers.push(
        setInterval(() => {
          if (socialcast.requests.length > seen) kill(child, 'when a request arrived');
        }, 1),
      );
    }
    await ended(child);
    for (const timer of timers) clearInterval(timer);
  };

  const worker = async () => {
    while (kills < campaign.kills) {
      await oneRun();
      if (kills % 50 === 0) campaign.say?.(`${kills} of ${campaign.kills} kills, ${socialcast.posts.length} posts`);
    }
  };
  await Promise.all(Array.from({ length: campaign.atOnce }, worker));

  const accepted = new Set([...(await installation.accepted()), ...spooledIn(installation)]);
  const end = Date.now() + PEACE_MS;
  for (;;) {
    await ended(installation.start(['rerun']));
    const open = (await installation.open()) + spooledIn(installation).length;
    campaign.say?.(`${open} left`);
    if (open === 0 || Date.now() > end) break;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  const balance = balanceOf(accepted, await installation.posted());
  const inDoubt = await installation.inDoubt();
  await company.close();
  return { kills, runs, ...balance, inDoubt, moments };
}

/** What was accepted beside what the stream has. */
export function balanceOf(
  accepted: ReadonlySet<string>,
  posted: readonly string[],
): Pick<CampaignResult, 'expected' | 'posted' | 'lost' | 'doubled' | 'unkept'> {
  const distinct = new Set(posted);
  return {
    expected: accepted.size,
    posted: posted.length,
    lost: [...accepted].filter((activity) => !distinct.has(activity)).length,
    doubled: posted.length - distinct.size,
    unkept: [...distinct].filter((activity) => !accepted.has(activity)).length,
  };
}
