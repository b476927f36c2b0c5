// Finds the configuration: which of the places that it may be in has it, and whether what stands there can be used.

import { lstatSync } from 'node:fs';
import { dirname, posix, resolve, win32 } from 'node:path';
import { codeOf, UserError } from '../core/errors';
import type { Source } from '../core/shape';
import { fromStartFolder } from '../core/start-folder';
import { whyUnreadable } from '../core/unreadable';
import { ENDINGS, makeReader, type Parsers, type ReadFile, type Reading } from './read';

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

/** The folder of the configuration that serves a whole machine. */
export function machineFolderOf(platform: NodeJS.Platform, env: Search['env']): string {
  if (platform !== 'win32') return posix.join('/', 'etc', 'publish-activity');
  // Windows does not mind the case of a variable's name; a copied environment does.
  const name = Object.keys(env).find((key) => key.toLowerCase() === 'programdata') ?? '';
  return win32.join(env[name] || 'C:\\ProgramData', 'publish-activity');
}

/** Finds and reads the configuration. Throws a UserError of the kind `configuration`: an UnusableConfig where the file is there. */
export async function loadConfig(search: Search, parsers: Parsers): Promise<LoadedConfig> {
  const read = await makeReader(parsers);
  const candidates = candidatesOf(search);
  await Promise.all(candidates.map((candidate) => reach(candidate, parsers)));
  for (const candidate of candidates) {
    const reading = await readCandidate(read, candidate);
    if (reading !== undefined) return configOf(reading, candidate);
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

/**
 * What is in a candidate; `undefined` where there is none and none must be. cosmiconfig's own search is not used, because it passes
 * over a file that may not be read, and a later one would silently be taken for the configuration.
 */
async function readCandidate(read: ReadFile, { file, how, mustBe }: Candidate): Promise<Reading | undefined> {
  try {
    return await read(file);
  } catch (error) {
    const code = codeOf(error);
    // No system, and no text: a fault of ours.
    if (code === '') throw error;
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

function configOf(reading: Reading, { file, how }: Candidate): LoadedConfig {
  if (reading.kind === 'unknown') throw unusable(file, how, `its name must end in ${ENDINGS.join(', ')}`);
  if (reading.kind === 'empty') throw unusable(file, how, 'it is empty');
  const { problems, value, lineOf } = reading.document;
  const wrong = `it is no valid ${reading.kind.toUpperCase()}\n  ${problems.join('\n  ')}`;
  if (problems.length > 0) throw unusable(file, how, wrong, value);
  return { file, how, value, lineOf };
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
