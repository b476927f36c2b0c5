// A folder of files in iCalendar or with a vCard, one an entry, as vdirsyncer and khal call a vdir: `<folder>/<login>/calendar/*.ics`,
// `tasks/*.ics` and `contacts/*.vcf`.

import { join } from 'node:path';
import type { Deadline } from '../../core/deadline';
import { codeOf } from '../../core/errors';
import type { Collection, Found, GroupwareType, StepOutcome, Trouble } from '../groupware';
import { TOO_LATE } from '../too-late';
import { openItemTexts } from '../item-texts';
import { CARD_ENTRY_FIELDS } from '../vcard-fields';
import { folderName } from './names';
import { folderOptions, type FolderOptions } from './options';
import { remoteItem, type Seen } from './seen';
import { look, stepped, type Parts } from './step';

const FOLDERS = { event: 'calendar', task: 'tasks', contact: 'contacts' } as const;

/** The groupware type `folder`. */
export const folder: GroupwareType<FolderOptions> = {
  called: 'a folder of iCalendar files and vCards',
  summary: 'keeps each entry in a file that calendars and address books read and write',
  options: folderOptions,
  fields: {
    event: ['subject', 'time', 'place', 'notes'],
    task: ['subject', 'time', 'place', 'notes', 'done'],
    contact: CARD_ENTRY_FIELDS,
  },
  identity: ({ folder: root }) => root,
  open: (user, kind, { folder: root }, tools) => {
    const path = join(root, folderName(user.login), FOLDERS[kind]);
    const openParts = async (): Promise<Parts> => {
      const texts = await openItemTexts(user, kind, tools);
      return { texts, files: (await tools.itemFolder())(path, texts) };
    };
    return collectionOf(path, user.login, openParts);
  },
};

function collectionOf(path: string, remoteUser: string, openParts: () => Promise<Parts>): Collection {
  /** Does something with what is in the folder, unless there is trouble. */
  const withSeen = async <T>(deadline: Deadline, work: (seen: Seen, parts: Parts) => T | Promise<T>): Promise<T | Trouble> => {
    if (deadline.signal.aborted) return TOO_LATE;
    const parts = await openParts();
    return tried(path, async () => work(await look(parts), parts));
  };
  return {
    remoteUser,
    list: (_cursor, _page, deadline) =>
      withSeen(deadline, ({ isThere, files }) => {
        // A user who is new has no folder. It may as well have been moved away, or be on a disk that is not mounted: nobody can tell from here.
        if (!isThere) return { kind: 'absent' as const };
        const items = [...files].map(([id, each]) => remoteItem(id, each));
        return { kind: 'page' as const, items, isWhole: true };
      }),
    get: (ids, deadline) => withSeen(deadline, (seen) => foundIn(seen, ids)),
    inspect: async (deadline) => {
      if (deadline.signal.aborted) return TOO_LATE;
      const { files } = await openParts();
      const why = await tried(path, async () => files.whyNotWritable());
      if (why === undefined) return { kind: 'inspected', writable: 'tried' };
      return typeof why === 'string' ? { kind: 'refused', reason: `the folder ${path} ${why}`, folder: path } : why;
    },
    apply: async (steps, deadline) => {
      const done = await withSeen(deadline, async (seen, parts) => {
        const outcomes = new Map<string, StepOutcome>();
        for (const step of steps)
          outcomes.set(step.linkId, deadline.signal.aborted ? TOO_LATE : await tried(path, () => stepped(step, seen, parts)));
        // Nobody may hear of a step before it is done for good.
        parts.files.flush();
        return outcomes;
      });
      return done instanceof Map ? done : new Map(steps.map(({ linkId }) => [linkId, done]));
    },
  };
}

function foundIn({ files, isUnsure }: Seen, ids: readonly string[]): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const id of ids) {
    const item = remoteItem(id, files.get(id) ?? []);
    if (!('gone' in item)) found.set(id, item);
    else if (!isUnsure) found.set(id, 'absent');
  }
  return found;
}

/** What only a person can mend. */
const REFUSED: readonly string[] = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENAMETOOLONG'];

/** Does something in the folder, or says what the system answers. Its own words would name the file, and that name may be private. */
async function tried<T>(path: string, work: () => Promise<T>): Promise<T | Trouble> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === '') throw error;
    return { kind: REFUSED.includes(code) ? 'refused' : 'retry', reason: `the folder ${path} cannot be used (${code})` };
  }
}
