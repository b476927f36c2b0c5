// The plain kinds of configuration values: texts, words, numbers, spans of time, sizes and addresses.
// Import them from core/shape.

import { nearest } from './nearest';
import { problem, quoted, type JsonSchema, type Shape } from './shape-base';
import { urlOf } from './web-address';

/** Any text that is not blank. */
export function text(): Shape<string> {
  return {
    schema: { type: 'string', pattern: '\\S' },
    parse: (raw, place) => {
      if (typeof raw === 'string') return raw.trim() === '' ? problem(place, 'is empty') : raw;
      return problem(place, `${quoted(raw)} is not a text${typeof raw === 'number' ? '; put it into quotes' : ''}`);
    },
  };
}

/** A text that a function can read; the function answers `undefined` for one that it cannot. */
export function textAs<T>(read: (text: string) => T | undefined, wanted: string, schema: JsonSchema = {}): Shape<T> {
  return {
    schema: { type: 'string', ...schema },
    parse: (raw, place) => (typeof raw === 'string' ? read(raw) : undefined) ?? problem(place, `${quoted(raw)} is not ${wanted}`),
  };
}

/** One of some words. */
export function choice<const T extends string>(words: readonly T[]): Shape<T> {
  return {
    schema: { enum: words },
    parse: (raw, place) => {
      const word = words.find((known) => known === raw);
      if (word !== undefined) return word;
      const near = typeof raw === 'string' ? nearest(raw, words) : undefined;
      return problem(
        place,
        `${quoted(raw)} is none of ${words.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`,
      );
    },
  };
}

/** true or false. */
export function flag(): Shape<boolean> {
  return {
    schema: { type: 'boolean' },
    parse: (raw, place) => (typeof raw === 'boolean' ? raw : problem(place, `${quoted(raw)} is neither true nor false`)),
  };
}

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number): Shape<number> {
  return {
    schema: { type: 'integer', minimum: min, maximum: max },
    parse: (raw, place) =>
      typeof raw === 'number' && Number.isInteger(raw) && raw >= min && raw <= max
        ? raw
        : problem(place, `${quoted(raw)} is not a whole number from ${min} to ${max}`),
  };
}

const DURATION = /^\s*(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)\s*$/;
const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A span of time such as `10s`, in milliseconds; `undefined` for a text that is none. */
export function readDuration(spelling: string): number | undefined {
  return readAmount(spelling, DURATION, DURATION_UNITS);
}

/** A span of time between two bounds in milliseconds, spelled `500ms`, `10s`, `5m`, `2h` or `90d`. */
export function duration(minMs: number, maxMs: number): Shape<number> {
  return textAs(
    (spelling) => within(readDuration(spelling), minMs, maxMs),
    `a duration such as "10s", from ${spellDuration(minMs)} to ${spellDuration(maxMs)}`,
    { pattern: DURATION.source },
  );
}

/** The shortest exact spelling of a span of time in milliseconds. */
export function spellDuration(ms: number): string {
  return spellAmount(ms, DURATION_UNITS);
}

const SIZE = /^\s*(\d{1,9})\s*(B|KB|MB|GB)\s*$/;
const SIZE_UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** A size between two bounds in bytes, spelled `500KB`, `10MB` or `1GB`. A KB is 1024 bytes. */
export function size(minBytes: number, maxBytes: number): Shape<number> {
  return textAs(
    (spelling) => within(readAmount(spelling, SIZE, SIZE_UNITS), minBytes, maxBytes),
    `a size such as "10MB", from ${spellAmount(minBytes, SIZE_UNITS)} to ${spellAmount(maxBytes, SIZE_UNITS)}`,
    { pattern: SIZE.source },
  );
}

function readAmount(spelling: string, pattern: RegExp, units: Readonly<Record<string, number>>): number | undefined {
  const match = pattern.exec(spelling);
  const unit = units[match?.[2] ?? ''];
  return unit === undefined ? undefined : Math.round(Number(match?.[1]) * unit);
}

function spellAmount(amount: number, units: Readonly<Record<string, number>>): string {
  const fitting = Object.entries(units).filter(([, one]) => amount % one === 0 && amount >= one);
  const [unit, one] = fitting.at(-1) ?? Object.entries(units)[0] ?? ['', 1];
  return `${amount / one}${unit}`;
}

function within(amount: number | undefined, min: number, max: number): number | undefined {
  return amount !== undefined && amount >= min && amount <= max ? amount : undefined;
}

/**
 * An http or https address of a server, without credentials, question and fragment, and without a slash at its end.
 * Otherwise it stays as it was written. A wrong one is never shown: it may hold a secret.
 */
export function httpUrl(): Shape<string> {
  return {
    schema: { type: 'string', pattern: '^\\s*[Hh][Tt][Tt][Pp][Ss]?://\\S+\\s*$' },
    parse: (raw, place) => {
      const address = typeof raw === 'string' ? raw.trim() : '';
      const url = /^https?:\/\/\S+$/i.test(address) ? urlOf(address) : undefined;
      if (url === undefined) return problem(place, 'is not an address that starts with http:// or https://');
      if (url.username !== '' || url.password !== '') {
        return problem(place, 'holds a login; put it into the keys that are made for it');
      }
      if (/[?#]/.test(address)) return problem(place, 'holds a ? or a #, which the address of a server does not');
      return address.replace(/\/+$/, '');
    },
  };
}
