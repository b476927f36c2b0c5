// What is held and can go on by itself: what it was held for is over, and nothing was done meanwhile. A disk that was not there for five
// minutes would otherwise have to be resolved entry by entry. Pure.

import { changedFields } from './entry';
import type { Link } from './link';
import type { Here, There } from './sides';

/** The link as it goes on; nothing where it is still held. */
export function released(link: Link, here: Here, there: There): Link | undefined {
  if (link.damage !== undefined || !isOver(link, here, there)) return undefined;
  const free: Link = { ...link, state: 'linked', cause: '', reason: '', sent: undefined };
  if (link.cause !== 'refused' || link.remoteBase !== undefined) return free;
  // It was never made: what it says now is made, or nothing where it is gone.
  if (link.origin === 'crm') return { ...free, state: 'intended', ...(here.kind === 'present' && { sent: here.entry }) };
  const objid = there.kind === 'present' ? 0 : link.objid;
  return { ...free, state: 'intended', crmBase: undefined, objid, ...(there.kind === 'present' && { sent: there.entry }) };
}

function isOver({ cause, sent }: Link, here: Here, there: There): boolean {
  const [isHere, isThere] = [here.kind === 'present', there.kind === 'present'];
  switch (cause) {
    case 'guard-there':
    case 'series':
    case 'merged':
      return isThere;
    case 'guard-here':
    case 'edited-there':
      return isHere;
    // Their baselines are empty: only where both are there can they be compared.
    case 'private':
    case 'found':
      return isHere && isThere;
    case 'refused':
      return sent !== undefined && saysNot(sent, here) && saysNot(sent, there);
    default:
      return false;
  }
}

/** Whether a side certainly does not say any more what was refused. */
function saysNot(refused: NonNullable<Link['sent']>, side: Here | There): boolean {
  return side.kind === 'absent' || (side.kind === 'present' && changedFields(side.entry, refused).length > 0);
}
