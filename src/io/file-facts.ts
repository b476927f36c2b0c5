// What can be told of a file and of the disk that it is on, without opening it.

import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../core/errors';
import { NETWORK_PATH } from './sqlite-store';

/** A file. */
export interface FileFacts {
  /** The permission bits of POSIX. Windows makes them up. */
  readonly mode: number;
  /** In bytes. */
  readonly size: number;
}

/** The disk that a path is on, or would be. */
export interface DiskFacts {
  /** Bytes that this account can still write. */
  readonly free: number;
  /** Whether it is another machine's, as far as the system tells; Windows tells nothing. */
  readonly onNetwork: boolean;
}

/** `undefined` where there is no such file. Throws the system's error for anything else. */
export function fileFacts(path: string): FileFacts | undefined {
  try {
    const { mode, size } = statSync(path);
    return { mode: mode & 0o777, size };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The numbers of NFS, SMB, CIFS and SMB 2 (Linux: include/uapi/linux/magic.h). */
const NETWORK_FILE_SYSTEMS = [0x6969, 0x517b, 0xff534d42, 0xfe534d42];

/** Throws the system's error. */
export function diskFacts(path: string): DiskFacts {
  if (!existsSync(path) && dirname(path) !== path) return diskFacts(dirname(path));
  const { bavail, bsize, type } = statfsSync(path);
  return { free: bavail * bsize, onNetwork: NETWORK_PATH.test(path) || NETWORK_FILE_SYSTEMS.includes(type >>> 0) };
}
