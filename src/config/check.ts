// From what a file says to a Config, or to one error that names everything that is wrong with it.

import { UserError } from '../core/errors';
import type { Routing } from '../core/routing';
import { at, isRecord, type Problem, type Shape, type Source } from '../core/shape';
import type { SiteKinds } from './entry-types';
import type { LoadedConfig } from './load';
import { defaultLedger, defaultSpool } from './ledger';
import { logOf } from './log';
import { typesOfOthers } from './other-groupwares';
import { checkNames } from './routing';
import {
  configShape,
  type CheckedFile,
  type Config,
  type OptionShapes,
  type GroupwareConfig,
  type ReconcileConfig,
  type SiteTypes,
  type TemplatesConfig,
} from './schema';

/** What the check needs of other parts of the program; each is asked for only where the file makes use of it. */
export interface CheckParts {
  /** The names of all destination types. */
  readonly destinationTypes: readonly string[];
  loadDestinationType(type: string): Promise<{ readonly options: Shape<unknown> } | undefined>;
  /** The same of groupware. */
  readonly groupwareTypes: readonly string[];
  loadGroupwareType(type: string): Promise<{ readonly options: Shape<unknown> } | undefined>;
  /** Looks for what only others know: tables, placeholders, the grammar of Liquid. Not asked where there is nothing of it. */
  checkWords(words: Words, note: NoteProblem): void | Promise<void>;
}

/** The parts of a file that are made of placeholders. */
export interface Words {
  readonly objectTypes: SiteTypes;
  readonly templates: TemplatesConfig;
  readonly rules: Routing['rules'];
  readonly routes: Routing['routes'];
  readonly reconcile: ReconcileConfig;
  readonly kinds: SiteKinds;
}

/** Notes a problem under the keys from the top of the file. */
export type NoteProblem = (path: readonly string[], message: string) => void;

/**
 * Checks a configuration. Throws one UserError of the kind `configuration` that lists every problem with its place.
 * What is secret is in `source.secrets` afterwards in either case, so that whoever prints the error can mask it.
 */
export async function checkConfig(loaded: LoadedConfig, source: Source, parts: CheckParts): Promise<Config> {
  const types = {
    destinations: await destinationShapes(loaded.value, parts),
    groupware: await groupwareShapes(loaded.value, parts),
  };
  const shape = configShape(types);
  const note: NoteProblem = (path, message) => source.problems.push({ path, message });
  // After a problem, what is checked has holes that its type does not show.
  const checked: Partial<CheckedFile> | undefined = shape.parse(loaded.value, { path: [], source });
  // Without the keys that they need, these parts may be missing, whatever their types say.
  const clarifyPart: Partial<CheckedFile['clarify']> | undefined = checked?.clarify;
  const groupwarePart: Partial<GroupwareConfig> | undefined = checked?.groupware;
  const words: Words = {
    objectTypes: clarifyPart?.objectTypes ?? {},
    templates: checked?.templates ?? {},
    rules: checked?.rules ?? {},
    routes: checked?.routes ?? [],
    reconcile: checked?.reconcile ?? [],
    kinds: groupwarePart?.kinds ?? {},
  };
  if (Object.values(words).some((part: object) => Object.keys(part).length > 0)) {
    await parts.checkWords(words, note);
  }
  checkDestinationNames(checked ?? {}, keysOf(at(loaded.value, 'destinations')), note);
  if (checked === undefined || source.problems.length > 0) throw problemsError(loaded, source.problems);
  const {
    clarify,
    tags,
    destinations,
    deadline,
    keepMessages,
    whenInDoubt,
    exitZeroWhenKept,
    templates,
    alerts,
    reconcile,
    scan,
    groupware,
    rules,
    routes,
    routing,
  } = checked as CheckedFile;
  const log = logOf(loaded.value, source);
  const ledger = checked.ledger ?? defaultLedger(source);
  const places = { file: loaded.file, log, ledger, spool: checked.spool ?? defaultSpool(ledger, log, source) };
  const delivering = { deadline, keepMessages, whenInDoubt, exitZeroWhenKept, alerts, reconcile, scan, groupware };
  const paths: Routing = { routes, take: routing, rules, destinations: Object.keys(destinations) };
  return { ...places, ...delivering, clarify, tags, destinations, templates, routing: paths, secrets: source.secrets };
}

/** Every name of a destination that stands somewhere else in the file. After a problem a part may be missing, whatever its type says. */
function checkDestinationNames(
  { alerts, rules = {}, routes = [] }: Partial<CheckedFile>,
  destinations: readonly string[],
  note: NoteProblem,
): void {
  const named: readonly (readonly [readonly string[], readonly string[] | undefined])[] = [
    [['alerts', 'to'], alerts?.to],
    ...Object.entries(rules).map(([name, rule]) => [['rules', name, 'destinations'], rule.destinations] as const),
    ...routes.map(({ to }, index) => [['routes', String(index), 'to'], to] as const),
  ];
  for (const [path, names] of named) checkNames(names ?? [], destinations, path, note);
}

function destinationShapes(raw: unknown, parts: CheckParts): Promise<OptionShapes> {
  const used = valuesOf(at(raw, 'destinations')).map((destination) => at(destination, 'type'));
  return optionShapes(parts.destinationTypes, used, (type) => parts.loadDestinationType(type));
}

function groupwareShapes(raw: unknown, parts: CheckParts): Promise<OptionShapes> {
  const groupware = at(raw, 'groupware');
  const used = [at(groupware, 'type'), ...typesOfOthers(groupware)];
  return optionShapes(parts.groupwareTypes, used, (type) => parts.loadGroupwareType(type));
}

/** The option shapes of the types in use. The others have a name only, for the message about one that is unknown. */
async function optionShapes(
  types: readonly string[],
  used: readonly unknown[],
  load: (type: string) => Promise<{ readonly options: Shape<unknown> } | undefined>,
): Promise<OptionShapes> {
  const shapes = types.map(async (type): Promise<[string, Shape<unknown>]> => {
    const loaded = used.includes(type) ? await load(type) : undefined;
    return [type, loaded?.options ?? UNUSED];
  });
  return Object.fromEntries(await Promise.all(shapes));
}

const UNUSED: Shape<unknown> = {
  schema: {},
  parse: () => {
    throw new Error('a type that is not loaded checks nothing');
  },
};

function keysOf(raw: unknown): string[] {
  return isRecord(raw) ? Object.keys(raw) : [];
}

function valuesOf(raw: unknown): unknown[] {
  return isRecord(raw) ? Object.values(raw) : [];
}

function problemsError({ file, lineOf }: LoadedConfig, problems: readonly Problem[]): UserError {
  const lines = problems
    .map(({ path, message }) => ({ text: `${spellPath(path)}: ${message}`, line: lineOf(path) }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ text, line }) => `\n  ${text}${line === undefined ? '' : ` (line ${line})`}`);
  const count = lines.length === 1 ? 'a problem' : `${lines.length} problems`;
  return new UserError('configuration', `the configuration ${file} has ${count}:${lines.join('')}`);
}

/** Problems in words, each with its place. */
export function spellProblems(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => `${spellPath(path)}: ${message}`).join('; ');
}

/** Keys with a dot between them; a key that is no plain word in quotes, so that it cannot be mistaken and cannot move the cursor. */
function spellPath(path: readonly string[]): string {
  return path.length === 0 ? 'the whole file' : path.map((key) => (/^[\w$*-]+$/.test(key) ? key : JSON.stringify(key))).join('.');
}
