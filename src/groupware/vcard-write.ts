// Contacts into vCards: a new card, and a card of which some fields change. Pure.

import type { CardPart } from '../core/sync/card';
import { normalized, normalizedText, spelledField, withFields, type Entry, type EntryField } from '../core/sync/entry';
import { isoSeconds } from '../core/wall-clock';
import type { NewLine, NewValue } from '../io/icalendar-contract';
import type { Card, CardChange, CardLine } from '../io/vcard-contract';
import { MARK, PRODID } from './text-item';
import {
  CARD_ENTRY_FIELDS,
  FIELD_LINES,
  isSecond,
  LABEL_LINES,
  linesOfFields,
  SECOND,
  type CardEntryField,
  type CardLines,
} from './vcard-fields';
import { entryOfCard, valueOf } from './vcard-item';
import { isUri, telephoneOf, telephoneUri } from './vcard-telephone';

/** What most programs read. */
const NEW_VERSION = '3.0';

/** Why a contact cannot be written, in words; nothing where it can. */
export function whyNoCard({ subject }: Entry): string | undefined {
  return subject.trim() === '' ? 'a card needs a name' : undefined;
}

/** The lines of a new card. `now` is in ms since 1970 UTC. */
export function newCard(
  step: { readonly linkId: string; readonly entry: Entry; readonly url: string },
  now: number,
): readonly NewLine[] {
  const entry = normalized(step.entry);
  const plain = (name: string, value: string): readonly NewLine[] => (value === '' ? [] : [{ name, value: { plain: value } }]);
  return [
    ...plain('VERSION', NEW_VERSION),
    ...plain('PRODID', PRODID),
    ...plain('UID', step.linkId),
    // A card of this version has a line N also where it says nothing.
    ...CARD_ENTRY_FIELDS.filter((field) => field === 'name' || !isEmpty(entry, field)).map((field) =>
      newLine(field, entry, NEW_VERSION),
    ),
    ...plain('REV', stamp(now)),
    ...plain('URL', step.url),
    ...plain(MARK, step.linkId),
  ];
}

/** What has to change in a card so that some of its fields are those of an entry; `undefined` where they are so already. */
export function cardChange(card: Card, wanted: Entry, fields: readonly EntryField[], now: number): CardChange | undefined {
  const there = linesOfFields(card);
  const current = entryOfCard(there);
  const entry = normalized(withFields(current, wanted, fields));
  const changed = CARD_ENTRY_FIELDS.filter((field) => spelledField(current, field) !== spelledField(entry, field));
  if (changed.length === 0) return undefined;
  const edit: Edit = { card, there, lines: new Map(), before: new Map() };
  for (const field of changed) setField(edit, field, entry);
  markSecond(edit, entry);
  const revised = card.lines.find(({ name, isBroken }) => name === 'REV' && !isBroken);
  const value = { plain: stamp(now) };
  if (revised === undefined) insert(edit, card.end, { name: 'REV', value });
  else edit.lines.set(revised.at, { name: revised.headWithout(), value });
  return edit;
}

/** A change that is being made up. */
interface Edit extends CardChange {
  readonly card: Card;
  /** The lines that say its fields. */
  readonly there: CardLines;
  readonly lines: Map<number, NewLine | undefined>;
  readonly before: Map<number, readonly NewLine[]>;
}

function setField(edit: Edit, field: CardEntryField, entry: Entry): void {
  const { card, there, lines } = edit;
  const line = there[field];
  if (line === undefined)
    return insert(edit, placeOfNew(card, FIELD_LINES[field].name), newLine(field, entry, valueOf(card, 'VERSION')));
  const value = valueFor(field, entry, line);
  if (field === 'name' || !isBlank(value)) lines.set(line.at, { name: headFor(line, value), value });
  else for (const { at } of [line, ...labelsOf(card, line)]) lines.set(at, undefined);
}

