// The calls of `sync` that nobody takes up: no rerun ever posts them, but they get old as everything else that is open.

import { BACKOFF } from '../../../core/backoff';
import { OPEN_REQUESTS } from '../../../core/states';
import { spanWords } from '../../looking/ledger-words';
import type { Run } from './run';
import { requestsOf } from './work';

/** Gives up those that waited for as long as anything is tried. */
export async function giveUpForgottenCalls(run: Run): Promise<void> {
  // Whoever names what is to be taken up does not mean them.
  if (Object.keys(run.filter).length > 0) return;
  const now = run.parts.now();
  const reason = `given up: no run of sync took it up for ${spanWords(BACKOFF.lifeMs)}; does a scheduler run it?`;
  for await (const kept of requestsOf(run, { command: 'sync', states: OPEN_REQUESTS }, () => !run.budget.spent)) {
    // They come in the order of their acceptance.
    if (kept.acceptedAt >= now - BACKOFF.lifeMs || !run.budget.take()) return;
    await run.within(({ signal }) => run.ledger.settleRequest(kept.id, 'abandoned', reason, now, signal));
    run.tally.request(kept, { fate: 'rejected', reason });
  }
}
