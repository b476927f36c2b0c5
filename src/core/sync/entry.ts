// An entry of a calendar, a list of tasks or an address book in neutral form: what the CRM and a groupware can both hold. Pure.

import { instantOf, type SiteTime } from '../wall-clock';
import { ALL_CARD_PARTS, CARD_FIELDS, cardOf, isCardField, spelledCard, withCardFields, type Card, type CardField } from './card';

/** What an entry is: something that is at a time, or somebody. */
export const AGENDA_KINDS = ['event', 'task'] as const;
export type AgendaKind = (typeof AGENDA_KINDS)[number];
export const ENTRY_KINDS = [...AGENDA_KINDS, 'contact'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** A day without a time, such as `2026-11-29`; it is that day wherever somebody looks at it. */
export interface Day {
  readonly day: string;
}

/** A moment as a zone's clock shows it, or a day. Never an offset: the clocks may change in between. */
export type When = SiteTime | Day;

/**
 * When it is. An event has both; its end is the first moment, or the first day, after it. A task has an end if it is due, and a begin
 * where somebody said.
 */
export interface Span {
  readonly begin?: When;
  readonly end?: When;
}

/** An entry. Its texts are as {@link normalized} leaves them. */
export interface Entry {
  readonly kind: EntryKind;
  /** Of a contact: the name as people read it. */
  readonly subject: string;
  readonly time: Span;
  readonly place: string;
  readonly notes: string;
  /** Of a task: whether it is done. */
  readonly done: boolean;
  /** Of a contact, and of nothing else. */
  readonly card?: Card;
}

/** The parts of an entry that are compared, merged and written one by one. */
export const ENTRY_FIELDS = ['subject', 'time', 'place', 'notes', 'done', ...CARD_FIELDS] as const;
export type EntryField = (typeof ENTRY_FIELDS)[number];

/** The entry with texts that compare alike on every side: composed characters, line feeds, no white space around them. */
export function normalized(entry: Entry): Entry {
  const { subject, place, notes, card } = entry;
  const texts = card && cardOf(Object.fromEntries(ALL_CARD_PARTS.map((part) => [part, normalizedText(card[part])])));
  return {
    ...entry,
    subject: normalizedText(subject),
    place: normalizedText(place),
    notes: normalizedText(notes),
    ...(texts && { card: texts }),
  };
}

/** A text as it compares alike on every side. */
export function normalizedText(text: string): string {
  return text.normalize('NFC').replace(/\r\n?/g, '\n').trim();
}

/** A field in a spelling that is the same for the same value: moments in UTC, so that a zone that changed alone changes nothing. */
export function spelledField(entry: Entry, field: EntryField): string {
  if (isCardField(field)) return entry.card === undefined ? '' : spelledCard(entry.card, field);
  if (field === 'time') return `${spelledWhen(entry.time.begin)}/${spelledWhen(entry.time.end)}`;
  return String(entry[field]);
}

/** A moment in UTC, or a day; an empty text where there is neither. */
export function spelledWhen(when: When | undefined): string {
  if (when === undefined) return '';
  return isDay(when) ? when.day : (instantOf(when) ?? '');
}

/** The fields in which two entries differ, of those that are looked at. */
export function changedFields(one: Entry, other: Entry, fields: readonly EntryField[] = ENTRY_FIELDS): readonly EntryField[] {
  return fields.filter((field) => !isSameField(one, other, field));
}

/** Whether a field says the same in two entries. Most times are spelled alike, and then no zone has to be asked what it means. */
export function isSameField(one: Entry, other: Entry, field: EntryField): boolean {
  // What no listing named is the very entry that was kept.
  if (one === other) return true;
  if (field !== 'time') return spelledField(one, field) === spelledField(other, field);
  const isAlike = (['begin', 'end'] as const).every((part) => isSpelledAlike(one.time[part], other.time[part]));
  return isAlike || spelledField(one, field) === spelledField(other, field);
}

function isSpelledAlike(one: When | undefined, other: When | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (isDay(one) || isDay(other)) return isDay(one) && isDay(other) && one.day === other.day;
  return one.wallClock === other.wallClock && one.timeZone === other.timeZone;
}

/** An entry with some fields of another one. */
export function withFields(entry: Entry, other: Entry, fields: readonly EntryField[]): Entry {
  const plain = fields.filter((field) => !isCardField(field)) as readonly Exclude<EntryField, CardField>[];
  const taken = { ...entry, ...Object.fromEntries(plain.map((field) => [field, other[field]])) };
  if (entry.card === undefined || other.card === undefined) return taken;
  return { ...taken, card: withCardFields(entry.card, other.card, fields.filter(isCardField)) };
}

/**
 * An entry with those texts of another one that differ from its own in white space alone. A server may lay out anew what it is given, and
 * that is nothing that anybody changed.
 */
export function laidOutAs(entry: Entry, other: Entry): Entry {
  const words = (text: string) => text.trim().replace(/\s+/g, ' ');
  const alike = (['subject', 'place', 'notes'] as const).filter((field) => words(entry[field]) === words(other[field]));
  return withFields(entry, other, alike);
}

/** Whether it is a day. */
export function isDay(when: When | undefined): when is Day {
  return when !== undefined && 'day' in when;
}
