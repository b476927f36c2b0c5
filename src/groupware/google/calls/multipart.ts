// Takes multipart bodies apart (https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1), and the messages in their parts. In time that is linear
// in the text, whoever wrote it. Pure.

/** The parts of a body that are there as a whole. */
export interface Parts {
  /** Each without its delimiter, and without the line end that belongs to that. */
  readonly parts: readonly string[];
  /** Whether the last delimiter is there. */
  readonly isClosed: boolean;
}

/** A header and what stands below it. */
export interface Section {
  /** Lower-case names. */
  readonly fields: Readonly<Record<string, string>>;
  readonly rest: string;
}

/** An answer of HTTP within a part. */
export interface NestedAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The boundary that a Content-Type of multipart/mixed names; `undefined` of anything else, and where it names several. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^\s*multipart\/mixed\s*;/i.test(contentType)) return undefined;
  const named = [...contentType.matchAll(/;\s*boundary=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))(?=\s*(?:;|$))/gi)];
  const [only] = named;
  if (only === undefined || named.length > 1) return undefined;
  const boundary = only[1]?.replace(/\\(.)/g, '$1') ?? only[2] ?? '';
  return boundary === '' ? undefined : boundary;
}

/**
 * The parts of a body. What stands before the first delimiter and behind the last one is nobody's. Where the body was cut off
 * (`isWhole` is false), a delimiter counts only with its line end: without it, it may be the beginning of a longer line. `undefined` where
 * there are more than `most`.
 */
export function partsOf(body: string, boundary: string, isWhole: boolean, most: number): Parts | undefined {
  const parts: string[] = [];
  let begin: number | undefined;
  for (const { start, end, isLast } of delimitersOf(body, boundary, isWhole)) {
    if (begin !== undefined) parts.push(body.slice(begin, Math.max(begin, beforeLineEnd(body, start))));
    if (parts.length > most) return undefined;
    if (isLast) return { parts, isClosed: true };
    begin = end;
  }
  return { parts, isClosed: false };
}

interface Delimiter {
  readonly start: number;
  readonly end: number;
  readonly isLast: boolean;
}

function* delimitersOf(body: string, boundary: string, isWhole: boolean): Generator<Delimiter> {
  const mark = `--${boundary}`;
  for (let start = body.indexOf(mark); start >= 0; start = body.indexOf(mark, start + mark.length)) {
    if (start > 0 && body[start - 1] !== '\n') continue;
    const lineEnd = body.indexOf('\n', start + mark.length);
    if (lineEnd < 0 && !isWhole) return;
    const end = lineEnd < 0 ? body.length : lineEnd + 1;
    const rest = /^(--)?[ \t]*\r?\n?$/.exec(body.slice(start + mark.length, end));
    if (rest !== null) yield { start, end, isLast: rest[1] !== undefined };
  }
}

function beforeLineEnd(body: string, place: number): number {
  return place - (body[place - 2] === '\r' ? 2 : 1);
}

/** A header and what is below its empty line. Lines that are no fields are left out; a field that is there twice has both values. */
export function sectionOf(text: string): Section {
  const empty = /^\r?\n|\r?\n\r?\n/.exec(text);
  const head = empty === null ? text : text.slice(0, empty.index);
  const rest = empty === null ? '' : text.slice(empty.index + empty[0].length);
  return { fields: fieldsOf(head), rest };
}

/** The answer that a text is; `undefined` where it is none. Its body may be missing, and the empty line before it with it. */
export function nestedAnswerOf(text: string): NestedAnswer | undefined {
  const begin = text.search(/[^\r\n]/);
  const lineEnd = text.indexOf('\n', begin);
  const firstLine = text.slice(Math.max(0, begin), lineEnd < 0 ? undefined : lineEnd).trimEnd();
  const status = /^HTTP\/\d(?:\.\d)? ([2-5]\d\d)(?: |$)/.exec(firstLine)?.[1];
  if (status === undefined) return undefined;
  const { fields: headers, rest: body } = sectionOf(lineEnd < 0 ? '' : text.slice(lineEnd + 1));
  return { status: Number(status), headers, body };
}

function fieldsOf(head: string): Readonly<Record<string, string>> {
  const fields = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    if (/^[ \t]/.test(line)) last?.push(' ', line.trim());
    else if (/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
      last = fields.get(name) ?? [];
      last.push(...(last.length === 0 ? [] : [', ']), line.slice(colon + 1).trim());
      fields.set(name, last);
    } else last = undefined;
  }
  return Object.fromEntries([...fields].map(([name, pieces]) => [name, pieces.join('').trim()]));
}
