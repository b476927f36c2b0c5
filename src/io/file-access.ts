// What this account may do with files, found out without doing it. Windows tells less: there an access list may still say no.

import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../core/errors';

/** What this account may do with files. Each function answers why not, in words that follow a path; `undefined` where it may. */
export interface FileAccess {
  /** Whether a file or folder can be written, or, where there is none, be made. */
  whyNotWritable(path: string): string | undefined;
  /** Whether a file is there and can be started as a program. */
  whyNotExecutable(path: string): string | undefined;
}

/** {@link FileAccess} in the file system. */
export const fileAccess: FileAccess = {
  whyNotWritable: (path) => {
    const code = tried(path, constants.W_OK);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return wordsFor(code, 'write');
    const folder = dirname(path);
    if (folder === path || code === 'ENOTDIR') return 'is no place where anything can be made';
    const why = fileAccess.whyNotWritable(folder);
    return why === undefined ? undefined : `is not there and cannot be made: ${folder} ${why}`;
  },
  whyNotExecutable: (path) => wordsFor(tried(path, constants.X_OK), 'start'),
};

/** The system's code for what it says no to; empty where it says yes. */
function tried(path: string, mode: number): string {
  try {
    accessSync(path, mode);
    return '';
  } catch (error) {
    return codeOf(error);
  }
}

function wordsFor(code: string, verb: string): string | undefined {
  if (code === '') return undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'is not there';
  if (code === 'EROFS') return 'is on a file system that is read-only';
  return `may not be ${verb === 'write' ? 'written' : 'started'} by this account (${code})`;
}
