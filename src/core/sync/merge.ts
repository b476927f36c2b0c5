// A three-way merge, field by field, with a baseline of its own for each side: servers rewrite what they are given. Pure.

import { isMidnight, onDay } from './all-day';
import { isCardField } from './card';
import { isDay, isSameField, laidOutAs, spelledField, withFields, type Entry, type EntryField } from './entry';
import type { Conflict } from './link';

/** Both sides as they are, and as each of them was when they last agreed. */
export interface Versions {
  readonly crm: Entry;
  readonly remote: Entry;
  readonly crmBase: Entry;
  readonly remoteBase: Entry;
}

/** What may be done with the fields of an entry. */
export interface MergeRules {
  /** The fields that both sides have. */
  readonly fields: readonly EntryField[];
  /** Those that may be written into the CRM. */
  readonly writable: readonly EntryField[];
  readonly isPast: boolean;
  readonly mayWrite: boolean;
  /** The zone of the user, in which a day is the day that somebody sees. */
  readonly timeZone: string;
}

/** Fields that have to be written on a side, with their values in an entry. */
export interface FieldChange {
  readonly entry: Entry;
  readonly fields: readonly EntryField[];
}

/** A value that gives way. */
export type LostValue = Pick<Conflict, 'field' | 'winner' | 'crmValue' | 'remoteValue'>;

/** What makes both sides agree. */
export interface Merge {
  readonly toCrm: FieldChange;
  readonly toRemote: FieldChange;
  readonly lost: readonly LostValue[];
  /** Fields on which both agree again without anything to write, though not with their baselines. */
  readonly agreed: readonly EntryField[];
  /** Fields that would be written into the CRM, if anything were. */
  readonly waits: readonly EntryField[];
}

/** Of what is to come, the groupware has the last word about when and where: people move it on their phones. */
const MOVED_ON_PHONES: readonly EntryField[] = ['time', 'place'];

/** Merges two versions. */
export function merge(versions: Versions, rules: MergeRules): Merge {
  const [toCrm, toRemote, agreed, waits] = [0, 1, 2, 3].map((): EntryField[] => []) as [
    EntryField[],
    EntryField[],
    EntryField[],
    EntryField[],
  ];
  const lost: LostValue[] = [];
  let both: Entry | undefined;
  for (const field of rules.fields) {
    const verdict = verdictOf(field, versions, rules);
    if (verdict === 'same') continue;
    if (verdict === 'agree') agreed.push(field);
    if (verdict === 'wait') waits.push(field);
    if (verdict === 'there' || verdict === 'there, in conflict' || verdict === 'both') toCrm.push(field);
    if (verdict === 'here' || verdict === 'here, in conflict' || verdict === 'both') toRemote.push(field);
    if (verdict === 'both') both = withNotes(versions);
    if (verdict.endsWith('conflict') || verdict === 'both')
      lost.push(lostOf(field, winnerOf(verdict), versions.crm, versions.remote));
  }
  const { crm, remote } = versions;
  // Most of what is merged is the same on both sides.
  const incoming = toCrm.length === 0 ? crm : withTimeOfDay(remote, crm, rules.timeZone);
  const notes = (entry: Entry): Entry => (both === undefined ? entry : { ...entry, notes: both.notes });
  return {
    toCrm: { entry: notes(withFields(crm, incoming, toCrm)), fields: toCrm },
    toRemote: { entry: notes(withFields(remote, crm, toRemote)), fields: toRemote },
    lost,
    agreed,
    waits,
  };
}

type Verdict = 'same' | 'agree' | 'wait' | 'here' | 'there' | 'here, in conflict' | 'there, in conflict' | 'both';

function verdictOf(
  field: EntryField,
  { crm, remote, crmBase, remoteBase }: Versions,
  { writable, isPast, mayWrite }: MergeRules,
): Verdict {
  const changedHere = !isSameField(crm, crmBase, field);
  const changedThere = !isSameField(remote, remoteBase, field);
  if (!changedHere && !changedThere) return 'same';
  if (isSameField(crm, remote, field)) return 'agree';
  // What somebody adds to a card that the CRM has nothing for, and no place, is that person's own.
  if (!changedHere && isCardField(field) && !writable.includes(field) && spelledField(crm, field) === '') return 'same';
  const isOpen = mayWrite && !isPast && writable.includes(field);
  if (!changedHere && isOpen) return 'there';
  if (!changedHere) return mayWrite ? 'here, in conflict' : 'wait';
  if (!changedThere) return 'here';
  if (!isOpen) return 'here, in conflict';
  if (field === 'notes') return notesVerdict(crm, remote);
  return MOVED_ON_PHONES.includes(field) ? 'there, in conflict' : 'here, in conflict';
}

/** Both texts stay. One that stands in the other already does, as after a step that came to nothing. */
function notesVerdict(crm: Entry, remote: Entry): Verdict {
  if (crm.notes.includes(remote.notes)) return 'here';
  return remote.notes.includes(crm.notes) ? 'there' : 'both';
}

function winnerOf(verdict: Verdict): Conflict['winner'] {
  if (verdict === 'both') return 'both';
  return verdict.startsWith('here') ? 'crm' : 'groupware';
}

/** Both values of a field of which one gives way. */
export function lostOf(field: EntryField, winner: Conflict['winner'], crm: Entry, remote: Entry): LostValue {
  return { field, winner, crmValue: spelledField(crm, field), remoteValue: spelledField(remote, field) };
}

/** The CRM's notes, and below them the groupware's. */
function withNotes({ crm, remote }: Versions): Entry {
  return { ...crm, notes: `${crm.notes}\n\n${remote.notes}` };
}

/** What the groupware has, as far as the CRM could tell it: of a task without a begin that the CRM does not have. */
export function asCrmTells(remote: Entry, crm: Entry, timeZone: string): Entry {
  const told = withTimeOfDay(remote, crm, timeZone);
  if (crm.kind !== 'task' || crm.time.begin !== undefined) return told;
  return { ...told, time: { ...(told.time.end && { end: told.time.end }) } };
}

/**
 * What was sent, as the groupware has it if nobody changed it since: laid out anew, of a task perhaps no more than its day, and whatever
 * stands there in fields that it was not sent.
 */
export function asKept(sent: Entry, there: Entry, fields: readonly EntryField[], timeZone: string): Entry {
  const isOfSameTime = isSameField(withTimeOfDay(there, sent, timeZone), sent, 'time');
  return withFields(there, { ...laidOutAs(sent, there), time: isOfSameTime ? there.time : sent.time }, fields);
}

/** What the groupware has, with the CRM's time of day where the groupware knows the day of a task only. */
function withTimeOfDay(remote: Entry, crm: Entry, timeZone: string): Entry {
  const [own, day] = [crm.time.end, remote.time.end];
  if (crm.kind !== 'task' || !isDay(day) || own === undefined || isDay(own) || isMidnight(own)) return remote;
  return { ...remote, time: { ...remote.time, end: onDay(own, day.day, timeZone) } };
}
