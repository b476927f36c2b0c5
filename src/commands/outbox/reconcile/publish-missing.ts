// Posts what is missing: kept like a request of a rule, and taken up at once in the way of a rerun, each destination at its own pace.

import { OPEN_REQUESTS } from '../../../core/states';
import { deliveryId } from '../../../core/delivery';
import { leaseOf } from '../deliver';
import { sendDeliveries } from '../rerun/deliveries';
import { publishRequests } from '../rerun/requests';
import type { Run } from '../rerun/run';
import type { Missing } from './comparison';

/** How many ids are asked for in one statement; SQL Server takes 2,100 parameters. */
const MOST_IDS = 1_000;

/**
 * Posts activities, and answers how many of their requests and deliveries wait for a later rerun. Whatever ends it, what was kept is
 * sent by the next rerun, and what was not is missing still. Two runs at once keep two requests, whose deliveries are the same.
 */
export async function publishMissing(missing: readonly Missing[], run: Run): Promise<number> {
  const most = Math.max(1, Math.floor(MOST_IDS / Math.max(1, run.breakers.size)));
  let waiting = 0;
  for (let start = 0; start < missing.length && !run.stop.aborted; start += most) {
    waiting += await publishSome(missing.slice(start, start + most), run);
  }
  return waiting;
}

async function publishSome(missing: readonly Missing[], run: Run): Promise<number> {
  const requests: string[] = [];
  const deliveries: string[] = [];
  for (const { request, activity } of missing) {
    if (run.stop.aborted) break;
    const { within, ledger, parts } = run;
    requests.push(await within((deadline) => ledger.accept(request, leaseOf(parts, deadline), deadline.signal)));
    const identity = { ...request, activityObjid: activity.activityObjid, ...activity.onParent };
    for (const destination of run.breakers.keys()) deliveries.push(deliveryId({ ...identity, destination }));
  }
  await publishRequests({ ...run, filter: { ids: requests } });
  // Those that had to wait for an earlier one about the same object.
  await sendDeliveries({ ...run, filter: { ids: deliveries } });
  const open = await run.within(({ signal }) =>
    run.ledger.requests({ ids: requests, states: OPEN_REQUESTS }, requests.length, signal),
  );
  const due = await run.within(({ signal }) =>
    run.ledger.deliveries({ ids: deliveries, states: ['due', 'sending', 'in-doubt'] }, deliveries.length, signal),
  );
  return open.length + due.length;
}
