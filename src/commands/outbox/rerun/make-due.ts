// What a rerun is told to take up before its time: what was refused or given up, and what is named.

import { OPEN_REQUESTS } from '../../../core/states';
import type { OptionsOf } from '../../options';
import type { DeliveryState, RequestState } from '../../../ledger/ledger';
import { amend } from './doubt';
import type { Run } from './run';
import { deliveriesOf } from './work';

/** The states that the options add to what is due anyway. */
export function statesToRevive({ failed, abandoned, id }: OptionsOf<'failed' | 'abandoned' | 'id'>): readonly DeliveryState[] {
  return [
    ...(failed === true ? (['rejected'] as const) : []),
    ...(abandoned === true ? (['abandoned'] as const) : []),
    // Whoever names a delivery does not want to wait for its moment.
    ...(id === undefined ? [] : (['due', 'in-doubt'] as const)),
  ];
}

/** The states of the requests that are taken up: those that are open, and with --abandoned those that were given up. */
export function requestsToTakeUp({ abandoned }: OptionsOf<'abandoned'>): readonly RequestState[] {
  return abandoned === true ? [...OPEN_REQUESTS, 'abandoned'] : OPEN_REQUESTS;
}

/** Makes the deliveries due now. */
export async function makeDue(options: OptionsOf<'failed' | 'abandoned' | 'id' | 'limit'>, run: Run): Promise<void> {
  const states = statesToRevive(options);
  if (states.length === 0) return;
  let left = options.limit ?? Infinity;
  for await (const kept of deliveriesOf(run, { ...run.filter, states }, () => left > 0)) {
    const state = kept.state === 'in-doubt' ? 'in-doubt' : 'due';
    if (await amend(kept, { state, reason: kept.reason, dueAt: run.parts.now() }, run)) left -= 1;
  }
}
