// How much anybody may ask in a minute, and the project in a day: https://developers.google.com/workspace/calendar/api/guides/quota and
// https://developers.google.com/workspace/tasks/limits

import { GoogleError } from './errors';

/** Units in any 60 seconds; left out, there is no limit. */
export interface Limits {
  readonly perUser?: number;
  readonly perProject?: number;
  /** In any 24 hours. */
  readonly perDay?: number;
  /** How a refusal looks: both are documented. */
  readonly status?: 403 | 429;
  /** Seconds, in the header. */
  readonly retryAfter?: number;
}

const WINDOW_MS = 60_000;
const DAY_MS = 86_400_000;

export class Quota {
  limits: Limits = {};
  private spent: { readonly at: number; readonly by: string; readonly units: number }[] = [];

  constructor(private readonly now: () => number) {}

  /** Counts a call, or refuses it. What is refused counts for nothing. */
  take(by: string, units: number): void {
    const now = this.now();
    const { perUser = Infinity, perProject = Infinity, perDay, status, retryAfter } = this.limits;
    this.spent = this.spent.filter(({ at }) => at > now - (perDay === undefined ? WINDOW_MS : DAY_MS));
    const lately = this.spent.filter(({ at }) => at > now - WINDOW_MS);
    const sum = (own: boolean) => lately.reduce((all, each) => all + (!own || each.by === by ? each.units : 0), units);
    const over = { ...(status === undefined ? {} : { status }), ...(retryAfter === undefined ? {} : { retryAfter }) };
    if (sum(true) > perUser) throw new GoogleError('userRateLimitExceeded', undefined, over);
    if (sum(false) > perProject) throw new GoogleError('rateLimitExceeded', undefined, over);
    if (this.spent.reduce((all, each) => all + each.units, units) > (perDay ?? Infinity))
      throw new GoogleError('dailyLimitExceeded', undefined, over);
    this.spent.push({ at: now, by, units });
  }
}
