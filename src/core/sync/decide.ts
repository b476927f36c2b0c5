// What is to be done about one link: a table of what both sides are, with a reason for every row. Pure.

import { asKnown } from './all-day';
import { changedFields, withFields, type Entry, type EntryField } from './entry';
import { entryId } from './entry-id';
import { emptied, isSought, newLink, type Link, type LinkCause } from './link';
import { asCrmTells, asKept, lostOf, merge, type FieldChange, type LostValue, type Merge } from './merge';
import { released } from './release';
import { asEntered, type Here, type PresentHere, type PresentThere, type SyncRules, type There } from './sides';

/** What is to be done. The link is kept as it is here before anything is done; the CRM's step comes before the groupware's. */
export interface Decision {
  readonly link: Link;
  /** Why, in words. */
  readonly why: string;
  readonly crm?: CrmAct;
  readonly remote?: RemoteAct;
  /** The link that takes its place: a deleted id never comes back. */
  readonly next?: Link;
  readonly lost: readonly LostValue[];
  /** Fields that wait until writing into the CRM is switched on. */
  readonly waits: readonly EntryField[];
}

/** A step in the CRM. */
export type CrmAct =
  /** `open` are the fields in which the groupware still differs after it, whether it is about to get them or not: they stay unsettled. */
  | { readonly do: 'update'; readonly change: FieldChange; readonly open: readonly EntryField[] }
  | { readonly do: 'insert'; readonly entry: Entry }
  | { readonly do: 'delete' };

/** A step in the groupware. */
export type RemoteAct =
  | { readonly do: 'create'; readonly entry: Entry }
  | { readonly do: 'update'; readonly change: FieldChange; readonly version: string }
  | { readonly do: 'delete'; readonly version: string };

/** What both sides are. */
export interface Sides {
  readonly here: Here;
  readonly there: There;
}

/** Decides about a link. `guarded` are the sides on which too much is missing at once. */
export function decide(link: Link, sides: Sides, rules: SyncRules, guarded: readonly ('here' | 'there')[] = []): Decision {
  const { here, there } = sides;
  const isMissed = link.state === 'linked' && here.kind === 'present' && here.owner === rules.user && here.isInWindow;
  // Where too much is missing, nothing else follows from it.
  if (there.kind === 'absent' && guarded.includes('there') && !isMissed)
    return decide(link, { here, there: { kind: 'unknown', words: '' } }, rules, guarded);
  if (link.state === 'gone') return nothing(link, 'it is gone on both sides');
  if (there.kind === 'private') return isPrivate(link, here);
  if (there.kind === 'merged') return isMerged(link, here, rules, guarded);
  if (link.state === 'held') return link.order === '' ? held(link, sides, rules, guarded) : ordered(link, sides, rules);
  if (link.state === 'apart') return apart(link, sides, rules, guarded);
  if (link.state === 'intended') return intended(link, sides, rules, guarded);
  if (link.state === 'leaving') return leaving(link, sides, rules);
  if (there.kind === 'series') return hold(link, 'series', 'somebody made a series of it, and the CRM has none');
  if (there.kind === 'foreign') return part(link, 'both', 'it is another person’s now');
  if (here.kind === 'unknown') return nothing(link, 'the CRM did not tell');
  if (there.kind === 'unknown') return nothing(link, there.words === '' ? 'the groupware did not tell' : there.words);
  if (here.kind === 'absent') return missingHere(link, there, rules, guarded);
  // Where nothing is known any more, the groupware's own entry tells what is a matter of days.
  const entry = asKnown(here.entry, link.remoteBase ?? (there.kind === 'present' ? there.entry : undefined));
  const known = { ...here, entry };
  if (here.owner !== rules.user) return movedAway(link, known, there, rules);
  if (!here.isInWindow) return part(link, 'window', 'it is out of the window');
  if (there.kind === 'absent') return missingThere(link, known, rules, guarded);
  return both(link, known, there, rules);
}

/** Its item is another link's as well by now: it has none of its own, which nobody deleted. */
function isMerged(link: Link, here: Here, rules: SyncRules, guarded: readonly ('here' | 'there')[]): Decision {
  if (link.state === 'linked' || (link.state === 'intended' && link.origin === 'crm'))
    return hold({ ...link, sent: undefined }, 'merged', 'somebody merged it with another entry in the groupware');
  return decide(link, { here, there: { kind: 'absent' } }, rules, guarded);
}

