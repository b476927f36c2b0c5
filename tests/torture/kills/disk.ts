// Files as they are looked at from outside, while others write and remove them.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file, unless somebody took it away. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The names in a folder; none where it is not there. */
export function namesIn(place: string, recursive = false): readonly string[] {
  return existsSync(place) ? readdirSync(place, { recursive, encoding: 'utf8' }) : [];
}

/** The texts of a folder's files whose names have this ending. */
export function textsIn(place: string, ending: string): readonly { readonly path: string; readonly text: string }[] {
  return namesIn(place)
    .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
    .flatMap((name) => {
      const path = join(place, name);
      const text = readIfThere(path);
      return text === undefined ? [] : [{ path, text }];
    });
}

/** A file or folder, its mode, its time and its bytes, in one text. */
export function factsOf(path: string): string {
  const facts = statSync(path);
  const hash = facts.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
  return `${facts.isFile() ? facts.mtimeMs : ''} ${facts.mode} ${hash}`;
}
