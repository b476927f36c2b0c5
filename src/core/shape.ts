// Shapes: one description of a configuration value from which both its check and its JSON Schema follow.
// Checking collects every problem instead of stopping at the first, and turns the raw value into the type that the program uses.

import { nearest } from './nearest';
import { Secret } from './secret';

/** A part of a JSON Schema (draft 2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What checking a configuration may look at, and what it gathers on the way. */
export interface Source {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The absolute path of a file that the configuration names relative to itself. */
  resolvePath(path: string): string;
  /** The text of a file; throws an error with the system's code. */
  readFile(path: string): string;
  /** Everything that is wrong, in the order in which it stands in the file. */
  readonly problems: Problem[];
  /** Every secret met, so that the report can mask them all. */
  readonly secrets: Secret[];
}

/** One thing that is wrong with the configuration. */
export interface Problem {
  /** Keys from the top, for example `['destinations', 'socialcast', 'url']`. */
  readonly path: readonly string[];
  /** What is wrong and what would be right; it names the value only where that cannot be a secret. */
  readonly message: string;
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

/** A key of an object: whether it must be there, and what stands for it otherwise. */
export interface Field<T> {
  readonly shape: Shape<unknown>;
  readonly description: string;
  readonly required: boolean;
  readonly fallback: T | undefined;
}

/** The type that a shape yields. */
export type Checked<S> = S extends Shape<infer T> ? T : never;

type Fields = Readonly<Record<string, Field<unknown>>>;
type CheckedFields<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** A key that must be there. */
export function required<T>(shape: Shape<T>, description: string): Field<T> {
  return { shape, description, required: true, fallback: undefined };
}

/** A key that may be left out. */
export function optional<T>(shape: Shape<T>, description: string): Field<T | undefined> {
  return { shape, description, required: false, fallback: undefined };
}

/** A key that may be left out, and the value that it then has. */
export function withDefault<T>(shape: Shape<T>, fallback: T, description: string): Field<T> {
  return { shape, description, required: false, fallback };
}

/** Notes a problem at a place. */
export function problem(place: Place, message: string): undefined {
  place.source.problems.push({ path: place.path, message });
  return undefined;
}

/** The place of a key below another place. */
export function below(place: Place, key: string | number): Place {
  return { path: [...place.path, String(key)], source: place.source };
}

/** Any text that is not blank. */
export function text(): Shape<string> {
  return {
    schema: { type: 'string', minLength: 1 },
    parse: (raw, place) => {
      if (typeof raw !== 'string') return problem(place, `is ${kindOf(raw)}, not a text`);
      return raw.trim() === '' ? problem(place, 'is empty') : raw;
    },
  };
}

/** A text that a function can read; the function answers `undefined` for one that it cannot. */
export function textAs<T>(read: (text: string) => T | undefined, wanted: string, schema: JsonSchema = {}): Shape<T> {
  return {
    schema: { type: 'string', ...schema },
    parse: (raw, place) => {
      if (typeof raw !== 'string') return problem(place, `is ${kindOf(raw)}, not ${wanted}`);
      return read(raw) ?? problem(place, `${quoted(raw)} is not ${wanted}`);
    },
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
      return problem(place, `${quoted(raw)} is none of ${words.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`);
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

const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A span of time such as `10s`, in milliseconds; `undefined` for a text that is none. */
export function readDuration(spelling: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)$/.exec(spelling.trim());
  const unit = DURATION_UNITS[match?.[2] ?? ''];
  return unit === undefined ? undefined : Math.round(Number(match?.[1]) * unit);
}

/** A span of time between two bounds in milliseconds, spelled `500ms`, `10s`, `5m`, `2h` or `90d`. */
export function duration(minMs: number, maxMs: number): Shape<number> {
  return textAs(
    (spelling) => {
      const ms = readDuration(spelling);
      return ms !== undefined && ms >= minMs && ms <= maxMs ? ms : undefined;
    },
    `a duration such as "10s", from ${spellDuration(minMs)} to ${spellDuration(maxMs)}`,
    { pattern: '^\\s*\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)\\s*$' },
  );
}

/** The shortest exact spelling of a span of time in milliseconds. */
export function spellDuration(ms: number): string {
  const fitting = Object.entries(DURATION_UNITS).filter(([, size]) => ms % size === 0 && ms >= size);
  const [unit, size] = fitting.at(-1) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

const SIZE_UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** A size such as `10MB`, in bytes. A KB is 1024 bytes. */
export function size(): Shape<number> {
  return textAs(
    (spelling) => {
      const match = /^(\d{1,6})\s*(B|KB|MB|GB)$/i.exec(spelling.trim());
      const unit = SIZE_UNITS[(match?.[2] ?? '').toUpperCase()];
      return unit === undefined ? undefined : Number(match?.[1]) * unit;
    },
    'a size such as "10MB"',
    { pattern: '^\\s*\\d+\\s*([Bb]|[Kk][Bb]|[Mm][Bb]|[Gg][Bb])\\s*$' },
  );
}

/** An http or https address, without credentials in it, without a slash at its end. Its value is never shown: it may hold a secret. */
export function httpUrl(): Shape<string> {
  return {
    schema: { type: 'string', pattern: '^https?://' },
    parse: (raw, place) => {
      if (typeof raw !== 'string' || !URL.canParse(raw) || !/^https?:$/.test(new URL(raw).protocol)) {
        return problem(place, 'is not an address that starts with http:// or https://');
      }
      const url = new URL(raw);
      if (url.username !== '' || url.password !== '') {
        return problem(place, 'holds a login; put it into the keys that are made for it');
      }
      if (url.search !== '' || url.hash !== '') return problem(place, 'holds a ? or a #, which an address of a server does not');
      return raw.trim().replace(/\/+$/, '');
    },
  };
}

/** The path of a file or folder, relative to the configuration file; it becomes absolute. */
export function filePath(): Shape<string> {
  const plain = text();
  return {
    schema: plain.schema,
    parse: (raw, place) => {
      const path = plain.parse(raw, place);
      return path === undefined ? undefined : place.source.resolvePath(path);
    },
  };
}

/** The path of a text file, which is read at once; the value is the file's text. */
export function fileText(): Shape<string> {
  const path = filePath();
  return {
    schema: path.schema,
    parse: (raw, place) => {
      const absolute = path.parse(raw, place);
      return absolute === undefined ? undefined : readNamedFile(absolute, place);
    },
  };
}

/** A secret: `{ "env": NAME }`, `{ "file": PATH }` or the text itself. Line ends at the end of a file do not belong to it. */
export function secret(): Shape<Secret> {
  return {
    schema: {
      oneOf: [
        { type: 'string', minLength: 1 },
        { type: 'object', properties: { env: { type: 'string' } }, required: ['env'], additionalProperties: false },
        { type: 'object', properties: { file: { type: 'string' } }, required: ['file'], additionalProperties: false },
      ],
    },
    parse: (raw, place) => {
      const value = secretText(raw, place);
      if (value === undefined) return undefined;
      const found = new Secret(value);
      place.source.secrets.push(found);
      return value.trim() === '' ? problem(place, 'is an empty secret') : found;
    },
  };
}

function secretText(raw: unknown, place: Place): string | undefined {
  if (typeof raw === 'string') return raw;
  const wanted = 'must be a text, { "env": "NAME" } or { "file": "PATH" }';
  if (!isRecord(raw) || Object.keys(raw).length !== 1) return problem(place, wanted);
  if (typeof raw['env'] === 'string') {
    const value = place.source.env[raw['env']];
    return value === undefined || value === '' ? problem(place, `the environment variable ${raw['env']} is not set`) : value;
  }
  if (typeof raw['file'] === 'string') {
    return readNamedFile(place.source.resolvePath(raw['file']), place)?.replace(/^\uFEFF/, '').replace(/[\r\n]+$/, '');
  }
  return problem(place, wanted);
}

function readNamedFile(path: string, place: Place): string | undefined {
  try {
    return place.source.readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return problem(place, `the file ${path} cannot be read (${code})`);
  }
}

/** A list. A single value counts as a list of one. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: item.schema },
    parse: (raw, place) => {
      if (!Array.isArray(raw)) return problem(place, `is ${kindOf(raw)}, not a list`);
      return raw.flatMap((entry: unknown, index) => {
        const value = item.parse(entry, below(place, index));
        return value === undefined ? [] : [value];
      });
    },
  };
}

/** An object whose keys are names that the administrator chooses. */
export function record<T>(item: Shape<T>, key: RegExp = /^/, wanted = 'a name'): Shape<Readonly<Record<string, T>>> {
  return {
    schema: { type: 'object', additionalProperties: item.schema, propertyNames: { pattern: key.source } },
    parse: (raw, place) => {
      if (!isRecord(raw)) return problem(place, `is ${kindOf(raw)}, not an object`);
      const entries: [string, T][] = [];
      for (const [name, entry] of Object.entries(raw)) {
        if (!key.test(name)) problem(below(place, name), `is not ${wanted}`);
        const value = item.parse(entry, below(place, name));
        if (value !== undefined) entries.push([name, value]);
      }
      return Object.fromEntries(entries);
    },
  };
}

/** An object with known keys. Any other key is a problem, answered with the nearest known one. */
export function object<F extends Fields>(fields: F): Shape<CheckedFields<F>> {
  return {
    schema: objectSchema(fields),
    parse: (raw, place) => {
      if (!isRecord(raw)) return problem(place, `is ${kindOf(raw)}, not an object`);
      for (const key of Object.keys(raw)) {
        if (!Object.hasOwn(fields, key)) problem(below(place, key), unknownKey(key, Object.keys(fields)));
      }
      const checked = Object.entries(fields).map(([key, field]) => [key, parseField(raw, key, field, place)]);
      return Object.fromEntries(checked) as CheckedFields<F>;
    },
  };
}

/** One of several objects, told apart by the word under one key. */
export function variant<V extends Readonly<Record<string, Shape<unknown>>>>(
  key: string,
  variants: V,
): Shape<{ [K in keyof V]: Checked<V[K]> & { readonly type: K } }[keyof V]> {
  type Result = { [K in keyof V]: Checked<V[K]> & { readonly type: K } }[keyof V];
  const word = choice(Object.keys(variants));
  return {
    schema: { oneOf: Object.entries(variants).map(([name, shape]) => withConstant(shape.schema, key, name)) },
    parse: (raw, place) => {
      if (!isRecord(raw)) return problem(place, `is ${kindOf(raw)}, not an object`);
      if (raw[key] === undefined) return problem(below(place, key), `is missing; it is one of ${Object.keys(variants).join(', ')}`);
      const name = word.parse(raw[key], below(place, key));
      const shape = name === undefined ? undefined : variants[name];
      if (shape === undefined) return undefined;
      const { [key]: _, ...rest } = raw;
      const value = shape.parse(rest, place);
      return value === undefined ? undefined : ({ ...(value as object), type: name } as Result);
    },
  };
}

/** A shape with one more look at the checked value; the function notes what it finds. */
export function refine<T>(shape: Shape<T>, look: (value: T, place: Place) => void): Shape<T> {
  return {
    schema: shape.schema,
    parse: (raw, place) => {
      const before = place.source.problems.length;
      const value = shape.parse(raw, place);
      if (value !== undefined && place.source.problems.length === before) look(value, place);
      return value;
    },
  };
}

/** Whether a value is an object with keys, and neither a list nor null. */
export function isRecord(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function parseField(raw: Readonly<Record<string, unknown>>, key: string, field: Field<unknown>, place: Place): unknown {
  const value = Object.hasOwn(raw, key) ? raw[key] : undefined;
  if (value !== undefined && value !== null) return field.shape.parse(value, below(place, key));
  return field.required ? problem(below(place, key), 'is missing') : field.fallback;
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return near === undefined ? `is no key that belongs here; known are ${known.join(', ')}` : `is no key that belongs here; did you mean ${near}?`;
}

function objectSchema(fields: Fields): JsonSchema {
  const properties = Object.entries(fields).map(([key, field]) => {
    const fallback = isPlain(field.fallback) ? { default: field.fallback } : {};
    return [key, { description: field.description, ...field.shape.schema, ...fallback }];
  });
  const needed = Object.entries(fields).filter(([, field]) => field.required);
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonSchema,
    ...(needed.length === 0 ? {} : { required: needed.map(([key]) => key) }),
    additionalProperties: false,
  };
}

/** A default is shown in the schema only where it is spelled there as people write it: durations and sizes are not. */
function isPlain(fallback: unknown): boolean {
  return typeof fallback === 'boolean' || typeof fallback === 'string';
}

function withConstant(schema: JsonSchema, key: string, name: string): JsonSchema {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const needed = Array.isArray(schema['required']) ? (schema['required'] as readonly string[]) : [];
  return { ...schema, properties: { [key]: { const: name }, ...properties }, required: [key, ...needed] };
}

/** The kind of a raw value in words. */
function kindOf(raw: unknown): string {
  if (raw === null) return 'null';
  if (Array.isArray(raw)) return 'a list';
  return { string: 'a text', number: 'a number', boolean: 'true or false' }[typeof raw as string] ?? 'an object';
}

/** A value as JSON spells it, cut to a readable length; only the kind of anything that is not a plain value. */
function quoted(raw: unknown): string {
  if (typeof raw === 'object') return kindOf(raw);
  const spelling = JSON.stringify(raw) ?? String(raw);
  return spelling.length > 60 ? `${spelling.slice(0, 57)}…"` : spelling;
}
