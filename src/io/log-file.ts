// The log: one JSON line a run, for the many cases in which nobody reads the exit code. Several processes write it at once.

import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../core/errors';

/** Where the log is and how large it may grow. */
export interface LogSettings {
  readonly file: string;
  /** Bytes after which a new file is begun. */
  readonly maxBytes: number;
  /** How many full files are kept beside the current one. */
  readonly keep: number;
}

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
  mkdirSync(dirname(settings.file), { recursive: true });
  if (sizeOf(settings.file) + line.length > settings.maxBytes) rotate(settings);
  appendFileSync(settings.file, line, { mode: 0o640 });
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
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
  const full = readdirSync(folder).filter((name) => name.startsWith(`${basename(file)}.`) && /\.\d{13}-[0-9a-f]{8}$/.test(name));
  for (const name of full.sort().slice(0, Math.max(0, full.length - keep))) {
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // Windows removes nothing that a reader holds open: the next rotation does. The line is worth more.
    }
  }
}
