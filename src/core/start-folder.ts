// Paths that somebody types are relative to the folder that the program was started in, which may be gone. Pure.

import { isAbsolute, resolve } from 'node:path';
import { UserError } from './errors';

/** The absolute path. Throws a UserError where that takes a folder that is not there. */
export function fromStartFolder(folder: string | undefined, path: string): string {
  if (folder !== undefined) return resolve(folder, path);
  if (isAbsolute(path)) return resolve(path);
  const message = `${path} is relative to the folder that the program was started in, and that folder is gone`;
  throw new UserError('configuration', message, 'give the whole path');
}
