// The parts of a run, built from the configuration and loaded only when they are used.

import { randomUUID } from 'node:crypto';
import { openActivityReader, type Reading } from './clarify/activity-reader';
import { openLogReader } from './clarify/log-reader';
import { objectTypeNamed } from './clarify/object-types';
import { typesOfSite } from './clarify/site-types';
import { allActivities, countAll, watchedActivities } from './clarify/watched';
import { ACTIVITY_NAMES, wordingOf } from './clarify/wording';
import { allPlaceholders, changesFor } from './clarify/words';
import { commands, type AllParts } from './commands/index';
import type { Config } from './config/schema';
import type { Activity, Request } from './core/activity';
import { compose, valuesOf, type Composition } from './core/compose';
import { conditionsOf } from './core/routing';
import { wallClockAt } from './core/wall-clock';
import type { Ledger } from './ledger/ledger';
import { loadTemplates } from './parts/configuration';
import type { Accepted } from './parts/accept';
import { openCrm, openLedger, openSpools, peek } from './parts/databases';
import { readLogEnds } from './parts/log-ends';
import { closeHttp, readyDestinations } from './parts/destinations';
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
export interface Parts extends AllParts {
  /** Lets go of the database, the ledger and the connections to destinations. Never rejects and never waits. */
  close(): void;
}

/** Builds the parts of publishing. What accepting a call opened is used further, and is not closed here. */
export async function buildParts(
  config: Config,
  world: World,
  accepted?: Pick<Accepted, 'ledger' | 'owner' | 'kept'>,
): Promise<Parts> {
  const database = await openCrm(config.clarify.database);
  const reader = openActivityReader(database, conditionsOf(config.routing));
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
  const spools = await openSpools(config);
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
    ledger: accepted?.ledger ?? (() => (ledger ??= openLedger(config.ledger))),
    known: (ids, signal) => peek(config.ledger, (kept) => kept.deliveries({ ids }, ids.length, signal)),
    spools: () => spools,
    peek: (work) => peek(config.ledger, work),
    logEnds: () => readLogEnds(config.log),
    watched,
    history: () => (watched.length > 0 ? watched : allActivities(types, log, config.clarify.timeZone)),
    ...(watched.length === 0
      ? {}
      : { loggedActivities: (since, until, { signal }) => countAll(watched, { since, until }, signal) }),
    ...(accepted === undefined ? {} : { kept: accepted.kept }),
    owner: accepted?.owner ?? randomUUID(),
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
