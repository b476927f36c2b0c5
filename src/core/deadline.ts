// The deadline of a run: one moment, agreed at the start, that every call to the outside shares.

import { setMaxListeners } from 'node:events';

/** A moment after which nothing more is waited for. */
export interface Deadline {
  /** Aborted at the deadline, or when the run is over. */
  readonly signal: AbortSignal;
  /** Milliseconds left, never negative. */
  remainingMs(): number;
  /** Whether the moment has passed (and not merely the run ended). */
  expired(): boolean;
  /** Ends the run: aborts what is still open and stops the timer, so that the process can end. */
  end(): void;
}

/**
 * How long keeping something may go on after the deadline, in ms: a request that is nowhere, or the end of an attempt. To be late is
 * cheaper than to lose the one, or to doubt the other.
 */
export const GRACE_MS = 3_000;

/**
 * Calls `over` after `ms`, once everything that had arrived by then was heard; answers with what calls it off. A process that was held
 * up runs its timers before it reads its sockets, so an answer that came in time would be thrown away unread by a timer alone
 * (https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick, "Phases Overview"). A wait `inBackground` does not keep the process alive.
 */
export function afterMs(ms: number, over: () => void, inBackground = false): () => void {
  let heard: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (heard = setImmediate(over)), ms);
  if (inBackground) timer.unref();
  return () => {
    clearTimeout(timer);
    clearImmediate(heard);
  };
}

/** A signal that is aborted after `ms` as {@link afterMs} counts them; it does not keep the process alive. */
export function signalAfter(ms: number): AbortSignal {
  const controller = new AbortController();
  afterMs(ms, () => controller.abort(), true);
  return controller.signal;
}

/** Starts a deadline `totalMs` after the moment that `clock` calls 0; the clock counts ms and is never set. */
export function startDeadline(totalMs: number, clock: () => number): Deadline {
  const controller = new AbortController();
  // A rerun waits for many things at once, and each of them listens. Node would warn of a leak on stderr.
  setMaxListeners(0, controller.signal);
  let expired = false;
  const expire = () => {
    expired = true;
    controller.abort(new Error('the deadline has passed'));
  };
  const left = totalMs - clock();
  // A timer takes a millisecond at the least, in which something could still begin.
  const callOff = left > 0 ? afterMs(left, expire) : undefined;
  if (callOff === undefined) expire();
  return {
    signal: controller.signal,
    remainingMs: () => (controller.signal.aborted ? 0 : Math.max(0, totalMs - clock())),
    expired: () => expired,
    end: () => {
      callOff?.();
      if (!controller.signal.aborted) controller.abort(new Error('the run is over'));
    },
  };
}

/** Waits for `ms`, or until the signal is aborted, whichever comes first. Never rejects. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** The promise's value, or `undefined` once the signal is aborted. What the promise does afterwards, failing included, is ignored. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const aborted = () => resolve(undefined);
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
    promise
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', aborted))
      .catch(() => undefined);
  });
}
