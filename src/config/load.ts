// Finds the configuration and reads it, through the reader of cosmiconfig.
//
// Only its ExplorerSync is used. The functions of the public entry look into the working directory while they start: they execute a
// `.config/config.js` there and obey a `package.json`. Whoever can write a file where a rule fires would then run our login.

import { lstatSync } from 'node:fs';
import { dirname, extname, posix, resolve, win32 } from 'node:path';
import type { OptionsSync, PublicExplorerSync } from 'cosmiconfig';
import { codeOf, UserError } from '../core/errors';
import type { Source } from '../core/shape';
import { fromStartFolder } from '../core/start-folder';
import { whyUnreadable } from '../core/unreadable';
import type { ParseDocument } from '../io/json-document';

/** Where to look. */
export interface Search {
  /** The file that `--config` names. */
  readonly given: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that the program was started in; `undefined` where it is gone. */
  readonly cwd: string | undefined;
  /** Whether a person started the run. The working directory of a rule engine is nobody's choice and is not looked at. */
  readonly terminal: boolean;
  /** See {@link machineFolderOf}. */
  readonly machineFolder: string;
  readonly programFolder: string;
}

/** What reads a file as text, and the readers of the two formats, loaded when they are needed. */
export interface Parsers {
  /** Throws the system's error. Never waits for what is no file. */
  readonly readText: Source['readFile'];
  /** Waits until the system has looked for a path; rejects where it does not come back, as from a network share that is dead. */
  readonly whenReachable: (path: string) => Promise<void>;
  json(): Promise<ParseDocument>;
  yaml(): Promise<ParseDocument>;
}

/** A configuration as it was read, not yet checked. */
export interface LoadedConfig {
  /** An absolute path. */
  readonly file: string;
  /** Why this file: `named by --config`, `in the machine-wide folder`, … */
  readonly how: string;
  readonly value: unknown;
  /** The line, counted from 1, of the deepest key of a path that is there; `undefined` where lines are not known. */
  readonly lineOf: (path: readonly string[]) => number | undefined;
}

/** A configuration file that is there, and that cannot be used as it is. */
export class UnusableConfig extends UserError {
  constructor(
    message: string,
    /** An absolute path. */
    readonly file: string,
    /** What could be read of it all the same: keys at its top that the damage does not touch. */
    readonly value: unknown,
  ) {
    super('configuration', message);
  }
}

/** The environment variable that names the configuration. */
export const CONFIG_VARIABLE = 'PUBLISH_ACTIVITY_CONFIG';
/** The names of the configuration, in the order in which they are looked for. */
export const CONFIG_FILES = [
  'publish-activity.config.json',
  'publish-activity.config.yaml',
  'publish-activity.config.yml',
] as const;
const FORMATS: Readonly<Record<string, 'json' | 'yaml'>> = { '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' };

/** The folder of the configuration that serves a whole machine. */
export function machineFolderOf(platform: NodeJS.Platform, env: Search['env']): string {
  if (platform !== 'win32') return posix.join('/', 'etc', 'publish-activity');
  // Windows does not mind the case of a variable's name; a copied environment does.
  const name = Object.keys(env).find((key) => key.toLowerCase() === 'programdata') ?? '';
  return win32.join(env[name] || 'C:\\ProgramData', 'publish-activity');
}

/** Finds and reads the configuration. Throws a UserError of the kind `configuration`: an UnusableConfig where the file is there. */
export async function loadConfig(search: Search, parsers: Parsers): Promise<LoadedConfig> {
  const explorer = await makeExplorer(parsers);
  const candidates = candidatesOf(search);
  await Promise.all(candidates.map((candidate) => reach(candidate, parsers)));
  for (const candidate of candidates) {
    const text = readCandidate(explorer, candidate, parsers);
    if (text !== undefined) return { file: candidate.file, how: candidate.how, ...(await parseText(text, candidate, parsers)) };
  }
  throw nothingFound(search);
}

/** What the check of a configuration file may look at: the environment and the files that it names. */
export function sourceOf(file: string, env: Search['env'], readFile: Source['readFile']): Source {
  return { env, resolvePath: (path) => resolve(dirname(file), path), readFile, problems: [], secrets: [], setAside: true };
}

interface Candidate {
  readonly file: string;
  readonly how: string;
  /** Whether its absence is an error. */
  readonly mustBe: boolean;
}

/** The files that may be the configuration, the first one first. A named one is the only one. */
function candidatesOf({ given, env, cwd, terminal, machineFolder, programFolder }: Search): Candidate[] {
  const variable = env[CONFIG_VARIABLE];
  if (given !== undefined) return [{ file: fromStartFolder(cwd, given), how: 'named by --config', mustBe: true }];
  if (variable) return [{ file: fromStartFolder(cwd, variable), how: `named by ${CONFIG_VARIABLE}`, mustBe: true }];
  const folders = [
    ...(terminal && cwd !== undefined ? [{ folder: cwd, how: 'in the working directory' }] : []),
    { folder: machineFolder, how: 'in the machine-wide folder' },
    { folder: programFolder, how: 'beside the program' },
  ];
  return folders.flatMap(({ folder, how }) => CONFIG_FILES.map((name) => ({ file: resolve(folder, name), how, mustBe: false })));
}

