// The command `discard`: an administrator decides that something is never sent. All of the given ids, or none of them.

import { OPEN_REQUESTS } from '../../core/states';
import { UserError } from '../../core/errors';
import type { Report } from '../../core/report';
import { visible } from '../../core/visible';
import type { KeptDelivery, KeptRequest, Ledger } from '../../ledger/ledger';
import type { CommandFunction } from '../command';
import { allDeliveries, allRequests, gather, readIds, unknownId, withLedger } from '../looking/ledger-access';
import { changeOf, counted, decided, momentWords, objectWords, objidWords, stateOf, stateWords } from '../looking/ledger-words';

const DECISION = 'an administrator discarded it';

/** Discards deliveries that are not delivered, and requests that are still accepted. Asks first, unless --yes. */
export const discard: CommandFunction<'yes'> = async ({ words, options, parts, config, deadline, attemptDeadline, confirm }) => {
  const ids = readIds(words);
  if (ids.length === 0) throw new UserError('usage', 'discard takes one id or several', 'publish-activity list shows the ids');
  return withLedger({ parts }, async (ledger): Promise<Report> => {
    const found = await find(ids, ledger, deadline.signal);
    refuseIfAny(found, parts.now());
    if (options.yes !== true && !(await confirm(question(found, parts.now())))) {
      throw new UserError('usage', 'nothing was discarded, because nobody said yes', 'where nobody can be asked, say --yes');
    }
    // The answer may have taken longer than the deadline of the run.
    const patience = attemptDeadline();
    try {
      await change(found, ledger, parts.now(), patience.signal);
    } finally {
      patience.end();
    }
    const deliveries = found.deliveries.map((kept) => changeOf(kept, DECISION, config));
    return { result: 'done', message: `${amount(found)} discarded`, deliveries };
  });
};

interface Found {
  readonly deliveries: readonly KeptDelivery[];
  readonly requests: readonly KeptRequest[];
}

async function find(ids: readonly string[], ledger: Ledger, signal: AbortSignal): Promise<Found> {
  const deliveries = await gather(allDeliveries(ledger, { ids }, signal));
  const requests = await gather(allRequests(ledger, { ids }, signal));
  const known = new Set([...deliveries, ...requests].map(({ id }) => id));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw unknownId(missing);
  return { deliveries, requests };
}

function refuseIfAny({ deliveries, requests }: Found, now: number): void {
  for (const kept of deliveries) {
    const state = stateOf(kept, now);
    if (state === 'delivered') throw refusal(kept.id, 'was delivered', 'what stands in a stream can only be deleted there');
    if (state === 'sending') {
      throw refusal(
        kept.id,
        'is being sent',
        `wait until ${momentWords(kept.leaseUntil, now)}, then look: publish-activity why ${kept.id}`,
      );
    }
  }
  const settled = requests.find(({ state }) => !OPEN_REQUESTS.includes(state) && state !== 'discarded');
  if (settled?.state === 'composed') {
    throw refusal(settled.id, 'is a request with deliveries', `discard those: publish-activity why ${settled.id} shows them`);
  }
  if (settled !== undefined)
    throw refusal(settled.id, `is a request that is ${stateWords(settled.state)}`, 'nothing will be sent anyway');
}

function refusal(id: string, what: string, hint: string): UserError {
  return new UserError('usage', `nothing was discarded: ${id} ${what}`, hint);
}

function question(found: Found, now: number): string {
  const lines = [
    ...found.deliveries.map(
      (kept) => `${kept.id}  ${stateWords(stateOf(kept, now))}, ${objectWords(kept)} to ${visible(kept.destination)}`,
    ),
    ...found.requests.map(({ id, request }) => `${id}  ${objidWords(request)}`),
  ];
  return [...lines, `Never send ${amount(found)}?`].join('\n');
}

function amount({ deliveries, requests }: Found): string {
  const parts = [
    deliveries.length === 0 ? '' : counted(deliveries.length, 'delivery', 'deliveries'),
    requests.length === 0 ? '' : counted(requests.length, 'request', 'requests'),
  ];
  return parts.filter((part) => part !== '').join(' and ');
}

async function change({ deliveries, requests }: Found, ledger: Ledger, now: number, signal: AbortSignal): Promise<void> {
  for (const kept of deliveries) {
    if (await ledger.amend(kept, { state: 'discarded', now, dueAt: now, reason: decided(DECISION, kept) }, signal)) continue;
    throw overtaken(kept.id);
  }
  for (const kept of requests) {
    const { id } = kept;
    await ledger.settleRequest(id, 'discarded', decided(DECISION, kept), now, signal);
    // A run may have composed it while the question was asked.
    const [after] = await ledger.requests({ ids: [id] }, 1, signal);
    if (after?.state !== 'discarded') throw overtaken(id);
  }
}

function overtaken(id: string): UserError {
  const hint = `what stood before it is discarded; look at it again: publish-activity why ${id}`;
  return new UserError('later', `another run took up ${id} in the meantime, so it was not discarded`, hint);
}
