// How entries in step are told of: a line of `list`, and the story of `why`. Pure.

import type { Conflict, CrmWrite, Link } from '../../core/sync/link';
import { visible, visibleStart } from '../../core/visible';
import type { KeptConflict } from '../../ledger/links';
import type { Datum } from '../command';
import { momentJson, momentWords } from '../looking/ledger-words';

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
  const kept = WINNERS[winner];
  const text = `${linkId}  ${visible(user)}  ${field}: ${value(crmValue)} in the CRM, ${value(remoteValue)} in the groupware; ${kept}, ${momentWords(at, now)}`;
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
    ...writes.map(
      ({ column, oldValue, newValue, at }) =>
        `  written into the CRM ${momentWords(at, now)}: ${column} "${visibleStart(oldValue, LONGEST_VALUE)}" became "${visibleStart(newValue, LONGEST_VALUE)}"`,
    ),
    ...conflicts.map((conflict) => `  gave way: ${conflictDatum(conflict, now).text.replace(/^\S+ {2}\S+ {2}/, '')}`),
    ...(state === 'held'
      ? [
          `  you can: publish-activity resolve ${id} --as crm|groupware|both    (which side is right, or that both stay as they are)`,
        ]
      : []),
  ];
}
