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
import { commands, setupCommands } from './commands/index';
import type { ReadyDestination } from './commands/deliver';
import type { PublishParts } from './commands/publish';
import type { RuleParts } from './commands/rule';
import type { ScanParts } from './commands/scan';
import type { ShowParts } from './commands/show';
import { checkConfig, type CheckParts } from './config/check';
import { loadConfig, machineFolderOf, sourceOf, type LoadedConfig, type Parsers } from './config/load';
import type { Config, DatabaseConfig, DestinationConfig, LedgerConfig } from './config/schema';
import type { Activity, Request } from './core/activity';
import { ALERT } from './core/alert';
import { compose, valuesOf, type Composition } from './core/compose';
import { DatabaseError } from './core/database-error';
import type { Source } from './core/shape';
import { wallClockAt } from './core/wall-clock';
import type { Preview, Tools } from './destinations/destination';
import { destinationTypes, loadDestinationType } from './destinations/index';
import type { Database } from './io/database';
import type { SendHttp } from './io/http-contract';
import type { Ledger } from './ledger/ledger';
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
export interface Parts extends PublishParts, ShowParts, RuleParts, ScanParts {
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
  const compositionOf = ({ objectType }: Activity): Composition => {
    const type = objectTypeNamed(objectType, types);
    const { tags, clarify, templates, routing } = config;
    const wording = wordingOf(type, clarify.wording);
    const changes = changesFor(type, templates, types);
    const about = { ...type, ...clarify, wording, changes, activityNames: ACTIVITY_NAMES, nowMs: world.now() };
    // Only what is about several object types can name a placeholder that this one lacks.
    const isPlain = routing.routes.length === 0 && Object.keys(routing.rules).length === 0;
    return { ...about, tags, routing, placeholders: isPlain ? [] : allPlaceholders(types) };
  };
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
      const { render } = await loadTemplates();
      return compose(activity, request, compositionOf(activity), render);
    },
    explain: async (activity, request, { signal }) => {
      const type = objectTypeNamed(activity.objectType, types);
      const [{ render }, { explainValues, placeholdersLost }] = await Promise.all([loadTemplates(), import('./clarify/explain')]);
      const composition = compositionOf(activity);
      const lost = await placeholdersLost(type, database, signal);
      const values = explainValues(type, activity, valuesOf(activity, request, composition, render), lost);
      return { values, posts: compose(activity, request, composition, render) };
    },
    scanReader: async () => (await import('./clarify/scan-reader')).openScanReader(types, database),
    rules: async () => (await import('./clarify/rules/index')).rulesOf(types, Object.keys(commands), database),
    destinations: () => readyDestinations(config, world),
    ledger: () => (ledger ??= openLedger(config.ledger)),
    known: async (ids, signal) => (await peek(config.ledger, (kept) => kept.deliveries({ ids }, ids.length, signal))) ?? [],
    peek: (work) => peek(config.ledger, work),
    watched,
    history: () => (watched.length > 0 ? watched : allActivities(types, log, config.clarify.timeZone)),
    ...(watched.length === 0
      ? {}
      : { loggedActivities: (since, until, { signal }) => countAll(watched, { since, until }, signal) }),
    owner: randomUUID(),
    now: () => world.now(),
    random: Math.random,
    close: () => {
      closeHttp();
      database.close();
      ledger?.then(
        (opened) => opened.close(),
        () => undefined,
      );
    },
  };
}

/** Opens a database for reading only. Nothing is connected before the first query. */
export async function openForReading(settings: DatabaseConfig): Promise<Database> {
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

/** Looks into a ledger for reading only: a dry run must not make one. `undefined` where it cannot be read. */
async function peek<T>(settings: LedgerConfig, work: (ledger: Ledger) => Promise<T>): Promise<T | undefined> {
  const database = await openForReading(settings);
  const refuse = () => Promise.reject(new DatabaseError('not-writable', 'a dry run writes nothing'));
  const ledger = (await import('./ledger/sql-ledger')).openSqlLedger({ ...database, execute: refuse }, settings.type);
  try {
    return await work(ledger);
  } catch (error) {
    if (error instanceof DatabaseError) return undefined;
    throw error;
  } finally {
    ledger.close();
  }
}

/** The destinations of a configuration, ready for use. */
export function readyDestinations(config: Config, world: World): Promise<readonly ReadyDestination[]> {
  const tools = toolsOf(world);
  return Promise.all(Object.entries(config.destinations).map(([name, configured]) => makeReady(name, configured, tools)));
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
  const server = loaded.server?.(options);
  const probe = loaded.probe?.bind(loaded);
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
    ...(server === undefined ? {} : { server }),
    ...(probe === undefined ? {} : { probe: (deadline) => probe(options, tools, deadline) }),
  };
}

function spellPreview({ line, headers, body }: Preview): string {
  return [line, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body].join('\n');
}

/** The HTTP of this process, once something uses it. */
let http: Promise<typeof import('./io/http')> | undefined;

/** Loads HTTP at its first use. */
export async function loadHttp(): Promise<SendHttp> {
  return (await (http ??= import('./io/http'))).sendHttp;
}

/** Lets go of the connections that are kept between requests. Never waits. */
export function closeHttp(): void {
  http?.then(
    ({ closeConnections }) => closeConnections(),
    () => undefined,
  );
}

function toolsOf(world: World): Tools {
  return {
    http: loadHttp,
    streamFolder: async () => (await import('./io/stream-folder')).addToStream,
    files: async () => (await import('./io/file-access')).fileAccess(world.env, world.platform),
    mail: async () => (await import('./io/mail')).sendMail,
    processes: async () => (await import('./io/process')).processRunner(world),
    now: () => world.now(),
    version,
  };
}

/** The readers of the two formats of a configuration. */
export const parsers: Parsers = {
  json: async () => (await import('./io/json-document')).parseJson,
  yaml: async () => (await import('./io/yaml-document')).parseYaml,
};

const checkParts: CheckParts = {
  destinationTypes: Object.keys(destinationTypes),
  loadDestinationType,
  connectionStrings: async () => (await import('./io/connection-string')).readConnectionString,
  checkWords: async (words, note) =>
    checkWords(words, await loadTemplates(), [...Object.keys({ ...commands, ...setupCommands }), ALERT], note),
};

let templates: Promise<Templates> | undefined;

function loadTemplates(): Promise<Templates> {
  return (templates ??= import('./io/template').then(({ makeTemplates }) => makeTemplates()));
}
