// What goes wrong on demand: a table of rows, each for some calls of somebody.

/** What happens instead of the usual answer. Where `done` is not said, the call is not done. */
export type Mishap =
  /** The connection is reset, or held open without a byte; before the call is done, or after it. */
  | { readonly kind: 'reset' | 'hang'; readonly done?: boolean }
  /** The usual answer, after so many ms. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** An error of the server, as Google words it or as a page of a proxy. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly done?: boolean;
      readonly html?: boolean;
      readonly retryAfter?: number;
    }
  /** The token is refused, whatever it is. */
  | { readonly kind: 'unauthorized' }
  | {
      readonly kind: 'limit';
      readonly reason: 'rateLimitExceeded' | 'userRateLimitExceeded' | 'quotaExceeded';
      readonly status?: 403 | 429;
      readonly retryAfter?: number;
    }
  /** Done; what is answered is JSON up to its middle, as HTTP in order; or the connection ends there. */
  | { readonly kind: 'truncated' | 'cut' }
  /** Done; answered with 200 and a page in HTML, as a portal or a login does. */
  | { readonly kind: 'page' }
  /** Another answer, not done. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  /** Of a batch: how its answer is written, and which parts are left out of it, though they were done. */
  | ({
      readonly kind: 'batch';
      readonly order?: 'reversed';
      readonly leaveOut?: readonly number[];
      readonly twice?: number;
    } & BatchStyle);

/** How the answer to a batch is written. */
export interface BatchStyle {
  readonly style?: 'quoted boundary' | 'bare line ends' | 'preamble' | 'without ids';
}

/** Whether what is asked for is done nevertheless. */
export function isDone(mishap: Mishap): boolean {
  if (mishap.kind === 'reset' || mishap.kind === 'hang' || mishap.kind === 'status') return mishap.done ?? false;
  return ['slow', 'truncated', 'cut', 'page', 'batch'].includes(mishap.kind);
}

/** Which calls a mishap is for. */
export interface MishapRow {
  /** Left out, everybody. Nobody is known at a batch and at the token endpoint. */
  readonly user?: string;
  /** `events.insert`, `batch`, `authorize`, `token`, `revoke`; left out, every method of the API. */
  readonly method?: string;
  /** The first one of these calls that it happens to, counted from 1. */
  readonly nth?: number;
  /** How often; once where it is left out. */
  readonly times?: number;
  readonly what: Mishap;
}

/** What happens to a call of a method, by its name, of somebody; nobody is known at a batch and at the token endpoint. */
export type MishapByChance = (method: string, user: string | undefined) => Mishap | undefined;

/** The rows that are still to come. */
export class Mishaps {
  private readonly rows: { readonly row: MishapRow; seen: number }[] = [];
  /** What happens to a call that no row is for. */
  otherwise: MishapByChance = () => undefined;

  add(row: MishapRow): void {
    this.rows.push({ row, seen: 0 });
  }

  clear(): void {
    this.rows.length = 0;
    this.otherwise = () => undefined;
  }

  /** What happens to a call, if anything does. */
  next(method: string, user: string | undefined): Mishap | undefined {
    const hits = this.rows.filter(
      ({ row }) =>
        (row.user === undefined || row.user === user) &&
        (row.method === undefined ? method.includes('.') : row.method === method),
    );
    for (const hit of hits) hit.seen += 1;
    const hit = hits.find(({ row: { nth = 1, times = 1 }, seen }) => seen >= nth && seen < nth + times);
    return hit?.row.what ?? this.otherwise(method, user);
  }
}
