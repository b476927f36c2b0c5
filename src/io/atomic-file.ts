// Files replaced as a whole, so that whoever reads one sees the old text or the new one and never half of either.

import { open, rename, rm } from 'node:fs/promises';
import { sleep } from '../core/deadline';
import { codeOf } from '../core/errors';
import type { FileRights } from './file-modes';
import { widened } from './made-file';

/** A file and its new text, which is written as UTF-8. */
export interface FileText {
  readonly path: string;
  readonly text: string;
}

/** How long to go on, in milliseconds, while Windows refuses to replace a file that a reader or a virus scanner holds open. */
export const PATIENCE_MS = 2_000;
/** What it says then. */
export const HELD_OPEN: readonly string[] = ['EPERM', 'EACCES', 'EBUSY'];

/**
 * Replaces the files, in their order, each through a temporary file beside it. The caller must be the only writer, because the
 * temporary names are fixed: what a crash leaves behind is removed by the next call instead of piling up. Each is made anew, so that a
 * link which somebody put in its place is never followed.
 * Rejects with the system's error. Every text is on the disk before the first file is replaced, so a full disk changes nothing.
 */
export async function replaceFiles(
  files: readonly FileText[],
  rights: Pick<FileRights, 'mode'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (const { path, text } of files) await writeNew(temporary(path), text, rights);
    for (const { path } of files) await replace(temporary(path), path, signal);
  } catch (error) {
    await Promise.allSettled(files.map(({ path }) => rm(temporary(path), { force: true })));
    throw error;
  }
}

function temporary(path: string): string {
  return `${path}.tmp`;
}

/** Writes a file that is not there, in place of whatever is. */
async function writeNew(path: string, text: string, { mode }: Pick<FileRights, 'mode'>): Promise<void> {
  await rm(path, { force: true });
  const file = await open(path, 'wx', mode);
  try {
    // Some file systems know no rights.
    await file.chmod(widened((await file.stat()).mode, mode)).catch(() => undefined);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
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
