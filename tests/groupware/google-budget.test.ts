// What goes within Google's quotas: no span of their length ever holds more than they allow, wherever it begins.

import * as fc from 'fast-check';
import { pollMs } from '../../src/core/backoff';
import { GOOGLE_APIS } from '../../src/groupware/google/calls/apis';
import { MOST_CALLS } from '../../src/groupware/google/calls/batch';
import {
  goesAt,
  nextShare,
  quotaUserOf,
  slowDownMs,
  unitsOf,
  use,
  type Cost,
  type Quota,
  type Used,
} from '../../src/groupware/google/calls/budget';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const USERS = Array.from({ length: 350 }, (_, at) => `user${at}`);

interface Went {
  readonly at: number;
  readonly user: string;
  readonly units: number;
}

/** The most units in any span of a length. */
function mostWithin(perMs: number, went: readonly Went[]): number {
  const sorted = [...went].sort((a, b) => a.at - b.at);
  let [most, sum, begin] = [0, 0, 0];
  for (const each of sorted) {
    sum += each.units;
    for (let first = sorted[begin]; first !== undefined && first.at <= each.at - perMs; first = sorted[(begin += 1)])
      sum -= first.units;
    most = Math.max(most, sum);
  }
  return most;
}

function mostOfUser(perMs: number, went: readonly Went[]): number {
  const byUser = new Map<string, Went[]>();
  for (const each of went) byUser.set(each.user, [...(byUser.get(each.user) ?? []), each]);
  return Math.max(...[...byUser.values()].map((own) => mostWithin(perMs, own)));
}

/** Numbers from 0 to 1 that look random and are the same each time (https://en.wikipedia.org/wiki/Linear_congruential_generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}

/** When users are listed, each for the first time at the same moment, for 13 hours. */
function polls(everyMs: number, random: () => number): readonly Went[] {
  return USERS.flatMap((user) => {
    const went: Went[] = [];
    for (let at = 0; at < 13 * HOUR; at += pollMs(everyMs, random())) went.push({ at, user, units: unitsOf('GET') });
    return went;
  });
}

const { calendar, tasks } = GOOGLE_APIS;
const most = (quotas: readonly Quota[], perMs: number): number => quotas.find((quota) => quota.perMs === perMs)?.most ?? 0;

describe('350 users, looked at every 5 minutes, 25 % sooner or later', () => {
  const went = polls(5 * MINUTE, numbers(1));

  it('stay within the quotas of Calendar', () => {
    expect(mostWithin(MINUTE, went)).toBeLessThanOrEqual(most(calendar.quotas.project, MINUTE) / 10);
    expect(mostOfUser(MINUTE, went)).toBeLessThanOrEqual(1);
    expect(went.length).toBeLessThanOrEqual(most(calendar.quotas.project, 24 * HOUR) / 10);
  });

  it('stay within them, too, if each wait is as short as it can be', () => {
    const hasty = polls(5 * MINUTE, () => 0);
    expect(hasty).toHaveLength(350 * 208);
    expect(mostWithin(MINUTE, hasty)).toBe(350);
    expect(hasty.length).toBeLessThanOrEqual(most(calendar.quotas.project, 24 * HOUR) / 10);
  });

  it('stay within them with all that a turn asks, on a day when each of them changes 24 entries', () => {
    const asked: readonly (readonly [times: number, method: 'GET' | 'PATCH'])[] = [
      // As often as ever possible, one listing a turn: google-turns.test.ts counts it.
      [(24 * HOUR) / pollMs(5 * MINUTE, 0), 'GET'],
      // Once a day the calendar is looked for, and everything is listed.
      [2, 'GET'],
      // What was changed a minute ago is asked for by its id.
      [24, 'GET'],
      [24, 'PATCH'],
    ];
    const units = asked.reduce((sum, [times, method]) => sum + times * unitsOf(method), 0) * USERS.length;
    expect(units).toBeGreaterThan(150_000);
    expect(units).toBeLessThan(most(calendar.quotas.project, 24 * HOUR) / 5);
  });

  it('spread, though all of them begin at once', () => {
    expect(
      mostWithin(
        MINUTE,
        went.filter(({ at }) => at < MINUTE),
      ),
    ).toBe(350);
    const later = went.filter(({ at }) => at >= HOUR);
    expect(mostWithin(MINUTE, later)).toBeLessThan(2 * (350 / 5));
  });

  it('would pass the quota of Tasks, and do not where they are looked at every 15', () => {
    expect(went.length).toBeGreaterThan(most(tasks.quotas.project, 24 * HOUR));
    expect(polls(15 * MINUTE, numbers(2)).length).toBeLessThan(most(tasks.quotas.project, 24 * HOUR) / 2);
  });
});

/** Sends batches one behind the other, each as soon as it may go. */
function sendAll(batches: readonly (readonly Cost[])[], quotas: Parameters<typeof goesAt>[2]): readonly Went[] {
  const went: Went[] = [];
  let [used, now]: [Used, number] = [new Map(), 0];
  for (const costs of batches) {
    now = goesAt(used, costs, quotas, now);
    used = use(used, costs, quotas, now);
    for (const cost of costs) went.push({ at: now, ...cost });
  }
  return went;
}

