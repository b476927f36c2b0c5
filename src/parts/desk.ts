// The desk of `init`: the shapes of the destinations, the check, and the file system.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Desk } from '../commands/installation/init/desk';
import type { Draft } from '../commands/installation/init/draft';
import { machineFolderOf, type LoadedConfig } from '../config/load';
import { UserError } from '../core/errors';
import { Secret } from '../core/secret';
import { at, type Source } from '../core/shape';
import { destinationTypes, loadDestinationType } from '../destinations/index';
import { groupwareTypes, loadGroupwareOptions, loadLoginWays } from '../groupware/index';
import { FILE_MODES } from '../io/file-modes';
import { writeWhole } from '../io/new-file';
import { checkConfiguration, configurationSource, parsers } from './configuration';
import type { World } from '../world';

/** Builds the desk. What must not be shown is added to `secrets`. */
export function buildDesk(world: World, secrets: Secret[]): Desk {
  return {
    world,
    machineFolder: machineFolderOf(world.platform, world.env),
    typeNames: Object.keys(destinationTypes),
    destinationType: async (name) => {
      const type = await loadDestinationType(name);
      if (type === undefined) throw new Error(`there is no destination type ${name}`);
      const { summary, setupUrl, options } = type;
      return { summary, schema: options.schema, ...(setupUrl === undefined ? {} : { setupUrl }) };
    },
    groupwareNames: Object.keys(groupwareTypes),
    groupwareType: async (name) => {
      const type = await loadGroupwareOptions(name);
      if (type === undefined) throw new Error(`there is no groupware type ${name}`);
      return { schema: type.options.schema, logins: await loadLoginWays(name) };
    },
    newKey: () => randomBytes(32).toString('base64'),
    hide: (secret) => secrets.push(new Secret(secret)),
    read: (path) => configurationSource(path, world).readFile(path),
    exists: existsSync,
    problemsOf: async (file, draft) => {
      const source = await sourceOf(file, draft, world);
      const loaded = { file, how: '', value: draft.config, lineOf: () => undefined };
      await checkConfiguration(loaded, source).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
      });
      return source.problems;
    },
    check: async (file, text, draft) => {
      const { problems, ...rest } = (await parsers.json())(text);
      if (problems.length > 0) throw new Error(`init made a file that cannot be read: ${problems.join('; ')}`);
      const loaded: LoadedConfig = { file, how: 'to be written', ...rest };
      await checkConfiguration(loaded, await sourceOf(file, draft, world));
    },
    write: (files) => {
      for (const { path, text, isSecret } of files)
        writeWhole(path, text, isSecret ? FILE_MODES.secret : FILE_MODES.configuration);
    },
  };
}

/** What the check of a draft may look at: its secret files, which are not written yet, and variables that only the rules' account has. */
async function sourceOf(file: string, { secretFiles, config }: Draft, world: World): Promise<Source> {
  const source = configurationSource(file, world);
  const own = new Map(Object.entries(secretFiles).map(([name, text]) => [source.resolvePath(name), text]));
  const standIns = await standInsOf(config['groupware']);
  // Good as a password and as the address of a webhook alike.
  const standInFor = (name: string) => standIns.get(name) ?? 'https://not-set.invalid';
  const env = new Proxy(world.env, { get: (known, name: string) => known[name] || standInFor(name) });
  return { ...source, setAside: false, env, readFile: (path) => own.get(resolve(path)) ?? source.readFile(path) };
}

/** By the variables that a groupware names, what is taken for their secrets where they are not set. */
async function standInsOf(groupware: unknown): Promise<ReadonlyMap<string, string>> {
  const ways = await loadLoginWays(String(at(groupware, 'type')));
  const texts = ways.flatMap(({ standIns = {} }) => Object.entries(standIns));
  return new Map(texts.map(([key, text]) => [String(at(key.split('.').reduce(at, groupware), 'env')), text]));
}
