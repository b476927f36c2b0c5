// Refuses whatever is not declared. Google ignores some of it; a client of ours shall not rely on that.

import type { DeclaredMethod, Declarations, Field, Shape } from './declarations';
import { GoogleError } from './errors';

/** The parameters of a call by name, each with its values in order. */
export type Parameters = ReadonlyMap<string, readonly string[]>;

/** Checks the query of a call; what stands in the path is no part of it. */
export function checkQuery(method: DeclaredMethod, query: Parameters, inPath: readonly string[]): void {
  for (const [name, values] of query) {
    const field = inPath.includes(name) ? undefined : method.parameters.get(name);
    if (field === undefined) throw new GoogleError('invalid', `Unknown name "${name}": Cannot find field.`, { location: name });
    const isList = field.shape.kind === 'either' || field.shape.kind === 'list';
    if (values.length > 1 && !isList) throw new GoogleError('invalid', `"${name}" is given twice.`, { location: name });
    for (const value of values) if (!fits(field.shape, value)) throw wrongValue(name, value);
  }
  for (const [name, { isRequired }] of method.parameters)
    if (isRequired && !inPath.includes(name) && !query.has(name))
      throw new GoogleError('required', `Required parameter: ${name}`, { location: name });
}

function wrongValue(name: string, value: string): GoogleError {
  return new GoogleError('invalid', `Invalid value for: ${name}: "${value}"`, { location: name });
}

/** Whether a text in a query is of a shape. */
function fits(shape: Shape, value: string): boolean {
  if (shape.kind === 'text') return shape.values?.has(value) ?? true;
  if (shape.kind === 'number') return /^-?\d+$/.test(value);
  if (shape.kind === 'flag') return value === 'true' || value === 'false';
  if (shape.kind === 'either') return shape.of.some((each) => fits(each, value));
  return shape.kind === 'list' && fits(shape.of, value);
}

/** Checks a body, all the way down. `null` takes a value away, and stands for any. */
export function checkBody(declarations: Declarations, shape: Shape, value: unknown, place: string): void {
  if (value === null || shape.kind === 'anything') return;
  if (shape.kind === 'named') return checkBody(declarations, named(declarations, shape.name), value, place);
  if (shape.kind === 'object' || shape.kind === 'map') return checkFields(declarations, shape, value, place);
  if (shape.kind === 'list') {
    if (!Array.isArray(value)) throw wrongType(place, 'a list');
    return value.forEach((each: unknown, n) => checkBody(declarations, shape.of, each, `${place}[${n}]`));
  }
  if (shape.kind === 'number' && !Number.isInteger(value)) throw wrongType(place, 'a number');
  if (shape.kind === 'flag' && typeof value !== 'boolean') throw wrongType(place, 'true or false');
  if (shape.kind === 'text') {
    if (typeof value !== 'string') throw wrongType(place, 'a text');
    if (shape.values !== undefined && !shape.values.has(value)) throw wrongType(place, [...shape.values].join(', '));
  }
}

function checkFields(
  declarations: Declarations,
  shape: Extract<Shape, { readonly kind: 'object' | 'map' }>,
  value: unknown,
  place: string,
): void {
  if (!isObject(value)) throw wrongType(place, 'an object');
  for (const [name, each] of Object.entries(value)) {
    const field = shape.kind === 'map' ? shape.of : shape.fields.get(name)?.shape;
    if (field === undefined)
      throw new GoogleError('invalid', `Invalid JSON payload received. Unknown name "${name}" at '${place}': Cannot find field.`);
    checkBody(declarations, field, each, `${place}.${name}`);
  }
}

function wrongType(place: string, wanted: string): GoogleError {
  return new GoogleError('invalid', `Invalid value at '${place}': it must be ${wanted}.`);
}

/** A body without its fields that nobody may write. */
export function writable(declarations: Declarations, shape: Shape, value: object): object {
  const fields = fieldsIn(declarations, shape);
  return Object.fromEntries(Object.entries(value).filter(([name]) => fields.get(name)?.isReadOnly !== true));
}

function fieldsIn(declarations: Declarations, shape: Shape): ReadonlyMap<string, Field> {
  if (shape.kind === 'named') return fieldsIn(declarations, named(declarations, shape.name));
  return shape.kind === 'object' ? shape.fields : new Map<string, Field>();
}

function named(declarations: Declarations, name: string): Shape {
  const shape = declarations.shapes.get(name);
  if (shape === undefined) throw new Error(`nothing is declared of ${name}`);
  return shape;
}

/** Whether a value is an object in JSON. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value that is a text; an empty one where it is none. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
