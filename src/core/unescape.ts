// Text of somebody else with every escape undone: per cent, HTML, JSON and backslashes, in any order and however often. What stands in
// it can be found there whoever spelled it, and where it came from is known. In linear time: each unit is looked at when it is put on a
// stack, and an escape that is complete there gives way to what it stands for, which may complete another one.

import { entityNamed } from './html-entities';

/** A text without escapes. What several spellings have in common there is spelled alike, so it is for comparing, not for reading. */
export interface Unescaped {
  readonly text: string;
  /** Where in the original each unit comes from. */
  startOf(index: number): number;
  endOf(index: number): number;
  /** Whether a unit is white space in truth, however it is spelled here. */
  isSpace(index: number): boolean;
  /** Where an escape begins that is cut off at `end`; `end` where there is none. */
  beginOfCut(end: number): number;
}

/** A form has + for a blank, and after a backslash stands a letter for what cannot be seen. */
const ALIKE: ReadonlyMap<number, number> = new Map(
  Object.entries({ '+': ' ', '\u00a0': ' ', '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' }).map(([from, to]) => [
    from.charCodeAt(0),
    to.charCodeAt(0),
  ]),
);

const [BACKSLASH, PERCENT, AMPERSAND, SEMICOLON, OPEN, CLOSE, U, X] = [0x5c, 0x25, 0x26, 0x3b, 0x7b, 0x7d, 0x75, 0x78];
/** The longest escapes: the name or number of HTML between & and ;, and the number in \u{…}. */
const [LONGEST_ENTITY, LONGEST_NUMBER] = [20, 8];
/** As many escapes within escapes as are counted. */
const DEEPEST = 254;

/** What every escape begins with. */
const BEGINS_ESCAPE = /[%&\\]/;

/** Undoes all escapes, in the reading that is the likelier one where there are two. */
export function unescaped(original: string): Unescaped {
  // As most of what is logged: nothing has to be put on a stack.
  return BEGINS_ESCAPE.test(original) ? stackOf(original, true) : withoutEscapes(original);
}

/**
 * Undoes all escapes in each reading that there is, the likelier one first. A backslash before an escape of another kind may belong to
 * what that stands for, as in HTML of JSON (`&#92;&#120;41` is `A`), or to its first unit, as in a command line of HTML (`\&\#120\;41` is
 * `x41`). How often each was escaped tells most of them apart, but not where the backslash was escaped, too.
 */
export function readingsOf(original: string): readonly Unescaped[] {
  if (!BEGINS_ESCAPE.test(original)) return [withoutEscapes(original)];
  const likely = stackOf(original, true);
  return likely.isAmbiguous ? [likely, stackOf(original, false)] : [likely];
}

function stackOf(original: string, handsOn: boolean): Stack {
  const stack = new Stack(original.length, handsOn);
  for (let place = 0; place < original.length; place += 1) stack.put(original.charCodeAt(place), place);
  return stack;
}

function withoutEscapes(original: string): Unescaped {
  return {
    text: original.replace(/[+\u00a0\n\r\t\b\f]/g, (unit) => String.fromCharCode(ALIKE.get(unit.charCodeAt(0)) ?? 0)),
    startOf: (index) => index,
    endOf: (index) => index + 1,
    isSpace: (index) => /\s/.test(original.charAt(index)),
    beginOfCut: (end) => end,
  };
}

class Stack implements Unescaped {
  #size = 0;
  readonly #codes: Uint16Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  /** By how many escapes, one within the other, each unit was spelled. */
  readonly #depths: Uint8Array;
  /** The same of the deepest backslash before it, plus 1; 0 where there is none. */
  readonly #slashes: Uint8Array;
  /** Whether it is a byte that no character is made of yet. */
  readonly #bytes: Uint8Array;
  /** Where the backslashes before the next unit begin; -1 where there are none. They are no part of the text: nobody knows how many. */
  #backslashes = -1;
  #slash = 0;
  #text: string | undefined;
  /** Whether a backslash stood before an escape of another kind. */
  isAmbiguous = false;

