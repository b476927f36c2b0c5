// The kill campaign of `sync`: real processes on two hosts, with one ledger, one CRM and one groupware, each killed before one of its steps that
// leave a trace outside, while people change both sides. Then all is quiet, and everything is looked at from outside.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ended } from '../company';
import { chanceOf } from '../sync/random';
import type { GoogleWay } from './google';
import type { GroupwareName } from './groupware';
import { KINDS, type Kind } from './items';
import { allItems, differences, everything } from './look';
import { HOSTS, openOffice, type Host, type Office } from './office';
import { People } from './people';
import { USERS } from './users';
import { verdictOf } from './verdict';

/** A campaign. */
export interface KillCampaign {
  /** The built program, the preload that kills, and the sample CRM. */
  readonly program: string;
  readonly preload: string;
  readonly sample: string;
  readonly groupware: GroupwareName;
  /** How Google is asked; each host in its own way if left out. */
  readonly google?: GoogleWay;
  readonly seed: number;
  readonly kills: number;
  /** How many entries each user has of each kind at the beginning. */
  readonly entries: number;
  /** From how many steps on each host the next one to die at is chosen; 1 goes through all of them. */
  readonly stride: number;
  readonly say?: (line: string) => void;
}

/** What a campaign came to. */
export interface KillFigures {
  readonly kills: number;
  readonly runs: number;
  readonly acts: number;
  readonly entries: number;
  readonly conflicts: number;
  readonly lost: number;
  readonly doubled: number;
  readonly different: number;
  readonly orphans: number;
  readonly editsLost: number;
  readonly wiped: number;
  /** Links that are in no state of rest, databases that are not whole, files that nobody finished, and what quiet runs changed. */
  readonly held: number;
  readonly damaged: number;
  readonly litter: number;
  readonly quietWrites: number;
  readonly roundsToQuiet: number;
  /** Files that the kills left behind unfinished, all of which are gone at the end. */
  readonly leftBehind: number;
  /** Changes that a groupware had made when their run was killed, before the ledger knew it, in all and by kind; and whatever else is counted there. */
  readonly unrecorded: number;
  readonly unrecordedOf: Readonly<Record<Kind, number>>;
  readonly refreshed?: number;
  readonly inBatch?: number;
  /** How the runs ended that nobody killed, by exit code. */
  readonly codes: Readonly<Record<string, number>>;
  /** What people did, by what and where, such as `changed groupware`; and the entries that stand in the groupware at the end, by kind. */
  readonly did: Readonly<Record<string, number>>;
  readonly standing: Readonly<Record<Kind, number>>;
  /** Kills by the step before which they struck. */
  readonly moments: Readonly<Record<string, number>>;
  /** The first of what is wrong. */
  readonly examples: readonly string[];
}

/** The steps that change something outside: between two of them nothing can tell when the program died. */
const DURABLE = 'fs (open to write|write|writeFile|appendFile|mkdir|link|rename|rm|unlink)|sqlite COMMIT|exit';
/** So far the clock goes on from round to round: no lease of a program that was killed lasts as long. */
const BETWEEN_ROUNDS_MS = 60_000;
/** Whatever was put off after a failure is due by then, and what was left behind is old. */
const [FOUR_HOURS_MS, DAY_AND_MORE_MS] = [4 * 3_600_000, 25 * 3_600_000];
const [ACTS_BEFORE, ACTS_DURING, QUIET_RUNS, MOST_ROUNDS] = [4, 3, 3, 20];
/** Within which people do something while the programs run, in ms. */
const WHILE_RUNNING_MS = 400;

/** Runs a campaign. */
export async function runKills(campaign: KillCampaign): Promise<KillFigures> {
  const office = await openOffice(campaign);
  try {
    return await killIn(office, campaign);
  } finally {
    await office.close();
  }
}

