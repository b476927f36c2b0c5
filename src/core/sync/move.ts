// What becomes of a user's links when the user moves to another groupware. What is there already is adopted: it stood there before, or somebody
// carried it there. What is not is made from the CRM. Pure.
//
// Nothing is known of the new items before they are looked at. A link that looks for its item is `intended` for the cause `moved`, and has
// sent nothing yet.

import { isBusyId } from './busy';
import { entryId, looksComputed } from './entry-id';
import { emptied, newLink, type Link, type LinkCause } from './link';
import type { SyncRules } from './sides';

/** What becomes of a link. */
export type Fate =
  /** It is as it was: what it says is not about the item that is left behind. */
  | 'stays'
  /** It looks for its item at the new groupware, and makes it from the CRM where there is none. */
  | 'sought'
  /** Its row never was in the CRM. Should its item be seen again, there or back where it was, it is entered. */
  | 'waits'
  /** It is done with: what was about to be deleted is left as it is. */
  | 'gone'
  /** It is held as before, and somebody says how it ends. Its item is not made elsewhere. */
  | 'held'
  /** It is out of the window. It is looked for when it comes back. */
  | 'out';

/** Of what is held, by its cause: what is private, a series, or perhaps deleted in the CRM goes nowhere by itself. */
const HELD: Readonly<Partial<Record<LinkCause, Fate>>> = {
  private: 'held',
  series: 'held',
  'guard-here': 'held',
  'edited-there': 'held',
};

/** What becomes of a link. `hasRow` is whether the CRM has its row, which counts only for what was entered in the groupware. */
export function fateOf({ state, cause, origin, objid, remoteId, damage, remoteBase }: Link, hasRow: boolean): Fate {
  if (damage !== undefined) return 'stays';
  const isEntered = origin === 'crm' || (objid !== 0 && hasRow);
  switch (state) {
    case 'gone':
      return 'stays';
    case 'linked':
      // When somebody is busy, the former groupware told, and tells no more: then the rows of what is to come go.
      return isBusyId(remoteId) ? 'stays' : 'sought';
    case 'intended':
      return isEntered ? 'sought' : 'waits';
    case 'leaving':
      // A deletion that the CRM is told of counts, wherever the user is by then.
      if (cause === 'deleted-there') return 'stays';
      return cause === 'disconnected' ? 'sought' : 'gone';
    case 'held':
      return HELD[cause] ?? (isEntered || remoteBase !== undefined ? 'sought' : 'waits');
    case 'apart':
      return cause === 'window' ? 'out' : 'stays';
  }
}

/** A link after its user moved, and the one that takes its place, which has no id of a kind that a groupware gave. */
export interface Moved {
  readonly link: Link;
  readonly next?: Link;
}

/**
 * Makes a link forget its former item. `isTaken` tells of the ids that links have, or had. What somebody ordered about it stays where it was
 * about: both sides as they are.
 */
export function moved(
  link: Link,
  hasRow: boolean,
  rules: Pick<SyncRules, 'system' | 'user'>,
  isTaken: (id: string) => boolean,
): Moved {
  const fate = fateOf(link, hasRow);
  const forgotten: Link = { ...emptied(link), order: '', attempts: 0 };
  if (link.order === 'both' && fate !== 'stays')
    return { link: { ...forgotten, state: 'apart', cause: 'both', reason: 'both sides stay as they are' } };
  switch (fate) {
    case 'stays':
      return { link };
    case 'gone':
      return { link: { ...forgotten, state: 'gone' } };
    case 'held':
      return { link: forgotten };
    case 'waits':
      return { link: { ...forgotten, state: 'apart', cause: 'moved', reason: WAITS, objid: 0 } };
    case 'out':
      return { link: { ...forgotten, remoteId: '', version: '' } };
    case 'sought': {
      if (looksComputed(link.id)) return { link: sought(forgotten) };
      const next = linkOfRow(link, rules, isTaken);
      return { link: { ...forgotten, state: 'gone', cause: 'moved', reason: '' }, ...(next === undefined ? {} : { next }) };
    }
  }
}

const WAITS = 'it is not in the CRM, and its user moved to another groupware; it is entered where it is seen again';

function sought(link: Link): Link {
  return { ...link, state: 'intended', cause: 'moved', reason: '', origin: 'crm', remoteId: '', version: '' };
}

/** A link for the row that was entered for an item: of the first generation that was not there yet. */
function linkOfRow(
  { kind, type, objid }: Link,
  { system, user }: Pick<SyncRules, 'system' | 'user'>,
  isTaken: (id: string) => boolean,
): Link | undefined {
  if (objid === 0) return undefined;
  for (let generation = 0; ; generation += 1) {
    const id = entryId({ system, user, type, objid, generation });
    if (!isTaken(id)) return sought(newLink({ id, user, kind, type, objid, generation, origin: 'crm', state: 'intended' }));
  }
}
