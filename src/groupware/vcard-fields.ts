// Which line of a card says which field of a contact. Only what somebody has at work: all else is that person's own, and nobody reads it. Pure.

import type { CardPart } from '../core/sync/card';
import type { EntryField } from '../core/sync/entry';
import type { Card, CardLine } from '../io/vcard-contract';
import { isUri, telephoneOf } from './vcard-telephone';

/** The fields that a card has. */
export const CARD_ENTRY_FIELDS = [
  ...(['subject', 'name', 'company', 'title', 'phone', 'mobile', 'fax', 'email', 'otherEmail', 'address'] as const),
] satisfies readonly EntryField[];
export type CardEntryField = (typeof CARD_ENTRY_FIELDS)[number];

/** The name of a line, and which of these lines it is. */
export interface FieldLine {
  readonly name: string;
  /** A type that it has to have, and such as it must not have. */
  readonly has?: string;
  readonly hasNot?: readonly string[];
  /** The types of a new one. */
  readonly types: readonly string[];
  /** What it says: one text, or some of the parts between its semicolons, by their places. */
  readonly says: 'subject' | CardPart | Readonly<Partial<Record<CardPart, number>>>;
  /** How many parts a new one has. */
  readonly parts?: number;
}

const EMAIL = { name: 'EMAIL', types: ['INTERNET', 'WORK'] } as const;

/** The lines of the fields, in the order in which a new card has them. */
export const FIELD_LINES: Readonly<Record<CardEntryField, FieldLine>> = {
  subject: { name: 'FN', types: [], says: 'subject' },
  name: { name: 'N', types: [], says: { family: 0, given: 1 }, parts: 5 },
  company: { name: 'ORG', types: [], says: { company: 0 }, parts: 1 },
  title: { name: 'TITLE', types: [], says: 'title' },
  phone: { name: 'TEL', hasNot: ['cell', 'fax'], types: ['WORK', 'VOICE'], says: 'phone' },
  mobile: { name: 'TEL', has: 'cell', hasNot: ['fax'], types: ['CELL'], says: 'mobile' },
  fax: { name: 'TEL', has: 'fax', types: ['WORK', 'FAX'], says: 'fax' },
  email: { ...EMAIL, says: 'email' },
  otherEmail: { ...EMAIL, says: 'otherEmail' },
  address: { name: 'ADR', types: ['WORK'], says: { street: 2, city: 3, region: 4, postcode: 5, country: 6 }, parts: 7 },
};

/**
 * Of several lines, the first one of this order counts: those that say something, those that say they are of work, and those that are
 * preferred (`PREF=1` before `PREF=2`, `TYPE=pref` as `PREF=1`). A line that has our own parameter is the second address, wherever it
 * stands; without one, it is the second in that order.
 */
const ORDER: readonly ((known: KnownLine) => number)[] = [
  ({ line }) => (/[^;\s]/.test(line.raw) ? 0 : 1),
  ({ types }) => (types.includes('work') ? 0 : 1),
  ({ line, types }) => Math.min(types.includes('pref') ? 1 : UNPREFERRED, ...line.parameter('PREF').slice(0, 1).map(preference)),
];

/** A line with its types and those of its label, in lower case. */
interface KnownLine {
  readonly line: CardLine;
  readonly types: readonly string[];
}

/** What comes after whatever is preferred: 100 is the last that a card can say. */
const UNPREFERRED = 101;

/** Our own parameter, on an e-mail address that is not the first one of the CRM even where it is the only one. This spelling can never change. */
export const SECOND = { name: 'X-CRM-FIELD', value: 'OTHER-EMAIL' } as const;

/** Types that do not make a line anything else than one of work. With any other one (`home`, `pager`, whatever somebody made up) it is the person's own. */
const OPEN_TYPES: readonly string[] = [
  ...['work', 'voice', 'cell', 'fax', 'main', 'iphone', 'msg', 'text', 'pref'],
  ...['internet', 'dom', 'intl', 'postal', 'parcel'],
];

