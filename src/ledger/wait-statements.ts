// The SQL of the waits that destinations asked for: a wait belongs to the place, and not to the message that met it. One text for both
// engines. Pure.

import { LONGEST_BACKOFF_MS } from '../core/backoff';
import type { Statement } from '../io/database';
import type { Columns } from './rows';

/** A wait of a destination that has not come to its end; one that is further away than any was set by a clock that was wrong. */
const WAITS = '[until] > @wait_now AND [until] <= @wait_most';

/** Whether nobody has to wait for the destination `@destination`. */
export const NO_WAIT = `NOT EXISTS (SELECT 1 FROM [publish_activity_wait] WHERE [destination] = @destination AND ${WAITS})`;

/** The end of the wait for the destination `@destination`, or else the moment `@due_at`. */
export const WAIT_OR_DUE = `COALESCE((SELECT MAX([until]) FROM [publish_activity_wait]
      WHERE [destination] = @destination AND ${WAITS}), @due_at)`;

/** What the conditions above need to know. */
export function waitParameters(now: number): Columns {
  return { wait_now: now, wait_most: Math.ceil(now + LONGEST_BACKOFF_MS) };
}

/** The waits that have not come to their end. */
export function selectWaits(now: number): Statement {
  return {
    text: `SELECT [destination], [until] FROM [publish_activity_wait] WHERE ${WAITS} ORDER BY [destination]`,
    parameters: waitParameters(now),
  };
}

/** Keeps a wait of the destination of a delivery, unless there is a longer one. */
export function keepWait(deliveryId: string, until: number, now: number): readonly Statement[] {
  const parameters = { id: deliveryId, until: Math.ceil(until), set_at: now };
  return [
    {
      text: `UPDATE [publish_activity_wait] SET [until] = @until, [set_at] = @set_at
      WHERE [destination] = (SELECT [destination] FROM [publish_activity_delivery] WHERE [id] = @id)
        AND ([until] < @until OR [until] > @wait_most)`,
      parameters: { ...parameters, wait_most: Math.ceil(now + LONGEST_BACKOFF_MS) },
    },
    {
      text: `INSERT INTO [publish_activity_wait] ([destination], [until], [set_at])
      SELECT [d].[destination], @until, @set_at FROM [publish_activity_delivery] AS [d]
      WHERE [d].[id] = @id AND NOT EXISTS (SELECT 1 FROM [publish_activity_wait] AS [w] WHERE [w].[destination] = [d].[destination])`,
      parameters,
    },
  ];
}

/** Ends the wait of the destination of a delivery that was begun after it was asked for, and has arrived. */
export function endWait(deliveryId: string): Statement {
  return {
    text: `UPDATE [publish_activity_wait] SET [until] = 0
      WHERE [until] > 0 AND EXISTS (SELECT 1 FROM [publish_activity_delivery] AS [d]
        WHERE [d].[id] = @id AND [d].[destination] = [publish_activity_wait].[destination]
          AND [d].[last_attempt_at] > [publish_activity_wait].[set_at])`,
    parameters: { id: deliveryId },
  };
}
