// Keeps the floors of the source tree: who may import whom, when the program runs and as types only. The table is that of docs/layout.md.

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import * as ts from 'typescript';

/** Floor to the floors that it may import when the program runs. */
const RUN_TIME: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  io: ['io', 'core'],
  config: ['config', 'core'],
  clarify: ['clarify', 'core'],
  destinations: ['destinations', 'core'],
  groupware: ['groupware', 'core'],
  ledger: ['ledger', 'core'],
  commands: ['commands', 'core'],
  cli: ['cli', 'core'],
  world: [],
  parts: ['parts', 'core', 'io', 'config', 'clarify', 'destinations', 'groupware', 'ledger', 'commands'],
  main: ['parts', 'core', 'io', 'config', 'clarify', 'destinations', 'groupware', 'ledger', 'commands', 'cli', 'world'],
};

/** What it may import beside that, as types only. */
const TYPES_TOO: Readonly<Record<string, readonly string[]>> = {
  config: ['io'],
  clarify: ['io', 'config'],
  destinations: ['io'],
  groupware: ['io'],
  ledger: ['io'],
  commands: ['io', 'config', 'clarify', 'destinations', 'groupware', 'ledger', 'world'],
  cli: ['commands', 'config', 'clarify', 'destinations', 'groupware', 'ledger', 'world'],
  parts: ['world'],
};

/** Imports against the table, each with its reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'destinations/socialcast/index imports io/xml': 'Its one library: a function from elements to text that touches nothing.',
};

/** Of Google, whose groupware is large: each room to those that it may import. An empty name is what stands beside them. */
const GOOGLE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  consent: [],
  calls: ['consent'],
  places: ['calls'],
  calendar: ['places', 'calls'],
  tasks: ['places', 'calls'],
  people: ['places', 'calls'],
  '': ['consent', 'calls', 'places', 'calendar', 'tasks', 'people'],
};

interface Import {
  /** The module that imports, below src and without extension: `io/http`. */
  readonly from: string;
  /** The module that is imported, likewise, or what else stands in the import. */
  readonly to: string;
  readonly kind: 'at once' | 'later' | 'types';
}

const folder = join(__dirname, '..', 'src');
const modules = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => [file.slice(0, -'.ts'.length).replaceAll(sep, '/'), parse(file)] as const),
);
const imports = [...modules].flatMap(([from, source]) => importsOf(from, source));

describe('The source tree', () => {
  it('consists of the floors and nothing else', () => {
    expect([...new Set([...modules.keys()].map(floorOf))].sort()).toEqual(Object.keys(RUN_TIME).sort());
  });

  it('imports downwards only', () => {
    const inside = imports.filter(({ to }) => modules.has(to));
    expect(inside.length).toBeGreaterThan(50);
    const upwards = inside.filter((each) => !allowed(each)).map(describeImport);
    expect(upwards.filter((name) => !(name in EXCEPTIONS))).toEqual([]);
    expect(Object.keys(EXCEPTIONS).filter((name) => !upwards.includes(name))).toEqual([]);
  });

  it('has no circle of files, types included', () => {
    expect(circlesOf(imports.filter(({ to }) => modules.has(to)))).toEqual([]);
  });

  it('starts without a library but the one that reads the command line', () => {
    const packages = [...loadedBy('main')].filter((name) => !modules.has(name) && !name.startsWith('node:'));
    expect(packages.sort()).toEqual(['../package.json', 'commander']);
  });

  it('starts without anything of the groupware but its keys and the names of its types', () => {
    const ofGroupware =
      /^(groupware|core\/sync|commands\/groupware|parts\/(syncing|groupware)|(clarify|config)\/(.*entr|.*groupware))/;
    expect([...loadedBy('main')].filter((name) => ofGroupware.test(name)).sort()).toEqual([
      'config/entry-types',
      'config/groupware',
      'config/groupware-users',
      'config/other-groupwares',
      'core/sync/card',
      'core/sync/entry',
      'groupware/index',
    ]);
  });

  it('checks what Google is told, as every run does where it is configured, without a library or anything that opens a calendar', () => {
    const loaded = [...loadedBy('groupware/google/options')];
    expect(loaded.filter((name) => !/^(core\/|node:)/.test(name))).toEqual(['groupware/google/options']);
  });

  it('opens a calendar of Google without a library: those of tokens are loaded when one is asked for', () => {
    const packages = [...loadedBy('groupware/google/index')].filter((name) => !modules.has(name) && !name.startsWith('node:'));
    expect(packages).toEqual([]);
    expect(
      imports
        .filter(({ to }) => /^(jose|oauth4webapi)$/.test(to))
        .map(({ from }) => from)
        .sort(),
    ).toEqual(['io/assertion', 'io/oauth']);
  });

  it('lets no destination import a sibling', () => {
    const sideways = imports.filter(
      ({ from, to }) =>
        floorOf(from) === 'destinations' &&
        from !== 'destinations/index' &&
        floorOf(to) === 'destinations' &&
        to !== 'destinations/destination' &&
        !to.startsWith('destinations/kit/'),
    );
    // A type may have parts of its own, in a folder of its name.
    expect(sideways.filter(({ from, to }) => nameOf(from) !== nameOf(to)).map(describeImport)).toEqual([]);
  });

  it('lets no groupware import a sibling', () => {
    const sideways = imports.filter(({ from, to }) => isOfType(from) && isOfType(to) && nameOf(from) !== nameOf(to));
    expect(sideways.map(describeImport)).toEqual([]);
  });

  it('lets no room of Google import one above it, or beside it, types included', () => {
    const roomOf = (module: string) => /^groupware\/google\/(?:([^/]+)\/)?/.exec(module)?.[1] ?? '';
    const inside = imports.filter(({ from, to }) => [from, to].every((module) => module.startsWith('groupware/google/')));
    expect([...new Set(inside.map(({ from }) => roomOf(from)))].sort()).toEqual(Object.keys(GOOGLE_ROOMS).sort());
    const upwards = inside.filter(({ from, to }) => {
      const [room, other] = [roomOf(from), roomOf(to)];
      // Every room may know what the configuration says.
      return room !== other && to !== 'groupware/google/options' && !GOOGLE_ROOMS[room]?.includes(other);
    });
    expect(upwards.map(describeImport)).toEqual([]);
  });

  it('touches the process in world.ts only', () => {
    const users = [...modules].filter(([, source]) => usesProcess(source)).map(([name]) => name);
    expect(users).toEqual(['world']);
  });
});

