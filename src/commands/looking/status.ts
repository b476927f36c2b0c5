// The command `status`: how the ledger stands, destination by destination, and what an administrator has to look into.

import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import type { DeliveryState, RequestCount } from '../../ledger/ledger';
import type { CommandFunction } from '../command';
import { readStandings, standingConcern, standingJson, standingLines } from '../groupware/standing';
import type { SyncParts } from '../groupware/sync/parts';
import type { PublishParts } from '../outbox/publish/parts';
import { withLedger } from './ledger-access';
import { readStatus, type LedgerStatus } from './ledger-status';
import { counted, momentJson } from './ledger-words';
import { openMetrics } from './openmetrics';
import { readSpools, refusedWords, spoolJson, spoolNotes, spoolSums, type SpoolStatus } from './spool-view';
import { statusText } from './status-table';

/** Shows how the ledger stands. Whatever it shows, the exit code is 0: it was asked, and it answers. */
export const status: CommandFunction<'openmetrics', PublishParts & SyncParts> = (context) =>
  withLedger(context, async (ledger): Promise<Report> => {
    const { openmetrics, json } = context.options;
    if (openmetrics === true && json === true) throw new UserError('usage', '--openmetrics and --json do not go together');
    const now = context.parts.now();
    const standing = await readStatus(ledger, Object.keys(context.config.destinations), now, context.deadline.signal);
    const spools = readSpools(context.parts.spools());
    const users =
      context.config.groupware === undefined ? [] : await readStandings(await context.parts.links(true), context.deadline.signal);
    const text =
      openmetrics === true
        ? openMetrics(standing, spools, now)
        : [statusText(standing, now), ...spoolNotes(spools, now), ...standingLines(users, now)].join('\n');
    const oldestWait = waitJson(oldestWaitAt(standing, spools), now);
    const groupware = context.config.groupware === undefined ? {} : { groupware: users.map(standingJson) };
    context.emit({ text, json: { ...statusJson(standing), oldestWait, spools: spools.map(spoolJson), ...groupware } });
    const message = [concern(standing, spools), standingConcern(users)].filter((part) => part !== '').join(', ');
    return { result: 'done', message, deliveries: [], printed: true };
  });

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
