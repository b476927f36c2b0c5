// What `doctor` asks of a ledger beside its contents: the version of its tables, and whether anybody works off what is due. Only reads.

import { BLOCKING } from '../core/states';
import type { Parameter, WritableDatabase } from '../io/database';
import { numberIn } from './rows';
import { NEWEST_VERSION, versionOf } from './schema';

/** The version of a ledger's tables, and the newest one that this program knows; 0 where there are no tables yet. */
export interface LedgerVersion {
  readonly version: number;
  readonly newest: number;
}

/** What is overdue, and whether a rerun was at work. Moments are ms since 1970 UTC, and 0 where there is none. */
export interface Overdue {
  /** How many deliveries and requests a rerun would have taken up since the moment before which they were due. */
  readonly count: number;
  /** When the oldest of them was due. */
  readonly since: number;
  /** When something was last tried again, which only a rerun does; as far as the ledger can tell. */
  readonly lastRerunAt: number;
}

/** Reads the version. Rejects with a DatabaseError. */
export async function ledgerVersion(database: WritableDatabase, signal: AbortSignal): Promise<LedgerVersion> {
  return { version: await versionOf(database, signal), newest: NEWEST_VERSION };
}

/** Looks for what was due before a moment, for these destinations. Rejects with a DatabaseError. */
export async function readOverdue(
  database: WritableDatabase,
  destinations: readonly string[],
  dueBefore: number,
  signal: AbortSignal,
): Promise<Overdue> {
  const ask = async (text: string, parameters: Readonly<Record<string, Parameter>>) => {
    const [row] = await database.query({ text, parameters }, signal);
    return { count: numberIn(row, 'count'), at: numberIn(row, 'at') };
  };
  const named = Object.fromEntries(destinations.map((name, index) => [`destination${index}`, name]));
  const before = { due_before: dueBefore };
  const deliveries = await ask(overdueDeliveries(Object.keys(named)), { ...named, ...before });
  const requests = await ask(OVERDUE_REQUESTS, before);
  const deliveredAgain = await ask(DELIVERIES_AGAIN, {});
  const requestsAgain = await ask(REQUESTS_AGAIN, before);
  const overdue = [deliveries, requests].filter(({ count }) => count > 0);
  return {
    count: deliveries.count + requests.count,
    since: Math.min(...(overdue.length === 0 ? [{ at: 0 }] : overdue).map(({ at }) => at)),
    // A request does not say when it was tried: that it is due after the moment means that it was put off since about then.
    lastRerunAt: Math.max(deliveredAgain.at, requestsAgain.count > 0 ? dueBefore : 0),
  };
}

/** What stands behind something earlier of its object waits for that, whenever it was due. */
function overdueDeliveries(names: readonly string[]): string {
  const states = BLOCKING.map((state) => `'${state}'`).join(', ');
  return `SELECT COUNT(*) AS [count], MIN([d].[due_at]) AS [at] FROM [publish_activity_delivery] AS [d]
    WHERE [d].[state] IN ('due', 'in-doubt') AND [d].[due_at] < @due_before
      AND [d].[destination] IN (${names.map((name) => `@${name}`).join(', ')})
      AND NOT EXISTS (SELECT 1 FROM [publish_activity_delivery] AS [e]
        WHERE [e].[object_type] = [d].[object_type] AND [e].[objid] = [d].[objid] AND [e].[destination] = [d].[destination]
          AND [e].[state] IN (${states}) AND [e].[order_key] < [d].[order_key])`;
}

const OVERDUE_REQUESTS = `SELECT COUNT(*) AS [count], MIN([due_at]) AS [at] FROM [publish_activity_request]
  WHERE [state] IN ('accepted', 'awaited') AND [due_at] < @due_before`;

/** The call of a rule makes the first attempt, and never a second one. */
const DELIVERIES_AGAIN = `SELECT COUNT(*) AS [count], MAX([last_attempt_at]) AS [at] FROM [publish_activity_delivery]
  WHERE [started] > 1`;

const REQUESTS_AGAIN = `SELECT COUNT(*) AS [count], MAX([due_at]) AS [at] FROM [publish_activity_request]
  WHERE [state] IN ('accepted', 'awaited') AND [attempts] > 1 AND [due_at] >= @due_before`;
