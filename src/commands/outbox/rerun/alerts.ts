// The end of a rerun: whoever `alerts` names is told of trouble, once a day. An alert goes the way of every delivery, so it arrives
// once, now or later, whatever happens to this run.

import { ALERT, alertIdentity, alertMessage, recipientsOf, type Alert } from '../../../core/alert';
import { all } from '../../../core/at-once';
import { DatabaseError } from '../../../core/database-error';
import type { Deadline } from '../../../core/deadline';
import { deliveryId, orderKey } from '../../../core/delivery';
import type { AlertsConfig, GroupwareConfig } from '../../../config/schema';
import type { DeliveryDraft, Ledger } from '../../../ledger/ledger';
import type { Context } from '../../command';
import { failingUsers, lostConsents, readStanding, userCounts, type Standing } from '../../groupware/standing';
import type { SyncParts } from '../../groupware/sync/parts';
import { leaseOf } from '../deliver';
import { allDeliveries } from '../../looking/ledger-access';
import { readDestinations, readStatus, type DestinationStatus } from '../../looking/ledger-status';
import { readSpools, spoolSums } from '../../looking/spool-view';
import { claimAndSend } from './requests';
import type { Run } from './run';
import {
  destinationTrouble,
  entryTroubles,
  REFUSED_MS,
  requestTrouble,
  SILENCE,
  silenceTrouble,
  syncTrouble,
  type DestinationFigures,
} from './troubles';

/** Looks for trouble in the ledger, and tells of what was not told today. */
export async function raiseAlerts({ config, deadline, parts }: AlertContext, run: Run): Promise<void> {
  // Whoever presses Ctrl-C wants the end. A --timeout that is always too short must not keep trouble from being told.
  if (config.alerts === undefined || (run.stop.aborted && !deadline.expired())) return;
  const watch: Watch = { alerts: config.alerts, tags: config.tags, configured: Object.keys(config.destinations), run };
  const { groupware } = config;
  await run.within(async (own) => {
    await all((await troublesOf(watch, own)).map((alert) => tell(alert, watch, own)));
  });
  if (groupware !== undefined)
    await run.within(async (own) => {
      const standing = await readStanding(await parts.links(true), own.signal, await parts.consenting(true));
      await all(entryAlerts(standing, groupware, watch).map((alert) => tell(alert, watch, own)));
    });
  await run.within(async (own) => {
    const alert = await silenceOf(watch, own);
    if (alert !== undefined) await tell(alert, watch, own);
  });
}

/** What is needed of a rerun's context. */
type AlertContext = Pick<Context<unknown, Pick<SyncParts, 'links' | 'consenting'>>, 'config' | 'deadline' | 'parts'>;

interface Watch {
  readonly alerts: AlertsConfig;
  readonly tags: readonly string[];
  /** The names of the configured destinations. */
  readonly configured: readonly string[];
  readonly run: Run;
}

/** What the ledger itself knows of. Alerts that are in trouble are none of it, or there would be alerts about alerts for ever. */
async function troublesOf({ alerts, configured, run }: Watch, { signal }: Deadline): Promise<readonly Alert[]> {
  const measure = { now: run.parts.now(), after: alerts.after };
  const { destinations, accepted, abandoned, sync } = await readStatus(run.ledger, configured, measure.now, signal);
  const ofAlerts = await readDestinations(run.ledger, configured, measure.now, signal, ALERT);
  const figures = await Promise.all(
    destinations.map((each) => {
      const own = ofAlerts.find(({ destination }) => destination === each.destination);
      return figuresOf(each, own, measure.now, run, signal);
    }),
  );
  const requests = {
    waiting: accepted.count,
    oldestWaitingAt: accepted.oldestAcceptedAt,
    abandoned: abandoned.count,
    refused: spoolSums(readSpools(run.parts.spools())).refused,
  };
  const found = [
    ...figures.map((each) => destinationTrouble(each, measure)),
    requestTrouble(requests, measure),
    syncTrouble({ waiting: sync.count, oldestWaitingAt: sync.oldestAcceptedAt }, measure),
  ];
  return found.filter((alert) => alert !== undefined);
}

