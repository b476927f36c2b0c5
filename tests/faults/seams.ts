// The seams between the program and the world, each of which can be made to fail at its n-th call: the CRM, read and written, the ledger,
// the spool, the stream, a folder of entries, and the clock.

import { DatabaseError, type DatabaseProblem } from '../../src/core/database-error';
import type { HttpResult, SendHttp } from '../../src/io/http-contract';
import type { Database, WritableDatabase } from '../../src/io/database';
import type { ItemFolder } from '../../src/io/item-folder-contract';
import type { Ledger } from '../../src/ledger/ledger';
import type { Links } from '../../src/ledger/links';
import type { Spool } from '../../src/ledger/spool';
import { HOUR } from '../support/ledger-content';

/**
 * In which ways each seam fails; the ledger only or the spool, which is what keeping rests on. What happens to the stream: a request does not go out; goes out and does not arrive; arrives and is
 * obeyed, and nobody hears of it. `uncertain` is the same for the ledger, and for the CRM where it is written, where the change may also not
 * have been made; `done` for a folder of entries.
 */
export const WAYS = {
  crm: ['unavailable', 'busy', 'login-refused', 'configuration', 'unknown-column'],
  written: ['unavailable', 'busy', 'not-writable', 'uncertain', 'uncertain, not made'],
  ledger: ['busy', 'not-writable', 'configuration', 'uncertain'],
  spool: ['ENOSPC', 'EIO'],
  stream: ['not sent', 'sent', 'obeyed'],
  folder: ['EIO', 'ENOSPC', 'EACCES', 'done'],
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
    const whose = seam === 'ledger' ? 'ledger' : 'crm';
    const trouble = (problem: DatabaseProblem) => new DatabaseError(problem, `the ${seam} is ${way}`, undefined, whose);
    if (!way.startsWith('uncertain')) throw trouble(way as DatabaseProblem);
    if (way === 'uncertain') await call(...given);
    throw trouble(changes ? 'uncertain' : 'unavailable');
  };
}

/** The CRM. */
export function faultyCrm({ query, columnsOf, close }: Database, failing: Failing): Database {
  return { query: faulty(query, 'crm', failing), columnsOf: faulty(columnsOf, 'crm', failing), close };
}

/** The database of a ledger. */
export function faultyStore(store: WritableDatabase, failing: Failing): WritableDatabase {
  return writable('ledger', store, failing);
}

/** The CRM as it is written. */
export function faultyWriting(crm: WritableDatabase, failing: Failing): WritableDatabase {
  return writable('written', crm, failing);
}

function writable(seam: Seam, { query, columnsOf, execute, close }: WritableDatabase, failing: Failing): WritableDatabase {
  return {
    query: faulty(query, seam, failing),
    columnsOf: faulty(columnsOf, seam, failing),
    execute: faulty(execute, seam, failing, true),
    close,
  };
}

/** A ledger as a whole. */
export function faultyLedger(ledger: Ledger, failing: Failing): Ledger {
  return whole(ledger, ['requests', 'deliveries', 'counts', 'knownReceipts'], failing);
}

/** What is known of entries in step, as a whole. */
export function faultyLinks(links: Links, failing: Failing): Links {
  return whole(links, ['grants', 'dueGrants', 'links', 'find', 'cursors', 'counts', 'conflicts', 'writes'], failing);
}

/** All calls of a ledger; those that only read are named. */
function whole<T extends object>(ledger: T, reads: readonly string[], failing: Failing): T {
  const calls = Object.entries(ledger as Record<string, Call<unknown[], unknown>>).map(([name, call]) => [
    name,
    name === 'close' ? call : faulty(call, 'ledger', failing, !reads.includes(name)),
  ]);
  return Object.fromEntries(calls) as T;
}

/** A folder of entries, whose calls fail as those of the file system do. */
export function faultyFolder(folder: ItemFolder, failing: Failing): ItemFolder {
  const faultyCall =
    <Given extends unknown[], Answer>(call: Call<Given, Answer>): Call<Given, Answer> =>
    async (...given) => {
      const way = failing.strike('folder');
      const answer = way === undefined || way === 'done' ? await call(...given) : undefined;
      if (way === undefined) return answer as Answer;
      const code = way === 'done' ? 'EIO' : way;
      throw Object.assign(new Error(code), { code });
    };
  return {
    whyNotWritable: faultyCall(folder.whyNotWritable),
    read: faultyCall(folder.read),
    create: faultyCall(folder.create),
    replace: faultyCall(folder.replace),
    remove: faultyCall(folder.remove),
    flush: () => {
      const way = failing.strike('folder');
      if (way === undefined || way === 'done') folder.flush();
      if (way !== undefined) throw Object.assign(new Error(way), { code: way === 'done' ? 'EIO' : way });
    },
  };
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