async function killIn(office: Office, campaign: KillCampaign): Promise<KillFigures> {
  const chance = chanceOf(campaign.seed);
  const people = new People(office, chance);
  const codes: Record<string, number> = {};
  const moments: Record<string, number> = {};
  const { sends = [] } = office.groupware;
  const durable = [DURABLE, ...sends].join('|');
  // What is sent to a server are few of the steps, and those that matter most.
  const waysToDie = [durable, ...sends, ...sends];
  const dieAt: Record<Host, Map<string, number>> = { first: new Map(), second: new Map([[durable, campaign.stride]]) };
  let [aheadMs, kills, runs, unrecordedOf] = [0, 0, 0, byKind(() => 0)];

  /** A run, which dies before a step; where it comes to its end, it answers how many of them there were at the most. */
  const run = async (host: Host, step = 0, only = ''): Promise<boolean> => {
    runs += 1;
    office.groupware.setAhead?.(aheadMs);
    const log = join(office.desk, `died of ${host}`);
    const child = office.start(host, {
      NODE_OPTIONS: `--require ${JSON.stringify(campaign.preload)}`,
      TORTURE_AHEAD: String(aheadMs),
      ...(step > 0 && { TORTURE_STEP: String(step), TORTURE_LOG: log, TORTURE_ONLY: `^(${only})` }),
    });
    await ended(child);
    const moment = step > 0 ? readFileSync(log, 'utf8') : '';
    rmSync(log, { force: true });
    if (moment === '') count(codes, String(child.exitCode));
    else count(moments, moment);
    if (moment !== '') kills += 1;
    return moment !== '';
  };

  const later = (ms = BETWEEN_ROUNDS_MS) => (aheadMs += ms);
  await people.begin(campaign.entries);
  while (kills < campaign.kills) {
    later();
    for (let n = 0; n < ACTS_BEFORE; n += 1) await people.act();
    // Whatever goes wrong is told when they rest.
    const actLater = () => setTimeout(() => void people.act().catch(() => undefined), chance.below(WHILE_RUNNING_MS));
    const timers = Array.from({ length: ACTS_DURING }, actLater);
    timers.push(setTimeout(() => office.groupware.trouble?.(), chance.below(WHILE_RUNNING_MS)));
    await Promise.all(
      HOSTS.map(async (host) => {
        // One of them at least comes as far as the other one's death lets it.
        const isSpared = host !== HOSTS[0] && chance.happens(0.5);
        const way = chance.oneOf(waysToDie) ?? durable;
        const step = (dieAt[host].get(way) ?? 0) + 1 + chance.below(campaign.stride);
        const isDead = await run(host, isSpared ? 0 : step, way);
        // A run that was to be killed and was not has no more steps: the next one begins with the first again.
        if (!isSpared) dieAt[host].set(way, isDead ? step : 0);
      }),
    );
    for (const timer of timers) clearTimeout(timer);
    await people.rest();
    const [before, more] = [unrecordedOf, office.groupware.unrecorded?.(office.ledger)];
    unrecordedOf = byKind((kind) => before[kind] + (more?.[kind] ?? 0));
    campaign.say?.(`${kills} of ${campaign.kills} kills`);
  }

  const unrecorded = KINDS.reduce((sum, kind) => sum + unrecordedOf[kind], 0);
  const { settledMs } = office.groupware;
  let known = everything(office);
  const settle = async (): Promise<number> => {
    for (let rounds = 1; ; rounds += 1) {
      later(settledMs);
      for (const host of HOSTS) await run(host);
      const now = everything(office);
      const isQuiet = differences(known, now).length === 0;
      known = now;
      if (isQuiet || rounds === MOST_ROUNDS) return rounds;
    }
  };
  aheadMs += FOUR_HOURS_MS;
  const leftBehind = office.groupware.litter().length;
  let roundsToQuiet = await settle();
  // Whatever is left behind in a folder of files goes when something is written there.
  aheadMs += DAY_AND_MORE_MS;
  for (const user of USERS) for (const kind of KINDS) people.makeRow(user, kind);
  roundsToQuiet = Math.max(roundsToQuiet, await settle());

  const before = everything(office);
  for (let n = 0; n < QUIET_RUNS; n += 1) {
    later(settledMs);
    await Promise.all(HOSTS.map((host) => run(host)));
  }
  const written = differences(before, everything(office));
  const verdict = verdictOf(office, people);
  const { lost, doubled, different, orphans, editsLost, wiped, held, damaged, litter } = verdict.wrong;
  return {
    ...{ kills, runs, acts: people.acts.length, entries: new Set(people.acts.map(({ token }) => token)).size },
    conflicts: verdict.conflicts,
    ...{ lost: lost.length, doubled: doubled.length, different: different.length, orphans: orphans.length },
    ...{ editsLost: editsLost.length, wiped: wiped.length, held: held.length, damaged: damaged.length, litter: litter.length },
    ...{ did: didBy(people), standing: standingIn(office) },
    ...{ quietWrites: written.length, roundsToQuiet, leftBehind, unrecorded, unrecordedOf, codes, moments },
    ...office.groupware.counts?.(),
    examples: Object.entries({ ...verdict.wrong, quietWrites: written }).flatMap(([name, all]) =>
      all.slice(0, 3).map((one) => `${name}: ${one}`),
    ),
  };
}

function didBy({ acts }: People): Readonly<Record<string, number>> {
  const did: Record<string, number> = {};
  for (const act of acts) count(did, `${act.did} ${act.side}`);
  return did;
}

function standingIn({ groupware }: Office): KillFigures['standing'] {
  const items = allItems(groupware);
  return byKind((each) => items.filter(({ kind }) => kind === each).length);
}

/** A figure of each kind. */
function byKind(figure: (kind: Kind) => number): Readonly<Record<Kind, number>> {
  return { event: figure('event'), task: figure('task'), contact: figure('contact') };
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
