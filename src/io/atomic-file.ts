// Files replaced as a whole, so that whoever reads one sees the old text or the new one and never half of either.

import { rename, rm, writeFile } from 'node:fs/promises';
import { sleep } from '../core/deadline';
import { codeOf } from '../core/errors';

/** A file and its new text, which is written as UTF-8. */
export interface FileText {
  readonly path: string;
  readonly text: string;
}

/** How long to go on, in milliseconds, while Windows refuses to replace a file that a reader or a virus scanner holds open. */
const PATIENCE_MS = 2_000;
const HELD_OPEN: readonly string[] = ['EPERM', 'EACCES', 'EBUSY'];

/**
 * Replaces the files, in their order, each through a temporary file beside it. The caller must be the only writer, because the
 * temporary names are fixed: what a crash leaves behind is overwritten by the next call instead of piling up.
 * Rejects with the system's error. Every text is on the disk before the first file is replaced, so a full disk changes nothing.
 */
export async function replaceFiles(files: readonly FileText[], signal: AbortSignal): Promise<void> {
  try {
    for (const { path, text } of files) await writeFile(temporary(path), text, { flush: true });
    for (const { path } of files) await replace(temporary(path), path, signal);
  } catch (error) {
    await Promise.allSettled(files.map(({ path }) => rm(temporary(path), { force: true })));
    throw error;
  }
}

function temporary(path: string): string {
  return `${path}.tmp`;
}

/** Renames, and tries again while the target is held open: for a while at most, and without a pause once the signal is aborted. */
async function replace(from: string, to: string, signal: AbortSignal): Promise<void> {
  for (let waitedMs = 0, waitMs = 10; ; waitedMs += waitMs, waitMs *= 2) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!HELD_OPEN.includes(codeOf(error)) || waitedMs >= PATIENCE_MS) throw error;
      await sleep(waitMs, signal);
    }
  }
}
