// The site that `doctor` looks at, built around whatever configuration there is. What is written on trial is taken back at once.

import { randomUUID } from 'node:crypto';
import { engines } from '../../package.json';
import { examineTypes } from '../clarify/examine';
import { rulesOf } from '../clarify/rules/index';
import { typesOfSite } from '../clarify/site-types';
import { commands } from '../commands/index';
import type { ExaminedLedger, Site } from '../commands/installation/doctor/site';
import type { LoadedConfig } from '../config/load';
import type { Config, LedgerConfig } from '../config/schema';
import { DatabaseError } from '../core/database-error';
import { conditionsOf } from '../core/routing';
import { isRecord, type Source } from '../core/shape';
import type { Database } from '../io/database';
import { fileAccess } from '../io/file-access';
import { diskFacts, fileFacts } from '../io/file-facts';
import { logEnds } from '../io/log-ends';
import { addressesOf, whyNotConnected } from '../io/network';
import { ledgerVersion, readOverdue } from '../ledger/examine';
import { missingRights } from '../ledger/rehearsal';
import { openSqlLedger } from '../ledger/sql-ledger';
import { checkConfiguration, findConfiguration } from './configuration';
import { openCrm, openForReading, openSpools } from './databases';
import { closeHttp, loadHttp, readyDestinations } from './destinations';
import type { World } from '../world';

/** A configuration that was found, and what its check may look at. */
export interface Found {
  readonly loaded: LoadedConfig;
  readonly source: Source;
}

/** A site, and what has to be let go of at the end. */
export interface OpenSite extends Site {
  /** Lets go of all connections. Never waits. */
  close(): void;
}

/** Builds the site. `find` is called at most once, and only when something asks for the configuration. */
export function buildSite(given: string | undefined, world: World, find: () => Promise<Found>): OpenSite {
  const opened: Pick<Database, 'close'>[] = [];
  const read = new Map<string, string>();
  const found = once(find);
  const config = once(async (): Promise<Config> => {
    const { loaded, source } = await found();
    const readFile = (path: string) => {
      const text = source.readFile(path);
      read.set(path, text);
      return text;
    };
    return checkConfiguration(loaded, { ...source, readFile });
  });
  const open = async (settings: LedgerConfig) => {
    const database = await openForReading(settings);
    opened.push(database);
    return database;
  };
  const database = async () => {
    const crm = await openCrm((await config()).clarify.database);
    opened.push(crm);
    return crm;
  };
  return {
    world,
    neededNode: engines.node,
    found: async () => (await found()).loaded,
    foundByRules: () => findConfiguration(given, { ...world, terminal: false }),
    config,
    secretFiles: async () => {
      const { loaded, source } = await found();
      await config().catch(() => undefined);
      const secrets = source.secrets.map((secret) => secret.reveal());
      const named = [...read].filter(([, text]) => secrets.includes(text.replace(/[\r\n]+$/, ''))).map(([path]) => path);
      return textsIn(loaded.value).some((text) => secrets.includes(text)) ? [loaded.file, ...named] : named;
    },
    database,
    examineTypes: async (crm, signal) => {
      const { clarify, routing } = await config();
      return examineTypes(typesOfSite(clarify.objectTypes), conditionsOf(routing), crm, signal);
    },
    rules: async (crm, signal) => {
      const types = typesOfSite((await config()).clarify.objectTypes);
      return rulesOf(types, Object.keys(commands), crm).audit(signal);
    },
    destinations: once(async () => readyDestinations(await config(), world)),
    groupware: async () => {
      const { groupware, ...rest } = await config();
      if (groupware === undefined) return undefined;
      const { openExaminedGroupware } = await import('./examined-groupware');
      return openExaminedGroupware({ ...rest, groupware }, await database(), world, opened);
    },
    groupwareServers: async () => {
      const { groupware } = await config();
      return groupware === undefined ? [] : (await import('./groupwares')).groupwareServers(groupware);
    },
    ledger: async () => {
      const { ledger, destinations } = await config();
      const names = Object.keys(destinations);
      if (ledger.type === 'sqlite') return examined(await open(ledger), ledger.type, names);
      const server = (await import('../io/sql-server')).openSqlServer(ledger);
      opened.push(server);
      const id = randomUUID().replaceAll('-', '');
      return {
        ...examined(server, ledger.type, names),
        missingRights: (version, signal) => missingRights(server, version, id, signal),
      };
    },
    spools: async () => openSpools(await config()),
    http: loadHttp,
    files: { ...fileAccess(world.env, world.platform), fileFacts, diskFacts, logEnds },
    network: { addressesOf, whyNotConnected },
    close: () => {
      closeHttp();
      for (const each of opened) each.close();
    },
  };
}

function examined(database: Database, dialect: LedgerConfig['type'], destinations: readonly string[]): ExaminedLedger {
  const execute = () => Promise.reject(new DatabaseError('not-writable', 'a look at the ledger writes nothing'));
  const readOnly = { ...database, execute };
  return {
    ledger: openSqlLedger(readOnly, dialect),
    version: (signal) => ledgerVersion(readOnly, signal),
    overdue: (dueBefore, signal) => readOverdue(readOnly, destinations, dueBefore, signal),
  };
}

/** All texts in what a configuration says, however deep. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
