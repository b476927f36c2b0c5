// A folder of items, one a file, which other programs write as well: calendars, telephones, people with an editor.

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  linkSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { basename, join } from 'node:path';
import { sleep } from '../core/deadline';
import { codeOf } from '../core/errors';
import { HELD_OPEN, PATIENCE_MS } from './atomic-file';
import { whyNotWritable } from './file-access';
import { FILE_MODES } from './file-modes';
import { flushFolder } from './flush-folder';
import { isItem, readBytes, readItem, versionOf } from './item-file';
import type { ItemFiles, ItemFolder } from './item-folder-contract';
import { makeFolder, openNew } from './made-file';
import { whenReachable } from './regular-file';

/** How long a file that was begun and never finished is left alone, in ms. */
const UNFINISHED_FOR_MS = 24 * 3_600_000;
/** What linking is answered with on disks that know no links: FAT, and some network shares. */
const NO_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK'];

/** Opens a folder; nothing is made before something is created in it. It never waits for a share that is dead longer than that takes to see. */
export function openItemFolder(path: string, files: ItemFiles): ItemFolder {
  let isSwept = false;
  /** Before the first file is written: folders of which nobody writes one any more are left as they are. */
  const sweepOnce = () => {
    if (!isSwept) sweep(path);
    isSwept = true;
  };
  /** Whether something was done that the disk may not have yet. */
  let isOpen = false;
  return {
    whyNotWritable: async () => {
      await whenReachable(path);
      return whyNotWritable(path, 'folder');
    },
    read: async () => {
      await whenReachable(path);
      return namesIn(path, files)?.flatMap((name) => readItem(path, name, files) ?? []);
    },
    create: async (name, text) => {
      const target = pathOf(path, name, files);
      await whenReachable(path);
      makeFolder(path, FILE_MODES.entryFolder);
      sweepOnce();
      return withTemporary(path, text, FILE_MODES.entry.mode, (temporary) => {
        if (!placeNew(temporary, target)) return false;
        isOpen = true;
        return versionOf(Buffer.from(text));
      });
    },
    replace: async (name, version, text) => {
      const target = pathOf(path, name, files);
      await whenReachable(path);
      const facts = lstatSync(target, { throwIfNoEntry: false });
      if (facts === undefined) return false;
      sweepOnce();
      const mode = FILE_MODES.entry.mode | (facts.mode & 0o777);
      return withTemporary(path, text, mode, async (temporary) => {
        if (!(await ifOf(target, version, files, () => renameSync(temporary, target)))) return false;
        isOpen = true;
        return versionOf(Buffer.from(text));
      });
    },
    remove: async (name, version) => {
      const target = pathOf(path, name, files);
      await whenReachable(path);
      if (!(await ifOf(target, version, files, () => unlinkSync(target)))) return false;
      isOpen = true;
      return true;
    },
    flush: () => {
      if (isOpen) flushFolder(path);
      isOpen = false;
    },
  };
}

/** The path of an item. Names come from a listing, or are computed; any other would be a bug. */
function pathOf(folder: string, name: string, files: ItemFiles): string {
  if (basename(name) !== name || !isItem(name, files)) throw new Error('this is no name of an item');
  return join(folder, name);
}

function namesIn(path: string, files: ItemFiles): readonly string[] | undefined {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries
      .filter((entry) => isItem(entry.name, files) && !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Does something with a file if it is of a version; false where it is not, or not there. Nothing of this process comes in between. Another
 * process could, for the microseconds between the last look and renaming, as no file system has both in one: of this program's own, the
 * turn of a user keeps them apart. Reading takes longer than that, so the file is looked at once more. Windows refuses while somebody holds the file open, so it is tried for a while, and compared anew each time.
 */
async function ifOf(target: string, version: string, files: ItemFiles, change: () => void): Promise<boolean> {
  for (let waitedMs = 0, waitMs = 10; ; waitedMs += waitMs, waitMs *= 2) {
    try {
      const before = lstatSync(target);
      if (versionOf(readBytes(target, files)) !== version) return false;
      // Some file systems never say the same of a file.
      if (!isSameFile(before, lstatSync(target)) && waitedMs < PATIENCE_MS) continue;
      change();
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      if (!HELD_OPEN.includes(codeOf(error)) || waitedMs >= PATIENCE_MS) throw error;
      await sleep(waitMs, new AbortController().signal);
    }
  }
}

/** Whether nobody wrote a file, or put another one in its place, since it was looked at. */
function isSameFile(before: Stats, now: Stats): boolean {
  return (['ino', 'size', 'mtimeMs', 'ctimeMs'] as const).every((fact) => before[fact] === now[fact]);
}

/** Writes a text beside the items, and lets it be put in its place. What a crash leaves behind is no item. */
async function withTemporary<T>(
  folder: string,
  text: string,
  mode: number,
  place: (temporary: string) => T | Promise<T>,
): Promise<T> {
  const temporary = join(folder, `.${randomBytes(8).toString('hex')}.tmp`);
  try {
    const file = openNew(temporary, { mode });
    try {
      writeFileSync(file, text, { flush: true });
    } finally {
      closeSync(file);
    }
    return await place(temporary);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Gives a file its name if nothing has it. On a disk without links another program could be faster between the two steps. */
function placeNew(temporary: string, target: string): boolean {
  try {
    linkSync(temporary, target);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!NO_LINKS.includes(codeOf(error))) throw error;
  }
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) return false;
  renameSync(temporary, target);
  return true;
}

/** Removes what a crash left behind long ago. */
function sweep(folder: string): void {
  const before = Date.now() - UNFINISHED_FOR_MS;
  for (const name of readdirSync(folder).filter((each) => /^\.[0-9a-f]{16}\.tmp$/.test(each))) {
    const file = join(folder, name);
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? before) < before) rmSync(file, { force: true });
  }
}
