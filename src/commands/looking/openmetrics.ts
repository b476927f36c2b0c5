// How `status` is drawn for monitoring: the text format of Prometheus, which its textfile collector reads, and which is OpenMetrics, too
// (https://prometheus.io/docs/specs/om/open_metrics_spec/). Pure.
//
// Moments are told as timestamps and not as ages: a file is read long after it was written, and its reader has a clock.

import { consentCounts, entryCounts, lastTurnAt, longestWaiting, userCounts, type Standing } from '../groupware/standing';
import type { LedgerStatus } from './ledger-status';
import type { SpoolStatus } from './spool-view';

interface Metric {
  /** By the conventions of https://prometheus.io/docs/practices/naming: the program, what is measured, the unit. */
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The text, as of `now` (ms since 1970 UTC). */
export function openMetrics(
  status: LedgerStatus,
  spools: readonly SpoolStatus[],
  entries: Standing | undefined,
  now: number,
): string {
  const metrics = [
    ...metricsOf(status, spools),
    ...(entries === undefined ? [] : entryMetrics(entries, now)),
    {
      name: 'status_timestamp_seconds',
      help: 'When all this was looked at.',
      samples: moments([{ labels: {}, value: now }]),
    },
  ];
  return [...metrics.flatMap(linesOf), '# EOF'].join('\n');
}

function metricsOf({ destinations, accepted, abandoned, sync }: LedgerStatus, spools: readonly SpoolStatus[]): readonly Metric[] {
  const perDestination = (valueOf: (each: LedgerStatus['destinations'][number]) => number) =>
    destinations.map((each) => ({ labels: { destination: each.destination }, value: valueOf(each) }));
  const requests = [
    { state: 'accepted', ...accepted },
    { state: 'abandoned', ...abandoned },
  ];
  // Of a spool that cannot be read nobody knows how many wait in it.
  const known = spools.filter(({ trouble }) => trouble === '');
  const perSpool = (valueOf: (each: SpoolStatus) => number, from: readonly SpoolStatus[] = known) =>
    from.map((each) => ({ labels: { folder: each.folder }, value: valueOf(each) }));
  return [
    {
      name: 'deliveries',
      help: 'Deliveries in the ledger, by destination and state.',
      samples: destinations.flatMap(({ destination, counts }) =>
        Object.entries(counts).map(([state, value]) => ({ labels: { destination, state }, value })),
      ),
    },
    {
      name: 'oldest_due_timestamp_seconds',
      help: 'When the oldest delivery that waits to be sent was accepted.',
      samples: moments(perDestination(({ oldestDueAt }) => oldestDueAt)),
    },
    {
      name: 'last_success_timestamp_seconds',
      help: 'When a destination took a post for the last time.',
      samples: moments(perDestination(({ lastDeliveredAt }) => lastDeliveredAt)),
    },
    {
      name: 'wait_until_timestamp_seconds',
      help: 'Until when a destination asked to be left alone.',
      samples: moments(perDestination(({ waitUntil }) => waitUntil)),
    },
    {
      name: 'requests',
      help: 'Requests that have no deliveries: those that wait for the CRM, and those that were given up.',
      samples: requests.map(({ state, count }) => ({ labels: { state }, value: count })),
    },
    {
      name: 'oldest_request_timestamp_seconds',
      help: 'When the oldest of these requests was accepted.',
      samples: moments(requests.map(({ state, oldestAcceptedAt }) => ({ labels: { state }, value: oldestAcceptedAt }))),
    },
    {
      name: 'sync_requests',
      help: 'Calls of rules for sync that no run of it has taken up.',
      samples: [{ labels: {}, value: sync.count }],
    },
    {
      name: 'oldest_sync_request_timestamp_seconds',
      help: 'When the oldest of these calls was accepted.',
      samples: moments([{ labels: {}, value: sync.oldestAcceptedAt }]),
    },
    {
      name: 'spool_readable',
      help: 'Whether a spool of this host can be read.',
      samples: perSpool(({ trouble }) => Number(trouble === ''), spools),
    },
    { name: 'spool_requests', help: 'Requests that wait in a spool of this host.', samples: perSpool(({ waiting }) => waiting) },
    {
      name: 'spool_refused_requests',
      help: 'Requests that can never be taken in from a spool of this host.',
      samples: perSpool(({ refused }) => refused),
    },
    {
      name: 'spool_oldest_timestamp_seconds',
      help: 'When the oldest request that waits in a spool of this host was accepted.',
      samples: moments(perSpool(({ oldestAt }) => oldestAt)),
    },
  ];
}

/** The figures of what is kept in step. */
function entryMetrics(entries: Standing, now: number): readonly Metric[] {
  const perState = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([state, value]) => ({ labels: { state }, value }));
  const one = (value: number) => [{ labels: {}, value }];
  return [
    { name: 'entries', help: 'Entries that are known of, by state.', samples: perState(entryCounts(entries)) },
    {
      name: 'guarded_entries',
      help: 'Entries that are held because too many were missing at once.',
      samples: one(entries.guarded.entries),
    },
    { name: 'conflicts', help: 'Values of entries that gave way to the other side.', samples: one(entries.conflicts) },
    { name: 'users', help: 'Users whose entries are kept in step, by state.', samples: perState(userCounts(entries)) },
    ...(entries.consents.length === 0
      ? []
      : [{ name: 'consents', help: 'Consents of users, by how they stand.', samples: perState(consentCounts(entries)) }]),
    {
      name: 'failing_users',
      help: 'Users whose last turn failed.',
      samples: one(entries.users.filter(({ grant }) => grant.failures > 0).length),
    },
    {
      name: 'oldest_turn_timestamp_seconds',
      help: 'Since when the user that waits longest has waited for a turn.',
      samples: moments(one(longestWaiting(entries, now)?.dueAt ?? 0)),
    },
    {
      name: 'last_turn_timestamp_seconds',
      help: 'When a turn of any user ended well for the last time.',
      samples: moments(one(lastTurnAt(entries))),
    },
  ];
}

/** Moments in ms as seconds. What never happened has no moment. */
function moments(samples: readonly Sample[]): readonly Sample[] {
  return samples.filter(({ value }) => value > 0).map(({ labels, value }) => ({ labels, value: value / 1_000 }));
}

function linesOf({ name, help, samples }: Metric): readonly string[] {
  if (samples.length === 0) return [];
  const own = `publish_activity_${name}`;
  return [
    `# HELP ${own} ${help}`,
    `# TYPE ${own} gauge`,
    ...samples.map(({ labels, value }) => `${own}${labelText(labels)} ${value}`),
  ];
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** A line break in a name would end the line, and a quote the name. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
