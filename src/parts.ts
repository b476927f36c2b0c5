// The parts of a run, built from the configuration and loaded only when they are used.

import { randomUUID } from 'node:crypto';
import { version } from '../package.json';
import { readActivity } from './clarify/activity-reader';
import { objectTypeNamed, objectTypes, type ObjectType } from './clarify/object-types';
import { normalizeTypeName } from './clarify/arguments';
import { ACTIVITY_NAMES } from './clarify/wording';
import type { ReadyDestination } from './commands/deliver';
import type { PublishParts } from './commands/publish';
import { checkConfig, type CheckParts, type NoteProblem } from './config/check';
import { loadConfig, machineFolderOf, sourceOf, type LoadedConfig, type Parsers } from './config/load';
import type { Config, DatabaseConfig, DestinationConfig, LedgerConfig, TemplatesConfig } from './config/schema';
import { COMMON_PLACEHOLDERS, compose } from './core/compose';
import { DatabaseError } from './core/database-error';
import { nearestFew } from './core/nearest';
import type { Source } from './core/shape';
import { wallClockAt } from './core/wall-clock';
import type { Preview, Tools } from './destinations/destination';
import { destinationTypes, loadDestinationType } from './destinations/index';
import type { Database } from './io/database';
import type { KeptDelivery, Ledger } from './ledger/ledger';
import type { Templates } from './io/template';
import type { World } from './world';

/** A request without an activity is about the newest one of this time before it was accepted, in ms; or after, as clocks differ. */
const RECENT_MS = 10 * 60_000;
/** For a request that names its activity. */
const NO_WINDOW = { since: '', until: '' };

function recentWindow(acceptedAt: number, timeZone: string): { readonly since: string; readonly until: string } {
  return { since: wallClockAt(acceptedAt - RECENT_MS, timeZone), until: wallClockAt(acceptedAt + RECENT_MS, timeZone) };
}

/** The parts of publishing, and what has to be let go of at the end. */
export interface Parts extends PublishParts {
  /** Lets go of the database, the ledger and the connections to destinations. Never rejects and never waits. */
  close(): void;
}

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
  return sourceOf(file, world.env);
}

/** Builds the parts of publishing. */
export async function buildParts(config: Config, world: World): Promise<Parts> {
  const database = await openForReading(config.clarify.database);
  let ledger: Promise<Ledger> | undefined;
  return {
    read: (request, acceptedAt, deadline) => {
      const window = request.activityObjid === undefined ? recentWindow(acceptedAt, config.clarify.timeZone) : NO_WINDOW;
      return readActivity(database, objectTypeNamed(request.objectType), request, window, deadline);
    },
    leftOut: ({ objectType, fields }) =>
      config.clarify.publicSolutionsOnly && objectTypeNamed(objectType).name === 'solution' && Number(fields['public']) !== 1
        ? `solution ${fields['id'] ?? ''} is not public, and clarify.publicSolutionsOnly is set`
        : undefined,
    compose: async (activity, request) => {
      const type = objectTypeNamed(activity.objectType);
      const { render } = await loadTemplates();
      const { tags, clarify, templates } = config;
      const changes = changesFor(type, templates);
      const composition = { ...type, ...clarify, changes, tags, activityNames: ACTIVITY_NAMES, nowMs: world.now() };
      return compose(activity, request, composition, render);
    },
    destinations: () => {
      const tools = toolsOf(world);
      return Promise.all(Object.entries(config.destinations).map(([name, configured]) => makeReady(name, configured, tools)));
    },
    ledger: () => (ledger ??= openLedger(config.ledger)),
    known: (ids, signal) => knownDeliveries(config.ledger, ids, signal),
    owner: randomUUID(),
    now: () => world.now(),
    random: Math.random,
    close: () => {
      http?.then(
        ({ closeConnections }) => closeConnections(),
        () => undefined,
      );
      database.close();
      ledger?.then(
        (opened) => opened.close(),
        () => undefined,
      );
    },
  };
}

async function openForReading(settings: DatabaseConfig): Promise<Database> {
  return settings.type === 'sqlite'
    ? (await import('./io/sqlite')).openSqliteDatabase(settings.file)
    : (await import('./io/sql-server')).openSqlServer(settings);
}

