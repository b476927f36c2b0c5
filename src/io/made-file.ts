// Files and folders made with the rights of their kind, from their first byte on.

import { chmodSync, closeSync, constants, fchmodSync, fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OWNER_AND_GROUP, type FileRights } from './file-modes';

/**
 * Makes a file, and answers with its descriptor for writing. Throws the system's error: EEXIST also for a link of that name, wherever
 * it leads. `flags` are those of open(2) beside what that takes.
 */
export function openNew(path: string, { mode }: Pick<FileRights, 'mode'>, flags = 0): number {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | flags, mode);
  quietly(() => fchmodSync(file, widened(fstatSync(file).mode, mode)));
  return file;
}

/** Makes an empty file. Throws the system's error. */
export function makeFile(path: string, rights: Pick<FileRights, 'mode'>): void {
  closeSync(openNew(path, rights));
}

/** Makes a folder, and those above it, where they are missing; one that is there keeps its rights. Throws the system's error. */
export function makeFolder(folder: string, { mode }: Pick<FileRights, 'mode'>): void {
  const first = mkdirSync(folder, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made))
    quietly(() => chmodSync(made, widened(statSync(made).mode, mode)));
}

/** The rights that something was made with, and what the umask took away from its owner and its group. */
export function widened(made: number, mode: number): number {
  return (made | (mode & OWNER_AND_GROUP)) & 0o7777;
}

/** Some file systems know no rights (FAT, SMB); what was made there has no wider ones than it should. */
function quietly(change: () => void): void {
  try {
    change();
  } catch {
    // It can be used as it is, or the next step says why not.
  }
}
