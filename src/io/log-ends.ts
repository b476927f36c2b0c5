// The oldest and the newest lines of the log, full ones included, without reading all that lies between.

import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../core/errors';
import { FULL_LOG } from './log-file';
import { refuseUnlessFile, WITHOUT_WAITING } from './regular-file';

/** How much is read of each end, in bytes: some hundred lines. */
const END_BYTES = 256 * 1024;

/** The lines, the oldest first; none where there is no log. Throws the system's error. */
export function logEnds(file: string): readonly string[] {
  const names = namesIn(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.`) && FULL_LOG.test(name));
  const [oldest, ...others] = names.sort().map((name) => join(dirname(file), name));
  if (oldest === undefined) return endsOf(file, true);
  // The current one may just have been begun.
  const newest = [...others, file].slice(-2);
  return [...endsOf(oldest, newest.length === 1), ...newest.flatMap((each) => endsOf(each, true))];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The whole lines at the begin of a file, and where `both`, those at its end, too. */
function endsOf(path: string, both: boolean): readonly string[] {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | WITHOUT_WAITING);
  } catch (error) {
    // A rotation moved it, or nothing was ever logged.
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  try {
    const facts = fstatSync(file);
    refuseUnlessFile(facts);
    const head = textAt(file, 0).split('\n');
    if (facts.size <= END_BYTES) return head;
    const tail = both ? textAt(file, Math.max(END_BYTES, facts.size - END_BYTES)).split('\n') : [];
    return [...head.slice(0, -1), ...tail.slice(1)];
  } finally {
    closeSync(file);
  }
}

function textAt(file: number, position: number): string {
  const bytes = Buffer.alloc(END_BYTES);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, END_BYTES, position));
}
