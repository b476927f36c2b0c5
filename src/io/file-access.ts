// What this account may do with files, found out by doing it: asked, Windows tells of the read-only attribute alone, and not of the
// access list (https://docs.libuv.org/en/v1.x/fs.html#c.uv_fs_access). What is made on trial is removed at once.

import { randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, fstatSync, mkdirSync, openSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { codeOf } from '../core/errors';
import { refuseUnlessFile, WITHOUT_WAITING } from './regular-file';

/** What this account may do with files. Each function answers why not, in words that follow a path; `undefined` where it may. */
export interface FileAccess {
  /** Whether a file can be written, a folder can be written into, or, where there is neither, one of the kind can be made. It is tried. */
  whyNotWritable(path: string, kind?: 'file' | 'folder'): string | undefined;
  /** Whether a program is there and may be started, as its rights say: a file by its path, or one on the PATH by its name. */
  whyNotExecutable(command: string): string | undefined;
}

/** {@link FileAccess} in the file system; `env` holds the PATH. */
export function fileAccess(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): FileAccess {
  return {
    whyNotWritable,
    whyNotExecutable: (command) => {
      const isPath = /[\\/]/.test(command);
      const path = Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
      const folders = isPath ? [''] : path.split(delimiter).filter((folder) => folder !== '');
      const endings = platform === 'win32' ? ['', '.exe', '.com'] : [''];
      const codes = folders.flatMap((folder) => endings.map((ending) => codeFor(join(folder, command + ending))));
      if (codes.includes('')) return undefined;
      const refused = codes.find((code) => !isAbsent(code));
      if (refused !== undefined) return `may not be started by this account (${refused})`;
      return isPath ? 'is not there' : 'is in no folder of the PATH';
    },
  };
}

/** Why nothing can be written there, see {@link FileAccess}. */
export function whyNotWritable(path: string, kind: 'file' | 'folder' = 'file'): string | undefined {
  const code = codeOfTrial(path, kind);
  if (!isAbsent(code)) return wordsFor(code);
  const folder = dirname(path);
  if (folder === path || code === 'ENOTDIR') return 'is no place where anything can be made';
  const isThere = statSync(folder, { throwIfNoEntry: false }) !== undefined;
  const why = isThere ? wordsFor(codeOfMaking(folder, kind)) : whyNotWritable(folder, 'folder');
  return why === undefined ? undefined : `is not there and cannot be made: ${folder} ${why}`;
}

function wordsFor(code: string): string | undefined {
  return code === '' ? undefined : (WHY[code] ?? `may not be written by this account (${code})`);
}

const WHY: Readonly<Record<string, string>> = {
  EROFS: 'is on a file system that is read-only',
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is on a disk of which this account has used its share',
  NOFOLDER: 'is no folder',
  ENOTFILE: 'is a pipe, a device or a socket, and no file',
  ENXIO: 'is a pipe, a device or a socket, and no file',
  EBUSY: 'is held by another program at the moment (EBUSY)',
};

/** The system's code for what it says no to when something is written there; empty where it says yes. */
function codeOfTrial(path: string, kind: 'file' | 'folder'): string {
  try {
    if (statSync(path).isDirectory()) return codeOfMaking(path, 'file');
    if (kind === 'folder') return 'NOFOLDER';
    const file = openSync(path, constants.O_RDWR | WITHOUT_WAITING);
    try {
      refuseUnlessFile(fstatSync(file));
      return '';
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return codeOf(error);
  }
}

/** The same of making something in a folder. To make a file and to make a folder are two rights on Windows. */
function codeOfMaking(folder: string, kind: 'file' | 'folder'): string {
  const trial = join(folder, `.publish-activity-trial-${randomBytes(8).toString('hex')}`);
  try {
    if (kind === 'folder') {
      mkdirSync(trial, 0o700);
      rmdirSync(trial);
    } else {
      closeSync(openSync(trial, 'wx', 0o600));
      rmSync(trial);
    }
    return '';
  } catch (error) {
    return codeOf(error);
  }
}

function isAbsent(code: string): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The system's code for what it says no to; empty where it says yes. A folder is no program, whatever its rights. */
function codeFor(path: string): string {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? '' : 'ENOENT';
  } catch (error) {
    return codeOf(error);
  }
}
