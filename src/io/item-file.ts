// A file of an item, as it is read: it may be anything, since everybody may put it there.

import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../core/errors';
import type { ItemFile, ItemFiles } from './item-folder-contract';
import { refuseUnlessFile, WITHOUT_WAITING } from './regular-file';

/** A link in the place of a file is never followed: it could lead to another user's. Windows has no such flag. */
const NOT_THROUGH_LINKS = (constants.O_NOFOLLOW as number | undefined) ?? 0;

/** Whether it is an item by its name. Names with a dot in front are those of files that somebody is still writing. */
export function isItem(name: string, { suffix }: ItemFiles): boolean {
  return !name.startsWith('.') && name.length > suffix.length && name.toLowerCase().endsWith(suffix);
}

/** An item; nothing where it has gone meanwhile. */
export function readItem(folder: string, name: string, files: ItemFiles): ItemFile | undefined {
  try {
    const bytes = readBytes(join(folder, name), files);
    return { name, version: versionOf(bytes), text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : { name, version: '', text: undefined };
  }
}

/** The bytes of a file. Throws the system's error, also for what is no file. */
export function readBytes(path: string, { largest }: ItemFiles): Buffer {
  // Where there is no flag for it, a link is seen before it is opened.
  if (NOT_THROUGH_LINKS === 0) refuseUnlessFile(lstatSync(path));
  const file = openSync(path, constants.O_RDONLY | WITHOUT_WAITING | NOT_THROUGH_LINKS);
  try {
    const facts = fstatSync(file);
    refuseUnlessFile(facts);
    if (facts.size > largest) throw new Error('it is too large for an item');
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** The version of a file with these bytes. */
export function versionOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
