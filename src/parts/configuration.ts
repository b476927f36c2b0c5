// The configuration of a run: found, read and checked with the parts of the program that know what may stand in it.

import { checkWords } from '../clarify/words';
import { commands, setupCommands } from '../commands/index';
import { checkConfig, type CheckParts } from '../config/check';
import { loadConfig, machineFolderOf, sourceOf, type LoadedConfig, type Parsers } from '../config/load';
import type { Config } from '../config/schema';
import { ALERT } from '../core/alert';
import type { Source } from '../core/shape';
import { destinationTypes, loadDestinationType } from '../destinations/index';
import type { ReadConnectionString } from '../io/connection-string';
import { readTextFile } from '../io/regular-file';
import type { Templates } from '../io/template';
import type { World } from '../world';

/** Finds and reads the configuration file. */
export function findConfiguration(given: string | undefined, world: World): Promise<LoadedConfig> {
  const { env, cwd, terminal, programFolder, platform } = world;
  return loadConfig({ given, env, cwd, terminal, programFolder, machineFolder: machineFolderOf(platform, env) }, parsers);
}

/** Checks a configuration that was read. What it may look at is in the source, whose secrets are known even if the check fails. */
export function checkConfiguration(loaded: LoadedConfig, source: Source): Promise<Config> {
  return checkConfig(loaded, source, checkParts);
}

/** The source of a check: the environment, and the files that the configuration names. */
export function configurationSource(file: string, world: World): Source {
  return sourceOf(file, world.env, readTextFile);
}

/** The readers of the two formats of a configuration. */
export const parsers: Parsers = {
  readText: readTextFile,
  json: async () => (await import('../io/json-document')).parseJson,
  yaml: async () => (await import('../io/yaml-document')).parseYaml,
};

const checkParts: CheckParts = {
  destinationTypes: Object.keys(destinationTypes),
  loadDestinationType,
  connectionStrings,
  checkWords: async (words, note) => checkWords(words, await loadTemplates(), reservedWords(), note),
};

/** Loads the reader of connection strings, which few configurations need. */
export async function connectionStrings(): Promise<ReadConnectionString> {
  return (await import('../io/connection-string')).readConnectionString;
}

/** The words that no object type can be called by. */
export function reservedWords(): readonly string[] {
  return [...Object.keys({ ...commands, ...setupCommands }), ALERT];
}

let templates: Promise<Templates> | undefined;

/** Loads the template engine at its first use. */
export function loadTemplates(): Promise<Templates> {
  return (templates ??= import('../io/template').then(({ makeTemplates }) => makeTemplates()));
}