/** Nothing is kept where a share is dead, because nobody knows where: to look for the spool beside the file would hang as well. */
async function reach({ file, how }: Candidate, { whenReachable }: Parsers): Promise<void> {
  try {
    await whenReachable(file);
  } catch (error) {
    throw new UserError('configuration', `the configuration ${file} (${how}) cannot be used: ${whyUnreadable(error)}`);
  }
}

/** What a loader answers. cosmiconfig obeys a key `$import` of what it is given; inside a text it is a key like any other. */
interface Wrapped {
  readonly text: string;
}

async function makeExplorer({ readText }: Parsers): Promise<PublicExplorerSync> {
  type Explorer = new (options: OptionsSync & { readonly moduleName: string }) => PublicExplorerSync;
  // The file is read again instead of taking the text that the library gives, which is garbage where the file is not UTF-8.
  const wrap = (file: string): Wrapped => ({ text: readText(file) });
  const { ExplorerSync } = (await import('cosmiconfig/dist/ExplorerSync.js')) as unknown as { readonly ExplorerSync: Explorer };
  return new ExplorerSync({
    moduleName: 'publish-activity',
    searchPlaces: [...CONFIG_FILES],
    loaders: Object.fromEntries([...Object.keys(FORMATS), 'default'].map((extension) => [extension, wrap])),
    // An empty path, so that a file whose name begins with "package." is taken whole, too.
    packageProp: [],
    searchStrategy: 'none',
    cache: false,
    ignoreEmptySearchPlaces: false,
    mergeImportArrays: false,
    mergeSearchPlaces: false,
    transform: (result) => result,
  });
}

/**
 * The text of a candidate; `undefined` where there is none and none must be. The explorer's own search is not used, because it
 * passes over a file that may not be read, and a later one would silently be taken for the configuration.
 */
function readCandidate(
  explorer: PublicExplorerSync,
  { file, how, mustBe }: Candidate,
  { readText }: Parsers,
): string | undefined {
  try {
    // Before the library opens it, which would wait at a pipe for ever.
    readText(file);
    const result = explorer.load(file);
    return result?.isEmpty === true ? '' : (result?.config as Wrapped).text;
  } catch (error) {
    const code = codeOf(error);
    if (!mustBe && isAbsent(file, code)) return undefined;
    const reason = whyUnreadable(error);
    throw isAbsent(file, code)
      ? new UserError('configuration', `the configuration ${file} (${how}) cannot be used: ${reason}`)
      : unusable(file, how, reason);
  }
}

/** A link that leads nowhere is there: somebody wants a configuration to be in this place. */
function isAbsent(file: string, code: string): boolean {
  return code === 'ENOTDIR' || (code === 'ENOENT' && lstatSync(file, { throwIfNoEntry: false }) === undefined);
}

async function parseText(text: string, { file, how }: Candidate, parsers: Parsers): Promise<Omit<LoadedConfig, 'file' | 'how'>> {
  const format = FORMATS[extname(file).toLowerCase()];
  if (format === undefined) throw unusable(file, how, `its name must end in ${Object.keys(FORMATS).join(', ')}`);
  const parse = await parsers[format]();
  const { problems, value, lineOf } = parse(text);
  const isEmpty = text.trim() === '' || (problems.length === 0 && (value ?? undefined) === undefined);
  if (isEmpty) throw unusable(file, how, 'it is empty');
  const wrong = `it is no valid ${format.toUpperCase()}\n  ${problems.join('\n  ')}`;
  if (problems.length > 0) throw unusable(file, how, wrong, value);
  return { value, lineOf };
}

function unusable(file: string, how: string, reason: string, value?: unknown): UserError {
  return new UnusableConfig(`the configuration ${file} (${how}) cannot be used: ${reason}`, file, value);
}

function nothingFound(search: Search): UserError {
  const folders = new Map(candidatesOf(search).map(({ file, how }) => [dirname(file), how]));
  const places = [...folders].map(([folder, how]) => `\n  ${folder} (${how})`);
  const skipped = search.terminal
    ? ''
    : '\nThe working directory is looked at only where a terminal is attached, and never on Windows.';
  return new UserError(
    'configuration',
    `there is no configuration (${CONFIG_FILES.join(', ')}) in any of these folders:${places.join('')}${skipped}`,
    `make ${resolve(search.machineFolder, CONFIG_FILES[0])}, or name a file with --config or ${CONFIG_VARIABLE}`,
  );
}