function insert({ before }: Edit, place: number, line: NewLine): void {
  before.set(place, [...(before.get(place) ?? []), line]);
}

/** Where there is no first address, the second one must not be taken for it. */
function markSecond({ there, lines }: Edit, entry: Entry): void {
  const line = there.otherEmail;
  if (line === undefined || isSecond(line) || !isEmpty(entry, 'email') || isEmpty(entry, 'otherEmail')) return;
  const { name, value } = lines.get(line.at) ?? { name: line.headWithout(), value: { plain: line.raw } };
  lines.set(line.at, { name: `${name};${AS_SECOND}`, value });
}

const AS_SECOND = `${SECOND.name}=${SECOND.value}`;

function newLine(field: CardEntryField, entry: Entry, version: string): NewLine {
  const { name, types } = FIELD_LINES[field];
  // The newer version knows no such type any more.
  const known = types.filter((type) => type !== 'INTERNET' || version === NEW_VERSION);
  const head = [name, ...(known.length === 0 ? [] : [`TYPE=${known.join()}`]), ...(field === 'otherEmail' ? [AS_SECOND] : [])];
  return { name: head.join(';'), value: valueFor(field, entry) };
}

/** What a line says then: of several parts, those that stay are left to the letter, and whatever else there is beside them. */
function valueFor(field: CardEntryField, entry: Entry, line?: CardLine): NewValue {
  const { says, parts = 1 } = FIELD_LINES[field];
  if (typeof says === 'string') {
    const text = says === 'subject' ? entry.subject : (entry.card?.[says] ?? '');
    const uri = line?.name === 'TEL' && telephoneOf(line) !== undefined ? telephoneUri(text) : undefined;
    return uri === undefined ? { text } : { plain: uri };
  }
  const there = line?.parts ?? [];
  const length = Math.max(parts, there.length);
  const values: ({ readonly text: string } | { readonly plain: string })[] = Array.from({ length }, (_, place) => {
    const raw = there[place]?.raw ?? '';
    return { plain: place < length - 1 ? closed(raw) : raw };
  });
  for (const [part, place] of Object.entries(says)) {
    const text = entry.card?.[part as CardPart] ?? '';
    if (normalizedText(there[place]?.text ?? '') !== text) values[place] = { text };
  }
  return { parts: values };
}

/** A part that another one can follow: a single backslash at its end would hide the semicolon between them. */
function closed(raw: string): string {
  const [backslashes = ''] = /\\*$/.exec(raw) ?? [];
  return backslashes.length % 2 === 1 ? `${raw}\\` : raw;
}

/** All that stood in front of the colon but what would say something else than the new value. */
function headFor(line: CardLine, value: NewValue): string {
  if (line.name === 'ADR') return line.headWithout('LABEL');
  return 'text' in value && isUri(line) ? line.headWithout('VALUE') : line.headWithout();
}

/** Behind its siblings, and what belongs to the last of them. */
function placeOfNew({ lines, end }: Card, name: string): number {
  const index = lines.findLastIndex((line) => line.name === name);
  const last = lines[index];
  if (last === undefined) return end;
  const next = lines.slice(index + 1).find(({ group }) => group === '' || group !== last.group);
  return next?.at ?? end;
}

/** The labels of a line, unless they are those of other lines as well. */
function labelsOf({ lines }: Card, line: CardLine): readonly CardLine[] {
  const others = lines.filter((other) => other !== line && line.group !== '' && other.group === line.group);
  return others.every(({ name }) => LABEL_LINES.includes(name)) ? others : [];
}

function isBlank(value: NewValue): boolean {
  if ('parts' in value) return value.parts.every(isBlank);
  return ('text' in value ? value.text : value.plain).trim() === '';
}

function isEmpty(entry: Entry, field: CardEntryField): boolean {
  return spelledField(entry, field) === '';
}

function stamp(now: number): string {
  return isoSeconds(now).replace(/[-:]/g, '');
}
