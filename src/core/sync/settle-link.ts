// What an outcome makes of a link. Baselines move only for what both sides agree on now: whatever is left out of them is done again. Pure.

import type { Decision, RemoteAct } from './decide';
import { changedFields, withFields, type Entry, type EntryField } from './entry';
import { emptied, type Link } from './link';
import { asEntered, type PresentHere, type There } from './sides';

/** A side as it answered. */
export interface Answered {
  readonly entry: Entry;
  /** The objid, or what the groupware calls it, and the version there. */
  readonly id: string;
  readonly version: string;
}

/**
 * After a step in the CRM was done: what the CRM has now, and what the groupware had when it was decided. A field in which the groupware
 * still differs is settled when it has it.
 */
export function afterCrm(
  link: Link,
  { crm: act }: Pick<Decision, 'crm'>,
  crm: Pick<PresentHere, 'entry' | 'writable'> | undefined,
  remote: Entry | undefined,
): Link {
  if (act === undefined) return link;
  if (act.do === 'delete') return gone(link);
  if (crm === undefined) return link;
  if (act.do === 'insert')
    return free({ ...link, state: 'linked', crmBase: asEntered(link.crmBase, crm), remoteBase: link.sent, sent: undefined });
  const settled = act.change.fields.filter((field) => !act.open.includes(field));
  return free(moved(link, settled, crm.entry, remote));
}

/** After a step in the groupware was done: what the groupware answered, and what the CRM had when it was decided. */
export function afterRemote(link: Link, act: RemoteAct, crm: Entry | undefined, remote: Answered | undefined): Link {
  if (act.do === 'delete') return gone(link);
  if (remote === undefined) return link;
  const { id: remoteId, version, entry } = remote;
  if (act.do === 'create')
    return free({ ...link, state: 'linked', remoteId, version, crmBase: act.entry, remoteBase: entry, sent: undefined });
  return free({ ...moved(link, act.change.fields, crm, entry), version });
}

/** After the groupware said that the id is one that was deleted: the next turn takes another one. */
export function afterBurnt(link: Link): Link {
  return gone(link);
}

/** After a step that can never be done as it is: as the side that wanted it has it now, which it waits to be changed on. */
export function afterRefusal(link: Link, reason: string, wanted: Entry | undefined): Link {
  return { ...link, state: 'held', cause: 'refused', reason, sent: link.sent ?? wanted, attempts: link.attempts + 1 };
}

/** After a step of which nobody knows whether it was done, or that has to be done again later. */
export function afterTrouble(link: Link): Link {
  return { ...link, attempts: link.attempts + 1 };
}

/**
 * The link with what was seen in the groupware, unless it says the same already: a listing of changes tells it once, and whatever could not
 * be done about it now has to be known later.
 */
export function withSeen(link: Link, there: There): Link {
  const isOver = link.state === 'gone' || (link.state === 'apart' && link.cause !== 'window');
  if (isOver || link.remoteId === '') return { ...link, pending: undefined };
  if (there.kind === 'absent') return { ...link, pending: { kind: 'absent' } };
  if (there.kind !== 'present') return link;
  const { entry, version } = there;
  const { remoteBase } = link;
  const isKnown = remoteBase !== undefined && link.version === version && changedFields(entry, remoteBase).length === 0;
  return { ...link, pending: isKnown ? undefined : { kind: 'entry', entry, version } };
}

function moved(link: Link, fields: readonly EntryField[], crm: Entry | undefined, remote: Entry | undefined): Link {
  const { crmBase, remoteBase } = link;
  return {
    ...link,
    crmBase: crmBase === undefined || crm === undefined ? crmBase : withFields(crmBase, crm, fields),
    remoteBase: remoteBase === undefined || remote === undefined ? remoteBase : withFields(remoteBase, remote, fields),
  };
}

function free(link: Link): Link {
  return { ...link, attempts: 0, reason: '' };
}

function gone(link: Link): Link {
  return emptied({ ...link, state: 'gone' });
}
