// The end of a consent: it is revoked at the groupware, and forgotten here, whether or not that went well.

import { UserError } from '../../core/errors';
import { visible } from '../../core/visible';
import type { Context } from '../command';
import { givenAt, isAsking, MOST_TRIES, nameOf, type Agreeing, type ConsentParts } from './consent-parts';

/** How a consent ended. */
export interface EndOfConsent {
  /** What was done, as half a sentence; empty where there was no consent. */
  readonly words: string;
  /** What the user has to do by hand, where it could not be revoked. */
  readonly remedy?: string;
}

/** Ends what a user agreed to. Rejects with a DatabaseError of the ledger, or a UserError of the kind `later`. */
export async function endConsent(
  login: string,
  {
    parts,
    deadline,
    attemptDeadline,
  }: Pick<Context<unknown, Context['parts'] & ConsentParts>, 'parts' | 'deadline' | 'attemptDeadline'>,
): Promise<EndOfConsent> {
  const { groupwares, consents } = await parts.consenting(false);
  let trouble: string | undefined;
  let ended: Agreeing | undefined;
  for (let tries = 0; tries <= MOST_TRIES; tries += 1) {
    const seen = await consents.consent(login, deadline.signal);
    if (seen === undefined) return tries === 0 || ended === undefined ? { words: '' } : endOf(ended, trouble);
    const groupware = givenAt(seen, groupwares);
    ended = groupware;
    if (isAsking(groupware)) {
      const own = attemptDeadline();
      // Whoever was faster may have put another token there, which has to be revoked as well.
      trouble = await groupware.flow
        .revoke(seen, own)
        .then((found) => found?.reason)
        .finally(() => own.end());
    }
    if (await consents.forget(seen, deadline.signal)) return endOf(groupware, trouble);
  }
  throw new UserError('later', `others keep changing what ${nameOf(login)} agreed to`, 'run the same command again');
}

function endOf({ called, flow }: Agreeing, trouble: string | undefined): EndOfConsent {
  if (trouble === undefined) return { words: `what was agreed to at ${called} is revoked, and forgotten` };
  const words = `what was agreed to at ${called} is forgotten here, and could not be revoked: ${visible(trouble)}`;
  return { words, remedy: `let the user take it back by hand: ${flow?.takeBackPage ?? ''}` };
}
