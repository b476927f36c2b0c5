// A folder of small files that are whole or not there: each is created exclusively, flushed, and renamed into its name.

import { closeSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../core/errors';
import { FILE_MODES } from './file-modes';
import { flushFolder } from './flush-folder';
import { makeFolder, openNew } from './made-file';
import { readTextFile, whenReachable } from './regular-file';

/** The folder. Names have no ending; every function throws the system's error. */
export interface SpoolFolder {
  /** Its absolute path, and that of the folder inside it for what was put aside. */
  readonly path: string;
  readonly asidePath: string;
  /** Writes a file of this name; it is on the disk when this returns. */
  keep(name: string, text: string): void;
  /** The names of the files, sorted; none where there is no folder. */
  names(): readonly string[];
  /** The text of a file; `undefined` where it is gone. */
  read(name: string): string | undefined;
  /** Removes a file; one that is gone is no error. */
  remove(name: string): void;
  /** Moves a file into the folder inside; one that is gone is no error. */
  putAside(name: string): void;
  /** The names of those files, sorted, and the text of one. */
  namesAside(): readonly string[];
  readAside(name: string): string | undefined;
  /** Removes files that were begun and never finished, and that nobody has touched since a moment (ms since 1970 UTC). */
  sweep(before: number): void;
}

const ENDING = '.json';
const UNFINISHED = '.tmp';

/** Opens a folder. Nothing is made before something is kept. Where its disk or share does not answer, each use of it throws ETIMEDOUT. */
export async function openReachableFolder(path: string): Promise<SpoolFolder> {
  const folder = openSpoolFolder(path);
  try {
    await whenReachable(path);
    return folder;
  } catch (error) {
    const refuse = (): never => {
      throw error;
    };
    const { asidePath } = folder;
    return {
      path,
      asidePath,
      keep: refuse,
      names: refuse,
      read: refuse,
      remove: refuse,
      putAside: refuse,
      namesAside: refuse,
      readAside: refuse,
      sweep: refuse,
    };
  }
}

/** The same for one that is known to answer. */
export function openSpoolFolder(path: string): SpoolFolder {
  const asidePath = join(path, 'refused');
  const fileOf = (name: string) => join(path, name + ENDING);
  return {
    path,
    asidePath,
    keep: (name, text) => {
      const unfinished = join(path, name + UNFINISHED);
      const file = openIn(path, unfinished);
      try {
        try {
          writeFileSync(file, text, { flush: true });
        } finally {
          closeSync(file);
        }
        renameSync(unfinished, fileOf(name));
      } catch (error) {
        rmSync(unfinished, { force: true });
        throw error;
      }
      flushFolder(path);
    },
    names: () => namesIn(path),
    read: (name) => unlessGone(() => readTextFile(fileOf(name))),
    remove: (name) => rmSync(fileOf(name), { force: true }),
    putAside: (name) => {
      makeFolder(asidePath, FILE_MODES.spoolFolder);
      unlessGone(() => renameSync(fileOf(name), join(asidePath, name + ENDING)));
    },
    namesAside: () => namesIn(asidePath),
    readAside: (name) => unlessGone(() => readTextFile(join(asidePath, name + ENDING))),
    sweep: (before) => {
      for (const entry of entriesOf(path)) {
        const file = join(path, entry);
        if (entry.endsWith(UNFINISHED)) unlessGone(() => statSync(file).mtimeMs < before && rmSync(file, { force: true }));
      }
    },
  };
}

/** Makes a file. The folder is there every time but the first, so it is only made where it is missed. */
function openIn(folder: string, file: string): number {
  try {
    return openNew(file, FILE_MODES.spool);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    makeFolder(folder, FILE_MODES.spoolFolder);
    return openNew(file, FILE_MODES.spool);
  }
}

function namesIn(path: string): readonly string[] {
  return entriesOf(path)
    .filter((entry) => entry.endsWith(ENDING))
    .map((entry) => entry.slice(0, -ENDING.length))
    .sort();
}

function entriesOf(path: string): readonly string[] {
  return unlessGone(() => readdirSync(path)) ?? [];
}

function unlessGone<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
