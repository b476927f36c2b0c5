// A file of an administrator, written as a whole and with the rights that it shall have from its first byte on.

import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file, or replaces it, through a temporary one beside it; makes its folder where that is missing. The mode counts on POSIX;
 * on Windows the rights are those of the folder. Throws the system's error, and then the file is as it was.
 */
export function writeWhole(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    // "wx": nobody can have prepared a file, or a link, of this name.
    writeFileSync(temporary, text, { mode, flag: 'wx', flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
