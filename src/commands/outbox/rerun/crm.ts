// The CRM as a rerun meets it: it is read in batches, and left alone once it keeps failing.

import type { Reading } from '../../../clarify/activity-reader';
import { ALERT } from '../../../core/alert';
import { DatabaseError } from '../../../core/database-error';
import type { Deadline } from '../../../core/deadline';
import type { KeptRequest } from '../../../ledger/ledger';
import { prepare, prepareRead, type Prepared } from '../prepare';
import { FAILURES_IN_ROW } from './circuit-breaker';
import type { Run } from './run';

/** What became of preparing a request. */
export type Tried = Prepared | Failed;

interface Failed {
  readonly kind: 'failed';
  readonly error: unknown;
}

/** The CRM as a rerun meets it. */
export class Crm {
  #failures = 0;
  hasAnswered = false;

  constructor(private readonly run: Run) {}

  /** After some failures in a row nothing more is asked of it. */
  get isLeftAlone(): boolean {
    return this.#failures >= FAILURES_IN_ROW;
  }

  /** Reads and composes: those that name their activity in one round trip, the others one after the other. */
  async prepareAll(taken: readonly KeptRequest[]): Promise<readonly Tried[]> {
    const readings = await this.#read(taken.filter(({ request }) => request.activityObjid !== undefined));
    const tried: Tried[] = [];
    for (const seen of taken) tried.push(await this.#prepare(seen, readings.get(seen)));
    return tried;
  }

  async #read(named: readonly KeptRequest[]): Promise<ReadonlyMap<KeptRequest, Reading | Failed>> {
    if (named.length === 0) return new Map();
    const requests = named.map(({ request }) => request);
    const read = await this.#ask((deadline) => this.run.parts.readMany(requests, deadline));
    const readings = new Map<KeptRequest, Reading | Failed>();
    for (const [index, seen] of named.entries()) {
      readings.set(seen, isFailure(read) ? await this.#readAlone(seen, read, named.length) : (read[index] ?? NOT_ASKED));
    }
    return readings;
  }

  /** What is wrong with one row of a batch must not hold up the others for ever. */
  async #readAlone(seen: KeptRequest, failure: Failed, among: number): Promise<Reading | Failed> {
    if (among === 1) return failure;
    return this.isLeftAlone ? NOT_ASKED : ((await this.#read([seen])).get(seen) ?? failure);
  }

  async #prepare({ request, acceptedAt }: KeptRequest, reading: Reading | Failed | undefined): Promise<Tried> {
    const { parts } = this.run;
    if (request.objectType === ALERT) return { kind: 'filtered', about: request, reason: CUT_OFF };
    if (reading?.kind === 'failed') return reading;
    if (reading !== undefined) return prepareRead(request, reading, parts).catch(failed);
    return this.isLeftAlone ? NOT_ASKED : this.#ask((deadline) => prepare(request, acceptedAt, parts, deadline));
  }

  async #ask<T>(question: (deadline: Deadline) => Promise<T>): Promise<T | Failed> {
    const answer = await this.run.within(question).catch(failed);
    const isDown = isFailure(answer) && answer.error instanceof DatabaseError;
    this.#failures = isDown ? this.#failures + 1 : 0;
    this.hasAnswered = !isDown;
    return answer;
  }
}

/** An alert is made of how the ledger stands, and not of the CRM, so one that came to nothing is made anew. */
const CUT_OFF = 'its run was cut off before anybody was told; each run looks anew';

const NOT_ASKED: Failed = {
  kind: 'failed',
  error: new DatabaseError('unavailable', 'the CRM keeps failing, so it was not asked'),
};

function failed(error: unknown): Failed {
  return { kind: 'failed', error };
}

function isFailure(answer: unknown): answer is Failed {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'failed';
}