/** A shortest way back for each file that imports itself through others, each circle once: `a -> b -> a`. */
function circlesOf(all: readonly Import[]): readonly string[] {
  const targets = new Map<string, readonly string[]>();
  for (const { from, to } of all) targets.set(from, [...(targets.get(from) ?? []), to]);
  const circles = new Map<string, string>();
  for (const start of targets.keys()) {
    const way = wayBack(start, targets);
    if (way !== undefined) circles.set([...way].sort().join(), [...way, start].join(' -> '));
  }
  return [...circles.values()];
}

function wayBack(start: string, targets: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const seen = new Set<string>();
  for (let ways: readonly (readonly string[])[] = [[start]]; ways.length > 0;) {
    const longer: string[][] = [];
    for (const way of ways) {
      for (const to of targets.get(way.at(-1) ?? '') ?? []) {
        if (to === start) return way;
        if (!seen.has(to)) longer.push([...way, to]);
        seen.add(to);
      }
    }
    ways = longer;
  }
  return undefined;
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.Latest, true);
}

function allowed({ from, to, kind }: Import): boolean {
  const floor = floorOf(from);
  const below = [...(RUN_TIME[floor] ?? []), ...(kind === 'types' ? (TYPES_TOO[floor] ?? []) : [])];
  return below.includes(floorOf(to));
}

function floorOf(module: string): string {
  return module.split('/')[0] ?? '';
}

function nameOf(destination: string): string {
  return destination.split('/')[1] ?? '';
}

/** Whether it is a part of a groupware type; what all types share stands beside their folders. */
function isOfType(module: string): boolean {
  return /^groupware\/[^/]+\//.test(module);
}

function describeImport({ from, to, kind }: Import): string {
  return `${from} imports ${to}${kind === 'types' ? ' (types)' : ''}`;
}

/** All imports: at the top, by `import()`, re-exports, and `typeof import()`. */
function importsOf(from: string, source: ts.SourceFile): readonly Import[] {
  return nodesOf(source).flatMap((node): Import[] => {
    if (ts.isImportDeclaration(node))
      return found(
        from,
        node.moduleSpecifier,
        node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'types' : 'at once',
      );
    if (ts.isExportDeclaration(node)) return found(from, node.moduleSpecifier, node.isTypeOnly ? 'types' : 'at once');
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return found(from, node.argument.literal, 'types');
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      return found(from, node.arguments[0], 'later');
    return [];
  });
}

/** The modules that are loaded as soon as a module is, it included. */
function loadedBy(module: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(module)) return loaded;
  loaded.add(module);
  for (const { from, to, kind } of imports) if (from === module && kind === 'at once') loadedBy(to, loaded);
  return loaded;
}

function found(from: string, specifier: ts.Node | undefined, kind: Import['kind']): Import[] {
  if (specifier === undefined || !ts.isStringLiteral(specifier)) return [];
  const to = specifier.text.startsWith('.') ? posix.join(posix.dirname(from), specifier.text) : specifier.text;
  return [{ from, to, kind }];
}

function usesProcess(source: ts.SourceFile): boolean {
  return nodesOf(source).some(
    (node) =>
      (ts.isIdentifier(node) &&
        node.text === 'process' &&
        !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) ||
      (ts.isStringLiteral(node) && /^(node:)?process$/.test(node.text)),
  );
}

function nodesOf(root: ts.Node): readonly ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return nodes;
}