/** Both sides have it. */
function both(link: Link, here: PresentHere, there: PresentThere, rules: SyncRules): Decision {
  const { crmBase, remoteBase } = link;
  const fields = fieldsOf(link, here, rules);
  if (crmBase === undefined || remoteBase === undefined) {
    const differs = changedFields(here.entry, asCrmTells(there.entry, here.entry, rules.timeZone), fields).length > 0;
    if (differs) return hold({ ...link, remoteId: there.id }, 'found', FOUND);
    return nothing(linked(link, here.entry, there), 'both sides are the same');
  }
  const merged = merge(
    { crm: here.entry, remote: there.entry, crmBase, remoteBase },
    { fields, writable: here.writable, isPast: here.isPast, mayWrite: rules.mayWrite, timeZone: rules.timeZone },
  );
  const seen = rebased({ ...link, remoteId: there.id, version: there.version }, merged.agreed, here.entry, there.entry);
  return steps(seen, merged, there);
}

function steps(link: Link, merged: Merge, there: PresentThere): Decision {
  const { toCrm, toRemote, lost, waits } = merged;
  const words = [
    ...(toCrm.fields.length > 0 ? [`${toCrm.fields.join(', ')} changed in the groupware`] : []),
    ...(toRemote.fields.length > 0 ? [`${toRemote.fields.join(', ')} to be as in the CRM`] : []),
    ...(waits.length > 0 ? [`${waits.join(', ')} changed in the groupware, and nothing is written into the CRM`] : []),
  ];
  return {
    // What came to nothing before is forgotten when there is nothing to do any more.
    link: words.length === 0 ? { ...link, attempts: 0 } : link,
    why: words.length === 0 ? 'both sides agree' : words.join('; '),
    ...(toCrm.fields.length > 0 && { crm: { do: 'update', change: toCrm, open: toRemote.fields } }),
    ...(toRemote.fields.length > 0 && { remote: { do: 'update', change: toRemote, version: there.version } }),
    lost,
    waits,
  };
}

/** It is not in the groupware any more. */
function missingThere(link: Link, here: PresentHere, rules: SyncRules, guarded: readonly string[]): Decision {
  if (guarded.includes('there')) return hold(link, 'guard-there', 'too many entries are missing in the groupware at once');
  if (here.isPast) return part(link, 'past', 'it is over, and was deleted in the groupware; the CRM keeps it');
  const { crmBase } = link;
  const edited = crmBase === undefined || changedFields(here.entry, crmBase, here.fields).length > 0;
  if (edited) return again(link, here.entry, rules, 'it was deleted in the groupware and changed in the CRM: the change counts');
  const ours = link.origin === 'groupware' && rules.deletes !== 'none';
  const mayGo = rules.mayWrite && (ours || (rules.deletes === 'appointments' && link.type === 'appointment'));
  if (!mayGo) return part(link, 'deleted-there', 'it was deleted in the groupware; the CRM keeps it');
  const told: Link = { ...link, state: 'leaving', cause: 'deleted-there' };
  return { ...nothing(told, 'it was deleted in the groupware'), crm: { do: 'delete' } };
}

/** Its row is not in the CRM any more. */
function missingHere(
  link: Link,
  there: PresentThere | { readonly kind: 'absent' },
  rules: SyncRules,
  guarded: readonly string[],
): Decision {
  if (there.kind === 'absent') return nothing(emptied({ ...link, state: 'gone', cause: '' }), 'it was deleted on both sides');
  if (guarded.includes('here')) return hold(link, 'guard-here', 'too many rows are missing in the CRM at once');
  if (link.remoteBase === undefined) return hold(link, 'edited-there', UNSURE);
  if (isEdited(link, there)) return reborn(link, there, rules);
  const told: Link = { ...link, state: 'leaving', cause: 'deleted-here', version: there.version };
  return { ...nothing(told, 'it was deleted in the CRM'), remote: { do: 'delete', version: there.version } };
}

/** The CRM lost the row, and somebody changed it in the groupware: the change counts. */
function reborn(link: Link, there: PresentThere, rules: SyncRules): Decision {
  const isOurs = rules.mayWrite && rules.creates[link.kind] === link.type;
  if (!isOurs) return hold(link, 'edited-there', 'it was deleted in the CRM and changed in the groupware');
  const fresh: Link = {
    ...link,
    state: 'intended',
    cause: '',
    origin: 'groupware',
    objid: 0,
    crmBase: undefined,
    sent: there.entry,
    version: there.version,
  };
  const why = 'it was deleted in the CRM and changed in the groupware: the change counts';
  return { ...nothing(fresh, why), crm: { do: 'insert', entry: there.entry } };
}

