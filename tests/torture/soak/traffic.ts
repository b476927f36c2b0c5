// What a company asked of Google so far. The stand-in keeps what it was asked; here it is counted, and forgotten.

import type { ServiceName } from '../../../src/groupware/google/calls/apis';
import type { GoogleServer } from '../../support/google/google-server';
import type { SoakFigures } from './figures';

/** What changes something. */
const IS_WRITE = /\.(insert|patch|update|delete|create|(create|delete|batch(Create|Update|Delete))Contacts?)$/;

/** Counts. */
export class Traffic {
  /** Calls of methods, each part of a batch being one. */
  readonly calls: Record<ServiceName, number> = { calendar: 0, tasks: 0, people: 0 };
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
      this.calls[serviceOf(method)] += 1;
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
  get figures(): Pick<SoakFigures, 'calls' | 'requests' | 'tokens' | 'writes'> {
    const { calls, requests, tokens, writes } = this;
    return { calls: { ...calls }, requests, tokens, writes };
  }
}

function serviceOf(method: string): ServiceName {
  if (/^task(s|lists)\./.test(method)) return 'tasks';
  return /^(connections|people|contactGroups|members)\./.test(method) ? 'people' : 'calendar';
}