async function openLedger(settings: LedgerConfig): Promise<Ledger> {
  const { openSqlLedger } = await import('./ledger/sql-ledger');
  return settings.type === 'sqlite'
    ? openSqlLedger((await import('./io/sqlite-store')).openSqliteStore(settings.file), 'sqlite')
    : openSqlLedger((await import('./io/sql-server')).openSqlServer(settings), 'sqlserver');
}

/** Looks into a ledger for reading only: a dry run must not make one. */
async function knownDeliveries(
  settings: LedgerConfig,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly KeptDelivery[]> {
  const database = await openForReading(settings);
  const refuse = () => Promise.reject(new DatabaseError('not-writable', 'a dry run writes nothing'));
  const ledger = (await import('./ledger/sql-ledger')).openSqlLedger({ ...database, execute: refuse }, settings.type);
  try {
    return await ledger.deliveries({ ids }, ids.length, signal);
  } catch (error) {
    if (error instanceof DatabaseError) return [];
    throw error;
  } finally {
    ledger.close();
  }
}

async function makeReady(
  name: string,
  { type, options, concurrency, maxPerSecond }: DestinationConfig,
  tools: Tools,
): Promise<ReadyDestination> {
  const loaded = await loadDestinationType(type);
  if (loaded === undefined) throw new Error(`the check let the destination type ${type} through`);
  const find = loaded.find?.bind(loaded);
  return {
    name,
    type,
    repeat: loaded.repeat,
    concurrency,
    maxPerSecond,
    preview: (delivery) => spellPreview(loaded.preview(loaded.encode(delivery, options), options)),
    send: (delivery, deadline) => loaded.send(loaded.encode(delivery, options), options, tools, deadline),
    ...(find === undefined
      ? {}
      : { find: (delivery, sinceMs, deadline) => find(loaded.encode(delivery, options), options, tools, sinceMs, deadline) }),
  };
}

function spellPreview({ line, headers, body }: Preview): string {
  return [line, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body].join('\n');
}

/** The HTTP of this process, once something uses it. */
let http: Promise<typeof import('./io/http')> | undefined;

function toolsOf(world: World): Tools {
  return {
    http: async () => (await (http ??= import('./io/http'))).sendHttp,
    streamFolder: async () => (await import('./io/stream-folder')).addToStream,
    now: () => world.now(),
    version,
  };
}

const parsers: Parsers = {
  json: async () => (await import('./io/json-document')).parseJson,
  yaml: async () => (await import('./io/yaml-document')).parseYaml,
};

const checkParts: CheckParts = {
  destinationTypes: Object.keys(destinationTypes),
  loadDestinationType,
  connectionStrings: async () => (await import('./io/connection-string')).readConnectionString,
  checkTemplates,
};

let templates: Promise<Templates> | undefined;

function loadTemplates(): Promise<Templates> {
  return (templates ??= import('./io/template').then(({ makeTemplates }) => makeTemplates()));
}

/** A site's templates for a type, which it may call by any of its names. */
function changesFor(type: ObjectType, all: TemplatesConfig): TemplatesConfig[string] {
  const names = Object.keys(all).filter((name) => typeCalled(name) === type);
  return Object.assign({}, ...names.map((name) => all[name])) as TemplatesConfig[string];
}

function typeCalled(name: string): ObjectType | undefined {
  return objectTypes.find(({ aliases }) => aliases.some((alias) => normalizeTypeName(alias) === normalizeTypeName(name)));
}

async function checkTemplates(all: TemplatesConfig, note: NoteProblem): Promise<void> {
  const { check } = await loadTemplates();
  for (const [name, byActivity] of Object.entries(all)) {
    const type = typeCalled(name);
    const near = nearestFew(
      name,
      objectTypes.map((known) => known.name),
      1,
    );
    if (type === undefined)
      note(['templates', name], `no object type has this name${near.length === 0 ? '' : `; did you mean ${near.join()}?`}`);
    const placeholders = [...COMMON_PLACEHOLDERS, ...Object.keys(type?.fields ?? {})];
    for (const [activity, parts] of type === undefined ? [] : Object.entries(byActivity)) {
      for (const [part, template] of Object.entries(parts)) {
        const wrong = template === undefined ? undefined : check(template as string, placeholders);
        if (wrong !== undefined) note(['templates', name, activity, part], wrong);
      }
    }
  }
}
