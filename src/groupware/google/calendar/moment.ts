// A moment as Google spells it: a date-time of RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339#section-5.6). Pure.

/** In ms since 1970 UTC; NaN for what is none. */
export function momentOf(text: unknown): number {
  const isMoment = typeof text === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text);
  return isMoment ? Date.parse(text) : Number.NaN;
}
