// The configuration of a run: found, read and checked with the parts of the program that know what may stand in it.

import { checkWords } from '../clarify/templates';
import { commands } from '../commands/index';
import { checkConfig, type CheckParts } from '../config/check';
import { loadConfig, machineFolderOf, sourceOf, type LoadedConfig } from '../config/load';
import type { Parsers } from '../config/read';
import { DEFAULT_DEADLINE_MS, type Config } from '../config/schema';
import { ALERT } from '../core/alert';
import type { Source } from '../core/shape';
import { destinationTypes, loadDestinationType } from '../destinations/index';
import { groupwareTypes, loadGroupwareOptions } from '../groupware/index';
import { readTextFile, refuseUnlessTextAt, whenReachable } from '../io/regular-file';
import type { Templates } from '../io/template';
import type { World } from '../world';

/** Finds and reads the configuration file. A disk or share that does not answer is waited for for `mostMs`. */
export function findConfiguration(
  given: string | undefined,
  world: World,
  mostMs: number = DEFAULT_DEADLINE_MS,
): Promise<LoadedConfig> {
  const { env, cwd, terminal, programFolder, platform } = world;
  const search = { given, env, cwd, terminal, programFolder, machineFolder: machineFolderOf(platform, env) };
  return loadConfig(search, { ...parsers, whenReachable: (path) => whenReachable(path, mostMs) });
}

/**
 * Checks a configuration that was read. What it may look at is in the source, whose secrets are known even if the check fails. Each file
 * that it names is waited for for `mostMs` at the most.
 */
export async function checkConfiguration(
  loaded: LoadedConfig,
  source: Source,
  mostMs: number = DEFAULT_DEADLINE_MS,
): Promise<Config> {
  const dead = new Map<string, unknown>();
  const named = filesNamedIn(loaded.value).map((path) => source.resolvePath(path));
  await Promise.all(named.map((path) => whenReachable(path, mostMs).catch((error: unknown) => dead.set(path, error))));
  const readFile = (path: string) => {
    if (dead.has(path)) throw dead.get(path);
    return source.readFile(path);
  };
  return checkConfig(loaded, dead.size === 0 ? source : { ...source, readFile }, checkParts);
}

/** The keys whose files the check reads. */
const FILE_KEY = /^(file|caFile)$/;

/** The paths of files that may be read during the check. */
function filesNamedIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const named = ([key, inner]: [string, unknown]) =>
    typeof inner === 'string' ? (FILE_KEY.test(key) ? [inner] : []) : filesNamedIn(inner);
  return Object.entries(value).flatMap(named);
}

/** The source of a check: the environment, and the files that the configuration names. */
export function configurationSource(file: string, world: World): Source {
  return sourceOf(file, world.env, readTextFile);
}

/** What finds and reads a configuration, and the readers of its two formats. */
export const parsers: Omit<Parsers, 'whenReachable'> = {
  refuseUnlessText: refuseUnlessTextAt,
  readText: readTextFile,
  json: async () => (await import('../io/json-document')).parseJson,
  yaml: async () => (await import('../io/yaml-document')).parseYaml,
};

const checkParts: CheckParts = {
  destinationTypes: Object.keys(destinationTypes),
  loadDestinationType,
  groupwareTypes: Object.keys(groupwareTypes),
  loadGroupwareType: loadGroupwareOptions,
  checkWords: async (words, note) => {
    const loaded = await loadTemplates();
    checkWords(words, loaded, reservedWords(), note);
    if (Object.keys(words.kinds).length === 0) return;
    const { problemsOfSiteKinds } = await import('../clarify/site-entry-types');
    problemsOfSiteKinds(words.kinds, loaded.check, (path, message) => note(['groupware', 'kinds', ...path], message));
  },
};

/** The words that no object type can be called by. */
export function reservedWords(): readonly string[] {
  return [...Object.keys(commands), ALERT];
}

let templates: Promise<Templates> | undefined;

/** Loads the template engine at its first use. */
export function loadTemplates(): Promise<Templates> {
  return (templates ??= import('../io/template').then(({ makeTemplates }) => makeTemplates()));
}
