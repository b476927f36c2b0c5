// From an entry to the values of a row's columns, and what an entry would be after it was written. Pure.

import { asDays } from '../core/sync/all-day';
import { CARD_PARTS, cardOf, isCardField, type CardField } from '../core/sync/card';
import { normalized, normalizedText, type Entry, type EntryField } from '../core/sync/entry';
import { fitText } from '../core/fit';
import { wallClockAt } from '../core/wall-clock';
import { momentOf, msOf, NO_DATE, spanOf, timeValues } from './entry-time';
import { columnsOfField, pathOf, ROLES_OF, type EntryType, type Role } from './entry-type';
import { LONGEST_TEXT } from './short-texts';

/** What columns of a row hold, by their names. */
export type ColumnValues = Readonly<Record<string, string | number | null>>;

/** Why an entry cannot be written. */
export interface Unfit {
  readonly problem: string;
}

/** How long a subject or a place may be where nobody said. */
const LONGEST_LINE = 255;

/** The parts of a row that are texts. */
type TextRole = Exclude<Role, 'begin' | 'end' | 'duration' | 'done'>;
const AGENDA_TEXTS = ['subject', 'place', 'notes'] as const;

/** A text as its column holds it: all but notes on one line, and cut to the column. */
export function textFor(type: EntryType, role: TextRole, text: string): string {
  const plain = normalizedText(text).toWellFormed();
  return fitText(role === 'notes' ? plain : plain.replace(/\s+/g, ' '), longestOf(type, role)).trim();
}

function longestOf({ longest }: EntryType, role: TextRole): number {
  return longest[role] ?? (role === 'notes' ? LONGEST_TEXT : LONGEST_LINE);
}

/** Whether a field of a card would be cut: half a telephone number is a wrong one. */
function isTooLong(type: EntryType, field: CardField, { card }: Entry): boolean {
  return CARD_PARTS[field].some((part) => normalizedText(card?.[part] ?? '').length > longestOf(type, part));
}

/** The texts of an entry as the columns of a row hold them, by what they mean; of those that it has a column for. */
function textsFor(type: EntryType, { card, ...entry }: Entry): Readonly<Partial<Record<TextRole, string>>> {
  const texts = [...AGENDA_TEXTS.map((role) => [role, entry[role]] as const), ...Object.entries(card ?? {})];
  return Object.fromEntries(
    texts
      .filter(([role]) => pathOf(type, role as TextRole) !== undefined)
      .map(([role, text]) => [role, textFor(type, role as TextRole, text)]),
  );
}

/** What an entry would be after it was written, in days if it is known as a matter of days. A time that the CRM cannot hold stays as it is. */
export function renderedEntry(type: EntryType, entry: Entry, allDay: boolean, timeZone: string): Entry {
  const values = timeValues(type.kind, entry.time, timeZone);
  const kept = (role: 'begin' | 'end' | 'duration') =>
    'problem' in values || type[role] === undefined ? null : (values[role] ?? null);
  const time = spanOf(type.kind, { begin: kept('begin'), end: kept('end'), duration: kept('duration') }, timeZone);
  const plain = normalized(entry);
  const { subject, place, notes, ...parts } = {
    subject: plain.subject,
    place: plain.place,
    notes: plain.notes,
    ...textsFor(type, entry),
  };
  const card = plain.card && { card: cardOf({ ...plain.card, ...parts }) };
  const written: Entry = { ...plain, subject, place, notes, ...card, time: time ?? entry.time };
  return allDay ? asDays(written) : written;
}

/** What writing has to know of the moment and the place. */
export interface Clock {
  /** The wall clock of the CRM now. */
  readonly now: string;
  /** The IANA zone of that clock. */
  readonly timeZone: string;
}