function entryAlerts(standing: Standing, { every }: GroupwareConfig, { alerts, run }: Watch): readonly Alert[] {
  const now = run.parts.now();
  const failingMs = failingUsers(standing, { now, after: alerts.after, every }).map(({ ms }) => ms);
  const figures = { guarded: standing.guarded, adopting: userCounts(standing).adopting, failingMs };
  return entryTroubles({ ...figures, lostConsents: lostConsents(standing).length }, now);
}

/** The figures of a destination without its alerts, which were counted a moment later and may be more by then. */
async function figuresOf(
  { destination, configured, counts, lastDeliveredAt }: DestinationStatus,
  alerts: DestinationStatus | undefined,
  now: number,
  { ledger }: Run,
  signal: AbortSignal,
): Promise<DestinationFigures> {
  const many = (state: 'due' | 'in-doubt' | 'held' | 'abandoned') => Math.max(0, counts[state] - (alerts?.counts[state] ?? 0));
  const waiting = many('due') + many('in-doubt');
  const filter = { destination, states: ['due', 'in-doubt'] } as const;
  const most = 1 + counts.due + counts['in-doubt'] - waiting;
  const oldest = waiting === 0 ? [] : await ledger.deliveries(filter, most, signal);
  return {
    destination,
    configured,
    waiting,
    oldestWaitingAt: oldest.find(({ objectType }) => objectType !== ALERT)?.acceptedAt ?? 0,
    lastDeliveredAt,
    refused: counts.rejected === 0 ? 0 : await countRefused(destination, now - REFUSED_MS, ledger, signal),
    held: many('held'),
    abandoned: many('abandoned'),
  };
}

async function countRefused(destination: string, since: number, ledger: Ledger, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const { objectType } of allDeliveries(ledger, { destination, states: ['rejected'], since }, signal)) {
    if (objectType !== ALERT) count += 1;
  }
  return count;
}

/** An activity of the last minutes may be on its way: its rule fires when the rule engine comes to it. In ms. */
export const GRACE_MS = 15 * 60_000;

/** Whether the rules are silent, although the CRM is not. The CRM is asked last of all, because that is the dearest question. */
async function silenceOf(watch: Watch, deadline: Deadline): Promise<Alert | undefined> {
  const { alerts, run } = watch;
  const { loggedActivities, now } = run.parts;
  if (alerts.silence === false || loggedActivities === undefined) return undefined;
  if ((await untold({ subject: SILENCE }, watch, deadline.signal)).length === 0) return undefined;
  const since = now() - alerts.silence;
  for await (const { objectType } of allDeliveries(run.ledger, { since }, deadline.signal)) {
    if (objectType !== ALERT) return undefined;
  }
  try {
    return silenceTrouble(await loggedActivities(since, now() - GRACE_MS, deadline), alerts.silence, now());
  } catch (error) {
    // A CRM that does not answer is told by the requests that wait for it.
    if (error instanceof DatabaseError) return undefined;
    throw error;
  }
}

/** The deliveries of an alert that the ledger does not have yet, as far as they are known without its words. */
async function untold(about: Pick<Alert, 'subject' | 'destination'>, { alerts, run }: Watch, signal: AbortSignal) {
  const wanted = recipientsOf(about, alerts.to).map((name) => {
    const identity = alertIdentity(about.subject, name, run.parts.now());
    return { ...identity, id: deliveryId(identity), contentKey: '', order: orderKey('', 0) };
  });
  const ids = wanted.map(({ id }) => id);
  const known = new Set((await run.ledger.deliveries({ ids }, ids.length, signal)).map(({ id }) => id));
  return wanted.filter(({ id }) => !known.has(id));
}

/** Where two runs tell the same at once, the ledger lets one of them. */
async function tell(alert: Alert, watch: Watch, deadline: Deadline): Promise<void> {
  const { run, tags } = watch;
  const message = alertMessage(alert, tags, run.parts.now());
  const drafts = (await untold(alert, watch, deadline.signal)).map((each): DeliveryDraft => ({ ...each, message }));
  const [first] = drafts;
  if (first === undefined) return;
  const { objectType, objid, rule } = first;
  const requestId = await run.ledger.accept({ objectType, objid, rule }, leaseOf(run.parts, deadline), deadline.signal);
  await claimAndSend(requestId, drafts, run, deadline);
}
