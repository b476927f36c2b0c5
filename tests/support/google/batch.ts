// Several calls in one request: https://developers.google.com/workspace/calendar/api/guides/batch

import type { ApiRequest } from './api';
import { GoogleError, type Answer } from './errors';
import type { Mishap } from './mishaps';
import { randomText } from './world';

/** A part of a batch. */
export interface Part {
  readonly id?: string;
  readonly request: ApiRequest | GoogleError;
}

/** A part's answer; without one, nothing of it is written. */
export interface PartAnswer {
  readonly id?: string;
  readonly answer: Answer | undefined;
}

/** The parts of a batch. What is wrong with the whole is thrown, what is wrong with a part stands in its place. */
export function readBatch(type: string | undefined, body: Buffer, outer: ApiRequest['headers'], most: number): readonly Part[] {
  // mixmaxhq/batchelor#25: with a semicolon at the end it is refused.
  const boundary = /^multipart\/mixed; *boundary=(?:"([^"]+)"|([^\s;"]+))$/i.exec(type ?? '');
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined)
    throw new GoogleError('badRequest', 'Failed to parse batch request, error: no boundary in the content type.');
  const text = body.toString('latin1');
  const pieces = `\r\n${text}`.split(new RegExp(`\r?\n--${escaped(mark)}(?=--|\r?\n)`));
  if (!(pieces.at(-1) ?? '').startsWith('--') || pieces.length < 3)
    throw new GoogleError('badRequest', 'Failed to parse batch request, error: 0 items. The batch does not end.');
  const parts = pieces.slice(1, -1).map((piece) => readPart(piece.replace(/^\r?\n/, ''), outer));
  // googleapis/google-api-python-client#2201 has the words and the status, googleapis/google-api-dotnet-client#1621 the number.
  if (parts.length > most) throw new GoogleError('forbidden', 'Exceeds allowed inner batch requests soft limit. Please retry.');
  const ids = parts.flatMap(({ id }) => id ?? []);
  if (new Set(ids).size < ids.length) throw new GoogleError('badRequest', 'Two parts have the same Content-ID.');
  return parts;
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}

function readPart(piece: string, outer: ApiRequest['headers']): Part {
  const { headers, rest } = splitHead(piece);
  const id = headers['content-id'];
  const named = id === undefined ? {} : { id };
  if (!/^application\/http$/i.test(headers['content-type'] ?? ''))
    return { ...named, request: new GoogleError('badRequest', 'A part must be of application/http.') };
  return { ...named, request: readInner(rest, outer) };
}

/** The request of a part. The headers outside go for it as well, but for those of the content; its own go first. */
function readInner(text: string, outer: ApiRequest['headers']): ApiRequest | GoogleError {
  const end = /\r?\n|$/.exec(text)?.index ?? text.length;
  const line = /^([A-Z]+) (\S+)(?: HTTP\/1\.1)?$/.exec(text.slice(0, end));
  if (line === null) return new GoogleError('badRequest', 'A part begins with a line of request.');
  const [, verb = '', path = ''] = line;
  if (!path.startsWith('/') || path.startsWith('//')) return new GoogleError('badRequest', 'Only the path may stand in a part.');
  const { headers, rest } = splitHead(text.slice(end).replace(/^\r?\n/, ''));
  const length = headers['content-length'];
  if (length !== undefined && Number(length) !== rest.length)
    return new GoogleError('badRequest', `Content-Length is ${length}, and there are ${rest.length} bytes.`);
  const shared = Object.entries(outer).filter(
    ([name]) => !/^(content-|host$|connection$|transfer-encoding$|accept-encoding$)/.test(name),
  );
  return {
    verb,
    path,
    headers: { ...Object.fromEntries(shared), ...headers },
    body: Buffer.from(rest, 'latin1').toString('utf8'),
  };
}

/** Headers up to an empty line, and what comes after it. */
function splitHead(text: string): { readonly headers: Record<string, string>; readonly rest: string } {
  const headers: Record<string, string> = {};
  let rest = text;
  for (let end = /\r?\n/.exec(rest); rest !== ''; end = /\r?\n/.exec(rest)) {
    const line = end === null ? rest : rest.slice(0, end.index);
    rest = end === null ? '' : rest.slice(end.index + end[0].length);
    if (line === '') break;
    const [, name = '', value = ''] = /^([^:\s]+): *(.*)$/.exec(line) ?? [];
    headers[name.toLowerCase()] = value;
  }
  return { headers, rest };
}

/** The answer to a batch, as HTTP has it. */
export function writeBatch(parts: readonly PartAnswer[], how: Extract<Mishap, { readonly kind: 'batch' }> | undefined): Answer {
  const boundary = `batch_${randomText(12)}`;
  const given = parts.flatMap((part, n) => {
    if (part.answer === undefined || how?.leaveOut?.includes(n) === true) return [];
    return how?.twice === n ? [part, part] : [part];
  });
  const ordered = how?.order === 'reversed' ? given.toReversed() : given;
  const written = ordered.map(({ id, answer }) => {
    const named = id === undefined || how?.style === 'without ids' ? [] : [`Content-ID: ${responseId(id)}`];
    return [`--${boundary}`, 'Content-Type: application/http', ...named, '', ...innerLines(answer ?? { status: 500 })].join(
      '\r\n',
    );
  });
  const text = `${how?.style === 'preamble' ? 'This is a batch.\r\n' : ''}${[...written, `--${boundary}--`, ''].join('\r\n')}`;
  const type = how?.style === 'quoted boundary' ? `"${boundary}"` : boundary;
  return {
    status: 200,
    headers: { 'Content-Type': `multipart/mixed; boundary=${type}` },
    body: how?.style === 'bare line ends' ? text.replaceAll('\r\n', '\n') : text,
  };
}

/** `<item1>` is answered as `<response-item1>`. */
function responseId(id: string): string {
  return id.startsWith('<') ? `<response-${id.slice(1)}` : `response-${id}`;
}

function innerLines({ status, headers, body }: Answer): readonly string[] {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html; charset=UTF-8' : 'application/json; charset=UTF-8';
  const content = body === undefined ? [] : [`Content-Type: ${type}`];
  const own = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  return [
    `HTTP/1.1 ${status} ${WORDS[status] ?? ''}`.trimEnd(),
    ...own,
    ...content,
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ];
}

const WORDS: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
};
