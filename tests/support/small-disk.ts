// A disk that can be full or read-only: a small tmpfs, where this system lets us mount one.

import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './sample';

/** A mounted disk. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills it to the last byte. */
  fill(): void;
  /** Makes room again. */
  free(): void;
  /** From now on nothing can be written. */
  protect(): void;
  close(): void;
}

/** Mounts a disk of so many bytes. Throws where that cannot be done: it takes Linux, and the right to mount. */
export function mountSmallDisk(bytes: number): SmallDisk {
  const folder = temporaryFolder();
  const filler = join(folder, 'filler');
  const run = (command: string, ...words: string[]) => execFileSync(command, words, { stdio: 'ignore' });
  run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder);
  return {
    folder,
    fill: () => {
      const file = openSync(filler, 'a');
      // Whole pages first, then what is left of the last one.
      for (const piece of [Buffer.alloc(4096), Buffer.alloc(1)]) while (hasWritten(file, piece));
      closeSync(file);
    },
    free: () => rmSync(filler),
    protect: () => run('mount', '-o', 'remount,ro', folder),
    close: () => {
      run('umount', '--lazy', folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether small disks can be had here. */
export function canMountSmallDisk(): boolean {
  try {
    mountSmallDisk(65_536).close();
    return true;
  } catch {
    return false;
  }
}

function hasWritten(file: number, piece: Buffer): boolean {
  try {
    return writeSync(file, piece) > 0;
  } catch {
    return false;
  }
}
