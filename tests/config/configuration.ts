// Folders with configurations, and the parts that reading and checking them needs.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkConfig, type CheckParts } from '../../src/config/check';
import { loadConfig, sourceOf } from '../../src/config/load';
import type { Parsers } from '../../src/config/read';
import type { Config } from '../../src/config/schema';
import { UserError } from '../../src/core/errors';
import { object, optional, required, httpUrl, secret, text, type Source } from '../../src/core/shape';
import { readTextFile, refuseUnlessTextAt } from '../../src/io/regular-file';

/** The configuration of the project's first issue, which is the contract. */
export const sample = {
  $schema: './publish-activity.schema.json',
  clarify: {
    database: {
      type: 'sqlserver',
      server: 'clarify-db',
      port: 1433,
      database: 'clarify',
      user: 'stream_reader',
      password: { env: 'CLARIFY_PASSWORD' },
      encrypt: true,
      trustServerCertificate: false,
    },
    timeZone: 'America/Chicago',
    agentUrl: 'http://server/dovetail',
  },
  tags: ['dovetailCRM'],
  destinations: {
    socialcast: {
      type: 'socialcast',
      url: 'https://example.socialcast.com',
      username: 'crm@example.com',
      password: { env: 'SOCIALCAST_PASSWORD' },
    },
  },
  deadline: '10s',
};

/** The environment that the sample asks for. */
export const env = { CLARIFY_PASSWORD: 'clarify-hush', SOCIALCAST_PASSWORD: 'socialcast-hush' };

/** Two destination types that are enough to check against. */
export const types = {
  socialcast: object({
    url: required(httpUrl(), 'The address.'),
    username: required(text(), 'The login.'),
    password: required(secret(), 'The password.'),
  }),
  feed: object({ folder: required(text(), 'The folder.'), title: optional(text(), 'The title.') }),
};

export const parsers: Parsers = {
  whenReachable: () => Promise.resolve(),
  refuseUnlessText: refuseUnlessTextAt,
  readText: readTextFile,
  json: async () => (await import('../../src/io/json-document')).parseJson,
  yaml: async () => (await import('../../src/io/yaml-document')).parseYaml,
};

/** The parts of a check, with what the test wants otherwise. */
export function partsWith(parts: Partial<CheckParts>): CheckParts {
  return {
    destinationTypes: Object.keys(types),
    loadDestinationType: (type) => Promise.resolve({ options: types[type as keyof typeof types] }),
    groupwareTypes: [],
    loadGroupwareType: () => Promise.resolve(undefined),
    checkWords: () => undefined,
    ...parts,
  };
}

/** A folder of its own that is gone after the tests of a file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file and the folders above it, and answers its path. */
export function write(file: string, content: string | Uint8Array): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A deep copy of a value in which keys are changed, named as `clarify.database`; `undefined` removes one. */
export function changed(value: unknown, changes: Readonly<Record<string, unknown>>): unknown {
  const copy = structuredClone(value);
  for (const [path, replacement] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Record<string, unknown>>(
      (node, key) => node[key] as Record<string, unknown>,
      copy as Record<string, unknown>,
    );
    if (replacement === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = replacement;
  }
  return copy;
}

/** Loads and checks a file. */
export async function readFrom(
  file: string,
  parts: Partial<CheckParts> = {},
): Promise<{ readonly source: Source; readonly config: () => Promise<Config> }> {
  const folder = dirname(file);
  const search = { given: file, env, cwd: folder, terminal: false, machineFolder: folder, programFolder: folder };
  const loaded = await loadConfig(search, parsers);
  const source = sourceOf(loaded.file, env, readTextFile);
  return { source, config: () => checkConfig(loaded, source, partsWith(parts)) };
}

/** The UserError that a promise is rejected with. */
export async function refusalOf(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    (value) => new Error(`accepted: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw error;
}
