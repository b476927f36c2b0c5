// What Google says about a place when it is only asked. Whether one can be made it says nowhere, and to make one on trial could be seen by
// people; and so with tasks and contacts, of which it never says what somebody may do.

import type { Deadline } from '../../../core/deadline';
import { clockIn } from '../../../core/server-clock';
import type { Inspected, Unwritable } from '../../groupware';
import type { Asker } from './items';
import type { Place } from './place';

/** Whose login it is that asks, and the time of this machine, in ms since 1970 UTC. */
export interface InspectParts {
  readonly login: NonNullable<Inspected['login']>;
  readonly now: () => number;
}

/** Looks at a place. */
export async function inspectPlace(
  { find, mayWrite }: Pick<Place, 'find' | 'mayWrite'>,
  { client, user }: Asker,
  { login, now }: InspectParts,
  deadline: Deadline,
): Promise<Inspected | Unwritable> {
  let clock: Pick<Inspected, 'aheadMs'> = {};
  const asker: Asker = {
    user,
    client: {
      call: async (whose, call, until) => {
        const before = now();
        // By itself: what travels in a batch has no time of its own.
        const called = await client.call(whose, { ...call, alone: true }, until);
        if (called.kind === 'answer') clock = clockIn(called.headers, (before + now()) / 2);
        return called;
      },
    },
  };
  const found = await find(asker, deadline);
  if (found.kind !== 'place' && found.kind !== 'absent') return found;
  const known = { kind: 'inspected', login, tellsChanges: true } as const;
  if (found.kind === 'absent') return { ...known, isThere: false, ...clock };
  const told = await mayWrite?.(asker, deadline);
  if (told !== undefined && told !== 'said') return told;
  return { ...known, isThere: true, ...(told === undefined ? {} : { writable: told }), ...clock };
}
