// A JSON document through jsonc-parser, which knows where each key stands. People write it, so comments and a comma after the last
// entry are accepted; what has no single meaning (a key that is there twice) is not.

// The main file of the package is a UMD module, which a bundler cannot follow.
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser/lib/esm/main.js';

/** A document as it was read. */
export interface ParsedDocument {
  /** Of a document with problems, those keys at its top that none of them touches; nothing where there are none. */
  readonly value: unknown;
  /** What is wrong with it, in words that show no value; the document as a whole is not to be used then. */
  readonly problems: readonly string[];
  /** The line, counted from 1, of the deepest key of a path that is there; `undefined` where lines are not known. */
  readonly lineOf: (path: readonly string[]) => number | undefined;
}

/** Reads a document. Never throws. */
export type ParseDocument = (text: string) => ParsedDocument;

/** Reads a JSON document with comments. A key that is there twice is a problem. */
export const parseJson: ParseDocument = (text) => {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  // The errors after the first one mostly follow from it.
  if (first !== undefined || root === undefined) {
    const offset = first?.offset ?? 0;
    const column = offset - text.lastIndexOf('\n', offset - 1);
    const problems = [`line ${lineAt(offset)}, column ${column}: ${first === undefined ? 'nothing there' : wordsFor(first)}`];
    return { value: root && wholeKeys(root, errors), problems, lineOf: () => undefined };
  }
  const problems: string[] = [];
  const value = valueOf(root, (key, offset) =>
    problems.push(`line ${lineAt(offset)}: the key ${JSON.stringify(key)} is there twice`),
  );
  if (problems.length > 0) return { value: wholeKeys(root, errors), problems, lineOf: () => undefined };
  return { value, problems, lineOf: (path) => lineAt(startOf(deepest(root, path))) };
};

/** The keys at the top that are there once, and in which nothing is wrong. */
function wholeKeys(root: Node, errors: readonly ParseError[]): Readonly<Record<string, unknown>> {
  const entries: [string, unknown][] = [];
  const properties = root.type === 'object' ? propertiesOf(root) : [];
  for (const [key, node] of properties) {
    const [start, end] = [startOf(node), node.offset + node.length];
    // An error right at the start is that of what stands before, a comma that is missing for one.
    let isWhole = errors.every(({ offset }) => offset <= start || offset > end);
    const value = valueOf(node, () => (isWhole = false));
    if (isWhole && properties.filter(([other]) => other.value === key.value).length === 1)
      entries.push([String(key.value), value]);
  }
  return Object.fromEntries(entries);
}

function wordsFor({ error }: ParseError): string {
  const words = printParseErrorCode(error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return words === 'invalid escape character' ? `${words}; a backslash is written twice` : words;
}

/** Entries are defined, never assigned, so that a key like `__proto__` is a key like any other. */
function valueOf(node: Node, twice: (key: string, offset: number) => void): unknown {
  if (node.type === 'array') return node.children?.map((child) => valueOf(child, twice));
  if (node.type !== 'object') return node.value as unknown;
  const entries = new Map<string, unknown>();
  for (const [key, value] of propertiesOf(node)) {
    const name = String(key.value);
    if (entries.has(name)) twice(name, key.offset);
    entries.set(name, valueOf(value, twice));
  }
  return Object.fromEntries(entries);
}

function propertiesOf(node: Node): [key: Node, value: Node][] {
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) => (key && value ? [[key, value]] : []));
}

function deepest(node: Node, [step, ...rest]: readonly string[]): Node {
  const next = step === undefined ? undefined : childOf(node, step);
  return next === undefined ? node : deepest(next, rest);
}

function childOf(node: Node, step: string): Node | undefined {
  if (node.type === 'array') return node.children?.[Number(step)];
  return propertiesOf(node).find(([key]) => key.value === step)?.[1];
}

/** Where a value begins; under a key, where the key does. */
function startOf(node: Node): number {
  return node.parent?.type === 'property' ? node.parent.offset : node.offset;
}
