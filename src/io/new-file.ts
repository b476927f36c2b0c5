// A file of an administrator, written as a whole and with the rights that it shall have from its first byte on.

import { randomBytes } from 'node:crypto';
import { closeSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FILE_MODES, type FileRights } from './file-modes';
import { makeFolder, openNew } from './made-file';

/**
 * Writes a file, or replaces it, through a temporary one beside it; makes its folder where that is missing. Throws the system's error,
 * and then the file is as it was.
 */
export function writeWhole(path: string, text: string, rights: FileRights): void {
  makeFolder(dirname(path), FILE_MODES.configurationFolder);
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = openNew(temporary, rights);
    try {
      writeFileSync(file, text, { flush: true });
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