  constructor(
    most: number,
    /** Whether such a backslash belongs to what the escape stands for, and not to its first unit. */
    private readonly handsOn: boolean,
  ) {
    this.#codes = new Uint16Array(most);
    this.#starts = new Uint32Array(most);
    this.#ends = new Uint32Array(most);
    this.#depths = new Uint8Array(most);
    this.#slashes = new Uint8Array(most);
    this.#bytes = new Uint8Array(most);
  }

  get text(): string {
    return (this.#text ??= this.#spell());
  }

  startOf(index: number): number {
    return this.#starts[index] ?? 0;
  }

  endOf(index: number): number {
    return this.#ends[index] ?? 0;
  }

  isSpace(index: number): boolean {
    return /\s/.test(String.fromCharCode(this.#codes[index] ?? 0));
  }

  beginOfCut(end: number): number {
    let begin = end;
    while (begin > 0 && this.#isByte(begin - 1)) begin -= 1;
    if (begin < end) return begin;
    for (let place = end - 1; place >= 0 && place >= end - LONGEST_ENTITY; place -= 1) {
      const code = this.#codes[place];
      const length = end - place;
      if (code === AMPERSAND || (code === PERCENT && length <= 5)) return place;
      if ((code === U || code === X) && this.#isEscaped(place) && length <= LONGEST_NUMBER + 2) return place;
      if (code === undefined || !isPartOfName(code)) return end;
    }
    return end;
  }

  /** Puts a unit on the stack, and undoes the escapes that it completes. */
  put(unit: number, place: number): void {
    let [code, start, depth, slash, isByte] = [unit, place, 0, 0, false];
    for (;;) {
      if (code === BACKSLASH) {
        if (this.#backslashes < 0) this.#backslashes = start;
        this.#slash = Math.max(this.#slash, slash, depth + 1);
        return;
      }
      this.#push(code, start, place + 1, depth, slash, isByte);
      const done = this.#completed();
      if (done === undefined) return;
      const begin = this.#size - done.length;
      depth = 0;
      for (let index = begin; index < this.#size; index += 1) depth = Math.max(depth, this.#depths[index] ?? 0);
      depth = Math.min(DEEPEST, depth + 1);
      [code, start, slash, isByte] = [done.code, this.#starts[begin] ?? start, this.#slashes[begin] ?? 0, done.isByte];
      if (slash > 0) this.isAmbiguous = true;
      if (!this.handsOn) slash = 0;
      this.#size = begin;
    }
  }

  #push(code: number, start: number, end: number, depth: number, slash: number, isByte: boolean): void {
    const begin = this.#backslashes < 0 ? start : Math.min(start, this.#backslashes);
    const units = code > 0xffff ? [0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff)] : [code];
    for (const unit of units) {
      this.#codes[this.#size] = unit;
      this.#starts[this.#size] = begin;
      this.#ends[this.#size] = end;
      this.#depths[this.#size] = depth;
      this.#slashes[this.#size] = Math.max(slash, this.#slash);
      this.#bytes[this.#size] = isByte ? 1 : 0;
      this.#size += 1;
    }
    [this.#backslashes, this.#slash] = [-1, 0];
  }

  /** Whether a unit belongs to a backslash before it: one that was escaped less often belongs to the escape that the unit was spelled by. */
  #isEscaped(index: number): boolean {
    return index >= 0 && (this.#slashes[index] ?? 0) > (this.#depths[index] ?? 0);
  }

  #isByte(index: number): boolean {
    return index >= 0 && this.#bytes[index] === 1;
  }

  /** The escape that ends at the top: how many units it takes, and what it stands for. */
  #completed(): { readonly length: number; readonly code: number; readonly isByte: boolean } | undefined {
    const top = this.#codes[this.#size - 1] ?? 0;
    if (this.#isByte(this.#size - 1)) return this.#character();
    if (top === SEMICOLON) return this.#entity();
    if (top === CLOSE) return this.#longNumber();
    if (!isHex(top)) return undefined;
    if (this.#code(3) === PERCENT && isHex(this.#code(2)))
      return { length: 3, code: this.#number(2), isByte: this.#number(2) > 0x7f };
    if (this.#code(3) === X && this.#isEscaped(this.#size - 3) && isHex(this.#code(2)))
      return { length: 3, code: this.#number(2), isByte: false };
    if (this.#code(5) !== U || ![4, 3, 2].every((place) => isHex(this.#code(place)))) return undefined;
    if (this.#isEscaped(this.#size - 5)) return { length: 5, code: this.#number(4), isByte: false };
    return this.#code(6) === PERCENT ? { length: 6, code: this.#number(4), isByte: false } : undefined;
  }

  /** The character that the bytes at the top make, once they are complete. */
  #character(): { readonly length: number; readonly code: number; readonly isByte: boolean } | undefined {
    for (let length = 2; length <= 4 && this.#isByte(this.#size - length); length += 1) {
      const bytes = Uint8Array.from(this.#codes.subarray(this.#size - length, this.#size));
      const needed = (bytes[0] ?? 0) >= 0xf0 ? 4 : (bytes[0] ?? 0) >= 0xe0 ? 3 : (bytes[0] ?? 0) >= 0xc0 ? 2 : 0;
      if (needed !== length) continue;
      const [character = ''] = Buffer.from(bytes).toString('utf8');
      return character === '\ufffd' ? undefined : { length, code: character.codePointAt(0) ?? 0, isByte: false };
    }
    return undefined;
  }

  #entity(): { readonly length: number; readonly code: number; readonly isByte: boolean } | undefined {
    for (let length = 2; length <= LONGEST_ENTITY && length <= this.#size; length += 1) {
      const code = this.#code(length);
      if (code === AMPERSAND) {
        const point = codePointOf(this.#spellTop(length - 1).slice(0, -1));
        return point === undefined ? undefined : { length, code: point, isByte: false };
      }
      if (!isPartOfName(code)) return undefined;
    }
    return undefined;
  }

  #longNumber(): { readonly length: number; readonly code: number; readonly isByte: boolean } | undefined {
    for (let length = 2; length <= LONGEST_NUMBER + 2 && length < this.#size; length += 1) {
      if (this.#code(length) === OPEN) {
        const point = parseInt(this.#spellTop(length - 1).slice(0, -1), 16);
        const isEscape = this.#code(length + 1) === U && this.#isEscaped(this.#size - length - 1) && point <= 0x10ffff;
        return isEscape ? { length: length + 1, code: point, isByte: false } : undefined;
      }
      if (!isHex(this.#code(length))) return undefined;
    }
    return undefined;
  }

  /** The unit that is so many units deep, the one at the top being 1. */
  #code(depth: number): number {
    return this.#size < depth ? 0 : (this.#codes[this.#size - depth] ?? 0);
  }

  #number(digits: number): number {
    let number = 0;
    for (let depth = digits; depth > 0; depth -= 1) number = 16 * number + hexValue(this.#code(depth));
    return number;
  }

  #spellTop(length: number): string {
    return String.fromCharCode(...this.#codes.subarray(this.#size - length, this.#size));
  }

  #spell(): string {
    const pieces: string[] = [];
    for (let place = 0; place < this.#size; place += PIECE) {
      const units = this.#codes.slice(place, Math.min(this.#size, place + PIECE)).map((code) => ALIKE.get(code) ?? code);
      pieces.push(String.fromCharCode(...units));
    }
    return pieces.join('');
  }
}

/** As many units as a function takes for arguments without harm. */
const PIECE = 8_192;

/** The value of a digit of a number in hex. */
function hexValue(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x61 + 10;
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

/** A letter, a digit, `#` or `{`: what can stand within an escape. */
function isPartOfName(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) || code === 0x23 || code === OPEN;
}

function codePointOf(name: string): number | undefined {
  const [, hex, decimal] = /^#(?:[xX]([0-9A-Fa-f]+)|(\d+))$/.exec(name) ?? [];
  if (hex === undefined && decimal === undefined) return entityNamed(name);
  const point = hex === undefined ? parseInt(decimal ?? '', 10) : parseInt(hex, 16);
  return point <= 0x10ffff ? point : undefined;
}
