// Where the turn of a user takes place: at the groupware that the configuration wants, or at the one that the user is about to leave.

import { NOWHERE } from '../../../core/sync/whereabouts';
import { visible } from '../../../core/visible';
import type { Grant } from '../../../ledger/links';
import type { Datum } from '../../command';
import { groupwareAt, type All } from '../named-groupwares';
import type { OpenGroupware } from './parts';

/** Where a turn takes place. */
export type Stay =
  /** `why`: what has to happen before the user moves; empty where nobody does. */
  | { readonly kind: 'at'; readonly groupware: OpenGroupware; readonly why: string }
  /** There is no turn anywhere: the user has to agree first. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** First the user moves; `from` is left out where the former one is configured no more, or the move had begun before. */
  | { readonly kind: 'moves'; readonly from?: OpenGroupware };

/** Where it takes place, of a user whom the configuration wants at a groupware. Rejects with a DatabaseError of the ledger. */
export async function stayOf(
  { user, state, groupware: kept }: Pick<Grant, 'user' | 'state' | 'groupware'>,
  wanted: OpenGroupware,
  all: All<OpenGroupware>,
  signal: AbortSignal,
): Promise<Stay> {
  if (kept === NOWHERE) return { kind: 'moves' };
  const from = groupwareAt(kept, wanted, all);
  if (from === wanted) return { kind: 'at', groupware: wanted, why: '' };
  const name = visible(user);
  const hasAgreed = wanted.hasAgreed === undefined || (await wanted.hasAgreed(user, signal));
  // Agreeing is what moves: until then everything goes on where it is.
  if (!hasAgreed) {
    const connect = `publish-activity connect ${name}`;
    if (from === undefined) return { kind: 'refused', reason: `${name} has not agreed yet; ${connect} asks for it` };
    const why = `it moves to ${wanted.called} as soon as ${name} agrees there: ${connect}`;
    return { kind: 'at', groupware: from, why };
  }
  if (from === undefined) return { kind: 'moves' };
  const resolve = `publish-activity resolve ${name} --as crm`;
  if (state === 'adopting')
    return { kind: 'at', groupware: from, why: `it moves to ${wanted.called} once it is resolved: ${resolve}` };
  return { kind: 'moves', from };
}

/** That a user moves, as it is told. */
export function moveDatum(user: string, from: OpenGroupware | undefined, to: OpenGroupware): Datum {
  const text = `${visible(user)}: moves ${from === undefined ? '' : `from ${from.called} `}to ${to.called}`;
  return { text, json: { format: 1, kind: 'move', user, from: from?.called ?? null, to: to.called } };
}
