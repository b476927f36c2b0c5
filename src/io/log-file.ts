// The log: one JSON line a run, for the many cases in which nobody reads the exit code. Several processes write it at once.

import { appendFileSync, closeSync, constants, fstatSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../core/errors';
import { FILE_MODES } from './file-modes';
import { makeFolder, openNew } from './made-file';
import { refuseUnlessFile, WITHOUT_WAITING } from './regular-file';

/** Where the log is and how large it may grow. */
export interface LogSettings {
  readonly file: string;
  /** Bytes after which a new file is begun. */
  readonly maxBytes: number;
  /** How many full files are kept beside the current one. */
  readonly keep: number;
}

/** How the name of a full log ends. */
export const FULL_LOG = /\.\d{13}-[0-9a-f]{8}$/;

/**
 * Appends one line. A line is one write to a file opened for appending, so lines of several processes never mix.
 * Throws the system's error where the file cannot be written.
 */
export function appendLogLine(
  settings: LogSettings,
  entry: Readonly<Record<string, unknown>>,
  redact: (text: string) => string,
): void {
  const line = `${redact(JSON.stringify(entry))}\n`;
  makeFolder(dirname(settings.file), FILE_MODES.logFolder);
  if (sizeOf(settings.file) + line.length > settings.maxBytes) rotate(settings);
  const file = openLog(settings.file);
  try {
    refuseUnlessFile(fstatSync(file));
    appendFileSync(file, line);
  } finally {
    closeSync(file);
  }
}

const APPEND = constants.O_WRONLY | constants.O_APPEND | WITHOUT_WAITING;

/** How often it is looked for and made while others move it aside. */
const MOST_TRIES = 5;

/** Opens the log for appending, and makes it where it is missing. What is new is appended to at once, lest somebody move an empty file. */
function openLog(file: string): number {
  for (let tries = 1; tries < MOST_TRIES; tries += 1) {
    try {
      return openSync(file, APPEND);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    try {
      return openNew(file, FILE_MODES.log, APPEND);
    } catch (error) {
      // Somebody else was faster, or it is a link to a file that is not there yet.
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  return openSync(file, APPEND | constants.O_CREAT, FILE_MODES.log.mode);
}

/** Said here in words: opening a pipe that nobody reads fails as if there were none. */
function sizeOf(file: string): number {
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts !== undefined) refuseUnlessFile(facts);
  return facts?.size ?? 0;
}

/**
 * Moves the full file aside under a name of its own. Two processes that do it at once move two files, and neither overwrites the
 * other's; a process that still has the moved file open writes its line there. So a rotation never loses a line.
 */
function rotate({ file, keep }: LogSettings): void {
  try {
    renameSync(file, `${file}.${Date.now()}-${randomBytes(4).toString('hex')}`);
  } catch (error) {
    // Somebody else was faster, or Windows holds the file open: the line is appended to what is there.
    if (!['ENOENT', 'EPERM', 'EBUSY', 'EACCES'].includes(codeOf(error))) throw error;
  }
  const folder = dirname(file);
  const full = readdirSync(folder).filter((name) => name.startsWith(`${basename(file)}.`) && FULL_LOG.test(name));
  for (const name of full.sort().slice(0, Math.max(0, full.length - keep))) {
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // Windows removes nothing that a reader holds open: the next rotation does. The line is worth more.
    }
  }
}
