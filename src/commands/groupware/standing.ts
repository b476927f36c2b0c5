// How entries in step stand, as `status` tells it: by user, and what waits for a person.

import type { LinkState } from '../../core/sync/link';
import { visible } from '../../core/visible';
import type { Grant, LinkCount, Links } from '../../ledger/links';
import { counted, momentJson, momentWords } from '../looking/ledger-words';

/** How a user's entries stand. */
export interface UserStanding {
  readonly grant: Grant;
  readonly counts: Readonly<Partial<Record<LinkState, number>>>;
}

/** Reads how all users stand. Rejects with a DatabaseError of the ledger. */
export async function readStandings(links: Links, signal: AbortSignal): Promise<readonly UserStanding[]> {
  const [grants, counts] = await Promise.all([links.grants(signal), links.counts(signal)]);
  const byUser = new Map<string, LinkCount[]>();
  for (const count of counts) byUser.set(count.user, [...(byUser.get(count.user) ?? []), count]);
  return grants.map((grant) => ({ grant, counts: countsOf(byUser.get(grant.user) ?? []) }));
}

function countsOf(counts: readonly LinkCount[]): UserStanding['counts'] {
  return Object.fromEntries(counts.map(({ state, count }) => [state, count] as const));
}

/** A line for each user, at `now` (ms since 1970 UTC); none where nobody is kept in step. */
export function standingLines(standings: readonly UserStanding[], now: number): readonly string[] {
  return standings.map(({ grant, counts }) => {
    const { user, state, reason, syncedAt, failures } = grant;
    const { linked = 0, held = 0, intended = 0, leaving = 0 } = counts;
    const words = [
      `${counted(linked, 'entry', 'entries')} in step`,
      ...(intended + leaving > 0 ? [`${intended + leaving} on the way`] : []),
      ...(held > 0 ? [`${held} held`] : []),
      syncedAt > 0 ? `last turn ${momentWords(syncedAt, now)}` : state === 'new' ? 'no turn yet' : 'first fill under way',
      ...(state === 'active' || state === 'new' ? [] : [state]),
      ...(failures > 0 ? [counted(failures, 'turn failed', 'turns failed')] : []),
    ];
    return `groupware of ${visible(user)}: ${words.join(', ')}${reason === '' ? '' : `: ${visible(reason)}`}`;
  });
}

/** The users for machines. */
export function standingJson({ grant, counts }: UserStanding): Readonly<Record<string, unknown>> {
  const { user, state, reason, dueAt, syncedAt, failures } = grant;
  return { user, state, reason, failures, dueAt: momentJson(dueAt), syncedAt: momentJson(syncedAt), entries: counts };
}

/** What waits for a person; empty where nothing does. */
export function standingConcern(standings: readonly UserStanding[]): string {
  const held = standings.reduce((sum, { counts }) => sum + (counts.held ?? 0), 0);
  const adopting = standings.filter(({ grant }) => grant.state === 'adopting').length;
  return [
    ...(held > 0 ? [`${counted(held, 'entry is', 'entries are')} held`] : []),
    ...(adopting > 0 ? [`${counted(adopting, 'user waits', 'users wait')} to be resolved`] : []),
  ].join(', ');
}
