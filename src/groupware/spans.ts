// Which times an entry can be written with. Pure.

import { isDay, spelledWhen, type Entry } from '../core/sync/entry';

/** Why an entry cannot be written, in words; nothing where it can. */
export function whyNotWritten({ kind, time: { begin, end } }: Entry): string | undefined {
  if (kind === 'task') return undefined;
  if (spelledWhen(begin) === '' || spelledWhen(end) === '') return 'an event needs a begin and an end';
  if (isDay(begin) !== isDay(end)) return 'its begin and its end are not both days, or both moments';
  return spelledWhen(end) < spelledWhen(begin) ? 'it ends before it begins' : undefined;
}