/** The row belongs to somebody else now, who gets an entry of his own. What was changed there goes into the CRM first. */
function movedAway(link: Link, here: PresentHere, there: PresentThere | { readonly kind: 'absent' }, rules: SyncRules): Decision {
  if (there.kind === 'absent') return nothing(emptied({ ...link, state: 'gone', cause: 'owner' }), 'it belongs to somebody else');
  const told: Link = { ...link, state: 'leaving', cause: 'owner', remoteId: there.id, version: there.version };
  const { crmBase, remoteBase } = link;
  const fields = fieldsOf(link, here, rules);
  if (crmBase === undefined || remoteBase === undefined) {
    if (changedFields(here.entry, there.entry, fields).length > 0)
      return hold({ ...link, remoteId: there.id }, 'found', `it belongs to somebody else; ${FOUND}`);
    return deleting(told, there, 'it belongs to somebody else');
  }
  const { mayWrite, timeZone } = rules;
  const mergeRules = { fields, writable: here.writable, isPast: here.isPast, mayWrite, timeZone };
  const { toCrm, toRemote, lost } = merge({ crm: here.entry, remote: there.entry, crmBase, remoteBase }, mergeRules);
  const why = 'it belongs to somebody else, who shall have what was changed in the groupware';
  // It may come back before it has left: what the groupware does not get is not settled.
  if (toCrm.fields.length > 0)
    return { ...nothing(told, why), crm: { do: 'update', change: toCrm, open: toRemote.fields }, lost };
  // What was entered there, and the row never had, goes with the item.
  const isOnlyThere = (field: EntryField) => !here.writable.includes(field) && !lost.some((value) => value.field === field);
  const going = link.origin === 'groupware' ? changedFields(here.entry, there.entry, fields.filter(isOnlyThere)) : [];
  const values = going.map((field) => lostOf(field, 'crm', here.entry, there.entry));
  return { ...deleting(told, there, 'it belongs to somebody else'), lost: [...lost, ...values] };
}

/** One side has it no more, and the other one was told, or is about to be. */
function leaving(link: Link, { here, there }: Sides, rules: SyncRules): Decision {
  const gone = emptied({ ...link, state: 'gone' });
  if (link.cause === 'deleted-there') {
    if (here.kind === 'absent') return nothing(gone, 'it is gone on both sides');
    if (here.kind === 'unknown') return nothing(link, 'the CRM did not tell');
    if (here.owner !== rules.user) return nothing(gone, 'it belongs to somebody else');
    const { crmBase } = link;
    const edited = crmBase === undefined || changedFields(here.entry, crmBase, here.fields).length > 0;
    if (edited)
      return again(link, here.entry, rules, 'it was deleted in the groupware and changed in the CRM: the change counts');
    return { ...nothing(link, 'it was deleted in the groupware'), crm: { do: 'delete' } };
  }
  if (there.kind === 'absent') return nothing(gone, 'it is gone on both sides');
  if (there.kind !== 'present') return nothing(link, 'the groupware did not tell');
  if (here.kind === 'unknown') return nothing(link, 'the CRM did not tell');
  if (here.kind === 'present') {
    // It came back before it had left.
    if (here.owner === rules.user) return nothing({ ...link, state: 'linked', cause: '' }, 'it belongs to the user again');
    return movedAway(link, here, there, rules);
  }
  if (link.remoteBase === undefined) return hold(link, 'edited-there', UNSURE);
  return isEdited(link, there) ? reborn(link, there, rules) : deleting(link, there, 'it was deleted in the CRM');
}

