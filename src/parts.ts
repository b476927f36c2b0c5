// The parts of a run, built from the configuration and loaded only when they are used.

import { randomUUID } from 'node:crypto';
import { version } from '../package.json';
import { openActivityReader, type Reading } from './clarify/activity-reader';
import { openLogReader } from './clarify/log-reader';
import { objectTypeNamed } from './clarify/object-types';
import { typesOfSite } from './clarify/site-types';
import { allActivities, countAll, watchedActivities } from './clarify/watched';
import { ACTIVITY_NAMES, wordingOf } from './clarify/wording';
import { allPlaceholders, changesFor, checkWords } from './clarify/words';
import { commands } from './commands/index';
import type { ReadyDestination } from './commands/deliver';
import type { PublishParts } from './commands/publish';
import { checkConfig, type CheckParts } from './config/check';
import { loadConfig, machineFolderOf, sourceOf, type LoadedConfig, type Parsers } from './config/load';
import type { Config, DatabaseConfig, DestinationConfig, LedgerConfig } from './config/schema';
import type { Request } from './core/activity';
import { ALERT } from './core/alert';
import { compose } from './core/compose';
import { DatabaseError } from './core/database-error';
import type { Source } from './core/shape';
import { wallClockAt } from './core/wall-clock';
import type { Preview, Tools } from './destinations/destination';
import { destinationTypes, loadDestinationType } from './destinations/index';
import type { Database } from './io/database';
import type { KeptDelivery, Ledger } from './ledger/ledger';
import { maskingProxyLogins } from './io/proxy-logins';
import type { Templates } from './io/template';
import type { World } from './world';

/** A request without an activity is about the newest one of this time before it was accepted, in ms; or after, as clocks differ. */
const RECENT_MS = 10 * 60_000;
/** What a reading is that never came back; nothing asks for it. */
const NOT_READ: Reading = { kind: 'absent', reason: 'it was not read' };
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
  const reader = openActivityReader(database);
  const types = typesOfSite(config.clarify.objectTypes);
  const log = openLogReader(database);
  const watched = watchedActivities(config.reconcile, types, log, config.clarify.timeZone);
  let ledger: Promise<Ledger> | undefined;
  return {
    read: (request, acceptedAt, deadline) => {
      const window = request.activityObjid === undefined ? recentWindow(acceptedAt, config.clarify.timeZone) : NO_WINDOW;
      return reader.read(objectTypeNamed(request.objectType, types), request, window, deadline);
    },
    readMany: async (requests, deadline) => {
      const readings = new Map<Request, Reading>();
      for (const type of types) {
        const own = requests.filter(({ objectType }) => objectType === type.name);
        if (own.length === 0) continue;
        const found = await reader.readMany(type, own, deadline.signal);
        for (const [index, request] of own.entries()) readings.set(request, found[index] ?? NOT_READ);
      }
      return requests.map((request) => readings.get(request) ?? NOT_READ);
    },
    leftOut: ({ objectType, fields, entry }) => {
      const { publicSolutionsOnly, ignoreUsers } = config.clarify;
      if (publicSolutionsOnly && objectType === 'solution' && Number(fields['public']) !== 1)
        return `solution ${fields['id'] ?? ''} is not public, and clarify.publicSolutionsOnly is set`;
      const login = entry?.actorLogin.toLowerCase();
      return login !== undefined && ignoreUsers.includes(login) ? `${login} is among clarify.ignoreUsers` : undefined;
    },
    compose: async (activity, request) => {
      const type = objectTypeNamed(activity.objectType, types);
      const { render } = await loadTemplates();
      const { tags, clarify, templates, routing } = config;
      const wording = wordingOf(type, clarify.wording);
      const changes = changesFor(type, templates, types);
      const about = { ...type, ...clarify, wording, changes, activityNames: ACTIVITY_NAMES, nowMs: world.now() };
      // Only what is about several object types can name a placeholder that this one lacks.
      const isPlain = routing.routes.length === 0 && Object.keys(routing.rules).length === 0;
      const composition = { ...about, tags, routing, placeholders: isPlain ? [] : allPlaceholders(types) };
      return compose(activity, request, composition, render);
    },
    destinations: () => {
      const tools = toolsOf(world);
      return Promise.all(Object.entries(config.destinations).map(([name, configured]) => makeReady(name, configured, tools)));
    },
    ledger: () => (ledger ??= openLedger(config.ledger)),
    known: (ids, signal) => knownDeliveries(config.ledger, ids, signal),
    watched,
    history: () => (watched.length > 0 ? watched : allActivities(types, log, config.clarify.timeZone)),
    ...(watched.length === 0
      ? {}
      : { loggedActivities: (since, until, { signal }) => countAll(watched, { since, until }, signal) }),
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
  const repeat = typeof loaded.repeat === 'object' ? loaded.repeat.of(options) : loaded.repeat;
  const find = repeat === 'findable' ? loaded.find?.bind(loaded) : undefined;
  return {
    name,
    type,
    repeat,
    concurrency,
    maxPerSecond,
    needsFirstPost: loaded.needsFirstPost?.(options) ?? false,
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
    http: async () => maskingProxyLogins((await (http ??= import('./io/http'))).sendHttp, world.env),
    streamFolder: async () => (await import('./io/stream-folder')).addToStream,
    mail: async () => (await import('./io/mail')).sendMail,
    processes: async () => (await import('./io/process')).processRunner(world),
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
  checkWords: async (words, note) => checkWords(words, await loadTemplates(), [...Object.keys(commands), ALERT], note),
};

let templates: Promise<Templates> | undefined;

function loadTemplates(): Promise<Templates> {
  return (templates ??= import('./io/template').then(({ makeTemplates }) => makeTemplates()));
}
