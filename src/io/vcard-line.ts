// A line of a vCard, taken apart when somebody asks for more than its name: photographs are long. ical.js is not asked, because it takes
// `TEL;HOME;TYPE=VOICE` for a line without a type, and what is at home is nobody's business.

import { NotWhole } from './icalendar-lines';
import type { CardLine } from './vcard-contract';

/** More than any value has. */
const MOST_PARTS = 32;
/** Nobody reads more than that, in characters: what is longer and no photograph is a mistake, or an attack. */
const LONGEST = 1024 ** 2;
const ENCODINGS: readonly string[] = ['QUOTED-PRINTABLE', 'BASE64', 'B', '7BIT', '8BIT'];

/** The line of this text. Throws {@link NotWhole} for what is none. */
export function cardLine(text: string, at: number): CardLine {
  const [, group = '', name] = /^(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)[:;]/.exec(text) ?? [];
  if (name === undefined) throw new NotWhole();
  let taken: ReturnType<typeof takenApart> | undefined;
  const known = () => (taken ??= takenApart(text));
  return {
    at,
    group: group.toLowerCase(),
    name: name.toUpperCase(),
    get isBroken() {
      return known().isBroken;
    },
    headWithout: (...without) =>
      known()
        .pieces.filter((piece, index) => index === 0 || !without.includes(parameterOf(piece).name))
        .join(';'),
    parameter: (wanted) =>
      known()
        .pieces.slice(1)
        .map(parameterOf)
        .filter((parameter) => parameter.name === wanted)
        .flatMap(({ value }) => value.replaceAll('"', '').split(','))
        .map((value) => value.trim()),
    get raw() {
      return known().raw;
    },
    get text() {
      return unescaped(known().raw);
    },
    get parts() {
      return partsOf(known().raw).map((raw) => ({ raw, text: unescaped(raw) }));
    },
  };
}

/** The pieces of what is in front of the first colon outside of quotation marks, and what is behind it. */
function takenApart(line: string) {
  const pieces: string[] = [];
  for (let [at, begin, isQuoted] = [0, 0, false]; at < line.length && line.length <= LONGEST; at += 1) {
    const character = line[at];
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted || (character !== ';' && character !== ':')) continue;
    pieces.push(line.slice(begin, at));
    begin = at + 1;
    if (character === ':') return { pieces, raw: line.slice(begin), isBroken: false };
  }
  return { pieces: [], raw: '', isBroken: true };
}

function parameterOf(piece: string): { readonly name: string; readonly value: string } {
  const at = piece.indexOf('=');
  if (at >= 0) return { name: piece.slice(0, at).trim().toUpperCase(), value: piece.slice(at + 1) };
  return { name: ENCODINGS.includes(piece.trim().toUpperCase()) ? 'ENCODING' : 'TYPE', value: piece };
}

/** What stands between the semicolons that no backslash is in front of. */
function partsOf(raw: string): readonly string[] {
  const parts: string[] = [];
  let begin = 0;
  for (let at = 0; at < raw.length && parts.length < MOST_PARTS; at += 1) {
    if (raw[at] === '\\') at += 1;
    else if (raw[at] === ';') {
      parts.push(raw.slice(begin, at));
      begin = at + 1;
    }
  }
  return [...parts, raw.slice(begin)];
}

/** Colons have escapes in cards of old programs. */
function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\([\\;,:nN])/g, (_, character: string) => (character.toLowerCase() === 'n' ? '\n' : character));
}