/** The types that Apple's labels mean, which a line of the same group has. Any other label is somebody's own word. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  work: ['work'],
  mobile: ['cell'],
  iphone: ['cell'],
  main: ['main'],
  workfax: ['work', 'fax'],
};
const OWN_LABEL = 'label';

/** The names of lines that are about another line of their group only. */
export const LABEL_LINES: readonly string[] = ['X-ABLABEL', 'X-ABADR'];

const NAMES: ReadonlySet<string> = new Set(Object.values(FIELD_LINES).map(({ name }) => name));

/** The lines that say the fields of a card; nothing where none does. */
export type CardLines = Readonly<Record<CardEntryField, CardLine | undefined>>;

/** Finds them. */
export function linesOfFields(card: Card): CardLines {
  const labels = labelsOf(card);
  const known = card.lines
    .filter((line) => NAMES.has(line.name) && !line.isBroken && !isOtherUri(line))
    .map((line) => ({ line, types: typesOf(line, labels) }))
    .filter(({ types }) => types.every((type) => OPEN_TYPES.includes(type)))
    .map((each) => ({ ...each, rank: ORDER.map((rankOf) => rankOf(each)) }))
    .sort((one, other) => compareRanks(one.rank, other.rank));
  const lineOf = (field: CardEntryField) => {
    const { name, has, hasNot = [] } = FIELD_LINES[field];
    const lines = known.filter(
      ({ line, types }) =>
        line.name === name && (has === undefined || types.includes(has)) && !types.some((type) => hasNot.includes(type)),
    );
    const firsts = lines.filter(({ line }) => !isSecond(line));
    if (field !== 'otherEmail') return firsts[0]?.line;
    const next = firsts[1]?.line;
    return lines.find(({ line }) => isSecond(line))?.line ?? (next !== undefined && textOf(next) !== '' ? next : undefined);
  };
  return Object.fromEntries(CARD_ENTRY_FIELDS.map((field) => [field, lineOf(field)])) as CardLines;
}

/** Whether it is known for the second address by our own parameter. */
export function isSecond(line: CardLine): boolean {
  return line.parameter(SECOND.name).includes(SECOND.value);
}

function compareRanks(one: readonly number[], other: readonly number[]): number {
  return one.map((rank, index) => rank - (other[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function preference(value: string): number {
  const number = Number(value);
  return number >= 1 && number <= 100 ? number : UNPREFERRED;
}

/** What the lines of a group are called. */
function labelsOf({ lines }: Card): ReadonlyMap<string, string> {
  return new Map(lines.filter(({ name }) => name === 'X-ABLABEL').map(({ group, text }) => [group, text.trim().toLowerCase()]));
}

/** Whoever says that a line is of work may call it anything. */
function typesOf(line: CardLine, labels: ReadonlyMap<string, string>): readonly string[] {
  const types = line
    .parameter('TYPE')
    .map((type) => type.toLowerCase())
    .filter((type) => type !== '');
  const label = line.group === '' ? undefined : labels.get(line.group);
  if (label === undefined) return types;
  const word = label.replace(/^_\$!<(.*)>!\$_$/, '$1');
  if (Object.hasOwn(LABELS, word)) return [...types, ...(LABELS[word] ?? [])];
  return types.includes('work') ? types : [...types, OWN_LABEL];
}

/** Whether it is an address of something else than a telephone, such as `sip:`. */
function isOtherUri(line: CardLine): boolean {
  return line.name === 'TEL' && isUri(line) && telephoneOf(line) === undefined;
}

/** The text of a line that says one text. */
export function textOf(line: CardLine): string {
  return line.name === 'TEL' ? (telephoneOf(line) ?? line.text) : line.text;
}

/** What a line says, by part. */
export function saidBy(line: CardLine | undefined, { says }: FieldLine): Readonly<Record<string, string>> {
  if (typeof says === 'string') return { [says]: line === undefined ? '' : textOf(line) };
  return Object.fromEntries(Object.entries(says).map(([part, place]) => [part, line?.parts[place]?.text ?? '']));
}
