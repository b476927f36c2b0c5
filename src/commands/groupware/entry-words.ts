// How entries in step are told of: a line of `list`, and the story of `why`. Pure.

import type { Conflict, CrmWrite, Link } from '../../core/sync/link';
import { ENTRY_FIELDS, spelledField, type Entry } from '../../core/sync/entry';
import { visible, visibleStart } from '../../core/visible';
import type { KeptConflict } from '../../ledger/links';
import type { Datum } from '../command';
import { momentJson, momentWords } from '../looking/ledger-words';
import type { HeldEntry } from './person';

/** The longest value in a line, in characters. */
const LONGEST_VALUE = 120;

/** Whether a word is the id of an entry in step. */
export function isLinkId(word: string): boolean {
  return /^(pa|gw)[0-9a-v]{26}$/.test(word);
}

/** The row of an entry, and its subject where it is known: `appointment 268435457 "Visit"`. */
export function entryWords({ type, objid, crmBase, sent }: Link): string {
  const subject = crmBase?.subject ?? sent?.subject;
  const row = objid === 0 ? `new ${type}` : `${type} ${objid}`;
  return subject === undefined ? row : `${row} "${visibleStart(subject, LONGEST_VALUE)}"`;
}

/** An entry in a line. */
export function entryDatum(link: Link): Datum {
  const { id, user, state, reason } = link;
  const text = `${id}  ${state.padEnd(8)}  ${visible(user)}  ${entryWords(link)}${reason === '' ? '' : `: ${visible(reason)}`}`;
  return { text, json: { format: 1, ...entryJson(link) } };
}

/** A conflict in a line. */
export function conflictDatum({ linkId, user, field, winner, crmValue, remoteValue, at }: KeptConflict, now: number): Datum {
  const value = (text: string) => (text === '' ? 'nothing' : `"${visibleStart(text, LONGEST_VALUE)}"`);
  const isForgotten = crmValue === '' && remoteValue === '';
  const values = isForgotten ? FORGOTTEN : `${value(crmValue)} in the CRM, ${value(remoteValue)} in the groupware`;
  const text = `${linkId}  ${visible(user)}  ${field}: ${values}; ${WINNERS[winner]}, ${momentWords(at, now)}`;
  return {
    text,
    json: { format: 1, kind: 'conflict', link: linkId, user, field, winner, crmValue, remoteValue, at: momentJson(at) },
  };
}

const WINNERS: Readonly<Record<Conflict['winner'], string>> = {
  crm: 'the CRM’s counts',
  groupware: 'the groupware’s counts',
  both: 'both were kept',
};

/** An entry for machines, without its texts but for its subject. */
export function entryJson({ id, user, kind, type, objid, remoteId, origin, state, cause, reason, changedAt, crmBase }: Link) {
  const subject = crmBase?.subject ?? null;
  return {
    kind: 'entry',
    id,
    user,
    becomes: kind,
    type,
    objid,
    remoteId,
    origin,
    state,
    cause,
    reason,
    subject,
    changedAt: momentJson(changedAt),
  };
}

const STATES: Readonly<Record<Link['state'], string>> = {
  intended: 'is being made on the other side',
  linked: 'is in step',
  leaving: 'is being deleted on the other side',
  held: 'is held',
  gone: 'is gone on both sides',
  apart: 'is left alone on both sides',
};

/** What a column lost and got, who said so in the groupware, and when. Where both are empty, they are forgotten. */
function writeWords({ remoteUser, column, oldValue, newValue, at }: CrmWrite, now: number): string {
  const value = (text: string) => `"${visibleStart(text, LONGEST_VALUE)}"`;
  const values = oldValue === '' && newValue === '' ? `: ${FORGOTTEN}` : ` ${value(oldValue)} became ${value(newValue)}`;
  return `written into the CRM ${momentWords(at, now)} for ${visible(remoteUser)}: ${column}${values}`;
}

const FORGOTTEN = 'the values are forgotten';

/** The story of an entry, a line each. */
export function entryStory(
  link: Link,
  conflicts: readonly KeptConflict[],
  writes: readonly CrmWrite[],
  now: number,
): readonly string[] {
  const { id, user, state, reason, remoteId, origin, changedAt } = link;
  return [
    `entry ${id} of ${visible(user)}: ${entryWords(link)}`,
    `  ${STATES[state]}${reason === '' ? '' : `: ${visible(reason)}`}, since ${momentWords(changedAt, now)}`,
    `  made in the ${origin === 'crm' ? 'CRM' : 'groupware'}${remoteId === '' ? '' : `; the groupware calls it ${visible(remoteId)}`}`,
    ...writes.map((write) => `  ${writeWords(write, now)}`),
    ...conflicts.map((conflict) => `  gave way: ${conflictDatum(conflict, now).text.replace(/^\S+ {2}\S+ {2}/, '')}`),
    ...(state === 'held'
      ? [
          `  you can: publish-activity resolve ${id} --as crm|groupware|both    (which side is right, or that both stay as they are)`,
        ]
      : []),
  ];
}

/** An entry with all that is kept of it: its story, and its texts as they stand. */
export function heldDatum({ link, conflicts, writes }: HeldEntry, now: number): Datum {
  const { version, crmBase, remoteBase, sent, pending } = link;
  const seen = pending?.kind === 'entry' ? pending.entry : undefined;
  const kept = [
    ...fieldLines('in the CRM, when both sides last agreed', crmBase),
    ...fieldLines('in the groupware, when both sides last agreed', remoteBase),
    ...fieldLines('being made on the other side', sent),
    ...fieldLines('seen in the groupware since', seen),
  ];
  return {
    text: [...entryStory(link, conflicts, writes, now), ...kept].join('\n'),
    json: { format: 1, ...entryJson(link), version, ...orNull({ crmBase, remoteBase, sent, pending }), conflicts, writes },
  };
}

function fieldLines(where: string, entry: Entry | undefined): readonly string[] {
  if (entry === undefined) return [];
  const fields = ENTRY_FIELDS.filter((field) => field !== 'done' || entry.done);
  const values = fields.map((field) => [field, spelledField(entry, field)] as const).filter(([, value]) => !/^\/?$/.test(value));
  return [`  ${where}: ${values.map(([field, value]) => `${field} "${visible(value)}"`).join(', ')}`];
}

/** What is not there is `null` for machines. */
function orNull(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? null]));
}
