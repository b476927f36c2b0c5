// The calls of rules that wait, in the ledger and in the spool: a round takes them up first, so that the turns they ask for are due in it.

import type { CrmUser } from '../../../clarify/entries';
import { OPEN_REQUESTS } from '../../../core/states';
import { allRequests } from '../../looking/ledger-access';
import { hasCome } from '../../outbox/rerun/run';
import { inBatches } from '../../outbox/rerun/work';
import { takeIn } from '../../outbox/take-in';
import { handOn } from './hand-on';
import type { Syncing } from './parts';
import type { SyncContext } from './round';

/** So many calls are judged at once. */
const AT_ONCE = 100;

/** Takes up all that wait. A call whose own run is at work is left to that. Rejects with a DatabaseError. */
export async function takeUpCalls(syncing: Syncing, users: readonly CrmUser[], context: SyncContext): Promise<void> {
  const { parts, deadline, readCall } = context;
  const { signal } = deadline;
  const now = () => parts.now();
  const wanted = () => !signal.aborted;
  const ledger = await parts.ledger();
  await takeIn(parts.spools(), { ledger, readCall, now, wanted }, signal);
  const handing = { syncing, ledger, users: byLogin(users), now, random: parts.random };
  const open = allRequests(ledger, { command: 'sync', states: OPEN_REQUESTS }, signal);
  for await (const batch of inBatches(open, () => AT_ONCE)) {
    const due = batch.filter(({ damage, dueAt }) => damage === undefined && hasCome(dueAt, now()));
    if (due.length > 0) await handOn(due, handing, signal);
    if (!wanted()) return;
  }
}

/** Users by their logins. */
export function byLogin(users: readonly CrmUser[]): ReadonlyMap<string, CrmUser> {
  return new Map(users.map((user) => [user.login, user]));
}
