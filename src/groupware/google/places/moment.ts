// Days and moments as Google spells them: dates and date-times of RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339#section-5.6). Pure.

import { isoSeconds } from '../../../core/wall-clock';

/** In ms since 1970 UTC; NaN for what is none. */
export function momentOf(text: unknown): number {
  const isMoment = typeof text === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text);
  return isMoment ? Date.parse(text) : Number.NaN;
}

/** Whether a text is a day of a calendar, such as `2026-11-29`. */
export function isDate(text: string): boolean {
  const moment = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  // JavaScript takes 31 February for 3 March.
  return !Number.isNaN(moment) && isoSeconds(moment).startsWith(text);
}
