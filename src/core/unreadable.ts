// Why a file cannot be read, in words for people. They stand in the middle of a sentence.

import { codeOf } from './errors';

/** By the system's code, and by those of io/regular-file.ts. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ELOOP: 'its links lead round in a circle',
  EACCES: 'this account may not read it',
  EPERM: 'this account may not read it',
  EISDIR: 'it is a folder',
  ENOTFILE: 'it is a pipe, a device or a socket, and no file',
  // What opening a socket answers, and a device without a driver.
  ENXIO: 'it is a pipe, a device or a socket, and no file',
  ENODEV: 'it is a pipe, a device or a socket, and no file',
  ETIMEDOUT: 'the disk or network share that it is on does not answer',
  EFBIG: 'it has more than 16 MB',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text; save it as UTF-8',
};

/** Why a file cannot be read, by what reading it threw. */
export function whyUnreadable(error: unknown): string {
  const code = codeOf(error);
  return WORDS[code] ?? `the system refuses it (${code || 'without a reason'})`;
}
