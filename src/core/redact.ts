// Masks secrets in what others said, however they spelled it. Nobody can list all spellings, so the text is compared without its escapes.

import { MASK, type Secret } from './secret';
import { readingsOf, unescaped, type Unescaped } from './unescape';

/** What is shorter is left alone: masking every `a` would make a report unreadable and protect nothing. */
const SHORTEST = 4;
/** The shortest part of a secret in base64 that is masked: the same in bytes. */
const SHORTEST_IN_BASE64 = 6;

/** What is looked for in a text without escapes. */
interface Needle {
  readonly text: string;
  /** How much of its beginning, and of its end, has to be there where the rest was cut off. */
  readonly leastBeginning: number;
  readonly leastEnd: number;
  readonly borders: () => { readonly forwards: Border; readonly backwards: Border };
}

/** A part of a text, from its first unit to the one after its last. */
type Range = readonly [start: number, end: number];

/**
 * Makes a filter that replaces every known secret in a text by `***`: as it is, escaped for HTML, JSON and addresses in any order and
 * however often, and in base64 at each of the three alignments that it can have inside a longer encoded text. A part of at least four
 * characters is masked, too, where the rest was cut off: at the end of the text, and on either side of what stands for something that was
 * left out (`…`, `...`, and the mark of a character that was cut in two). In time that is linear in the text.
 */
export function makeRedactor(secrets: Iterable<Secret>): (text: string) => string {
  const values = new Set([...secrets].flatMap((secret) => [secret.reveal(), secret.reveal().trim()]));
  const known = [...values].filter((value) => value.length >= SHORTEST);
  if (known.length === 0) return (text) => text;
  // As it was written, it is found wherever an escape before or after it swallows a part of it.
  const plain = new Set(known.map((value) => value.replace(/\\+$/, '')).filter((value) => value.length >= SHORTEST));
  const needles = known.flatMap(needlesOf);
  return (text) => {
    const bare = readingsOf(text).flatMap((reading) => rangesWithout(reading, needles));
    const found = [...[...plain].flatMap((value) => rangesIn(text, value)), ...bare];
    return found.length === 0 ? text : masked(text, found);
  };
}

function needlesOf(value: string): readonly Needle[] {
  const texts = readingsOf(value).flatMap((bare) => {
    // What its end has in common with an escape may be taken for one together with what follows.
    return [bare.text, bare.text.slice(0, bare.beginOfCut(bare.text.length))];
  });
  return [
    ...[...new Set(texts)].map((each) => needle(each, originOf(each).length + SHORTEST, SHORTEST)),
    ...base64Spellings(value).map((each) => needle(unescaped(each).text, SHORTEST_IN_BASE64, SHORTEST_IN_BASE64)),
  ].filter((each) => each.text.length >= SHORTEST);
}

/** That an address begins with its server is no secret. */
function originOf(text: string): string {
  return /^[a-z]+:\/\/(?:[^/?#@]*\/)?/i.exec(text)?.[0] ?? '';
}

function needle(text: string, leastBeginning: number, leastEnd: number): Needle {
  let borders: ReturnType<Needle['borders']> | undefined;
  const made = () => (borders ??= { forwards: borderOf(text), backwards: borderOf(reversed(text)) });
  return { text, leastBeginning, leastEnd, borders: made };
}

/** Where a value stands as it was written, together with backslashes before it, of which the last may belong to its first letter. */
function rangesIn(text: string, value: string): readonly Range[] {
  return occurrences(text, value).map((at): Range => {
    let start = at;
    while (text[start - 1] === '\\') start -= 1;
    return [start, at + value.length];
  });
}

function rangesWithout(bare: Unescaped, needles: readonly Needle[]): readonly Range[] {
  const { text } = bare;
  const whole = needles.flatMap((each) => occurrences(text, each.text).map((at): Range => [at, at + each.text.length]));
  return [...whole, ...cutRanges(bare, needles)].map(([start, end]): Range => [bare.startOf(start), bare.endOf(end - 1)]);
}

function occurrences(text: string, value: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) found.push(at);
  return found;
}

/** So many places are looked at where a secret may have been cut: escapes one within the other, blanks one behind the other. */
const MOST_CUTS = 8;

/** What stands for something that was left out. */
const LEFT_OUT = /[\u2026\ufffd]+|\.{3,}/g;

/** The parts of secrets whose rest was cut off. */
function cutRanges(bare: Unescaped, needles: readonly Needle[]): readonly Range[] {
  const { text } = bare;
  const ranges: Range[] = [];
  let begin = 0;
  for (const mark of [...text.matchAll(LEFT_OUT), undefined]) {
    const end = mark?.index ?? text.length;
    let shown = end;
    while (mark === undefined && shown > begin && bare.isSpace(shown - 1)) shown -= 1;
    // The first blanks at the end of the text are its own, or the secret's.
    for (let last = shown; last <= Math.min(end, shown + MOST_CUTS); last += 1)
      if (last - begin >= SHORTEST) addCut(ranges, bare, begin, last, needles);
    begin = (mark?.index ?? 0) + (mark?.[0].length ?? 0);
  }
  return ranges;
}

/** The beginning of a secret before the end of a piece of a text, and its end after the begin of one that something was left out before. */
function addCut(ranges: Range[], bare: Unescaped, begin: number, end: number, needles: readonly Needle[]): void {
  const { text } = bare;
  // An escape may have been cut in two, and so may the one that it is part of.
  const places = [end];
  for (
    let place = bare.beginOfCut(end);
    places.length < MOST_CUTS && place > begin && place !== places.at(-1);
    place = bare.beginOfCut(place)
  )
    places.push(place);
  for (const { text: wanted, borders, leastBeginning, leastEnd } of needles) {
    const { forwards, backwards } = borders();
    const most = wanted.length - 1;
    for (const place of places) {
      const length = forwards(text, Math.max(begin, place - most), place);
      if (length >= leastBeginning) ranges.push([place - length, end]);
    }
    const length = begin === 0 ? 0 : backwards(text, Math.min(end, begin + most) - 1, begin - 1);
    if (length >= leastEnd) ranges.push([begin, begin + length]);
  }
}

/** How much of the beginning of something stands at the end of a part of a text, which is read from one place up to another, or down. */
type Border = (text: string, from: number, to: number) => number;

/** By Knuth, Morris and Pratt: no unit of the text is looked at again. */
function borderOf(wanted: string): Border {
  const within: number[] = [0];
  const longer = (length: number, unit: string | undefined): number => {
    let so = length;
    while (so > 0 && wanted[so] !== unit) so = within[so - 1] ?? 0;
    return wanted[so] === unit ? so + 1 : so;
  };
  for (let place = 1; place < wanted.length; place += 1) within.push(longer(within[place - 1] ?? 0, wanted[place]));
  return (text, from, to) => {
    const step = from < to ? 1 : -1;
    let length = 0;
    for (let place = from; place !== to; place += step) length = longer(length, text[place]);
    return length;
  };
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}

function masked(text: string, ranges: readonly Range[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (start > done || (start === done && pieces.length === 0)) pieces.push(text.slice(done, start), MASK);
    done = Math.max(done, end);
  }
  return pieces.join('') + text.slice(done);
}

/** The part of the base64 text that depends on the secret alone, for each number of bytes that may stand before it. */
function base64Spellings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const spellings: string[] = [];
  for (const before of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const text = padded.toString('base64').replace(/=+$/, '');
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor((padded.length * 8) / 6);
    const certain = text.slice(start, end);
    if (certain.length >= 5) spellings.push(certain, certain.replace(/\+/g, '-').replace(/\//g, '_'));
  }
  return spellings;
}
