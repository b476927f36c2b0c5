// What a rerun would do, and why. Nothing is sent and nothing is written.

import type { Report } from '../../../core/report';
import { visible } from '../../../core/visible';
import type { KeptDelivery } from '../../../ledger/ledger';
import type { Context } from '../../command';
import type { OptionsOf } from '../../options';
import { counted, objectWords, objidWords } from '../../looking/ledger-words';
import { readSpools, spoolSums, waitingWords } from '../../looking/spool-view';
import { isLeaseOver } from './crashed';
import { statesToRevive } from './make-due';
import { isWanted } from './requests';
import { hasCome, type Run } from './run';
import { deliveriesOf, requestsOf } from './work';

/** Lists what is due, in the order in which a rerun takes it up. */
export async function dryRun(
  { options, emit }: Pick<Context<OptionsOf<'failed' | 'abandoned' | 'id'>>, 'options' | 'emit'>,
  run: Run,
): Promise<Report> {
  const sums = { requests: 0, deliveries: 0 };
  const { ids, objectType, destination } = run.filter;
  if (destination === undefined) {
    const only = { ...(ids && { ids }), ...(objectType === undefined ? {} : { objectType }) };
    const filter = { command: 'publish', states: run.requestStates, ...only } as const;
    for await (const kept of requestsOf(run, filter, () => !run.budget.spent)) {
      if (!isWanted(kept, run) || !run.budget.take()) continue;
      const reason = `it is read from the CRM and sent${kept.reason === '' ? '' : `; ${kept.reason}`}`;
      emit({
        text: `${objidWords(kept.request)}: ${visible(reason)}`,
        json: { kind: 'request', id: kept.id, ...kept.request, result: 'planned', reason },
      });
      sums.requests += 1;
    }
  }
  const states = new Set([...(['due', 'in-doubt', 'sending'] as const), ...statesToRevive(options)]);
  for await (const kept of deliveriesOf(run, { ...run.filter, states: [...states] }, () => !run.budget.spent)) {
    const reason = planOf(kept, options, run);
    if (reason === undefined || !run.budget.take()) continue;
    const { id, objectType, objid, activityObjid, rule } = kept;
    emit({
      text: `${kept.destination}: ${objectWords(kept)}: ${visible(reason)}`,
      json: {
        kind: 'delivery',
        id,
        objectType,
        objid,
        activityObjid,
        rule,
        destination: kept.destination,
        result: 'planned',
        reason,
      },
    });
    sums.deliveries += 1;
  }
  const spooled = spoolSums(readSpools(run.parts.spools())).waiting;
  const deliveries = counted(sums.deliveries, 'delivery', 'deliveries');
  const requests = counted(sums.requests, 'request', 'requests');
  const first = spooled === 0 ? '' : `${waitingWords(spooled)} in the spool and would be taken in first; `;
  const message = `${first}${deliveries} and ${requests} would be taken up`;
  return { result: 'planned', message, sums: spooled === 0 ? sums : { ...sums, spooled }, deliveries: [] };
}

/** What a rerun would do with a delivery; `undefined` for nothing. */
function planOf(kept: KeptDelivery, { id }: OptionsOf<'id'>, run: Run): string | undefined {
  const now = run.parts.now();
  const breaker = run.breakers.get(kept.destination);
  const because = kept.reason === '' ? '' : `; ${kept.reason}`;
  if (kept.state === 'sending')
    return isLeaseOver(kept, now) && breaker ? 'it was cut off while it was sent, and is looked into' : undefined;
  const isWaiting = kept.state === 'due' || kept.state === 'in-doubt';
  if (isWaiting && id === undefined && !hasCome(kept.dueAt, now)) return undefined;
  if (breaker === undefined) return 'it stays, because its destination is not in the configuration';
  if (breaker.isOpen) return `it stays, because ${breaker.openBecause}`;
  if (kept.state !== 'in-doubt') return `it is sent, attempt ${kept.started + 1}${because}`;
  if (breaker.destination.repeat === 'safe')
    return `it may have been posted, and a repeat of it is dropped: it is sent again${because}`;
  if (breaker.destination.find !== undefined) return `it may have been posted: the destination is asked first${because}`;
  return run.whenInDoubt === 'resend'
    ? `it may have been posted, and is sent again all the same${because}`
    : `it may have been posted, and is held until somebody resolves it${because}`;
}
