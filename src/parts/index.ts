// The parts of a run, built from the configuration and loaded only when they are used.

import { randomUUID } from 'node:crypto';
import { openActivityReader } from '../clarify/activity-reader';
import { compositionOf } from '../clarify/composition';
import { whyLeftOut } from '../clarify/left-out';
import { openLogReader } from '../clarify/log-reader';
import { objectTypeNamed } from '../clarify/object-types/index';
import { openRequestReader } from '../clarify/request-reader';
import { typesOfSite } from '../clarify/site-types';
import { allActivities, countAll, expectedActivities } from '../clarify/expected';
import { commands, type AllParts } from '../commands/index';
import type { Config } from '../config/schema';
import { compose, valuesOf } from '../core/compose';
import { conditionsOf } from '../core/routing';
import type { Ledger } from '../ledger/ledger';
import { loadTemplates } from './configuration';
import type { Accepted } from './accept';
import { openCrm, openLedger, openSpools, peek } from './databases';
import { readLogEnds } from './log-ends';
import { closeHttp, readyDestinations } from './destinations';
import type { OpenLinks, OpenSyncing } from './syncing';
import type { World } from '../world';

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
  const expected = expectedActivities(config.reconcile, types, log, config.clarify.timeZone);
  const requests = openRequestReader(reader, types, config.clarify.timeZone);
  let ledger: Promise<Ledger> | undefined;
  let syncing: Promise<OpenSyncing> | undefined;
  let openedLinks: Promise<OpenLinks> | undefined;
  const openKept = (isReadOnly: boolean) =>
    (openedLinks ??= import('./syncing').then((each) => each.openLinks(config.ledger, isReadOnly)));
  const spools = await openSpools(config);
  return {
    ...requests,
    leftOut: (activity) => whyLeftOut(activity, config.clarify),
    compose: async (activity, request) => {
      const { render } = await loadTemplates();
      return compose(activity, request, compositionOf(activity, types, config, world.now()), render);
    },
    explain: async (activity, request, { signal }) => {
      const type = objectTypeNamed(activity.objectType, types);
      const [{ render }, { explainValues, placeholdersLost }] = await Promise.all([
        loadTemplates(),
        import('../clarify/explain'),
      ]);
      const composition = compositionOf(activity, types, config, world.now());
      const lost = await placeholdersLost(type, database, signal);
      const values = explainValues(type, activity, valuesOf(activity, request, composition, render), lost);
      return { values, posts: compose(activity, request, composition, render) };
    },
    scanReader: async () => (await import('../clarify/scan-reader')).openScanReader(types, database),
    syncing: (isDry) => (syncing ??= import('./syncing').then(({ openSyncing }) => openSyncing(config, world, isDry))),
    links: async (isReadOnly) => (await openKept(isReadOnly)).links,
    consenting: async (isReadOnly) => (await import('./consenting')).openConsenting(config, () => openKept(isReadOnly), world),
    listenForRedirect: async (place) => (await import('../io/redirect-listener')).listenForRedirect(place),
    openInBrowser: async (address) => (await import('../io/opener')).openInBrowser(address, world),
    entryKinds: async () => {
      const { entryTypesOfSite } = await import('../clarify/site-entry-types');
      return entryTypesOfSite(config.groupware?.kinds ?? {}).map(({ name }) => name);
    },
    rules: async () => (await import('../clarify/rules/index')).rulesOf(types, Object.keys(commands), database),
    destinations: () => readyDestinations(config, world),
    ledger: accepted?.ledger ?? (() => (ledger ??= openLedger(config.ledger))),
    known: (ids, signal) => peek(config.ledger, (kept) => kept.deliveries({ ids }, ids.length, signal)),
    spools: () => spools,
    peek: (work) => peek(config.ledger, work),
    logEnds: () => readLogEnds(config.log),
    expected,
    history: () => (expected.length > 0 ? expected : allActivities(types, log, config.clarify.timeZone)),
    ...(expected.length === 0
      ? {}
      : { loggedActivities: (since, until, { signal }) => countAll(expected, { since, until }, signal) }),
    ...(accepted === undefined ? {} : { kept: accepted.kept }),
    owner: accepted?.owner ?? randomUUID(),
    now: () => world.now(),
    random: Math.random,
    close: () => {
      closeHttp();
      database.close();
      for (const opening of [ledger, syncing, openedLinks]) {
        opening?.then(
          (opened) => opened.close(),
          () => undefined,
        );
      }
    },
  };
}
