// The command `status`: how the ledger stands, destination by destination, and what an administrator has to look into.

import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import type { DeliveryState, RequestCount } from '../../ledger/ledger';
import type { CommandFunction } from '../command';
import {
  failingConcern,
  readStanding,
  standingConcern,
  standingJson,
  standingLines,
  type Patience,
  type Standing,
} from '../groupware/standing';
import type { SyncParts } from '../groupware/sync/parts';
import type { PublishParts } from '../outbox/publish/parts';
import { withLedger } from './ledger-access';
import { readStatus, type LedgerStatus } from './ledger-status';
import { counted, momentJson } from './ledger-words';
import { openMetrics } from './openmetrics';
import { readSpools, refusedWords, spoolJson, spoolNotes, spoolSums, type SpoolStatus } from './spool-view';
import { statusText } from './status-table';

/** How long turns of a user may fail before that counts, in ms, where `alerts` says nothing. */
const PATIENCE_MS = 3_600_000;

/** Shows how the ledger stands. Whatever it shows, the exit code is 0, as it answers what was asked; unless --check asks for another one. */
export const status: CommandFunction<'openmetrics' | 'check', PublishParts & SyncParts> = (context) =>
  withLedger(context, async (ledger): Promise<Report> => {
    const { options, config, parts, deadline } = context;
    const { openmetrics, json, check } = options;
    if (openmetrics === true && json === true) throw new UserError('usage', '--openmetrics and --json do not go together');
    const now = parts.now();
    const status = await readStatus(ledger, Object.keys(config.destinations), now, deadline.signal);
    const spools = readSpools(parts.spools());
    const entries =
      config.groupware && (await readStanding(await parts.links(true), deadline.signal, await parts.consenting(true)));
    const text =
      openmetrics === true
        ? openMetrics(status, spools, entries, now)
        : [
            statusText(status, now),
            ...spoolNotes(spools, now),
            ...(entries === undefined ? [] : standingLines(entries, now)),
          ].join('\n');
    const oldestWait = waitJson(oldestWaitAt(status, spools), now);
    const groupware = entries === undefined ? {} : { groupware: standingJson(entries, now) };
    context.emit({ text, json: { ...statusJson(status), oldestWait, spools: spools.map(spoolJson), ...groupware } });
    const patience = { now, after: config.alerts?.after ?? PATIENCE_MS, every: config.groupware?.every ?? 0 };
    const { waiting, failing } = concerns(status, spools, entries, patience);
    const found = waiting !== '' ? 'rejected' : failing !== '' ? 'later' : 'done';
    const message = [waiting, failing].filter((part) => part !== '').join(', ');
    return { result: check === true ? found : 'done', message, deliveries: [], printed: true };
  });

/** What waits for a person, and what fails and is tried again. */
function concerns(
  status: LedgerStatus,
  spools: readonly SpoolStatus[],
  entries: Standing | undefined,
  patience: Patience,
): { readonly waiting: string; readonly failing: string } {
  const all = [concern(status, spools), entries === undefined ? '' : standingConcern(entries)];
  return {
    waiting: all.filter((part) => part !== '').join(', '),
    failing: entries === undefined ? '' : failingConcern(entries, patience),
  };
}

/** Since when the oldest of all that waits does, in ms since 1970 UTC; 0 where nothing waits. */
function oldestWaitAt({ destinations, accepted, sync }: LedgerStatus, spools: readonly SpoolStatus[]): number {
  const all = [
    ...destinations.map(({ oldestDueAt }) => oldestDueAt),
    accepted.oldestAcceptedAt,
    sync.oldestAcceptedAt,
    ...spools.map(({ oldestAt }) => oldestAt),
  ].filter((at) => at > 0);
  return all.length === 0 ? 0 : Math.min(...all);
}

function waitJson(since: number, now: number): Readonly<Record<string, unknown>> | null {
  return since === 0 ? null : { since: momentJson(since), seconds: Math.max(0, Math.round((now - since) / 1_000)) };
}

/** The last line: what waits for a person, or nothing. */
function concern({ destinations, abandoned }: LedgerStatus, spools: readonly SpoolStatus[]): string {
  const { refused } = spoolSums(spools);
  const total = (state: DeliveryState) => destinations.reduce((sum, { counts }) => sum + counts[state], 0);
  const parts = [
    total('held') > 0 ? `${counted(total('held'), 'delivery is', 'deliveries are')} held` : '',
    total('abandoned') > 0 ? `${counted(total('abandoned'), 'delivery is', 'deliveries are')} abandoned` : '',
    abandoned.count > 0 ? `${counted(abandoned.count, 'request is', 'requests are')} abandoned` : '',
    refused > 0 ? refusedWords(refused) : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function statusJson({ destinations, accepted, abandoned, sync }: LedgerStatus): Readonly<Record<string, unknown>> {
  const request = ({ count, oldestAcceptedAt, nextDueAt }: RequestCount) => ({
    count,
    oldestAcceptedAt: momentJson(oldestAcceptedAt),
    nextDueAt: momentJson(nextDueAt),
  });
  return {
    format: 1,
    destinations: destinations.map(({ oldestDueAt, nextDueAt, lastDeliveredAt, waitUntil, heldId, ...rest }) => ({
      ...rest,
      oldestDueAt: momentJson(oldestDueAt),
      nextDueAt: momentJson(nextDueAt),
      lastDeliveredAt: momentJson(lastDeliveredAt),
      waitUntil: momentJson(waitUntil),
      heldId: heldId === '' ? null : heldId,
    })),
    requests: { accepted: request(accepted), abandoned: request(abandoned) },
    sync: request(sync),
  };
}
