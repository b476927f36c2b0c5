// A file that was made, renamed or removed is so for good once its folder is on the disk.

import { closeSync, fsyncSync, openSync } from 'node:fs';
import { codeOf } from '../core/errors';

/** What opening or flushing a folder is answered with where that cannot be done: on Windows, whose file system keeps a log of renames. */
const NO_FLUSH: readonly string[] = ['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF'];

/** Waits until a folder is on the disk. Throws the system's error. */
export function flushFolder(path: string): void {
  let folder: number | undefined;
  try {
    folder = openSync(path, 'r');
    fsyncSync(folder);
  } catch (error) {
    if (!NO_FLUSH.includes(codeOf(error))) throw error;
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}
