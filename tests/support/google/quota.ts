// How much anybody may ask in a minute: https://developers.google.com/workspace/calendar/api/guides/quota

import { GoogleError } from './errors';

/** Units in any 60 seconds; left out, there is no limit. */
export interface Limits {
  readonly perUser?: number;
  readonly perProject?: number;
  /** How a refusal looks: both are documented. */
  readonly status?: 403 | 429;
  /** Seconds, in the header. */
  readonly retryAfter?: number;
}

const WINDOW_MS = 60_000;

export class Quota {
  limits: Limits = {};
  private spent: { readonly at: number; readonly by: string; readonly units: number }[] = [];

  constructor(private readonly now: () => number) {}

  /** Counts a call, or refuses it. What is refused counts for nothing. */
  take(by: string, units: number): void {
    const now = this.now();
    this.spent = this.spent.filter(({ at }) => at > now - WINDOW_MS);
    const sum = (own: boolean) => this.spent.reduce((all, each) => all + (!own || each.by === by ? each.units : 0), units);
    const { perUser = Infinity, perProject = Infinity, status, retryAfter } = this.limits;
    const over = { ...(status === undefined ? {} : { status }), ...(retryAfter === undefined ? {} : { retryAfter }) };
    if (sum(true) > perUser) throw new GoogleError('userRateLimitExceeded', undefined, over);
    if (sum(false) > perProject) throw new GoogleError('rateLimitExceeded', undefined, over);
    this.spent.push({ at: now, by, units });
  }
}
