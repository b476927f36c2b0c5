// The spools of a rerun: what the ledger could not take when it was handed over comes first, so that this very run posts it.

import type { Context } from '../../command';
import { takeIn } from '../take-in';
import type { Run } from './run';

/** Takes in what waits in the spools of this host, and tells of what cannot be. */
export async function takeInSpools({ readCall }: Pick<Context, 'readCall'>, run: Run): Promise<void> {
  const { ledger, parts, stop, tally } = run;
  const wanted = () => !stop.aborted;
  await takeIn(
    parts.spools(),
    {
      // Each has as long as any other piece of work.
      ledger: { takeIn: (accepted, now) => run.within(({ signal }) => ledger.takeIn(accepted, now, signal)) },
      readCall,
      now: parts.now,
      wanted,
      note: (id, fate) => tally.spooled(id, fate),
    },
    stop,
  );
}
