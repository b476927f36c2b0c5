// What Google declares of an API: the parameters of each method, and the fields of each body, with their types. It is read from the
// declarations that https://github.com/Maxim-Mazurok/google-api-typings-generator makes of Google's discovery documents.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import ts from 'typescript';

/** The type of a value in JSON. */
export type Shape =
  /** With the values that there are, where they are counted up. */
  | { readonly kind: 'text'; readonly values?: ReadonlySet<string> }
  | { readonly kind: 'number' | 'flag' | 'anything' }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: Shape }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Field> }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'either'; readonly of: readonly Shape[] };

/** A field of an object, or a parameter. */
export interface Field {
  readonly shape: Shape;
  readonly isRequired: boolean;
  /** Whoever sends it is not heard. */
  readonly isReadOnly: boolean;
}

/** A method: what stands in its path and its query, and its body. */
export interface DeclaredMethod {
  readonly parameters: ReadonlyMap<string, Field>;
  readonly body?: Shape;
}

/** An API. Methods are called as in `events.list`. */
export interface Declarations {
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly methods: ReadonlyMap<string, DeclaredMethod>;
}

/** Reads the declarations in a package. */
export function readDeclarations(packageName: string): Declarations {
  // A bundle of this file lies elsewhere.
  return declarationsOf(readFileSync(createRequire(__filename).resolve(`${packageName}/index.d.ts`), 'utf8'));
}

/** Reads declarations. */
export function declarationsOf(text: string): Declarations {
  const source = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.Latest, true);
  const [shapes, methods] = [new Map<string, Shape>(), new Map<string, DeclaredMethod>()];
  const visit = (node: ts.Node): void => {
    if (!ts.isInterfaceDeclaration(node)) return ts.forEachChild(node, visit);
    const name = node.name.text;
    if (name.endsWith('Resource') && node.members.some(ts.isMethodSignature)) {
      for (const member of node.members.filter(ts.isMethodSignature)) addMethod(methods, resourceName(name), member);
    } else shapes.set(name, objectOf(node.members));
  };
  visit(source);
  return { shapes, methods };
}

/** `CalendarListResource` is called `calendarList`. */
function resourceName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1, -'Resource'.length);
}

/** A method with a body is declared twice: the body is a parameter, `resource`, or an argument of its own. */
function addMethod(methods: Map<string, DeclaredMethod>, resource: string, member: ts.MethodSignature): void {
  const [request, body] = member.parameters;
  const type = request?.type;
  if (type === undefined || !ts.isTypeLiteralNode(type)) return;
  const name = `${resource}.${member.name.getText()}`;
  const parameters = new Map(fieldsOf(type.members));
  const own = body?.type === undefined ? parameters.get('resource')?.shape : shapeOf(body.type);
  parameters.delete('resource');
  const declared = own ?? methods.get(name)?.body;
  methods.set(name, { parameters, ...(declared === undefined ? {} : { body: declared }) });
}

function objectOf(members: ts.NodeArray<ts.TypeElement>): Shape {
  return { kind: 'object', fields: new Map(fieldsOf(members)) };
}

/** Whoever changes a person has to say which version it is about, in metadata that is otherwise output. */
function isReadOnly(name: string, words: string): boolean {
  const isOutput = /\b(?:read-only|output only)\b(?!,? except)/i.test(words);
  return isOutput && name !== 'metadata' && !/\bfor assigned tasks this field is read-only\b/i.test(words);
}

function fieldsOf(members: ts.NodeArray<ts.TypeElement>): readonly (readonly [string, Field])[] {
  return members.filter(ts.isPropertySignature).map((member) => {
    if (member.type === undefined) throw new Error(`without a type: ${member.getText()}`);
    const words = wordsOf(member);
    const name = ts.isStringLiteral(member.name) ? member.name.text : member.name.getText();
    return [
      name,
      {
        shape: withValues(shapeOf(member.type), words),
        isRequired: member.questionToken === undefined,
        isReadOnly: isReadOnly(name, words),
      },
    ];
  });
}

/** What is said about a field. */
function wordsOf(node: ts.Node): string {
  const text = node.getSourceFile().text;
  return (ts.getLeadingCommentRanges(text, node.pos) ?? []).map(({ pos, end }) => text.slice(pos, end)).join('\n');
}

/** Values of a text are counted up in words, one a line. */
function withValues(shape: Shape, words: string): Shape {
  if (shape.kind !== 'text' || !words.includes('Possible values are:')) return shape;
  const values = [...words.matchAll(/^\s*\*\s*- "([^"]*)" -/gm)].map(([, value = '']) => value);
  return values.length === 0 ? shape : { kind: 'text', values: new Set(values) };
}

const KEYWORDS: Readonly<Partial<Record<ts.SyntaxKind, Shape>>> = {
  [ts.SyntaxKind.StringKeyword]: { kind: 'text' },
  [ts.SyntaxKind.NumberKeyword]: { kind: 'number' },
  [ts.SyntaxKind.BooleanKeyword]: { kind: 'flag' },
  [ts.SyntaxKind.AnyKeyword]: { kind: 'anything' },
};

function shapeOf(type: ts.TypeNode): Shape {
  const keyword = KEYWORDS[type.kind];
  if (keyword !== undefined) return keyword;
  if (ts.isArrayTypeNode(type)) return { kind: 'list', of: shapeOf(type.elementType) };
  if (ts.isMappedTypeNode(type) && type.type !== undefined) return { kind: 'map', of: shapeOf(type.type) };
  if (ts.isTypeLiteralNode(type)) return objectOf(type.members);
  if (ts.isTypeReferenceNode(type)) return { kind: 'named', name: type.typeName.getText() };
  if (ts.isParenthesizedTypeNode(type)) return shapeOf(type.type);
  if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal))
    return { kind: 'text', values: new Set([type.literal.text]) };
  if (ts.isUnionTypeNode(type)) return eitherOf(type.types.map(shapeOf));
  throw new Error(`a type that nobody reads: ${type.getText()}`);
}

function eitherOf(shapes: readonly Shape[]): Shape {
  const values = shapes.flatMap((shape) => (shape.kind === 'text' && shape.values !== undefined ? [...shape.values] : []));
  const areWords = shapes.every((shape) => shape.kind === 'text' && shape.values !== undefined);
  return areWords ? { kind: 'text', values: new Set(values) } : { kind: 'either', of: shapes };
}
