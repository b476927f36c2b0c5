// The contract of vCards (RFC 2426 and RFC 6350): what is read of one, and how a few of its lines are changed.

import type { NewLine } from './icalendar-contract';

/** A line of a card. */
export interface CardLine {
  /** Its place in the text, folded lines counted as one. */
  readonly at: number;
  /** What it shares with other lines, such as `item1`, in lower case; an empty text where it stands alone. */
  readonly group: string;
  /** In upper case, without the group. */
  readonly name: string;
  /** Whether nobody can tell where its value begins, or it is without end; it has no value then, and no parameters. */
  readonly isBroken: boolean;
  /** What is in front of the colon, as it stands, and without some of its parameters. */
  headWithout(...parameters: readonly string[]): string;
  /** All values of a parameter, by its name in upper case. Values without a name are as in vCard 2.1: an encoding, or else types. */
  parameter(name: string): readonly string[];
  /** What is behind the colon, unfolded and otherwise as it stands. */
  readonly raw: string;
  /** The same without the escapes of a text. */
  readonly text: string;
  /** What stands between its semicolons: as it stands, and without escapes. What comes after many of them is one part. */
  readonly parts: readonly { readonly raw: string; readonly text: string }[];
}

/** A card. */
export interface Card {
  readonly lines: readonly CardLine[];
  /** The place of its END. */
  readonly end: number;
}

/** What is to change in a card. All that it does not name stays to the letter, and in its order. */
export interface CardChange {
  /** By the place of a line, what stands there instead; nothing where the line goes. */
  readonly lines: ReadonlyMap<number, NewLine | undefined>;
  /** By the place of a line, what is put in front of it. */
  readonly before: ReadonlyMap<number, readonly NewLine[]>;
}

/** The reader and writer. Names of new lines may have a group and parameters with them, as they stood on another line. */
export interface VCards {
  /** The cards of a text; `undefined` where it holds anything else, is not whole, or has a card inside another one. */
  read(text: string): readonly Card[] | undefined;
  /** A text with a change in it. */
  change(text: string, change: CardChange): string;
  /** A text with nothing but a card of these lines in it. */
  write(lines: readonly NewLine[]): string;
}
