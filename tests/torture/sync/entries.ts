// What people of the campaign write, so that every value comes once and the verdict knows it again, whoever spelled it.

import { asDays, dayIn } from '../../../src/core/sync/all-day';
import { CARD_FIELDS, cardOf, isCardField, type CardPart } from '../../../src/core/sync/card';
import {
  isDay,
  spelledField,
  spelledWhen,
  type Entry,
  type EntryField,
  type EntryKind,
  type When,
} from '../../../src/core/sync/entry';
import { SUBJECT_MOST, writableOf, type MemoryRow } from '../../support/memory-crm';
import type { Chance } from './random';

/** In which zone everybody lives: one where clocks are set. */
export const ZONE = 'America/Chicago';

/** The fields that both sides hold. */
export const FIELDS: Readonly<Record<EntryKind, readonly EntryField[]>> = {
  event: ['subject', 'time', 'place', 'notes'],
  task: ['subject', 'time', 'notes', 'done'],
  contact: ['subject', ...CARD_FIELDS],
};

/** Those that people change, some more often than others. */
const CHANGED: Readonly<Record<EntryKind, readonly EntryField[]>> = {
  ...FIELDS,
  contact: ['title', 'phone', 'phone', 'mobile', 'email', 'email', 'otherEmail', 'subject', 'company', 'fax', 'address'],
};

/** One that somebody makes. Its first word is what the verdict knows it by. */
export function newEntry(kind: EntryKind, number: number): Entry {
  const plain = { kind, time: {}, place: '', notes: '', done: false };
  if (kind !== 'contact')
    return {
      ...plain,
      subject: `E${number} subject ${number}`,
      time: timeOf(kind, number),
      place: kind === 'event' ? `Place ${number}` : '',
    };
  const texts = { given: `C${number}`, family: `Person ${number}`, company: `Company ${number}`, phone: `+41 44 ${number}` };
  // Not everybody has another e-mail.
  const other = number % 2 === 0 ? { otherEmail: `Other${number}@Example.com` } : {};
  return { ...plain, subject: `C${number} Person ${number}`, card: cardOf({ ...texts, ...other }) };
}

/** Another value of a field, and which field that is. */
export function changedEntry(
  entry: Entry,
  wanted: EntryField | undefined,
  number: number,
  chance: Chance,
): readonly [EntryField, Entry] {
  const field = wanted ?? chance.oneOf(CHANGED[entry.kind]) ?? 'subject';
  if (isCardField(field)) return [field, withTexts(entry, textsOf(entry, field, number, chance))];
  // Some are longer than the CRM's column.
  const tail = chance.happens(0.1) ? ` ${'long '.repeat(20)}` : '';
  const values: Partial<Record<EntryField, Entry[keyof Entry]>> = {
    subject: `${tokenOf(entry)} subject ${number}${tail}`.trim(),
    time: chance.happens(0.2) ? daysOf(entry.kind, number) : timeOf(entry.kind, number),
    place: `Place ${number}`,
    notes: `note ${number};`,
    done: !entry.done,
  };
  return [field, { ...entry, [field]: values[field] }];
}

/** What somebody writes who means it for nobody else, and the words to look for. */
export function secretEntry(entry: Entry, number: number, chance: Chance): readonly [EntryField, Entry, string] {
  const secret = `secret ${number};`;
  const [field, changes] = chance.oneOf<readonly [EntryField, Entry]>([
    ['subject', { ...entry, subject: `${tokenOf(entry)} ${secret}` }],
    entry.kind === 'contact' ? ['title', withTexts(entry, { title: secret })] : ['notes', { ...entry, notes: secret }],
    ...(entry.kind === 'event' ? [['place', { ...entry, place: secret }] as const] : []),
  ]) ?? ['subject', entry];
  return [field, changes, secret];
}

/** The secrets in a text, however they are spelled. */
export function secretsIn(text: string): ReadonlySet<string> {
  return new Set((text.match(/secret \d+;/gi) ?? []).map((one) => one.toLowerCase()));
}

function textsOf(entry: Entry, field: EntryField, number: number, chance: Chance): Partial<Record<CardPart, string>> {
  // Some are emptied, and some telephone numbers are longer than the CRM's column.
  const text = (spelled: string) => (chance.happens(0.05) ? '' : spelled);
  const extension = chance.happens(0.03) ? ' ext 1234567890' : '';
  const values: Partial<Record<EntryField, Partial<Record<CardPart, string>>>> = {
    name: { given: tokenOf(entry), family: `Person ${number}` },
    company: { company: `Company ${number}` },
    title: { title: text(`Title ${number}`) },
    phone: { phone: text(`+41 44 ${number}${extension}`) },
    mobile: { mobile: text(`+41 79 ${number}`) },
    fax: { fax: `+41 45 ${number}` },
    email: { email: text(`Mail${number}@Example.com`) },
    otherEmail: { otherEmail: text(`Other${number}@Example.com`) },
    address: { street: `Street ${number}`, city: `City ${number}` },
  };
  return values[field] ?? {};
}

