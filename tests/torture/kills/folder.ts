// A folder as the office's groupware: people save files as an editor does, by putting a new file in the place of the old one.

import { mkdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { factsOf, namesIn, readIfThere, textsIn } from './disk';
import type { OfficeGroupware } from './groupware';
import { ENDINGS, type Kind } from './items';

const FOLDERS: Readonly<Record<Kind, string>> = { event: 'calendar', task: 'tasks', contact: 'contacts' };

/** Where a user's entries of a kind stand. */
export function placeOf(folder: string, user: string, kind: Kind): string {
  return join(folder, user, FOLDERS[kind]);
}

/** The entries of a folder. */
export function entriesIn(folder: string): Pick<OfficeGroupware, 'textsOf'> {
  return { textsOf: (user, kind) => textsIn(placeOf(folder, user, kind), ENDINGS[kind]) };
}

/** Makes one. */
export function openFolder(root: string): Promise<OfficeGroupware> {
  const [folder, draft] = [join(root, 'entries'), join(root, 'draft')];
  const put = (path: string, text: string) => {
    writeFileSync(draft, text);
    renameSync(draft, path);
  };
  return Promise.resolve({
    configuration: { type: 'folder', folder },
    ...entriesIn(folder),
    open: (path) => {
      const text = readIfThere(path);
      if (text === undefined) return Promise.resolve(undefined);
      // Between the look and the change nothing of this process happens.
      const change = (work: () => void) => {
        const isStill = readIfThere(path) === text;
        if (isStill) work();
        return Promise.resolve(isStill);
      };
      return Promise.resolve({
        text,
        save: (other: string) => change(() => put(path, other)),
        remove: () => change(() => unlinkSync(path)),
      });
    },
    add: (user, kind, name, text) => {
      mkdirSync(placeOf(folder, user, kind), { recursive: true });
      put(join(placeOf(folder, user, kind), `${name}${ENDINGS[kind]}`), text);
      return Promise.resolve(true);
    },
    hasLine: (text, line) => text.includes(line),
    everything: () => namesIn(folder, true).map((name) => [`file ${name}`, factsOf(join(folder, name))]),
    litter: () => namesIn(folder, true).filter((name) => name.endsWith('.tmp')),
    close: () => Promise.resolve(),
  });
}
