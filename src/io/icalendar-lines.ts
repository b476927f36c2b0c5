// The lines of iCalendar (RFC 5545, 3.1) and of vCards (RFC 6350, 3.2): unfolded and folded.

import type { NewComponent, NewLine, NewValue } from './icalendar-contract';

/** A line of content: as it stands, with the ends of its lines, and unfolded. */
export interface ContentLine {
  readonly raw: string;
  readonly text: string;
}

/** How long a line may be, in bytes without its end. */
const LONGEST = 75;
/** Many more than an item has. Each costs a thousand times what its letters do, and a text from elsewhere may have millions. */
const MOST_LINES = 20_000;

/** A text that ends too early, a line that is none, or lines without end. */
export class NotWhole extends Error {}

/** All lines of a text. Those together are the text again. Throws {@link NotWhole} for more of them than anybody writes. */
export function contentLines(text: string): readonly ContentLine[] {
  const lines: ContentLine[] = [];
  for (let [begin, end] = [0, 0]; begin < text.length; begin = end) {
    // No regular expression over them all: a text of nothing but folds would be too deep for it.
    do end = text.indexOf('\n', end) + 1 || text.length;
    while (text[end] === ' ' || text[end] === '\t');
    const raw = text.slice(begin, end);
    if (lines.length >= MOST_LINES) throw new NotWhole();
    lines.push({
      raw,
      text: raw
        .replace(/\r?\n[ \t]/g, '')
        .replace(/\r?\n$/, '')
        .replace(/^\ufeff/, ''),
    });
  }
  return lines;
}

/** The name of the property in a line, in upper case; `undefined` for what is none. */
export function nameOf(line: string): string | undefined {
  return /^([A-Za-z0-9-]+)[:;]/.exec(line)?.[1]?.toUpperCase();
}

/** The lines of a component that is written. */
export function componentLines({ name, lines, components }: NewComponent): readonly NewLine[] {
  const bound = (word: string): NewLine => ({ name: word, value: { plain: name } });
  return [bound('BEGIN'), ...lines, ...components.flatMap(componentLines), bound('END')];
}

/** A line as it is written, folded between characters. */
export function folded({ name, parameters = {}, value }: NewLine, lineEnd: string): string {
  const spelled = Object.entries(parameters).map(([key, each]) => `;${key}=${quoted(each)}`);
  const line = `${name}${spelled.join('')}:${spelledValue(value)}`;
  let [done, bytes] = ['', 0];
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > LONGEST) [done, bytes] = [`${done}${lineEnd} `, 1];
    done += character;
    bytes += size;
  }
  return done + lineEnd;
}

function spelledValue(value: NewValue): string {
  if ('parts' in value) return value.parts.map(spelledValue).join(';');
  return 'text' in value ? escaped(value.text) : withoutControls(value.plain);
}

/**
 * A text with its escapes (3.3.11). What else some readers take for the end of a line becomes one, and other control characters, which
 * a text must not hold, go.
 */
function escaped(text: string): string {
  const lines = text.split(/\r\n?|[\n\v\f\u0085\u2028\u2029]/);
  return lines.map((line) => withoutControls(line).replace(/[\\;,]/g, String.raw`\$&`)).join(String.raw`\n`);
}

function quoted(value: string): string {
  const plain = withoutControls(value).replaceAll('"', "'");
  return /[:;,]/.test(plain) ? `"${plain}"` : plain;
}

function withoutControls(text: string): string {
  return text.toWellFormed().replace(/(?!\t)\p{Cc}/gu, '');
}
