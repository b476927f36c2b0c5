// The seams between the program and the world, each of which can be made to fail at its n-th call: the CRM, the ledger, the stream
// and the clock.

import { DatabaseError, type DatabaseProblem } from '../../src/core/database-error';
import type { HttpResult, SendHttp } from '../../src/io/http-contract';
import type { Database, WritableDatabase } from '../../src/io/database';
import type { Ledger } from '../../src/ledger/ledger';
import type { Spool } from '../../src/ledger/spool';
import { HOUR } from '../support/ledger-content';

/**
 * In which ways each seam fails; the ledger only or the spool, which is what keeping rests on. What happens to the stream: a request does not go out; goes out and does not arrive; arrives and is
 * obeyed, and nobody hears of it. `uncertain` is the same for the ledger.
 */
export const WAYS = {
  crm: ['unavailable', 'busy', 'login-refused', 'configuration', 'unknown-column'],
  ledger: ['busy', 'not-writable', 'configuration', 'uncertain'],
  spool: ['ENOSPC', 'EIO'],
  stream: ['not sent', 'sent', 'obeyed'],
  clock: ['an hour back', 'a day ahead'],
} as const;

export type Seam = keyof typeof WAYS;

/** One way in which one seam fails. */
export interface Fault {
  readonly seam: Seam;
  readonly way: string;
}

/** All of them. */
export const FAULTS: readonly Fault[] = (Object.keys(WAYS) as Seam[]).flatMap((seam) => WAYS[seam].map((way) => ({ seam, way })));

/** Lets the n-th call of a seam fail, and where it lasts, all that come after it as well. */
export class Failing {
  #calls = 0;

  constructor(
    private readonly fault: Fault,
    private readonly nth: number,
    private readonly lasts: boolean,
  ) {}

  /** Counts a call, and says how it fails. */
  strike(seam: Seam): string | undefined {
    if (seam !== this.fault.seam) return undefined;
    this.#calls += 1;
    return this.#calls === this.nth || (this.lasts && this.struck) ? this.fault.way : undefined;
  }

  /** Whether the run came as far as the n-th call. */
  get struck(): boolean {
    return this.#calls >= this.nth;
  }

  toString(): string {
    return `${this.fault.seam} ${this.fault.way}, ${this.lasts ? 'from' : 'at'} call ${this.nth}${this.lasts ? ' on' : ''}`;
  }
}

/** Nothing fails. */
export const NO_FAULT = new Failing({ seam: 'clock', way: 'never' }, Infinity, false);

type Call<Given extends unknown[], Answer> = (...given: Given) => Promise<Answer>;

/** A call to a database. Only a change can be uncertain: whoever does not hear the answer to a question asks again. */
function faulty<Given extends unknown[], Answer>(
  call: Call<Given, Answer>,
  seam: Seam,
  failing: Failing,
  changes = false,
): Call<Given, Answer> {
  return async (...given) => {
    const way = failing.strike(seam);
    if (way === undefined) return call(...given);
    if (way !== 'uncertain') throw new DatabaseError(way as DatabaseProblem, `the ${seam} is ${way}`);
    await call(...given);
    throw new DatabaseError(changes ? 'uncertain' : 'unavailable', `the answer of the ${seam} was lost`);
  };
}

/** The CRM. */
export function faultyCrm({ query, columnsOf, close }: Database, failing: Failing): Database {
  return { query: faulty(query, 'crm', failing), columnsOf: faulty(columnsOf, 'crm', failing), close };
}

/** The database of a ledger. */
export function faultyStore({ query, columnsOf, execute, close }: WritableDatabase, failing: Failing): WritableDatabase {
  return {
    query: faulty(query, 'ledger', failing),
    columnsOf: faulty(columnsOf, 'ledger', failing),
    execute: faulty(execute, 'ledger', failing, true),
    close,
  };
}

/** A ledger as a whole. */
export function faultyLedger(ledger: Ledger, failing: Failing): Ledger {
  const reads = ['requests', 'deliveries', 'counts', 'knownReceipts'];
  const calls = Object.entries(ledger as unknown as Record<string, Call<unknown[], unknown>>).map(([name, call]) => [
    name,
    name === 'close' ? call : faulty(call, 'ledger', failing, !reads.includes(name)),
  ]);
  return Object.fromEntries(calls) as Ledger;
}

/** A spool, whose calls fail as those of the file system do. */
export function faultySpool(spool: Spool, failing: Failing): Spool {
  const calls = Object.entries(spool as unknown as Record<string, unknown>).map(([name, call]) => {
    if (typeof call !== 'function') return [name, call];
    const faulty = (...given: unknown[]): unknown => {
      const way = failing.strike('spool');
      if (way === undefined) return (call as (...given: unknown[]) => unknown)(...given);
      throw Object.assign(new Error(`${way}: ${name}`), { code: way });
    };
    return [name, faulty];
  });
  return Object.fromEntries(calls) as Spool;
}

/** HTTP. */
export function faultyHttp(send: SendHttp, failing: Failing): SendHttp {
  return async (...given) => {
    const way = failing.strike('stream');
    if (way === undefined) return send(...given);
    if (way === 'obeyed') await send(...given);
    return { kind: 'failure', sent: way !== 'not sent', code: 'ECONNRESET', message: 'cut off' } satisfies HttpResult;
  };
}

/** The clock: what it shows where it should show `now`. */
export function faultyClock(now: () => number, failing: Failing): () => number {
  const wrong: Readonly<Record<string, number>> = { 'an hour back': -HOUR, 'a day ahead': 24 * HOUR };
  return () => now() + (wrong[failing.strike('clock') ?? ''] ?? 0);
}
