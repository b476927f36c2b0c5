// How many calls may go when, so that Google never has to ask to slow down. Pure: who counts keeps what was used, and brings the moment.

import { createHash } from 'node:crypto';
import type { BatchCall } from './batch';

/** So many units in any span of that many ms. */
export interface Quota {
  readonly most: number;
  readonly perMs: number;
}

/** What a service lets a project do, and each user of it. */
export interface Quotas {
  readonly project: readonly Quota[];
  readonly user: readonly Quota[];
}

/** What calls cost. The user is whoever Google charges: of a service account it is the account itself, unless calls say `quotaUser`. */
export interface Cost {
  readonly user: string;
  readonly units: number;
}

/** What was used: by what it counts for, the moment at which all of it is made up for, in ms since 1970 UTC. Empty at first. */
export type Used = ReadonlyMap<string, number>;

/**
 * The part of a quota that we use: half at once, and the other half evenly over its span. So no span of that length ever holds more than
 * the quota, wherever it begins (Google's window slides: https://developers.google.com/workspace/calendar/api/guides/quota).
 */
const PART = 0.5;

/**
 * What a call costs, in a batch as by itself, and again each time that it is sent. A PATCH counts as three:
 * https://developers.google.com/workspace/calendar/api/v3/reference/calendars/patch
 */
export function unitsOf(method: BatchCall['method']): number {
  return method === 'PATCH' ? 3 : 1;
}

/**
 * The first moment at which calls may go together, in ms since 1970 UTC: now, or later. Throws a RangeError for more than ever may go at
 * once; no batch costs that much.
 */
export function goesAt(used: Used, costs: readonly Cost[], quotas: Quotas, now: number): number {
  const moments = demandsOf(costs, quotas).map(({ key, quota, units }) => {
    if (units > quota.most * PART) throw new RangeError(`${units} units at once are more than the quota ever allows`);
    return madeUpAt(used, key, quota, now) + spanOf(units, quota) - quota.perMs;
  });
  return Math.ceil(Math.max(now, ...moments));
}

/** What was used once these calls went, too. */
export function use(used: Used, costs: readonly Cost[], quotas: Quotas, now: number): Used {
  const next = new Map([...used].filter(([, madeUp]) => madeUp > now));
  for (const { key, quota, units } of demandsOf(costs, quotas))
    next.set(key, madeUpAt(used, key, quota, now) + spanOf(units, quota));
  return next;
}

/**
 * How many calls of one user go into the next batch: half as many after one that came too fast, and one more after one that did not
 * (https://github.com/googleapis/google-api-ruby-client/issues/210).
 */
export function nextShare(share: number, tooFast: boolean, most: number): number {
  return tooFast ? Math.max(1, Math.floor(share / 2)) : Math.min(most, share + 1);
}

/** The longest of the waits of `slowDownMs` before their random part, in ms. */
const LONGEST_WAIT_MS = 64_000;

/**
 * The wait after so many answers in a row that asked to slow down, in ms: 1 s, twice as long each time, and up to a second more, unless
 * the answer asks for longer (https://developers.google.com/workspace/calendar/api/guides/quota). `random` is between 0 and 1.
 */
export function slowDownMs(failures: number, askedMs: number | undefined, random: number): number {
  const doubled = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** Math.max(0, failures - 1));
  return Math.max(askedMs ?? 0, Math.round(doubled + 1_000 * random));
}

/**
 * Whom a call counts for, where a service account makes it for a user: the parameter `quotaUser`, of 40 characters at the most. It says
 * nothing of the user to those who do not know the login.
 */
export function quotaUserOf(system: string, login: string): string {
  return createHash('sha256')
    .update(JSON.stringify([system, login]), 'utf8')
    .digest('hex')
    .slice(0, 32);
}

interface Demand {
  readonly key: string;
  readonly quota: Quota;
  readonly units: number;
}

function demandsOf(costs: readonly Cost[], quotas: Quotas): readonly Demand[] {
  const byUser = new Map<string, number>();
  for (const { user, units } of costs) byUser.set(user, (byUser.get(user) ?? 0) + units);
  const all = costs.reduce((sum, { units }) => sum + units, 0);
  return [
    ...quotas.project.map((quota) => ({ key: `project/${quota.perMs}`, quota, units: all })),
    ...[...byUser].flatMap(([user, units]) => quotas.user.map((quota) => ({ key: `user/${quota.perMs}/${user}`, quota, units }))),
  ];
}

/** How long it takes until so many units are made up for, in ms. */
function spanOf(units: number, { most, perMs }: Quota): number {
  return (units * perMs) / (most * PART);
}

/** A clock that was put back makes nobody wait for longer than the span of a quota. */
function madeUpAt(used: Used, key: string, { perMs }: Quota, now: number): number {
  return Math.min(Math.max(now, used.get(key) ?? 0), now + perMs);
}
