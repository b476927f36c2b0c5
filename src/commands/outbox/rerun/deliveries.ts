// The deliveries of a rerun: each destination behind its own circuit breaker, each object's in the order in which they happened.

import { all, each } from '../../../core/at-once';
import { DatabaseError } from '../../../core/database-error';
import type { KeptDelivery } from '../../../ledger/ledger';
import type { ReadyDestination } from '../deliver';
import { amend, lookInto, resend } from './doubt';
import type { CircuitBreaker } from './circuit-breaker';
import { isFarOff, type Run } from './run';
import type { Handled } from './tally';
import { Chains, deliveriesOf } from './work';

/** Sends what is due and looks into what is in doubt, at all destinations at once: none is held up by another. */
export async function sendDeliveries(run: Run): Promise<void> {
  const { destination } = run.filter;
  const breakers = [...run.breakers.values()].filter(
    (breaker) => destination === undefined || breaker.destination.name === destination,
  );
  await all(breakers.map((breaker) => workOff(breaker, run)));
}

/** What one time through the list came to. */
interface Round {
  /** Deliveries that are not in the way of others any more. */
  ended: number;
  /** Deliveries that something was in the way of. */
  blocked: number;
}

async function workOff(breaker: CircuitBreaker, run: Run): Promise<void> {
  const wanted = () => !breaker.isOpen && !run.budget.spent;
  let again: boolean;
  do {
    const round = await oneRound(breaker, run, wanted);
    // What was blocked comes into its turn when something ended; otherwise it waits for the next run.
    again = (round.ended > 0 && round.blocked > 0) || (await bringBack(breaker, run, wanted));
  } while (again && wanted() && !run.stop.aborted);
}

async function oneRound(breaker: CircuitBreaker, run: Run, wanted: () => boolean): Promise<Round> {
  const round: Round = { ended: 0, blocked: 0 };
  const chains = new Chains();
  const due = deliveriesOf(run, { ...filterOf(breaker, run), dueBy: run.parts.now() }, wanted);
  // The breaker says how many are sent at once. The others are between it and the ledger, before or after that.
  await each(due, 2 * breaker.destination.concurrency + 1, (kept) =>
    chains.after(`${kept.objectType} ${kept.objid}`, async () => {
      if (!run.budget.take()) return;
      // The run may be stopped while others are in front.
      const handled = await breaker.pass(async (destination) => (run.stop.aborted ? undefined : handle(kept, destination, run)));
      if (handled === undefined) {
        run.budget.giveBack();
        round.blocked += 1;
        return;
      }
      if (handled.fate !== 'later') round.ended += 1;
      run.tally.delivery(kept, handled);
    }),
  );
  return round;
}

async function handle(kept: KeptDelivery, destination: ReadyDestination, run: Run): Promise<Handled | undefined> {
  try {
    return await (kept.state === 'in-doubt' ? lookInto : resend)(kept, destination, run);
  } catch (error) {
    // Trouble with the ledger ends the run; a bug that one delivery meets must not keep the others waiting for ever.
    if (error instanceof DatabaseError) throw error;
    return run.tally.bug(error);
  }
}

/** Makes due what a clock that was wrong put off further than anything is ever put off. Answers whether there was any. */
async function bringBack(breaker: CircuitBreaker, run: Run, wanted: () => boolean): Promise<boolean> {
  let any = false;
  for await (const kept of deliveriesOf(run, filterOf(breaker, run), wanted)) {
    if (!isFarOff(kept.dueAt, run.parts.now())) continue;
    const { state, reason } = kept;
    if (await amend(kept, { state, reason, dueAt: run.parts.now() }, run)) any = true;
  }
  return any;
}

function filterOf(breaker: CircuitBreaker, run: Run) {
  return { ...run.filter, destination: breaker.destination.name, states: ['due', 'in-doubt'] as const };
}
