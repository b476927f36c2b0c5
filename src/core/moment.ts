// A moment as people type it into --since and --until.

import { readDuration } from './shape';

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?$/i;

/**
 * Reads a date (its midnight), a date and time, both of UTC unless an offset is given, or how long ago it was (`90m`, `2h`, `7d`).
 * Answers ms since 1970 UTC; `undefined` for a text that is none of these, and for a day that no month has.
 */
export function readMoment(spelling: string, now: number): number | undefined {
  const text = spelling.trim();
  const ago = readDuration(text);
  if (ago !== undefined) return Math.max(0, now - ago);
  const [, date = text, time = '00:00', zone = 'Z'] = DATE_TIME.exec(text) ?? [];
  if (!DATE.test(date)) return undefined;
  const moment = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  const midnight = Date.parse(`${date}T00:00Z`);
  if (Number.isNaN(moment) || Number.isNaN(midnight)) return undefined;
  // The 31st of February is read as the 3rd of March.
  return new Date(midnight).toISOString().startsWith(date) ? moment : undefined;
}
