// What a company asked of Google so far. The stand-in keeps what it was asked; here it is counted, and forgotten.

import type { GoogleServer } from '../../support/google/google-server';

/** What changes something. */
const IS_WRITE = /\.(insert|patch|update|delete)$/;

/** Counts. */
export class Traffic {
  /** Calls of methods, each part of a batch being one, by their methods. */
  readonly calls = new Map<string, number>();
  /** Requests of HTTP to the services. */
  requests = 0;
  /** Requests of HTTP for tokens. */
  tokens = 0;
  /** How many of the calls changed something. */
  writes = 0;

  constructor(private readonly server: Pick<GoogleServer, 'calls' | 'requests' | 'tidy'>) {}

  /** Counts what came in since. */
  count(): this {
    const { calls, requests } = this.server;
    for (const { method, status = 0 } of calls) {
      this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
      if (IS_WRITE.test(method) && status >= 200 && status < 300) this.writes += 1;
    }
    for (const { host } of requests) this[host === 'accounts' ? 'tokens' : 'requests'] += 1;
    (calls as unknown[]).length = 0;
    (requests as unknown[]).length = 0;
    return this;
  }

  /** Lets the stand-in forget what nobody asks for any more. */
  tidy(): void {
    this.count();
    this.server.tidy();
  }

  /** All that was counted. */
  get figures(): { readonly calls: number; readonly requests: number; readonly tokens: number; readonly writes: number } {
    const calls = [...this.calls.values()].reduce((sum, count) => sum + count, 0);
    const { requests, tokens, writes } = this;
    return { calls, requests, tokens, writes };
  }
}
