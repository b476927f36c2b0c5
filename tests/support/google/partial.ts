// Partial answers: `fields=items(id,etag),nextPageToken` and `items/id`.
// https://developers.google.com/workspace/calendar/api/guides/performance#partial

import { GoogleError } from './errors';
import { isObject } from './strict';

/** What is wanted of each field; `true` is all of it. */
type Mask = ReadonlyMap<string, Mask | true>;

/** A body with nothing but these fields. */
export function partial(body: unknown, fields: string): unknown {
  const mask = masks.get(fields) ?? maskOf(fields);
  masks.set(fields, mask);
  return masked(body, mask);
}

/** What was asked for so far, read once. */
const masks = new Map<string, Mask>();

function maskOf(fields: string): Mask {
  const tokens = fields.match(/[A-Za-z*][A-Za-z0-9_]*|[(),/]/g) ?? [];
  if (tokens.join('') !== fields) throw invalid(fields);
  const [mask, rest] = readMask(tokens, fields);
  if (rest.length > 0) throw invalid(fields);
  return mask;
}

function invalid(fields: string): GoogleError {
  return new GoogleError('invalid', `Invalid field selection ${fields}`, { location: 'fields' });
}

function readMask(tokens: readonly string[], fields: string): readonly [Mask, readonly string[]] {
  const mask = new Map<string, Mask | true>();
  let rest = tokens;
  for (let more = true; more;) {
    const [name, ...after] = rest;
    if (name === undefined || !/^[A-Za-z*]/.test(name)) throw invalid(fields);
    const [inner, left] = readInner(after, fields);
    mask.set(name, inner);
    [more, rest] = left[0] === ',' ? [true, left.slice(1)] : [false, left];
  }
  return [mask, rest];
}

function readInner(tokens: readonly string[], fields: string): readonly [Mask | true, readonly string[]] {
  if (tokens[0] === '/') {
    const [name = '', ...after] = tokens.slice(1);
    const [inner, rest] = readInner(after, fields);
    return [new Map([[name, inner]]), rest];
  }
  if (tokens[0] !== '(') return [true, tokens];
  const [mask, rest] = readMask(tokens.slice(1), fields);
  if (rest[0] !== ')') throw invalid(fields);
  return [mask, rest.slice(1)];
}

function masked(value: unknown, mask: Mask | true): unknown {
  if (mask === true) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => masked(each, mask));
  if (!isObject(value)) return value;
  const all = mask.get('*');
  const kept = Object.entries(value).flatMap(([name, each]) => {
    const inner = mask.get(name) ?? all;
    return inner === undefined ? [] : [[name, masked(each, inner)] as const];
  });
  return Object.fromEntries(kept);
}
