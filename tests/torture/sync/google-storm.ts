// What goes wrong between the program and Google, request by request; and what is counted there.

import type { HttpRequest, SendHttp } from '../../../src/io/http-contract';
import type { GoogleServer } from '../../support/google/google-server';
import type { Mishap, MishapRow } from '../../support/google/mishaps';
import type { Chance } from './random';
import type { Rates } from './seams';

/** What is counted. */
export type GoogleCounts = ReturnType<typeof newCounts>;

/** Nothing happened yet. */
export function newCounts() {
  return {
    requests: 0,
    /** Requests that carried calls of several users. */
    together: 0,
    /** Tokens that were made anew. */
    refreshed: 0,
    /** Times at which all access tokens ended at once. */
    ended: 0,
    mishaps: 0,
  };
}

/** What may happen to any request. */
const OF_REQUESTS: readonly Mishap[] = [
  { kind: 'reset' },
  { kind: 'reset', done: true },
  { kind: 'cut' },
  { kind: 'truncated' },
  { kind: 'page' },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 500, done: true },
  { kind: 'unauthorized' },
  { kind: 'limit', reason: 'userRateLimitExceeded' },
  { kind: 'limit', reason: 'rateLimitExceeded', status: 429 },
];
/** And to a batch as a whole. */
const OF_BATCHES: readonly Mishap[] = [
  { kind: 'batch', leaveOut: [0] },
  { kind: 'batch', leaveOut: [1, 2] },
  { kind: 'batch', order: 'reversed' },
  { kind: 'batch', twice: 0 },
  { kind: 'reset', done: true },
  { kind: 'truncated' },
  { kind: 'status', status: 503, done: true },
];

/** Lets things go wrong as often as the rates say; any moment may be the last one of all access tokens. */
export function stormy(http: SendHttp, server: GoogleServer, chance: Chance, rates: Rates, counts: GoogleCounts): SendHttp {
  return async (request, ...more) => {
    if (chance.happens(rates.fails)) {
      server.expireAccessTokens();
      counts.ended += 1;
    }
    if (chance.happens(rates.fails)) return { kind: 'failure', sent: false, code: 'ECONNREFUSED', message: 'nobody is there' };
    const what = chance.happens(rates.loses) ? mishapFor(request, chance) : undefined;
    if (what === undefined) return http(request, ...more);
    counts.mishaps += 1;
    server.misbehave(what);
    const result = await http(request, ...more);
    // What did not come to pass does not wait for anybody.
    server.behave();
    return result;
  };
}

function mishapFor({ url }: HttpRequest, chance: Chance): MishapRow | undefined {
  const { pathname } = new URL(url);
  const isBatch = pathname.startsWith('/batch/');
  if (!isBatch && !pathname.startsWith('/calendar/')) return undefined;
  const ofBatch = isBatch && chance.happens(0.5);
  const what = chance.oneOf(ofBatch ? OF_BATCHES : OF_REQUESTS);
  return what && { ...(ofBatch ? { method: 'batch' } : {}), what };
}

/** Counts what goes by. */
export function counted(http: SendHttp, { endpoints }: GoogleServer, counts: GoogleCounts): SendHttp {
  return async (request, ...more) => {
    const result = await http(request, ...more);
    counts.requests += 1;
    if (request.url === endpoints.token && result.kind === 'answer' && result.status === 200) counts.refreshed += 1;
    if (new Set(request.body?.match(/^Authorization: .*$/gm)).size > 1) counts.together += 1;
    return result;
  };
}

/** How many calls changed something so far. */
export function writesOf({ calls }: Pick<GoogleServer, 'calls'>): number {
  return calls.filter(({ method, status = 0 }) => /\.(insert|patch|update|delete)$/.test(method) && status < 300).length;
}
