// What a rerun is told to take up before its time: what was refused or given up, and what is named.

import type { Options } from '../command';
import type { DeliveryState } from '../../ledger/ledger';
import { amend } from './doubt';
import type { Run } from './run';
import { deliveriesOf } from './work';

/** The states that the options add to what is due anyway. */
export function statesToRevive({ failed, abandoned, id }: Options): readonly DeliveryState[] {
  return [
    ...(failed === true ? (['rejected'] as const) : []),
    ...(abandoned === true ? (['abandoned'] as const) : []),
    // Whoever names a delivery does not want to wait for its moment.
    ...(id === undefined ? [] : (['due', 'in-doubt'] as const)),
  ];
}

/** Makes them due now. */
export async function makeDue(options: Options, run: Run): Promise<void> {
  const states = statesToRevive(options);
  if (states.length === 0) return;
  let left = options.limit ?? Infinity;
  for await (const kept of deliveriesOf(run, { ...run.filter, states }, () => left > 0)) {
    const state = kept.state === 'in-doubt' ? 'in-doubt' : 'due';
    if (await amend(kept, { state, reason: kept.reason, dueAt: run.parts.now() }, run)) left -= 1;
  }
}
