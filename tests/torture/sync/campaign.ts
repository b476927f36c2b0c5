// The campaign of entries in step, in virtual time: a company works while the program runs, fails and is killed; then all is quiet, and every
// entry is looked at.

import { pollMs } from '../../../src/core/backoff';
import { RELISTED_AFTER_MS } from '../../../src/core/sync/cursor';
import { Hosts } from './host';
import type { Mutation } from './mutants';
import { Diary } from './diary';
import { asItKeepsThem } from './entries';
import { inGoogle, type GoogleCompany } from './google';
import { inMemory, type CompanyGroupware } from './groupware';
import { Operator } from './operator';
import { People, type Habits } from './people';
import { NO_RATES, type Paces, type Rates } from './seams';
import { storyOf } from './story';
import { verdictOf } from './verdict';
import { newWorld, type HostedWorld } from './world';

/** A campaign. */
export interface SyncCampaign {
  readonly seed: number;
  readonly users: number;
  /** So many entries there are at the beginning, each on the side where somebody made it. */
  readonly entries: number;
  /** So many contacts the CRM has, each in the windows of one to three of so many users; none if left out. */
  readonly contacts?: number;
  readonly holders?: number;
  readonly rounds: number;
  readonly rates: Rates;
  readonly habits?: Partial<Habits>;
  /** How long it takes until the groupware's listings show a change, in ms. */
  readonly lagMs?: number;
  /** How calls travel, where the groupware is Google; in memory if left out. */
  readonly google?: GoogleCompany['batch'];
  /** How long it is from round to round while people work, in ms; 5 minutes if left out. */
  readonly betweenMs?: number;
  /** How seldom listings of some kinds are enough. */
  readonly paces?: Paces;
  /** An idea of the engine that is taken out. */
  readonly mutation?: Partial<Mutation>;
}

/** What a campaign came to. */
export interface SyncFigures {
  readonly lost: number;
  readonly doubled: number;
  readonly different: number;
  readonly orphans: number;
  readonly editsLost: number;
  readonly wiped: number;
  readonly leaked: number;
  /** What was written on either side in quiet rounds, when nobody did anything any more. */
  readonly quietWrites: number;
  /** What was written on either side in all. */
  readonly writes: number;
  /** After so many rounds without people and faults nothing was written any more. */
  readonly roundsToQuiet: number;
  readonly acts: number;
  readonly entries: number;
  readonly conflicts: number;
  readonly resolved: number;
  readonly counts: Hosts['counts'] & Readonly<Record<string, number>>;
  /** The first of what is wrong, each with its story. */
  readonly examples: readonly string[];
}

/** Entries that people gave, and left, moved and decorated: rarely, but in each campaign. */
const HABITS: Habits = {
  ...{ makes: 12, deletes: 8, gives: 3, leaves: 4, decorates: 8, hides: 5 },
  ...{ isAboutNew: 30, isAboutContacts: 20, isMadeByTwo: 20 },
};
const QUIET_ROUNDS = 20;
/** It has to be quiet after so many rounds, which shows when it was for a while. */
const MOST_ROUNDS = 30;
const BETWEEN_ROUNDS_MS = 300_000;
const SIGNAL = new AbortController().signal;

/** Runs a campaign. */
export async function runSyncCampaign(campaign: SyncCampaign): Promise<SyncFigures> {
  const { seed, users, entries, contacts = 0, holders = 0, rounds, rates, habits, lagMs = 0, mutation } = campaign;
  const paces = mutation?.paces ?? campaign.paces ?? {};
  const world = await newWorld(seed, [users, holders], (own) => groupwareOf(campaign, own));
  const diary = new Diary(world);
  const people = new People(world, diary, { ...HABITS, ...habits, ...mutation?.habits });
  const operator = new Operator(world, diary);
  const settledAfterMs = mutation?.settledAfterMs ?? world.groupware.settledAfterMs;
  const hosts = new Hosts(world, people, mutation?.outside, settledAfterMs, paces);
  for (let n = 0; n < entries; n += 1) {
    const user = world.users[n % users] ?? '';
    if (world.chance.happens(0.8)) people.makeRow(user, people.agendaKind());
    else people.makeItem(user, people.agendaKind());
  }
  for (let n = 0; n < contacts; n += 1) people.makeRow(world.holders[n % holders] ?? '', 'contact');
  await world.links.enter(world.users, world.clock.now, SIGNAL);
  let resolved = 0;
  for (let round = 0; round < rounds; round += 1) {
    await hosts.round({ ...rates, ...mutation?.rates });
    resolved += await operator.resolve();
    world.clock.now += campaign.betweenMs ?? BETWEEN_ROUNDS_MS;
  }
  people.comeBack();
  // What a listing once left out without anybody noticing is found when everything is listed again.
  if (mutation?.isNotRelisted !== true) world.clock.now += RELISTED_AFTER_MS;
  let roundsToQuiet = 0;
  const calm = 1 + Math.ceil((lagMs + pollMs(Math.max(0, ...Object.values(paces)), 1)) / BETWEEN_ROUNDS_MS);
  for (let [same, known] = [0, -1]; roundsToQuiet < MOST_ROUNDS + calm && same < calm; roundsToQuiet += 1) {
    same = known === writes(world) + resolved ? same + 1 : 0;
    known = writes(world) + resolved;
    await hosts.round(NO_RATES);
    resolved += await operator.resolve();
    world.clock.now += BETWEEN_ROUNDS_MS;
  }
  const before = writes(world);
  for (let round = 0; round < QUIET_ROUNDS; round += 1) {
    await hosts.round(NO_RATES);
    world.clock.now += BETWEEN_ROUNDS_MS;
  }
  const verdict = await verdictOf(world, diary.acts);
  const { lost, doubled, different, orphans, editsLost, wiped, leaked } = verdict;
  return {
    lost: lost.length,
    doubled: doubled.length,
    different: different.length,
    orphans: orphans.length,
    editsLost: editsLost.length,
    wiped: wiped.length,
    leaked: leaked.length,
    quietWrites: writes(world) - before,
    writes: writes(world),
    roundsToQuiet,
    acts: diary.acts.length,
    entries: new Set(diary.acts.map(({ token }) => token)).size,
    conflicts: world.store.conflicts.size,
    resolved,
    counts: { ...hosts.counts, ...world.groupware.counts },
    examples: Object.entries(verdict).flatMap(([name, all]: [string, readonly string[]]) =>
      all.slice(0, 3).map((one) => `${name}: ${storyOf(one, world, diary.acts)}`),
    ),
  };
}

function groupwareOf(
  { google, lagMs = 0, mutation }: SyncCampaign,
  { users, clock, chance }: Pick<HostedWorld, 'users' | 'clock' | 'chance'>,
): CompanyGroupware | Promise<CompanyGroupware> {
  if (google !== undefined) return inGoogle(users, clock, chance, { batch: google, lagMs, mutant: mutation?.google });
  return inMemory({ pageSize: 7, keeps: asItKeepsThem, lagMs, ...mutation?.switches }, () => clock.now);
}

/** How often something was written so far, on either side. */
function writes({ crm, groupware }: HostedWorld): number {
  return crm.writes + groupware.writes();
}
