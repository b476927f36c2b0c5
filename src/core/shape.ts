// Shapes: one description of a configuration value from which both its check and its JSON Schema follow.
// Checking collects every problem instead of stopping at the first, and turns the raw value into the type that the program uses.

import { nearest } from './nearest';
import { below, isRecord, kindOf, problem, type Checked, type JsonSchema, type Place, type Shape } from './shape-base';
import { choice } from './shape-values';

export * from './shape-base';
export * from './shape-files';
export * from './shape-refine';
export * from './shape-secrets';
export * from './shape-values';

/** A key of an object: whether it must be there, and what stands for it otherwise. */
export interface Field<T> {
  readonly shape: Shape<unknown>;
  readonly description: string;
  readonly required: boolean;
  readonly fallback: T | undefined;
}

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

/** A key that may be left out, and the checked value that it then has. */
export function withDefault<T>(shape: Shape<T>, fallback: T, description: string): Field<T> {
  return { shape, description, required: false, fallback };
}

/** A list. */
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

/** An object whose keys are names that the administrator chooses. The pattern of the names has no flags: a JSON Schema knows none. */
export function record<T>(item: Shape<T>, key: RegExp = /\S/, wanted = 'a name'): Shape<Readonly<Record<string, T>>> {
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
    // A check has no use for it, and every run checks.
    get schema() {
      return objectSchema(fields);
    },
    parse: (raw, place) => {
      if (!isRecord(raw)) return problem(place, `is ${kindOf(raw)}, not an object`);
      noteUnknownKeys(raw, Object.keys(fields), place);
      const checked = Object.entries(fields).map(([key, field]) => [key, parseField(raw, key, field, place)]);
      return Object.fromEntries(checked) as CheckedFields<F>;
    },
  };
}

/** One of several objects, told apart by the word under one key. */
export function variant<K extends string, V extends Readonly<Record<string, Shape<unknown>>>>(
  key: K,
  variants: V,
): Shape<{ [N in keyof V]: Checked<V[N]> & { readonly [P in K]: N } }[keyof V]> {
  type Result = { [N in keyof V]: Checked<V[N]> & { readonly [P in K]: N } }[keyof V];
  const word = choice(Object.keys(variants));
  return {
    get schema() {
      return { oneOf: Object.entries(variants).map(([name, shape]) => withConstant(shape.schema, key, name)) };
    },
    parse: (raw, place) => {
      if (!isRecord(raw)) return problem(place, `is ${kindOf(raw)}, not an object`);
      const { [key as string]: written, ...rest } = raw;
      if (written === undefined)
        return problem(below(place, key), `is missing; it is one of ${Object.keys(variants).join(', ')}`);
      const name = word.parse(written, below(place, key));
      const value = name === undefined ? undefined : variants[name]?.parse(rest, place);
      return value === undefined ? undefined : ({ ...(value as object), [key]: name } as Result);
    },
  };
}

/** One of two objects: the first one where it holds the key that only it has, else the second one. */
export function either<A, B>(key: string, withKey: Shape<A>, without: Shape<B>): Shape<A | B> {
  const schema = eitherSchema(withKey.schema, without.schema);
  const known = Object.keys(schema['properties'] as JsonSchema);
  const needed = (without.schema['required'] ?? []) as readonly string[];
  return {
    schema,
    parse: (raw, place) => {
      // Whoever misspelled the key has to hear of both ways, not that keys of the other one are missing.
      if (isRecord(raw) && [key, ...needed].every((name) => raw[name] === undefined)) {
        noteUnknownKeys(raw, known, place);
        return problem(below(place, key), `is missing, and so is what can stand in its place: ${needed.join(' and ')}`);
      }
      return (isRecord(raw) && raw[key] !== undefined ? withKey : without).parse(raw, place);
    },
  };
}

/** One object with all keys, so that an editor offers them all, of which either one set or the other is there. */
export function eitherSchema(...schemas: readonly JsonSchema[]): JsonSchema {
  const all = Object.assign({}, ...schemas.map(({ properties }) => properties)) as JsonSchema;
  const oneOf = schemas.map(({ required: needed, properties }) => {
    const foreign = Object.keys(all).filter((key) => !Object.hasOwn(properties as JsonSchema, key));
    return { required: needed, properties: Object.fromEntries(foreign.map((key) => [key, false])) };
  });
  return { type: 'object', properties: all, oneOf, additionalProperties: false };
}

function parseField(raw: Readonly<Record<string, unknown>>, key: string, field: Field<unknown>, place: Place): unknown {
  const value = raw[key];
  if (value !== undefined && value !== null) return field.shape.parse(value, below(place, key));
  return field.required ? problem(below(place, key), 'is missing') : field.fallback;
}

function noteUnknownKeys(raw: Readonly<Record<string, unknown>>, known: readonly string[], place: Place): void {
  for (const key of Object.keys(raw).filter((each) => !known.includes(each))) {
    const near = nearest(key, known);
    const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
    problem(below(place, key), `is no key that belongs here; ${hint}`);
  }
}

function objectSchema(fields: Fields): JsonSchema {
  const properties = Object.entries(fields).map(([key, field]) => {
    const fallback = isAsWritten(field) ? { default: field.fallback } : {};
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

/** Whether a default is what people would write: that of a duration, a size or a file is not, and stands in its description. */
function isAsWritten({ fallback, shape }: Field<unknown>): boolean {
  const written: unknown = Array.isArray(fallback) ? 'array' : typeof fallback === 'number' ? 'integer' : typeof fallback;
  return fallback !== undefined && (shape.schema['type'] === written || Array.isArray(shape.schema['enum']));
}

function withConstant(schema: JsonSchema, key: string, name: string): JsonSchema {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const needed = Array.isArray(schema['required']) ? (schema['required'] as readonly string[]) : [];
  return { ...schema, properties: { [key]: { const: name }, ...properties }, required: [key, ...needed] };
}
