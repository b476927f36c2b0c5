// A clock of the lanes that goes on only where a test says so.

import type { Timer } from '../../src/groupware/google/calls/lanes';

/** The clock. */
export interface HandTimer extends Timer {
  /** Lets so many ms pass; what is due by then is done in its order. */
  pass(ms: number): Promise<void>;
  /** How long the next of those that wait has to, in ms. */
  next(): number | undefined;
}

/** Lets everything happen that waits for nothing outside. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that begins at 1,000 ms. */
export function handTimer(): HandTimer {
  let now = 1_000;
  const waiting = new Set<{ readonly at: number; readonly work: () => void }>();
  const first = () => [...waiting].sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after: (ms, work) => {
      const each = { at: now + ms, work };
      waiting.add(each);
      return () => waiting.delete(each);
    },
    next: () => {
      const due = first();
      return due === undefined ? undefined : due.at - now;
    },
    pass: async (ms) => {
      const until = now + ms;
      for (let due = first(); due !== undefined && due.at <= until; due = first()) {
        now = due.at;
        waiting.delete(due);
        due.work();
        await settled();
      }
      now = until;
    },
  };
}

/** A clock that never lets anybody wait: the next that is due is due at once, and the time is what it would be by then. */
export function hurriedTimer(clock: { now: number } = { now: 1_000 }): Timer & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => clock.now,
    after: (ms, work) => {
      waits.push(ms);
      const at = clock.now + ms;
      const due = setImmediate(() => {
        clock.now = Math.max(clock.now, at);
        work();
      });
      return () => clearImmediate(due);
    },
  };
}