describe('Calls that go as soon as they may', () => {
  const patch = unitsOf('PATCH');

  it('stay within the quotas of Calendar, 350 users with 24 changes each in full batches', () => {
    const changes = USERS.flatMap((user) => Array.from({ length: 24 }, () => ({ user, units: patch })));
    const batches = Array.from({ length: changes.length / MOST_CALLS }, (_, at) =>
      changes.slice(at * MOST_CALLS, (at + 1) * MOST_CALLS),
    );
    const went = sendAll(batches, calendar.quotas);
    expect(went).toHaveLength(8_400);
    expect(mostWithin(MINUTE, went)).toBeLessThanOrEqual(10_000);
    expect(mostOfUser(MINUTE, went)).toBeLessThanOrEqual(600);
    // Half the quota at once, and the other half in a minute each.
    expect(went.at(-1)?.at).toBeGreaterThan(4 * MINUTE);
    expect(went.at(-1)?.at).toBeLessThan(5 * MINUTE);
  });

  it('stay within the quota of a service account that is charged for all users', () => {
    const batches = Array.from({ length: 60 }, () => Array.from({ length: MOST_CALLS }, () => ({ user: 'robot', units: 1 })));
    const went = sendAll(batches, calendar.quotas);
    expect(mostOfUser(MINUTE, went)).toBeLessThanOrEqual(600);
    expect(went.at(-1)?.at).toBeGreaterThan(8 * MINUTE);
  });

  it('never pass a quota, whatever comes when', () => {
    const quotas = { project: [{ most: 40, perMs: 1_000 }], user: [{ most: 10, perMs: 1_000 }] };
    const call = fc.record({ user: fc.constantFrom('a', 'b', 'c', 'd', 'e'), units: fc.constantFrom(1, 3) });
    const step = fc.record({ waits: fc.nat(400), costs: fc.array(call, { minLength: 1, maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const went: Went[] = [];
        let [used, now]: [Used, number] = [new Map(), 1_800_000_000_000];
        for (const { waits, costs } of steps) {
          const fitting = costs.filter(({ user }, at) => costs.findIndex((other) => other.user === user) === at);
          now = goesAt(used, fitting, quotas, now + waits);
          used = use(used, fitting, quotas, now);
          for (const cost of fitting) went.push({ at: now, ...cost });
        }
        return mostWithin(1_000, went) <= 40 && (went.length === 0 || mostOfUser(1_000, went) <= 10);
      }),
    );
  });

  it('wait for nobody where another user was fast', () => {
    const used = use(new Map(), [{ user: 'a', units: 300 }], calendar.quotas, 0);
    expect(goesAt(used, [{ user: 'b', units: 1 }], calendar.quotas, 0)).toBe(0);
    expect(goesAt(used, [{ user: 'a', units: 1 }], calendar.quotas, 0)).toBe(200);
    expect(goesAt(used, [{ user: 'a', units: patch }], calendar.quotas, 0)).toBe(600);
  });

  it('are told apart from more than may ever go at once', () => {
    expect(goesAt(new Map(), [{ user: 'a', units: 300 }], calendar.quotas, 5)).toBe(5);
    expect(() => goesAt(new Map(), [{ user: 'a', units: 301 }], calendar.quotas, 5)).toThrow(RangeError);
    expect(MOST_CALLS * patch).toBeLessThanOrEqual(300);
  });

  it('wait for a minute at the most where a clock was put back', () => {
    const used = use(new Map(), [{ user: 'a', units: 300 }], { ...calendar.quotas, project: [] }, HOUR);
    expect(goesAt(used, [{ user: 'a', units: 300 }], { ...calendar.quotas, project: [] }, 0)).toBe(MINUTE);
  });

  it('keep nothing of what is made up for', () => {
    const used = use(new Map(), [{ user: 'a', units: 1 }], calendar.quotas, 0);
    expect([...use(used, [{ user: 'b', units: 1 }], calendar.quotas, HOUR).keys()]).toEqual([
      'project/60000',
      'project/86400000',
      'user/60000/b',
    ]);
  });
});

describe('The pace', () => {
  it.each<[share: number, tooFast: boolean, next: number]>([
    [50, true, 25],
    [25, true, 12],
    [1, true, 1],
    [1, false, 2],
    [49, false, 50],
    [50, false, 50],
  ])('of a user with %i calls a batch after one that was too fast (%s) is %i', (share, tooFast, next) => {
    expect(nextShare(share, tooFast, MOST_CALLS)).toBe(next);
  });

  it.each<[failures: number, asked: number | undefined, random: number, ms: number]>([
    [1, undefined, 0, 1_000],
    [1, undefined, 1, 2_000],
    [3, undefined, 0.5, 4_500],
    [7, undefined, 0, 64_000],
    [70, undefined, 1, 65_000],
    [1, 7_000, 1, 7_000],
    [4, 7_000, 0, 8_000],
    [0, undefined, 0, 1_000],
  ])('after %i answers that asked to slow down (%s) is %i', (failures, asked, random, ms) => {
    expect(slowDownMs(failures, asked, random)).toBe(ms);
  });

  it('of a user who is looked at every 5 minutes is between 3:45 and 6:15', () => {
    expect([0, 0.5, 1].map((random) => pollMs(5 * MINUTE, random))).toEqual([225_000, 300_000, 375_000]);
  });
});

describe('What quotaUser says', () => {
  it('is one for each user and system, short, and no login', () => {
    const all = ['crm1', 'crm2'].flatMap((system) => USERS.map((user) => quotaUserOf(system, user)));
    expect(new Set(all).size).toBe(700);
    expect(all.filter((each) => !/^[\da-f]{32}$/.test(each))).toEqual([]);
    expect(quotaUserOf('crm1', 'user1')).toBe(quotaUserOf('crm1', 'user1'));
  });
});
