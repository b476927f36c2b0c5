// The one table from what Google refuses, whatever was asked for, to what it means. Pure.
// https://developers.google.com/workspace/calendar/api/guides/errors, and ErrorInfo of https://google.aip.dev/193

/**
 * - `login`: the token counts no more.
 * - `scopes`: it counts, and not for this.
 * - `full`: nothing more is written for this user for hours; reading goes on.
 * - `day`: the day's quota of the whole project is used up.
 * - `everybody`: the project is not let in.
 * - `account`: this user's account is not let in.
 */
export interface Meaning {
  readonly kind: 'login' | 'scopes' | 'full' | 'day' | 'everybody' | 'account';
  readonly words: string;
}

interface Row extends Meaning {
  readonly status: number;
  /** One of these; any where there are none. */
  readonly reasons: readonly string[];
}

const SCOPES = ['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'];

const ROWS: readonly Row[] = [
  { status: 401, reasons: [], kind: 'login', words: 'it refuses each token that it gives' },
  { status: 403, reasons: SCOPES, kind: 'scopes', words: 'what was agreed to does not reach so far' },
  { status: 403, reasons: ['quotaExceeded'], kind: 'full', words: 'the account takes nothing more for some hours' },
  { status: 403, reasons: ['dailyLimitExceeded'], kind: 'day', words: 'the day’s quota of the project is used up' },
  {
    status: 403,
    reasons: ['accessNotConfigured', 'SERVICE_DISABLED'],
    kind: 'everybody',
    words: 'the API is not switched on in the project of the client or the service account; do it in Google’s console',
  },
  { status: 403, reasons: ['domainPolicy'], kind: 'account', words: 'the administrator of the domain does not allow it' },
  { status: 403, reasons: ['notACalendarUser'], kind: 'account', words: 'the account has no calendar' },
];

/** What a refusal means; `undefined` where that is a matter of what was asked for. */
export function meaningOf(status: number, reasons: readonly string[]): Meaning | undefined {
  const row = ROWS.find(
    (each) => each.status === status && (each.reasons.length === 0 || each.reasons.some((r) => reasons.includes(r))),
  );
  return row === undefined ? undefined : { kind: row.kind, words: `Google answered ${status}: ${row.words}` };
}

/** A refusal in words, without what Google says to people: that may repeat what it was sent. */
export function refusalWords(status: number, reasons: readonly string[]): string {
  return `Google answered ${status}${reasons.length === 0 ? '' : ` (${reasons.join(', ')})`}`;
}
