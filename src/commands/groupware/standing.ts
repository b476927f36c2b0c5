// How entries in step stand: by user, in sums, and what of it waits for a person. What `status`, `doctor` and alerts tell of.

import { leastFailingMs } from '../../core/backoff';
import { LINK_STATES, type LinkState } from '../../core/sync/link';
import { visible } from '../../core/visible';
import type { Grant, LinkCount, Links } from '../../ledger/links';
import { consentDatum } from './consent-list';
import type { Consenting } from './consent-parts';
import { askedOfGrants, readConsents, type ConsentState, type UserConsent } from './consent-standing';
import { groupwareAt } from './named-groupwares';
import { counted, momentJson, momentWords, spanWords } from '../looking/ledger-words';

/** How a user's entries stand. */
export interface UserStanding {
  readonly grant: Grant;
  /** What texts call the groupware at which the entries are; left out where there is only one, or nobody knows. */
  readonly at?: string;
  readonly counts: Readonly<Partial<Record<LinkState, number>>>;
}

/** How everything stands. */
export interface Standing {
  readonly users: readonly UserStanding[];
  /** How many entries are held because too many were missing at once, and of how many users. */
  readonly guarded: { readonly entries: number; readonly users: number };
  /** How many values ever gave way to the other side. */
  readonly conflicts: number;
  /** The consents of those who have turns, and of whoever else agreed; none where nobody has to agree. */
  readonly consents: readonly UserConsent[];
}

/** Reads how everything stands. Rejects with a DatabaseError of the ledger. */
export async function readStanding(links: Links, signal: AbortSignal, consenting?: Consenting): Promise<Standing> {
  const [grants, counts, held, conflicts] = await Promise.all([
    links.grants(signal),
    links.counts(signal),
    links.heldCounts(signal),
    links.conflictCount(signal),
  ]);
  const asked = consenting === undefined ? [] : askedOfGrants(grants.filter(hasTurns), consenting);
  const consents = consenting === undefined ? [] : await readConsents(consenting, asked, signal);
  const byUser = new Map<string, LinkCount[]>();
  for (const count of counts) byUser.set(count.user, [...(byUser.get(count.user) ?? []), count]);
  const guarded = held.filter(({ cause }) => cause === 'guard-there' || cause === 'guard-here');
  return {
    users: grants.map((grant) => ({
      ...{ grant, counts: countsOf(byUser.get(grant.user) ?? []) },
      ...(consenting === undefined ? {} : whereOf(grant, consenting)),
    })),
    guarded: {
      entries: guarded.reduce((sum, { count }) => sum + count, 0),
      users: new Set(guarded.map(({ user }) => user)).size,
    },
    conflicts,
    consents,
  };
}

function whereOf({ groupware: kept }: Grant, { groupwares }: Consenting): Pick<UserStanding, 'at'> {
  const known = kept === '' || groupwares.length < 2 ? undefined : groupwareAt(kept, groupwares[0], groupwares);
  return known === undefined ? {} : { at: known.called };
}

/** Those whose consent does not do, or who have not agreed. */
export function badConsents({ consents }: Pick<Standing, 'consents'>): readonly UserConsent[] {
  return consents.filter(({ state }) => state !== 'given');
}

/** How many consents stand how. */
export function consentCounts({ consents }: Pick<Standing, 'consents'>): Readonly<Record<ConsentState, number>> {
  const many = (state: ConsentState) => consents.filter((consent) => consent.state === state).length;
  return {
    ...{ given: many('given'), missing: many('missing'), parked: many('parked') },
    ...{ scopes: many('scopes'), sealed: many('sealed') },
  };
}

/** Those who agreed once and have to agree anew. */
export function lostConsents(standing: Pick<Standing, 'consents'>): readonly UserConsent[] {
  return badConsents(standing).filter(({ state }) => state !== 'missing');
}

function countsOf(counts: readonly LinkCount[]): UserStanding['counts'] {
  return Object.fromEntries(counts.map(({ state, count }) => [state, count] as const));
}

/** How many entries of all users are in each state. */
export function entryCounts({ users }: Standing): Readonly<Record<LinkState, number>> {
  const sum = (state: LinkState) => users.reduce((before, { counts }) => before + (counts[state] ?? 0), 0);
  return Object.fromEntries(LINK_STATES.map((state) => [state, sum(state)])) as Record<LinkState, number>;
}

/** The states of users, and how many are in each. */
export function userCounts({ users }: Standing): Readonly<Record<Grant['state'], number>> {
  const many = (state: Grant['state']) => users.filter(({ grant }) => grant.state === state).length;
  return {
    new: many('new'),
    active: many('active'),
    parked: many('parked'),
    adopting: many('adopting'),
    disconnected: many('disconnected'),
  };
}

function hasTurns({ state }: Grant): boolean {
  return state !== 'parked' && state !== 'disconnected';
}

/** Of those that nobody works on, the user whose turn has been due for longest at `now` (ms since 1970 UTC), and since when; `undefined` for none. */
export function longestWaiting({ users }: Standing, now: number): Pick<Grant, 'user' | 'dueAt'> | undefined {
  const waiting = users
    .map(({ grant }) => grant)
    .filter((grant) => hasTurns(grant) && grant.dueAt <= now && grant.leaseUntil <= now);
  return waiting.sort((one, other) => one.dueAt - other.dueAt)[0];
}

