// The part of the check of a groupware that is about requests with calls of several users: whether each is answered with what is this user's own.
// Nothing of the configuration is changed by it, and nothing of the answers is told.

import type { CrmUser } from '../../../clarify/entries';
import type { Deadline } from '../../../core/deadline';
import { visible } from '../../../core/visible';
import type { SharedTried } from '../../../groupware/groupware';
import { fail, ok, skip, warn, type Finding } from './check';
import type { ExaminedOne } from './site';

/** Tries it, where it can be tried, and says whether what is configured does. */
export async function sharedFindings(
  users: readonly CrmUser[],
  { called, shared }: ExaminedOne,
  deadline: Deadline,
): Promise<readonly Finding[]> {
  if (shared === undefined) return [];
  const { on, off, areMade } = shared;
  const calls = 'calls of several users in one request';
  if (users.length < 2) return [skip(`${called}: how it answers ${calls} can be tried once two users are let in`)];
  const tried = await shared.try(users, deadline);
  switch (tried.kind) {
    case 'right': {
      const words = `${called}: it answers ${calls} rightly, each user with what is the user’s own; tried with two`;
      return [ok(areMade ? words : `${words}, so ${on} can be set`)];
    }
    case 'mixed': {
      const words = `${called}: danger: of ${calls}, it answered one with what is not that user’s own; nothing of it was kept`;
      return [areMade ? fail('configuration', words, `set ${off} at once, on every host`) : warn(words, `leave it at ${off}`)];
    }
    case 'wrong': {
      const words = `${called}: it does not answer ${calls}: ${visible(tried.reason)}`;
      return [areMade ? fail('configuration', words, `set ${off}`) : ok(`${words}; with ${off} none are made`)];
    }
    default: {
      const words = `${called}: nobody can tell how it answers ${calls}: ${whyUntold(tried)}`;
      return [areMade ? fail('later', words, `try again; as long as nobody can tell, set ${off}`) : skip(words)];
    }
  }
}

function whyUntold(tried: Extract<SharedTried, { readonly kind: 'alike' | 'untold' }>): string {
  return tried.kind === 'untold' ? visible(tried.reason) : `the ${tried.users} that were asked are answered alike, one by one`;
}
