// An entry of a calendar or a list of tasks in neutral form: what the CRM and a groupware can both hold. Pure.

import { instantOf, type SiteTime } from '../wall-clock';

/** What an entry is. */
export const ENTRY_KINDS = ['event', 'task'] as const;
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
  readonly subject: string;
  readonly time: Span;
  readonly place: string;
  readonly notes: string;
  /** Of a task: whether it is done. */
  readonly done: boolean;
}

/** The parts of an entry that are compared, merged and written one by one. */
export const ENTRY_FIELDS = ['subject', 'time', 'place', 'notes', 'done'] as const;
export type EntryField = (typeof ENTRY_FIELDS)[number];

/** The entry with texts that compare alike on every side: composed characters, line feeds, no white space around them. */
export function normalized(entry: Entry): Entry {
  const plain = (text: string) => text.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  return { ...entry, subject: plain(entry.subject), place: plain(entry.place), notes: plain(entry.notes) };
}

/** A field in a spelling that is the same for the same value: moments in UTC, so that a zone that changed alone changes nothing. */
export function spelledField(entry: Entry, field: EntryField): string {
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
  if (field !== 'time') return one[field] === other[field];
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
  return { ...entry, ...Object.fromEntries(fields.map((field) => [field, other[field]])) };
}

/** Whether it is a day. */
export function isDay(when: When | undefined): when is Day {
  return when !== undefined && 'day' in when;
}