function withTexts(entry: Entry, texts: Partial<Record<CardPart, string>>): Entry {
  return { ...entry, card: { ...(entry.card ?? cardOf({})), ...texts } };
}

/** So many days lie in the campaign's window. */
const MOST_DAYS = 3_000;
const DAY_S = 86_400;

/** A time that no other entry has. Tasks are due on all days, since their day is all that some groupwares know. */
export function timeOf(kind: EntryKind, number: number): Entry['time'] {
  const at = (seconds: number) => ({
    wallClock: new Date(Date.UTC(2026, 5, 2) + seconds * 1000).toISOString().slice(0, 19),
    timeZone: 'UTC',
  });
  if (kind === 'event') return { begin: at(number * 20), end: at(number * 20 + 3600) };
  return { end: at((number % MOST_DAYS) * DAY_S + ((number * 20) % DAY_S)) };
}

/** Whole days that hardly another entry has. */
function daysOf(kind: EntryKind, number: number): Entry['time'] {
  const on = (days: number) => ({ day: new Date(Date.UTC(2026, 5, 2) + days * 86_400_000).toISOString().slice(0, 10) });
  const [first, length] = [number % MOST_DAYS, 1 + (Math.floor(number / MOST_DAYS) % 30)];
  return kind === 'event' ? { begin: on(first), end: on(first + length) } : { end: on(first) };
}

/** What the groupware makes of what it is given: as real ones do, it spells some things its own way. */
export function asItKeepsThem(entry: Entry): Entry {
  const { begin, end } = entry.time;
  const { card } = entry;
  return {
    ...entry,
    place: entry.place.toUpperCase(),
    time: { ...(begin && { begin: utc(begin) }), ...(end && { end: utc(end) }) },
    ...(card && { card: { ...card, email: card.email.toLowerCase() } }),
  };
}

function utc(when: When): When {
  const instant = spelledWhen(when);
  return instant.endsWith('Z') ? { wallClock: instant.slice(0, 19), timeZone: 'UTC' } : when;
}

/** Whether a field says the same, though each side spells it its own way. */
export function isAlike(one: Entry, other: Entry, field: EntryField): boolean {
  if (field === 'time') return isSameTime(one, other);
  return spelled(spelledField(one, field)) === spelled(spelledField(other, field));
}

/** As a value compares alike, whoever spelled it: no column of the CRM is longer. */
export function spelled(value: string): string {
  return value.slice(0, SUBJECT_MOST).trim().toUpperCase();
}

/** A value as it may be kept where it gave way: what stands from midnight to midnight is a matter of days to some. */
export function spellings(entry: Entry, field: EntryField): readonly string[] {
  return [entry, asDays(entry)].map((one) => spelled(spelledField(one, field)));
}

function isSameTime({ kind, time }: Entry, { time: other }: Entry): boolean {
  return (['begin', 'end'] as const).every((part) => {
    const [one, two] = [time[part], other[part]];
    if (spelledWhen(one) === spelledWhen(two)) return true;
    if (one === undefined || two === undefined || isDay(one) === isDay(two)) return false;
    // The CRM has a time of day even where a task is due on a day, which is the day that its user sees.
    const dayOf = (when: When) => (isDay(when) ? when.day : kind === 'task' ? dayIn(when, ZONE) : when.wallClock.slice(0, 10));
    const isWhole = [one, two].every((when) => isDay(when) || when.wallClock.endsWith('T00:00:00'));
    return dayOf(one) === dayOf(two) && (kind === 'task' || isWhole);
  });
}

/** Whether a row and an item say the same. What somebody adds to a card that the CRM has nothing for, and no place, is no difference. */
export function agree(row: MemoryRow, item: Entry): boolean {
  const isOwn = (field: EntryField) =>
    row.kind === 'contact' && !writableOf(row).includes(field) && spelledField(row.entry, field) === '';
  return FIELDS[row.kind].every((field) => isAlike(row.entry, item, field) || isOwn(field));
}

/** By what the verdict knows an entry wherever it stands: the first word of its subject, which nobody changes. */
export function tokenOf({ subject }: Entry): string {
  return subject.split(' ', 1)[0] ?? '';
}

/** Everything that an entry says. */
export function wordsOf(entry: Entry): string {
  return JSON.stringify(FIELDS[entry.kind].map((field) => spelledField(entry, field)));
}
