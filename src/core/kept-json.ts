// JSON that this program kept earlier, and that something may have damaged since. Pure.

import { isRecord } from './shape-base';
import { parsedJson } from './parsed-json';

/**
 * A JSON object from a text, upon what earlier versions of the program did not write yet, whose values are of the kinds that are asked for.
 * `undefined` for anything else.
 */
export function readKept(
  json: string,
  added: Readonly<Record<string, unknown>>,
  kinds: Readonly<Record<string, Kind>>,
): Readonly<Record<string, unknown>> | undefined {
  const value = parsedJson(json);
  if (!isRecord(value)) return undefined;
  const whole = { ...added, ...value };
  return hasKinds(whole, kinds) ? whole : undefined;
}

/** What a value has to be: text, a number, a list of texts, or an object (or a list of them) with these texts. */
export type Kind = 'text' | 'number' | 'texts' | { readonly texts: readonly string[] } | { readonly listOf: readonly string[] };

function hasKinds(value: Readonly<Record<string, unknown>>, kinds: Readonly<Record<string, Kind>>): boolean {
  return Object.entries(kinds).every(([key, kind]) => isOf(value[key], kind));
}

function isOf(value: unknown, kind: Kind): boolean {
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'number') return typeof value === 'number';
  if (kind === 'texts') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if ('texts' in kind) return hasTexts(value, kind.texts);
  return Array.isArray(value) && value.every((item) => hasTexts(item, kind.listOf));
}

function hasTexts(value: unknown, names: readonly string[]): boolean {
  return isRecord(value) && names.every((name) => typeof value[name] === 'string');
}
