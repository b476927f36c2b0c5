// Which activities a site leaves out though they are not internal.

import type { Activity } from '../core/activity';

/** What a site leaves out. */
export interface LeftOut {
  /** Whether solutions that are not public are left out. */
  readonly publicSolutionsOnly: boolean;
  /** Logins whose doings are left out, in lower case. */
  readonly ignoreUsers: readonly string[];
}

/** Why an activity is left out; `undefined` where it is not. */
export function whyLeftOut(
  { objectType, fields, entry }: Activity,
  { publicSolutionsOnly, ignoreUsers }: LeftOut,
): string | undefined {
  if (publicSolutionsOnly && objectType === 'solution' && Number(fields['public']) !== 1)
    return `solution ${fields['id'] ?? ''} is not public, and clarify.publicSolutionsOnly is set`;
  const login = entry?.actorLogin.toLowerCase();
  return login !== undefined && ignoreUsers.includes(login) ? `${login} is among clarify.ignoreUsers` : undefined;
}
