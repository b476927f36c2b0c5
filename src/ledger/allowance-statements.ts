// The SQL of allowances: how much of something may happen in a span of time. Each is a row of its own, so that hosts that use it at the
// same moment come one after the other. One text for both engines. Pure.

import type { Row, Statement } from '../io/database';
import type { Allowance } from './links';
import { numberIn } from './rows';
import { insert } from './statements';

/** An allowance as it was used: how often, and since when (ms since 1970 UTC). */
export interface Used {
  readonly since: number;
  readonly count: number;
}

/** How an allowance was used. */
export function selectAllowance(name: string): Statement {
  return {
    text: 'SELECT [used_since], [used] FROM [publish_activity_allowance] WHERE [name] = @name',
    parameters: { name },
  };
}

/** The use of a row, as far as it counts now. What began in the future was set by a clock that was wrong. */
export function usedOf(row: Row, perMs: number, now: number): Used {
  const since = numberIn(row, 'used_since');
  return since <= now && since + perMs > now ? { since, count: numberIn(row, 'used') } : { since: now, count: 0 };
}

/** Uses an allowance that is as its row says, or that has none. It changes nothing where somebody else was faster. */
export function useAllowance({ name }: Pick<Allowance, 'name'>, seen: Row | undefined, { since, count }: Used): Statement {
  const columns = { name, used_since: since, used: count };
  if (seen === undefined)
    return insert(
      'publish_activity_allowance',
      columns,
      ' WHERE NOT EXISTS (SELECT 1 FROM [publish_activity_allowance] WHERE [name] = @name)',
      {},
    );
  return {
    text: `UPDATE [publish_activity_allowance] SET [used_since] = @used_since, [used] = @used
      WHERE [name] = @name AND [used_since] = @seen_since AND [used] = @seen_used`,
    // Whatever stands there, lest what is damaged be in the way for ever.
    parameters: { ...columns, seen_since: seen['used_since'] ?? '', seen_used: seen['used'] ?? '' },
  };
}
