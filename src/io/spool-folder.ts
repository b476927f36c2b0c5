// A folder of small files that are whole or not there: each is created exclusively, flushed, and renamed into its name.

import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../core/errors';

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

/** For owner and group, as the ledger: accounts that share one spool, too. Everything in the folder is made with these modes. */
const FILE_MODE = 0o660;
const FOLDER_MODE = 0o770;
/** The bit of a folder whose group is that of everything made in it. */
const HANDED_DOWN = 0o2000;
const ENDING = '.json';
const UNFINISHED = '.tmp';

/** Opens a folder. Nothing is made before something is kept. */
export function openSpoolFolder(path: string): SpoolFolder {
  const asidePath = join(path, 'refused');
  const fileOf = (name: string) => join(path, name + ENDING);
  return {
    path,
    asidePath,
    keep: (name, text) => {
      const unfinished = join(path, name + UNFINISHED);
      try {
        writeDurably(unfinished, text);
      } catch (error) {
        // Tried before looked for: the folder is there every time but the first.
        if (codeOf(error) !== 'ENOENT') throw error;
        makeFolder(path);
        writeDurably(unfinished, text);
      }
      try {
        renameSync(unfinished, fileOf(name));
      } catch (error) {
        rmSync(unfinished, { force: true });
        throw error;
      }
      flushFolder(path);
    },
    names: () => namesIn(path),
    read: (name) => unlessGone(() => readWhole(fileOf(name))),
    remove: (name) => rmSync(fileOf(name), { force: true }),
    putAside: (name) => {
      makeFolder(asidePath);
      unlessGone(() => renameSync(fileOf(name), join(asidePath, name + ENDING)));
    },
    namesAside: () => namesIn(asidePath),
    readAside: (name) => unlessGone(() => readWhole(join(asidePath, name + ENDING))),
    sweep: (before) => {
      for (const entry of entriesOf(path)) {
        const file = join(path, entry);
        if (!entry.endsWith(UNFINISHED)) continue;
        unlessGone(() => statSync(file).mtimeMs < before && rmSync(file, { force: true }));
      }
    },
  };
}

/** Creates a file and brings its bytes to the disk. What fails in the middle leaves nothing. */
function writeDurably(file: string, text: string): void {
  const opened = openSync(file, 'wx', FILE_MODE);
  try {
    // What the umask took away.
    fchmodSync(opened, FILE_MODE);
    const bytes = Buffer.from(text, 'utf8');
    for (let written = 0; written < bytes.length;) written += writeSync(opened, bytes, written);
    fsyncSync(opened);
  } catch (error) {
    closeSync(opened);
    rmSync(file, { force: true });
    throw error;
  }
  closeSync(opened);
}

/** Makes the folder, and gives it the mode that the umask may have taken away. A group that its parent hands down stays. */
function makeFolder(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    mkdirSync(path, FOLDER_MODE);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    throw error;
  }
  chmodSync(path, FOLDER_MODE | (statSync(path).mode & HANDED_DOWN));
}

/** A rename is durable once its folder is. Windows opens no folder, and its file system keeps a log of renames. */
function flushFolder(path: string): void {
  let opened: number | undefined;
  try {
    opened = openSync(path, 'r');
    fsyncSync(opened);
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF'].includes(codeOf(error))) throw error;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** Only a regular file is read: anybody may have put a pipe, whose other end never comes, into a folder that a group shares. */
function readWhole(file: string): string {
  const opened = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(opened).isFile()) return '';
    return readFileSync(opened, 'utf8');
  } finally {
    closeSync(opened);
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
