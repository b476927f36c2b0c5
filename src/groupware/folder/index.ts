// A folder of iCalendar files, one an entry, as vdirsyncer and khal call a vdir: `<folder>/<login>/calendar/*.ics` and `tasks/*.ics`.

import { join } from 'node:path';
import type { Deadline } from '../../core/deadline';
import { codeOf } from '../../core/errors';
import type { Collection, Found, GroupwareType, StepOutcome, Trouble } from '../groupware';
import { folderName } from './names';
import { folderOptions, type FolderOptions } from './options';
import { remoteItem, type Seen } from './seen';
import { look, stepped, type Parts } from './step';

const FOLDERS = { event: 'calendar', task: 'tasks' } as const;

/** The groupware type `folder`. */
export const folder: GroupwareType<FolderOptions> = {
  called: 'a folder of iCalendar files',
  summary: 'keeps each entry in a file that calendar programs read and write',
  options: folderOptions,
  fields: {
    event: ['subject', 'time', 'place', 'notes'],
    task: ['subject', 'time', 'place', 'notes', 'done'],
  },
  open: (user, kind, { folder: root }, tools) => {
    const path = join(root, folderName(user.login), FOLDERS[kind]);
    const openParts = async (): Promise<Parts> => ({
      files: (await tools.itemFolder())(path),
      icalendar: await tools.icalendar(),
      rules: { user, kind, timeZone: user.timeZone, zoneOfWindows: await tools.zoneOfWindows() },
      now: () => tools.now(),
    });
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
      withSeen(deadline, ({ files }) => {
        // A user who is new has no folder, and so nothing in it. It may as well have been moved away, or be on a disk that is not mounted:
        // nobody can tell from here, and that is why a side that is suddenly empty is held, and not believed.
        const items = [...files].map(([id, each]) => remoteItem(id, each));
        return { kind: 'page' as const, items, isWhole: true };
      }),
    get: (ids, deadline) => withSeen(deadline, (seen) => foundIn(seen, ids)),
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

const TOO_LATE: Trouble = { kind: 'retry', reason: 'the time of the run is over' };

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