/** One side was to be made, and nobody knows whether it was. */
function intended(link: Link, sides: Sides, rules: SyncRules, guarded: readonly ('here' | 'there')[]): Decision {
  const { here, there } = sides;
  const { sent } = link;
  if (link.origin === 'groupware') {
    if (here.kind === 'present') {
      const known: Link = { ...link, state: 'linked', crmBase: asEntered(link.crmBase, here), remoteBase: sent, sent: undefined };
      return decide(known, sides, rules, guarded);
    }
    if (here.kind === 'unknown' && link.objid !== 0) return nothing(link, 'the CRM did not tell');
    if (there.kind === 'absent') return nothing(emptied({ ...link, state: 'gone' }), 'it was deleted before it was in the CRM');
    const body = sent ?? (there.kind === 'present' ? there.entry : undefined);
    if (body === undefined || !rules.mayWrite) return nothing(link, 'nothing is written into the CRM');
    return { ...nothing({ ...link, sent: body }, 'it was made in the groupware'), crm: { do: 'insert', entry: body } };
  }
  if (there.kind === 'present') {
    // Its answer was lost: whatever it says otherwise than it was sent, somebody made of it since.
    const remoteBase = sent && asKept(sent, there.entry, rules.fields[link.kind] ?? [], rules.timeZone);
    const known: Link = { ...link, state: 'linked', cause: '', remoteId: there.id, crmBase: sent, remoteBase, sent: undefined };
    return isSought(link) ? adopted(known, here, there, rules) : decide(known, sides, rules, guarded);
  }
  if (there.kind !== 'absent') return nothing(link, 'the groupware did not tell whether it has it');
  if (here.kind === 'unknown') return nothing(link, 'the CRM did not tell');
  const isWanted = here.kind === 'present' && here.owner === rules.user && here.isInWindow;
  if (!isWanted && isSought(link)) return unwanted(link, here, rules);
  if (!isWanted) {
    // A host that slept meanwhile may be about to make it: the next turn sees.
    const cause = here.kind === 'present' ? 'owner' : 'deleted-here';
    return nothing(
      { ...link, state: 'leaving', cause, crmBase: sent, remoteBase: sent, sent: undefined },
      'it is not wanted any more',
    );
  }
  const body = sent ?? here.entry;
  // What it was called there counts no more: it gets another name.
  return {
    ...nothing({ ...link, cause: '', remoteId: '', sent: body }, 'it is in the CRM'),
    remote: { do: 'create', entry: body },
  };
}

/**
 * Its user moved to where it stands already. Of the two, the CRM was kept in step meanwhile: what it says otherwise counts, and what gives way is
 * kept.
 */
function adopted(link: Link, here: Here, there: PresentThere, rules: SyncRules): Decision {
  if (here.kind !== 'present' || here.owner !== rules.user || !here.isInWindow) return decide(link, { here, there }, rules);
  const known = { ...here, entry: asKnown(here.entry, there.entry) };
  const decision = both(link, known, there, rules);
  return decision.link.state === 'linked' ? decision : settledBy('crm', link, known, there, rules);
}

/** Its user moved, and nothing of it is at the new groupware, nor wanted there. */
function unwanted(link: Link, here: Exclude<Here, { readonly kind: 'unknown' }>, rules: SyncRules): Decision {
  if (here.kind === 'present' && here.owner === rules.user) return part(link, 'window', 'it is out of the window');
  const cause = here.kind === 'present' ? 'owner' : '';
  return nothing(emptied({ ...link, state: 'gone', cause }), 'it is not wanted at the groupware to which its user moved');
}

/** It was left alone, which can end only where it had left the window, or was left behind before it was in the CRM. */
function apart(link: Link, sides: Sides, rules: SyncRules, guarded: readonly ('here' | 'there')[]): Decision {
  const { here, there } = sides;
  if (link.cause === 'moved' && there.kind === 'present') {
    const seen: Link = { ...link, state: 'intended', cause: '', reason: '', version: there.version, sent: there.entry };
    return decide(seen, sides, rules, guarded);
  }
  const isBack = link.cause === 'window' && here.kind === 'present' && here.isInWindow;
  if (!isBack) return nothing(link, 'it is left alone');
  // Its user moved meanwhile: at this groupware it never was.
  const isNowhere = link.remoteId === '';
  const back = isNowhere ? ({ state: 'intended', cause: 'moved' } as const) : ({ state: 'linked', cause: '' } as const);
  return decide({ ...link, ...back, reason: '' }, sides, rules, guarded);
}

/** Nobody said how it ends. It goes on by itself when what it was held for is over. */
function held(link: Link, sides: Sides, rules: SyncRules, guarded: readonly ('here' | 'there')[]): Decision {
  const free = released(link, sides.here, sides.there);
  return free === undefined ? nothing(link, `it is held: ${link.reason}`) : decide(free, sides, rules, guarded);
}

/** Somebody said how it ends. */
function ordered(link: Link, { here, there }: Sides, rules: SyncRules): Decision {
  if (here.kind === 'unknown' || there.kind === 'unknown') return nothing(link, 'not both sides told how they are');
  const free: Link = { ...link, state: 'linked', cause: '', reason: '', order: '', sent: undefined };
  const hasBoth = here.kind === 'present' && there.kind === 'present';
  if (link.order === 'both' || (there.kind !== 'present' && there.kind !== 'absent'))
    return part({ ...free }, 'both', 'both sides stay as they are');
  if (hasBoth) return settledBy(link.order, free, here, there, rules);
  if (link.order === 'crm') {
    if (here.kind === 'present') return again(free, here.entry, rules, 'somebody said that the CRM is right');
    if (there.kind === 'absent') return nothing(emptied({ ...free, state: 'gone' }), 'it is gone on both sides');
    return deleting({ ...free, state: 'leaving', cause: 'deleted-here' }, there, 'somebody said that the CRM is right');
  }
  if (there.kind === 'present') return reborn({ ...free }, there, rules);
  if (here.kind === 'absent') return nothing(emptied({ ...free, state: 'gone' }), 'it is gone on both sides');
  return missingThere({ ...free, crmBase: here.entry }, here, rules, []);
}