/** What columns have to hold so that a row says the fields of an entry; only those that say something else now (`was`). */
export function changedColumns(
  type: EntryType,
  was: ColumnValues,
  entry: Entry,
  fields: readonly EntryField[],
  clock: Clock,
): ColumnValues | Unfit {
  const wanted = wantedColumns(type, entry, fields, clock);
  if (isUnfit(wanted)) return wanted;
  const changed = wanted.filter(({ role, column, value }) => !saysTheSame(type, role, was[column] ?? null, value));
  const values = Object.fromEntries(changed.map(({ column, value }) => [column, value] as const));
  return { ...values, ...movedAlong(type, was, values, clock.timeZone) };
}

/** A text that stands in a row behind this one, as it was read and as it is to be. */
export interface BesideChange {
  readonly role: Role;
  readonly was: string;
  readonly value: string;
}

/** What the rows behind a row have to hold so that they say the fields of an entry; only those that say something else now. */
export function changedBesides(
  type: EntryType,
  was: Readonly<Partial<Record<string, string>>>,
  entry: Entry,
  fields: readonly EntryField[],
): readonly BesideChange[] {
  const texts: Readonly<Partial<Record<Role, string>>> = textsFor(type, entry);
  return fields
    .flatMap((field) => ROLES_OF[field])
    .flatMap((role) => {
      const [before, value] = [was[role], texts[role]];
      return before === undefined || value === undefined || textFor(type, role as TextRole, before) === value
        ? []
        : [{ role, was: before, value }];
    });
}

/** What the columns of a new row hold: all that can be written, so that none is left to chance. */
export function newColumns(type: EntryType, entry: Entry, clock: Clock): ColumnValues | Unfit {
  const wanted = wantedColumns(type, entry, type.writable, clock);
  return isUnfit(wanted) ? wanted : Object.fromEntries(wanted.map(({ column, value }) => [column, value] as const));
}

/** Whether an entry cannot be written. */
export function isUnfit(values: object): values is Unfit {
  return 'problem' in values && typeof values.problem === 'string';
}

interface Wanted {
  readonly role: Role;
  readonly column: string;
  readonly value: string | number;
}

function wantedColumns(
  type: EntryType,
  entry: Entry,
  fields: readonly EntryField[],
  { now, timeZone }: Clock,
): readonly Wanted[] | Unfit {
  const time = timeValues(type.kind, entry.time, timeZone);
  if (isUnfit(time) && fields.includes('time')) return time;
  const tooLong = fields.filter(isCardField).find((field) => isTooLong(type, field, entry));
  if (tooLong !== undefined) return { problem: `its ${tooLong} is longer than the column of the CRM` };
  const values: Readonly<Partial<Record<string, string | number | null>>> = {
    ...(isUnfit(time) ? {} : time),
    done: entry.done ? now : NO_DATE,
    ...textsFor(type, entry),
  };
  return fields.flatMap((field) =>
    Object.entries(columnsOfField(type, field)).flatMap(([role, column]) => {
      const value = values[role];
      return value === undefined || value === null ? [] : [{ role: role as Role, column, value }];
    }),
  );
}

/** Whether a column says a value already: moments to the second, texts as they compare on every side. What is done stays done since then. */
function saysTheSame(type: EntryType, role: Role, was: string | number | null, value: string | number): boolean {
  if (role === 'done') return (momentOf(was) === undefined) === (momentOf(value) === undefined);
  if (role === 'begin' || role === 'end') return momentOf(was) === momentOf(value);
  if (role === 'duration') return was !== null && Number(was) === value;
  return textFor(type, role, String(was ?? '')) === value;
}

/** Columns that keep their distance from the end. One without a moment stays so. */
function movedAlong(type: EntryType, was: ColumnValues, changed: ColumnValues, timeZone: string): ColumnValues {
  const column = columnsOfField(type, 'time').end ?? '';
  const at = (value: string | number | null | undefined) => {
    const wallClock = momentOf(value);
    return wallClock === undefined ? undefined : msOf({ wallClock, timeZone }, timeZone);
  };
  const [before, after] = [at(was[column]), at(changed[column])];
  if (before === undefined || after === undefined) return {};
  const moved = type.alongside.flatMap((each) => {
    const own = at(was[each]);
    return own === undefined ? [] : [[each, wallClockAt(own + after - before, timeZone)] as const];
  });
  return Object.fromEntries(moved);
}
