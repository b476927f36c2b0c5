// The log as `reconcile` looks into it.

import type { LogConfig } from '../config/log';
import { codeOf } from '../core/errors';

/** The oldest and the newest lines of the log; none where it cannot be read, or none is kept. */
export async function readLogEnds(log: LogConfig | false): Promise<readonly string[]> {
  if (log === false) return [];
  const { logEnds } = await import('../io/log-ends');
  try {
    return logEnds(log.file);
  } catch (error) {
    if (codeOf(error) === '') throw error;
    return [];
  }
}