/** One side is right in all fields. */
function settledBy(order: Link['order'], free: Link, here: PresentHere, there: PresentThere, rules: SyncRules): Decision {
  const isCrm = order === 'crm';
  // As if only the other side had changed since they agreed.
  const base = isCrm ? there.entry : here.entry;
  const link: Link = { ...free, crmBase: base, remoteBase: base };
  const decision = both(link, { ...here, isPast: isCrm ? here.isPast : false }, there, rules);
  const isKept = (field: EntryField) => decision.lost.some((value) => value.field === field);
  const givingWay = changedFields(here.entry, there.entry, fieldsOf(link, here, rules)).filter((field) => !isKept(field));
  const winner = isCrm ? 'crm' : 'groupware';
  return { ...decision, lost: [...decision.lost, ...givingWay.map((field) => lostOf(field, winner, here.entry, there.entry))] };
}

function deleting(link: Link, { version }: PresentThere, why: string): Decision {
  return { ...nothing({ ...link, version }, why), remote: { do: 'delete', version } };
}

/** Makes it anew in the groupware, under a new id. */
function again(link: Link, entry: Entry, rules: SyncRules, why: string): Decision {
  const { user, kind, type, objid } = link;
  const idOf = (generation: number) => entryId({ system: rules.system, user, type, objid, generation });
  // Generations follow each other without a gap, or one that was gone before would be taken for a new one, and refused for ever. A row that
  // was entered for an item of the groupware has had none yet.
  const generation = link.id === idOf(link.generation) ? link.generation + 1 : 0;
  const id = idOf(generation);
  const next = newLink({ id, user, kind, type, objid, generation, origin: 'crm', state: 'intended', sent: entry });
  return { ...nothing(emptied({ ...link, state: 'gone', cause: 'deleted-there' }), why), next };
}

function isEdited({ remoteBase }: Link, there: PresentThere): boolean {
  return remoteBase !== undefined && changedFields(there.entry, remoteBase).length > 0;
}

/** The fields that both sides can hold. */
function fieldsOf({ kind }: Link, { fields }: PresentHere, rules: SyncRules): readonly EntryField[] {
  return fields.filter((field) => rules.fields[kind]?.includes(field) === true);
}

/** Fields on which both sides agree without a step have that as their baselines. */
function rebased(link: Link, fields: readonly EntryField[], crm: Entry, remote: Entry): Link {
  const { crmBase, remoteBase } = link;
  if (fields.length === 0 || crmBase === undefined || remoteBase === undefined) return link;
  return { ...link, crmBase: withFields(crmBase, crm, fields), remoteBase: withFields(remoteBase, remote, fields) };
}

function linked(link: Link, crm: Entry, there: PresentThere): Link {
  return { ...link, remoteId: there.id, version: there.version, crmBase: crm, remoteBase: there.entry, sent: undefined };
}

function hold(link: Link, cause: LinkCause, reason: string): Decision {
  return nothing({ ...link, state: 'held', cause, reason, order: '' }, reason);
}

function part(link: Link, cause: LinkCause, reason: string): Decision {
  return nothing({ ...link, state: 'apart', cause, reason }, reason);
}

/** Of what is private nothing is kept, in whatever state it is. Nothing else follows from it but that it is held. */
export function isPrivate(link: Link, here: Here): Decision {
  if (link.state === 'apart') return nothing(emptied(link), 'it is left alone');
  if (link.state === 'held' && link.order !== '')
    return part(emptied({ ...link, order: '' }), 'both', 'both sides stay as they are');
  const isNew = link.state === 'intended' && link.origin === 'groupware' && (link.objid === 0 || here.kind === 'absent');
  // What is gone never comes back, and this one may be public again.
  if (isNew) return nothing(emptied(link), 'it became private before it was in the CRM');
  return hold(emptied(link), 'private', 'it is private in the groupware now; the CRM keeps what it had');
}

const FOUND = 'found without its history, and both sides differ';
const UNSURE = 'it was deleted in the CRM, and nobody knows whether it was changed in the groupware';

function nothing(link: Link, why: string): Decision {
  return { link, why, lost: [], waits: [] };
}
