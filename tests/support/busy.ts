// How tests wait on a machine that may be full of other work.

/**
 * What such a machine may add to anything, in ms. Where a deadline is the subject, whoever did not keep it would wait for ever, or at least
 * for longer than this.
 */
export const BUSY_MS = 5_000;

/** Waits until something is so, for 8 seconds at most. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !isSo(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isSo()).toBe(true);
}
