// What a shape is: the contract between a kind of configuration value, the check that uses it and the problems that it notes.
// Import it from core/shape, where the kinds of values are, too.

import type { Secret } from './secret';

/** A part of a JSON Schema (draft 2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What checking a configuration may look at, and what it gathers on the way. */
export interface Source {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The absolute path of a file that the configuration names relative to itself. */
  resolvePath(path: string): string;
  /** The text of a file; throws an error with the system's code. */
  readFile(path: string): string;
  /** Everything that is wrong, in the order in which it was met. */
  readonly problems: Problem[];
  /** Whether a destination with nothing but unfit texts is set aside, and the others are used all the same. */
  readonly setAside?: boolean;
  /** Every secret met, also in a configuration that is refused, so that the report can mask them all. */
  readonly secrets: Secret[];
}

/** One thing that is wrong with the configuration. */
export interface Problem {
  /** Keys from the top, for example `['destinations', 'socialcast', 'url']`. */
  readonly path: readonly string[];
  /** What is wrong and what would be right; it names the value only where that cannot be a secret. */
  readonly message: string;
  /** Whether a text only cannot go where it has to go: nothing else of the configuration depends on it. */
  readonly unfit?: true;
}

/** A value's place in the configuration. */
export interface Place {
  readonly path: readonly string[];
  readonly source: Source;
}

/** A kind of value. */
export interface Shape<T> {
  readonly schema: JsonSchema;
  /** The checked value; `undefined` after a problem was noted. Called only for values that are there. */
  parse(raw: unknown, place: Place): T | undefined;
}

/** The type that a shape yields. */
export type Checked<S> = S extends Shape<infer T> ? T : never;

/** Notes a problem at a place. */
export function problem(place: Place, message: string): undefined {
  place.source.problems.push({ path: place.path, message });
  return undefined;
}

/** Notes that a text cannot go where it has to go. */
export function unfit(place: Place, message: string): undefined {
  place.source.problems.push({ path: place.path, message, unfit: true });
  return undefined;
}

/** The place of a key below another place. */
export function below(place: Place, key: string | number): Place {
  return { path: [...place.path, String(key)], source: place.source };
}

/** Whether a value is an object with keys, and neither a list nor null. */
export function isRecord(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** The value of a key; `undefined` where there is none, or no object that could have it. */
export function at(raw: unknown, key: string): unknown {
  return isRecord(raw) && Object.hasOwn(raw, key) ? raw[key] : undefined;
}

/** The kind of a raw value in words, for messages that must not show the value. */
export function kindOf(raw: unknown): string {
  if (raw === null) return 'null';
  if (Array.isArray(raw)) return 'a list';
  return { string: 'a text', number: 'a number', boolean: 'true or false' }[typeof raw as string] ?? 'an object';
}

/** A value as JSON spells it, cut to a readable length; only the kind of anything that is not a plain value. */
export function quoted(raw: unknown): string {
  if (typeof raw === 'object') return kindOf(raw);
  const spelling = JSON.stringify(raw);
  return spelling.length > 60 ? `${spelling.slice(0, 57)}…"` : spelling;
}

/** The properties of a shape's object, as its JSON Schema names them. */
export function propertiesOf({ schema }: Shape<unknown>): Readonly<Record<string, unknown>> {
  const { properties } = schema;
  return isRecord(properties) ? properties : {};
}

/** An object in two: what is under some keys, and what is under all others. What is no object has nothing in either. */
export function splitByKeys(
  raw: unknown,
  keys: readonly string[],
): readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>] {
  const entries = isRecord(raw) ? Object.entries(raw) : [];
  const [ours, theirs] = [true, false].map((isOurs) =>
    Object.fromEntries(entries.filter(([key]) => keys.includes(key) === isOurs)),
  );
  return [ours ?? {}, theirs ?? {}];
}
