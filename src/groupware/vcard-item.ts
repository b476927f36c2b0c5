// What a text with a vCard is: an entry, or why it is none. Pure. What is private leaves no word behind here, not even in a reason.

import { cardOf } from '../core/sync/card';
import { normalized, type Entry } from '../core/sync/entry';
import type { Card, CardLine } from '../io/vcard-contract';
import type { RemoteContent } from './groupware';
import { MARK, type TextItem } from './text-item';
import { CARD_ENTRY_FIELDS, FIELD_LINES, linesOfFields, saidBy, type CardLines } from './vcard-fields';

/** The versions that are understood. What is older is no text any more once a line of it is changed. */
export const VERSIONS: readonly string[] = ['3.0', '4.0'];

/** The lines that have to be whole, whatever they say. */
const READ: ReadonlySet<string> = new Set([
  ...['UID', 'VERSION', 'KIND', MARK],
  ...Object.values(FIELD_LINES).map(({ name }) => name),
]);
/** More than a card of a person has; a photograph is one. */
const MOST_LINES = 2_000;
const KINDS: readonly string[] = ['KIND', 'X-ADDRESSBOOKSERVER-KIND'];
/** Texts that stand there as they are. */
const PLAIN: readonly string[] = ['8BIT', '7BIT', 'UTF-8', 'US-ASCII'];

/** Understands the cards of a text; `undefined` is one that could not be read. */
export function itemOfCards(cards: readonly Card[] = []): TextItem {
  const uids = [...new Set(cards.map((card) => valueOf(card, 'UID')))].filter((uid) => uid !== '');
  const [card] = cards;
  const mark = card === undefined ? '' : valueOf(card, MARK);
  return { uids, ...(mark === '' ? {} : { mark }), content: contentOf(cards, uids, mark) };
}

function contentOf(cards: readonly Card[], uids: readonly string[], mark: string): RemoteContent {
  const [card, ...more] = cards;
  if (card === undefined) return unreadable('it is no whole vCard');
  if (cards.some(isPrivate)) return { kind: 'private' };
  if (more.length > 0) return unreadable('it holds several cards');
  if (card.lines.length > MOST_LINES) return unreadable(`it has more than ${MOST_LINES} lines`);
  const broken = card.lines.find(({ name, isBroken }) => READ.has(name) && isBroken);
  if (broken !== undefined) return unreadable(`its ${broken.name} cannot be read`);
  // Every card of ours has one. One that somebody put there without it is that person's own.
  if (uids.length === 0) return mark === '' ? { kind: 'foreign' } : unreadable('it has lost its UID');
  const version = valueOf(card, 'VERSION');
  if (!VERSIONS.includes(version)) return unreadable(`it is a vCard of another version than ${VERSIONS.join(' and ')}`);
  if (card.lines.some((line) => KINDS.includes(line.name) && line.text.trim().toLowerCase() !== 'individual'))
    return { kind: 'foreign' };
  const lines = linesOfFields(card);
  const encoded = Object.values(lines).find((line) => line !== undefined && isEncoded(line));
  if (encoded !== undefined) return unreadable(`its ${encoded.name} has an encoding of its own`);
  return { kind: 'entry', entry: entryOfCard(lines) };
}

function unreadable(words: string): RemoteContent {
  return { kind: 'unreadable', words };
}

/** A class that nobody knows counts as private, and so does one that cannot be read. */
function isPrivate({ lines }: Card): boolean {
  return lines.some(({ name, text }) => name === 'CLASS' && text.trim().toUpperCase() !== 'PUBLIC');
}

function isEncoded(line: CardLine): boolean {
  const encodings = [...line.parameter('ENCODING'), ...line.parameter('CHARSET')];
  return encodings.some((encoding) => !PLAIN.includes(encoding.toUpperCase()));
}

/** The contact that these lines are about. */
export function entryOfCard(lines: CardLines): Entry {
  const said = CARD_ENTRY_FIELDS.flatMap((field) => Object.entries(saidBy(lines[field], FIELD_LINES[field])));
  const { subject = '', ...parts } = Object.fromEntries(said);
  return normalized({ kind: 'contact', subject, time: {}, place: '', notes: '', done: false, card: cardOf(parts) });
}

/** What the first line of a name says. */
export function valueOf(card: Card, name: string): string {
  return card.lines.find((line) => line.name === name)?.text.trim() ?? '';
}
