// Why Google refuses something, in its own words for machines. What it says to people is never read: it may repeat what it was sent.

import { at, isRecord } from '../../../core/shape';

/** What says that the calls come too fast: https://developers.google.com/workspace/calendar/api/guides/errors and ErrorInfo of AIP-193. */
const TOO_FAST = ['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED'];

/**
 * The reasons in an error's JSON, in both of the forms that Google has: `errors[].reason` of the older services, `status` and
 * `details[].reason` of the newer ones; of the token endpoint, where `error` is a text, that text. Only what looks like such a word.
 */
export function reasonsOf(json: unknown): readonly string[] {
  const error = at(json, 'error');
  if (!isRecord(error)) return wordsOf([error]);
  return wordsOf([...fieldsOf(error['errors']), ...fieldsOf(error['details']), error['status']]);
}

/** Whether an error says that the calls come too fast, so that it was certainly not carried out and the same call fits later. */
export function isTooFast(status: number, reasons: readonly string[]): boolean {
  return status === 429 || (status === 403 && reasons.some((reason) => TOO_FAST.includes(reason)));
}

function fieldsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list.map((each) => at(each, 'reason')) : [];
}

/** Those values that look like such a word, each once. */
export function wordsOf(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.filter((value) => typeof value === 'string' && /^[A-Za-z_]{1,60}$/.test(value)))] as string[];
}