/** When the newest turn ended well, in ms since 1970 UTC; 0 where none ever did. */
export function lastTurnAt({ users }: Standing): number {
  return Math.max(0, ...users.map(({ grant }) => grant.syncedAt));
}

/** The moment, how long turns may fail untold, and after what time a user has the next turn (`groupware.every`), in ms. */
export interface Patience {
  readonly now: number;
  readonly after: number;
  readonly every: number;
}

/**
 * The users whose turns have failed for at least so long, and for how long they do, in ms; the longest first. Of those who have to agree
 * everybody knows why.
 */
export function failingUsers(
  standing: Standing,
  { now, after, every }: Patience,
): readonly { readonly user: string; readonly ms: number }[] {
  const bad = new Set(badConsents(standing).map(({ user }) => user));
  return standing.users
    .filter(({ grant }) => grant.failures > 0 && hasTurns(grant) && !bad.has(grant.user))
    .map(({ grant }) => ({ user: grant.user, ms: failingMs(grant, now, every) }))
    .filter(({ ms }) => ms >= after)
    .sort((one, other) => other.ms - one.ms);
}

/** Of a user who never had a turn that ended well, nobody knows since when; a moment later than `now` was kept by a clock that was wrong. */
function failingMs({ syncedAt, failures }: Grant, now: number, every: number): number {
  return syncedAt === 0 || syncedAt > now ? leastFailingMs(failures) : now - syncedAt - every;
}

/** A line for each user, at `now` (ms since 1970 UTC); none where nobody is kept in step. */
export function standingLines(standing: Standing, now: number): readonly string[] {
  const consents = badConsents(standing).map(({ user, why }) => `consent of ${visible(user)}: ${visible(why)}`);
  return [...standing.users.map((user) => userLine(user, now)), ...consents];
}

/** How a user's entries stand, in a line, at `now` (ms since 1970 UTC). */
export function userLine({ grant, counts, at }: UserStanding, now: number): string {
  const { user, state, reason, syncedAt, failures } = grant;
  const { linked = 0, held = 0, intended = 0, leaving = 0 } = counts;
  const words = [
    `${counted(linked, 'entry', 'entries')} in step${at === undefined ? '' : ` at ${at}`}`,
    ...(intended + leaving > 0 ? [`${intended + leaving} on the way`] : []),
    ...(held > 0 ? [`${held} held`] : []),
    syncedAt > 0 ? `last turn ${momentWords(syncedAt, now)}` : state === 'new' ? 'no turn yet' : 'first fill under way',
    ...(state === 'active' || state === 'new' ? [] : [state]),
    ...(failures > 0 ? [counted(failures, 'turn failed', 'turns failed')] : []),
  ];
  return `groupware of ${visible(user)}: ${words.join(', ')}${reason === '' ? '' : `: ${visible(reason)}`}`;
}

/** All of it for machines. */
export function standingJson(standing: Standing, now: number): Readonly<Record<string, unknown>> {
  const waiting = longestWaiting(standing, now);
  const last = lastTurnAt(standing);
  const seconds = (since: number) => Math.max(0, Math.round((now - since) / 1_000));
  return {
    users: standing.users.map(userJson),
    usersByState: userCounts(standing),
    entries: entryCounts(standing),
    guarded: standing.guarded.entries,
    conflicts: standing.conflicts,
    ...(standing.consents.length === 0 ? {} : { consents: standing.consents.map((consent) => consentDatum(consent, now).json) }),
    oldestWait:
      waiting === undefined ? null : { user: waiting.user, since: momentJson(waiting.dueAt), seconds: seconds(waiting.dueAt) },
    lastTurn: last === 0 ? null : { at: momentJson(last), seconds: seconds(last) },
  };
}

/** The same for machines. */
export function userJson({ grant, counts, at }: UserStanding): Readonly<Record<string, unknown>> {
  const { user, state, reason, dueAt, syncedAt, failures } = grant;
  return {
    user,
    state,
    reason,
    failures,
    dueAt: momentJson(dueAt),
    syncedAt: momentJson(syncedAt),
    entries: counts,
    ...(at === undefined ? {} : { groupware: at }),
  };
}

/** What waits for a person; empty where nothing does. */
export function standingConcern(standing: Standing): string {
  const { held } = entryCounts(standing);
  const { adopting } = userCounts(standing);
  const lost = lostConsents(standing).length;
  const missing = badConsents(standing).length - lost;
  return [
    ...(held > 0 ? [`${counted(held, 'entry is', 'entries are')} held`] : []),
    ...(adopting > 0 ? [`${counted(adopting, 'user waits', 'users wait')} to be resolved`] : []),
    ...(lost > 0 ? [`${counted(lost, 'user has', 'users have')} to agree anew`] : []),
    ...(missing > 0 ? [`${counted(missing, 'user has', 'users have')} not agreed`] : []),
  ].join(', ');
}

/** Whose turns have failed for too long; empty where nobody's have. */
export function failingConcern(standing: Standing, patience: Patience): string {
  const failing = failingUsers(standing, patience);
  const [longest] = failing;
  if (longest === undefined) return '';
  return `the turns of ${counted(failing.length, 'user', 'users')} have failed for up to ${spanWords(longest.ms)}`;
}
