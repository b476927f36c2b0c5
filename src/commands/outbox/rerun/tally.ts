// What a rerun did: a line for each delivery as it happens, the sums, and the report at the end. It keeps sums only.

import type { Result } from '../../../core/errors';
import { worstOf } from '../../../core/errors';
import type { Receipt } from '../../../core/outcome';
import type { DeliveryReport, Report } from '../../../core/report';
import { visible } from '../../../core/visible';
import type { KeptDelivery, KeptRequest } from '../../../ledger/ledger';
import type { Context } from '../../command';
import { deliveryOfError, ONE_BUG_HINT } from '../../error-report';
import { objectWords, objidWords } from '../../looking/ledger-words';
import type { TakenFate } from '../take-in';
import type { Verdict } from './circuit-breaker';

/** What can become of a delivery or a request in a rerun, as the sums of the report call it. */
export type Fate = 'taken-in' | 'posted' | 'found' | 'later' | 'held' | 'rejected' | 'filtered' | 'not-found' | 'damaged' | 'bug';

/** What became of a delivery or a request. */
export interface Handled extends Verdict {
  readonly fate: Fate;
  /** That of the fate, unless it is said. */
  readonly result?: Result;
  readonly reason: string;
  readonly receipt?: Receipt;
  /** The stack of a bug. */
  readonly stack?: string;
}

/** A request that is not there must not end every later rerun with 66: it is listed, and the run goes by the rest. */
const RESULTS: Readonly<Record<Fate, Result>> = {
  'taken-in': 'posted',
  posted: 'posted',
  found: 'posted',
  later: 'later',
  held: 'later',
  rejected: 'rejected',
  filtered: 'filtered',
  'not-found': 'not-found',
  damaged: 'later',
  bug: 'bug',
};

const WORDS: Readonly<Record<Fate, string>> = {
  'taken-in': 'taken in from the spool',
  posted: 'posted',
  found: 'found to be posted already',
  later: 'kept and tried again',
  held: 'held in doubt',
  rejected: 'refused or given up',
  filtered: 'left out',
  'not-found': 'not in the CRM',
  damaged: 'damaged in the ledger and left alone',
  bug: 'met by a bug',
};

/** Counts what a rerun does, and tells of it. */
export class Tally {
  readonly #counts = new Map<Fate, number>();
  #worst: Result = 'filtered';
  #bug: Pick<Report, 'message' | 'hint' | 'stack'> | undefined;
  #done = 0;
  /** The ids of what cannot be read. */
  readonly #damaged = new Set<string>();

  constructor(
    private readonly context: Pick<Context, 'emit' | 'progress' | 'options'>,
    /** About how much there is to do; 0 where nobody knows. */
    private readonly total: number,
  ) {}

  /** Notes what became of a delivery. */
  delivery(
    kept: Pick<KeptDelivery, 'id' | 'objectType' | 'objid' | 'activityObjid' | 'rule' | 'destination' | 'message'>,
    handled: Handled,
  ): void {
    const { id, objectType, objid, activityObjid, rule, destination } = kept;
    const json = { kind: 'delivery', id, objectType, objid, activityObjid, rule, destination };
    this.#note(handled, json, `${objectWords(kept)} to ${destination}`);
  }

  /** Notes what became of a request that has no delivery. */
  request({ id, request }: KeptRequest, handled: Handled): void {
    this.#note(handled, { kind: 'request', id, ...request }, objidWords(request));
  }

  /** Notes what became of a request in the spool; `id` is empty where it is about a spool as a whole. */
  spooled(id: string, fate: TakenFate): void {
    if (fate.kind === 'taken') {
      this.#counts.set('taken-in', (this.#counts.get('taken-in') ?? 0) + 1);
      return;
    }
    const handled: Handled = { fate: fate.kind === 'refused' ? 'rejected' : 'later', reason: fate.reason };
    this.#note(handled, { kind: 'spooled', id }, id === '' ? 'the spool' : `request ${id} of the spool`);
  }

  /** Notes a delivery that cannot be read. It is told once a run, however often it is met. */
  damagedDelivery(kept: KeptDelivery, damage: string): void {
    if (this.#isNew(kept.id)) this.delivery(kept, damaged(kept.id, damage));
  }

  /** Notes a request that cannot be read, likewise. */
  damagedRequest(kept: KeptRequest, damage: string): void {
    if (this.#isNew(kept.id)) this.request(kept, damaged(kept.id, damage));
  }

  #isNew(id: string): boolean {
    return this.#damaged.size < this.#damaged.add(id).size;
  }

  /** What an unexpected error means for the one thing that it happened to. The run goes on, and its report tells of the first. */
  bug(error: unknown): Handled {
    return { fate: 'bug', ...deliveryOfError(error) };
  }

  #note(handled: Handled, json: Readonly<Record<string, unknown>>, what: string): void {
    const { fate, reason, receipt, stack, result = RESULTS[fate] } = handled;
    if (fate === 'bug') this.#bug ??= { message: reason, hint: ONE_BUG_HINT, ...(stack === undefined ? {} : { stack }) };
    this.#counts.set(fate, (this.#counts.get(fate) ?? 0) + 1);
    if (fate !== 'not-found') this.#worst = worstOf([this.#worst, result]);
    this.#done += 1;
    const { emit, progress, options } = this.context;
    // People want to read of what did not go well; that a thousand posts did is one line at the end.
    const isRemarkable = RESULTS[fate] !== 'posted' || (fate === 'posted' && reason !== '');
    if (options.json === true || options.verbose === true || isRemarkable)
      emit({
        text: [`${WORDS[fate]}: ${what}`, visible(reason)].filter(Boolean).join(': '),
        json: { ...json, result, reason, receipt },
      });
    progress(this.#done, Math.max(this.total, this.#done + 1));
  }

  /** The report of the run; `more` is what else there is to say. */
  report(more: readonly string[], waiting: number): Report {
    if (this.#done > 0) this.context.progress(this.#done, this.#done);
    const counts = [...this.#counts];
    const words = [...counts.map(([fate, count]) => `${count} ${WORDS[fate]}`), ...more];
    const result = this.#worst === 'filtered' ? 'posted' : this.#worst;
    const { hint, stack } = this.#bug ?? {};
    return {
      result,
      message: [words.join(', '), this.#bug?.message].filter(Boolean).join('; '),
      ...(hint === undefined ? {} : { hint }),
      ...(stack === undefined ? {} : { stack }),
      sums: { ...Object.fromEntries(counts), waiting },
      deliveries: [],
    };
  }

  /** That something is kept for a reason that no single delivery tells. */
  keepsSomething(result: 'later' | 'configuration' = 'later'): void {
    this.#worst = worstOf([this.#worst, result]);
  }
}

function damaged(id: string, damage: string): Handled {
  return { fate: 'damaged', reason: `${damage}; to end it: publish-activity discard ${id}` };
}

/** What an attempt came to. */
export function handledOf({ result, reason, receipt, stack }: DeliveryReport): Handled {
  if (result === 'bug') return { fate: 'bug', reason, ...(stack === undefined ? {} : { stack }) };
  const fate = result === 'posted' || result === 'rejected' ? result : 'later';
  return { fate, result, reason, destinationFailed: fate === 'later', ...(receipt === undefined ? {} : { receipt }) };
}
