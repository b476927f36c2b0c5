// What this account may do with files, found out without doing it. Windows tells less: there an access list may still say no.

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { codeOf } from '../core/errors';

/** What this account may do with files. Each function answers why not, in words that follow a path; `undefined` where it may. */
export interface FileAccess {
  /** Whether a file or folder can be written, or, where there is none, be made. */
  whyNotWritable(path: string): string | undefined;
  /** Whether a program is there and can be started: a file by its path, or one that is found on the PATH by its name. */
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
      const codes = folders.flatMap((folder) => endings.map((ending) => codeFor(join(folder, command + ending), constants.X_OK)));
      if (codes.includes('')) return undefined;
      const refused = codes.find((code) => !isAbsent(code));
      if (refused !== undefined) return `may not be started by this account (${refused})`;
      return isPath ? 'is not there' : 'is in no folder of the PATH';
    },
  };
}

function whyNotWritable(path: string): string | undefined {
  const code = codeFor(path, constants.W_OK);
  if (code === '') return undefined;
  if (code === 'EROFS') return 'is on a file system that is read-only';
  if (!isAbsent(code)) return `may not be written by this account (${code})`;
  const folder = dirname(path);
  if (folder === path || code === 'ENOTDIR') return 'is no place where anything can be made';
  const why = whyNotWritable(folder);
  return why === undefined ? undefined : `is not there and cannot be made: ${folder} ${why}`;
}

function isAbsent(code: string): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The system's code for what it says no to; empty where it says yes. A folder is no program, whatever its rights. */
function codeFor(path: string, mode: number): string {
  try {
    accessSync(path, mode);
    return mode === constants.X_OK && !statSync(path).isFile() ? 'ENOENT' : '';
  } catch (error) {
    return codeOf(error);
  }
}
