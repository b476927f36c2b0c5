// A user's turn for something else than keeping in step: nobody changes what is known of the user meanwhile.

import type { Deadline } from '../../core/deadline';
import { UserError } from '../../core/errors';
import { visibleStart } from '../../core/visible';
import type { Grant, Links, TurnEnd } from '../../ledger/links';
import type { Context } from '../command';
import { momentWords } from '../looking/ledger-words';
import { leaseOf } from '../outbox/deliver';

/** The grant of a user, in lower case; nothing where the user was never kept in step. */
export async function grantOf(links: Links, login: string, signal: AbortSignal): Promise<Grant | undefined> {
  return (await links.grants(signal)).find(({ user }) => user === login);
}

/**
 * Takes a user's turn, does something in the time of one attempt, and ends the turn: as it was, or as `end` says once it is done. Throws a
 * UserError of the kind `later` where a run is at the user.
 */
export async function inTurn<T>(
  links: Links,
  grant: Grant,
  { parts, attemptDeadline }: Pick<Context<unknown>, 'parts' | 'attemptDeadline'>,
  work: (deadline: Deadline) => Promise<T>,
  end: Partial<TurnEnd> = {},
): Promise<T> {
  const deadline = attemptDeadline();
  let isDone = false;
  try {
    if (!(await links.takeTurn(grant, leaseOf(parts, deadline), deadline.signal))) throw taken(grant, parts.now());
    try {
      const made = await work(deadline);
      isDone = true;
      return made;
    } finally {
      await links.endTurn(grant.user, parts.owner, isDone ? { ...grant, ...end } : grant, deadline.signal);
    }
  } finally {
    deadline.end();
  }
}

function taken({ user, leaseUntil }: Grant, now: number): UserError {
  const until = leaseUntil > now ? `, until ${momentWords(leaseUntil, now)} at the latest` : '';
  return new UserError(
    'later',
    `a run is at ${visibleStart(user, 60)} at this moment${until}`,
    'run the same command again then',
  );
}
