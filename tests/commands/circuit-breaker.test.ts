// The breaker of a destination that answers when the test says so.

import { CircuitBreaker } from '../../src/commands/outbox/rerun/circuit-breaker';
import type { ReadyDestination } from '../../src/commands/outbox/deliver';
import type { Outcome } from '../../src/core/outcome';
import { sampleDelivery } from '../support/destination';
import { makeStream, RETRY, startNow } from '../support/rerun';

const DELIVERED: Outcome = { kind: 'delivered', receipt: {} };
const delivery = sampleDelivery();

interface Stage {
  /** What was let pass, in this order. */
  readonly begun: string[];
  /** What the destination is being asked to take, the oldest first. */
  readonly asked: ((outcome: Outcome) => void)[];
  /** Wants to send something; answers what comes of it. */
  want(name: string): Promise<Outcome | undefined>;
  /** Answers the oldest ones. */
  answer(...outcomes: Outcome[]): Promise<void>;
}

/** All that can happen without an answer has happened. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 10));

function stage(concurrency: number): Stage {
  const [begun, asked]: [string[], Stage['asked']] = [[], []];
  const send: ReadyDestination['send'] = () => new Promise((resolve) => asked.push(resolve));
  const breaker = new CircuitBreaker(
    makeStream('stream', { concurrency, send }).ready,
    false,
    new AbortController().signal,
    Date.now,
  );
  const want = async (name: string) => {
    let outcome: Outcome | undefined;
    await breaker.pass(async (destination) => {
      begun.push(name);
      const deadline = startNow(5_000);
      outcome = await destination.send(delivery, deadline);
      deadline.end();
      return {};
    });
    return outcome;
  };
  const answer = async (...outcomes: Outcome[]) => {
    for (const outcome of outcomes) asked.shift()?.(outcome);
    await quiet();
  };
  return { begun, asked, want, answer };
}

describe('A breaker', () => {
  it('begins one more than it may send where the destination answers quickly', async () => {
    const { begun, asked, want, answer } = stage(1);
    const all = ['a', 'b', 'c', 'd'].map(want);
    await quiet();
    expect([begun.join(''), asked.length]).toEqual(['a', 1]);
    await answer(DELIVERED);
    expect([begun.join(''), asked.length]).toEqual(['abc', 1]);
    await answer(DELIVERED);
    expect([begun.join(''), asked.length]).toEqual(['abcd', 1]);
    await answer(DELIVERED);
    await answer(DELIVERED);
    expect(await Promise.all(all)).toEqual(Array.from({ length: 4 }, () => DELIVERED));
  });

  it.each([
    ['answers slowly', 600, DELIVERED],
    ['failed', 0, RETRY],
  ])('begins no more than it may send where the destination %s', async (_, ms, outcome) => {
    const { begun, asked, want, answer } = stage(1);
    const all = ['a', 'b', 'c'].map(want);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await answer(outcome);
    expect([begun.join(''), asked.length]).toEqual(['ab', 1]);
    await answer(DELIVERED);
    await answer(DELIVERED);
    await Promise.all(all);
  });

  it('does not send what it had begun when the destination failed for the third time', async () => {
    const { begun, asked, want, answer } = stage(3);
    const first = want('a');
    await quiet();
    await answer(DELIVERED);
    await first;
    const all = ['b', 'c', 'd', 'e', 'f'].map(want);
    await quiet();
    expect([begun.join(''), asked.length]).toEqual(['abcde', 3]);
    await answer(RETRY, RETRY, RETRY);
    expect([begun.join(''), asked.length]).toEqual(['abcde', 0]);
    const reason = 'stream keeps failing, so it was not asked any more';
    expect(await Promise.all(all)).toEqual([RETRY, RETRY, RETRY, { kind: 'retry', reason }, undefined]);
  });
});
