// The kill campaign: real processes of the program, killed at random and at every moment that a stand-in can see, then reruns until
// the ledger is at peace. Counts what was accepted, lost, doubled and left in doubt.

import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteFile } from '../../src/io/sqlite';
import { startSocialcast, type SocialcastServer } from '../support/socialcast-server';

/** What a campaign is given. */
export interface Campaign {
  /** The built program. */
  readonly program: string;
  /** The sample database, which is copied and filled with activities. */
  readonly sample: string;
  readonly kills: number;
  /** How many processes run at once. */
  readonly atOnce: number;
  /** `socialcast` is findable, `feed` is safe. */
  readonly destination: 'socialcast' | 'feed';
  readonly say?: (line: string) => void;
}

/** What came of it. */
export interface CampaignResult {
  readonly kills: number;
  readonly runs: number;
  /** Activities that the ledger had accepted when the last process was killed. */
  readonly expected: number;
  readonly posted: number;
  readonly lost: number;
  readonly doubled: number;
  readonly inDoubt: number;
  /** Kills by the moment at which they struck. */
  readonly moments: Readonly<Record<string, number>>;
}

const CASES = 40;
const PER_CASE = 25;
const FIRST = 300_000_000;
/** How long the reruns may take to bring the ledger to peace, in ms. */
const PEACE_MS = 120_000;

/** Runs a campaign. */
export async function runCampaign(campaign: Campaign): Promise<CampaignResult> {
  const folder = mkdtempSync(join(tmpdir(), 'publish-activity-torture-'));
  const database = join(folder, 'crm.sqlite');
  await fillCrm(campaign.sample, database);
  const socialcast = await startSocialcast({ username: 'crm@example.com', password: 'torture-1' });
  const config = join(folder, 'publish-activity.config.json');
  writeFileSync(config, JSON.stringify(configuration(campaign.destination, database, socialcast)));
  const run = (...words: string[]) =>
    spawn(process.execPath, [campaign.program, '--config', config, ...words], { stdio: 'ignore' });
  // Rules have little time. A rerun takes what it needs: it watches an attempt that was cut off for as long as that could have lasted.
  const publish = (objid: number, activity: number) => run('Case', String(objid), String(activity), '--timeout', '3s');

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
    const objid = FIRST + Math.floor(Math.random() * CASES);
    const activity = objid * 2 + Math.floor(Math.random() * PER_CASE) * 100 - FIRST;
    const child = Math.random() < 0.15 ? run('rerun') : publish(objid, activity);
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
    await new Promise((resolve) => child.once('exit', resolve));
    for (const timer of timers) clearInterval(timer);
  };

  const worker = async () => {
    while (kills < campaign.kills) {
      await oneRun();
      if (kills % 50 === 0) campaign.say?.(`${kills} of ${campaign.kills} kills, ${socialcast.posts.length} posts`);
    }
  };
  await Promise.all(Array.from({ length: campaign.atOnce }, worker));

  const ledger = join(folder, 'publish-activity.ledger');
  const expected = new Set(await activitiesIn(ledger, 'publish_activity_request', "state <> 'none'"));
  const end = Date.now() + PEACE_MS;
  for (;;) {
    const child = run('rerun');
    await new Promise((resolve) => child.once('exit', resolve));
    const open = await openWork(ledger);
    campaign.say?.(`${open} left`);
    if (open === 0 || Date.now() > end) break;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  const posted = campaign.destination === 'feed' ? await feedPosts(folder) : socialcast.posts.map((post) => post.title);
  const inDoubt = (await activitiesIn(ledger, 'publish_activity_delivery', "state IN ('in-doubt', 'held', 'sending')")).length;
  await socialcast.close();
  const distinct = new Set(posted);
  return {
    kills,
    runs,
    expected: expected.size,
    posted: posted.length,
    lost: Math.max(0, expected.size - distinct.size),
    doubled: posted.length - distinct.size,
    inDoubt,
    moments,
  };
}

/** Cases with activities, each with a title of its own, so that a post tells which activity it is. */
async function fillCrm(sample: string, database: string): Promise<void> {
  copyFileSync(sample, database);
  const crm = await openSqliteFile(database, { readOnly: false });
  crm.exec('BEGIN');
  for (let number = 0; number < CASES; number++) {
    const objid = FIRST + number;
    crm.run('INSERT INTO table_case (objid, id_number, title) VALUES (@objid, @id, @title)', {
      objid,
      id: String(number),
      title: `case ${number}`,
    });
    for (let index = 0; index < PER_CASE; index++) {
      const activity = objid * 2 + index * 100 - FIRST;
      crm.run(
        'INSERT INTO table_act_entry (objid, act_code, entry_time, act_entry2case) VALUES (@activity, @code, @time, @objid)',
        {
          activity,
          code: 95_000 + index,
          time: `2026-01-01T00:00:${String(index).padStart(2, '0')}`,
          objid,
        },
      );
    }
  }
  crm.exec('COMMIT');
  crm.close();
}

function configuration(destination: Campaign['destination'], database: string, socialcast: SocialcastServer): object {
  const options = { url: socialcast.url, username: 'crm@example.com', password: 'torture-1', proxy: false };
  return {
    clarify: { database: { type: 'sqlite', file: database }, timeZone: 'UTC', agentUrl: 'http://server' },
    destinations: {
      stream: destination === 'feed' ? { type: 'feed', folder: 'stream', keep: 1000 } : { type: 'socialcast', ...options },
    },
    templates: { case: { '*': { title: '{{ activityObjid }}' } } },
  };
}

async function activitiesIn(ledger: string, table: string, where: string): Promise<readonly string[]> {
  const open = await openSqliteFile(ledger, { readOnly: true });
  const rows = open.all(`SELECT activity_objid FROM ${table} WHERE ${where}`);
  open.close();
  return rows.map((row) => String(row['activity_objid']));
}

async function openWork(ledger: string): Promise<number> {
  const requests = await activitiesIn(ledger, 'publish_activity_request', "state = 'accepted'");
  const deliveries = await activitiesIn(ledger, 'publish_activity_delivery', "state IN ('due', 'sending', 'in-doubt')");
  return requests.length + deliveries.length;
}

async function feedPosts(folder: string): Promise<readonly string[]> {
  const stream = await openSqliteFile(join(folder, 'stream', 'stream.sqlite'), { readOnly: true });
  const rows = stream.all('SELECT record FROM entry');
  stream.close();
  return rows.map((row) => (JSON.parse(String(row['record'])) as { title: string }).title);
}
