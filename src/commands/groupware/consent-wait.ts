// Waits for the answers of users who were asked to agree, of whom several may come at once.

import { signalAfter } from '../../core/deadline';
import type { Arrival, RedirectListener } from '../../io/redirect-contract';
import type { Context } from '../command';
import type { AskedConsent, ConsentAnswered } from './asked-consent';
import { STRAY } from './connect-words';
import { consentPage } from './consent-pages';

/** How answers are waited for. */
export interface ConsentWait extends Pick<Context, 'deadline' | 'emit' | 'progress'> {
  /** How long, in ms. */
  readonly waitMs: number;
  /** Whether somebody whose answer was none to be kept may open the address again. */
  readonly isRepeatable: boolean;
  /** Is told of each answer. */
  onAnswer(asked: AskedConsent, answered: ConsentAnswered): void;
}

/**
 * Waits until everybody answered, or the time is over, or nobody is let in anyway. The last answer of each user who gave one, by login. An
 * answer that is under way is waited for. Rejects with a DatabaseError of the ledger.
 */
export async function answersTo(
  asked: readonly AskedConsent[],
  listener: RedirectListener,
  wait: ConsentWait,
): Promise<ReadonlyMap<string, ConsentAnswered>> {
  const waiting = new Waiting(asked, wait);
  const { deadline, progress, waitMs, emit } = wait;
  const signal = AbortSignal.any([deadline.signal, signalAfter(waitMs), waiting.over]);
  let seconds = 0;
  const ticking = setInterval(() => progress((seconds += 1), Math.ceil(waitMs / 1_000)), 1_000).unref();
  let strays = 0;
  try {
    await listener.answers({
      signal,
      isWanted: (query) => waiting.isOpen(query),
      onAnswer: (arrival) => waiting.take(arrival),
      onStray: () => {
        strays += 1;
        if (strays === 1) emit(STRAY);
      },
    });
    return await waiting.answered();
  } finally {
    clearInterval(ticking);
    if (seconds > 0) progress(1, 1);
  }
}

class Waiting {
  readonly #open: Map<string, AskedConsent>;
  readonly #answered = new Map<string, ConsentAnswered>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #over = new AbortController();
  #failed: { readonly error: unknown } | undefined;
  /** How many have not answered for good. */
  #left: number;

  constructor(
    asked: readonly AskedConsent[],
    private readonly wait: ConsentWait,
  ) {
    this.#open = new Map(asked.map((one) => [one.state, one]));
    this.#left = asked.length;
  }

  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Only what carries the state of an address that is open is an answer: neither an old page nor a hostile one ends the wait. */
  isOpen(query: URLSearchParams): boolean {
    return this.#open.has(stateIn(query));
  }

  take(arrival: Arrival): void {
    const state = stateIn(arrival.query);
    const asked = this.#open.get(state);
    if (asked === undefined) throw new Error('nobody waits for this answer');
    // What comes a second time meanwhile is none.
    this.#open.delete(state);
    const task = this.#answer(asked, arrival).catch((error: unknown) => {
      this.#failed = { error };
      this.#over.abort();
    });
    this.#underWay.add(task);
    void task.finally(() => this.#underWay.delete(task));
  }

  async answered(): Promise<ReadonlyMap<string, ConsentAnswered>> {
    await Promise.all(this.#underWay);
    if (this.#failed !== undefined) throw this.#failed.error;
    return this.#answered;
  }

  async #answer(asked: AskedConsent, arrival: Arrival): Promise<void> {
    let answered: ConsentAnswered | undefined;
    try {
      answered = await asked.answer(arrival.query);
      this.#answered.set(asked.login, answered);
      this.wait.onAnswer(asked, answered);
      if (answered.end === 'kept' || !this.wait.isRepeatable) this.#left -= 1;
      else this.#open.set(asked.state, asked);
      // A client that is not let in is let in for nobody.
      if (this.#left === 0 || answered.report.result === 'configuration') this.#over.abort();
    } finally {
      await arrival.respond(consentPage(answered?.end ?? 'failed'));
    }
  }
}

function stateIn(query: URLSearchParams): string {
  return query.get('state') ?? '';
}
