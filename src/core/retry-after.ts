// How long a server asks to be left alone. Pure.

/** The longest wait that a server is granted, in milliseconds: the longest one between two attempts of ours. */
const MAX_AFTER = 4 * 3_600_000;

/**
 * The wait that a Retry-After header asks for (RFC 9110, 10.2.3: seconds, or a date), in milliseconds from 0 to four hours;
 * `undefined` for anything else.
 */
export function retryAfterMs(header: string, now: number): number | undefined {
  const value = header.trim();
  // Date.parse alone would take "garbage 1" for a day in 2001.
  const isDate = /^[A-Z][a-z]{2,8}, .{1,30} GMT$/.test(value);
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : isDate ? Date.parse(value) - now : NaN;
  return Number.isNaN(ms) ? undefined : Math.min(MAX_AFTER, Math.max(0, ms));
}

/** The wait that the headers of an answer ask for, in milliseconds. `now` is in milliseconds since 1970 UTC. */
export function waitIn(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  // A date is one of the server's clock, so it is compared with what that clock shows, where the server tells.
  const serversNow = Date.parse(headers['date'] ?? '');
  return retryAfterMs(headers['retry-after'] ?? '', Number.isNaN(serversNow) ? now : serversNow);
}
