// A person with Google's own list of tasks before them: what they do there needs no token, is not counted, and never goes wrong.

import { isDay, type Entry } from '../../../src/core/sync/entry';
import { readNotes, withMarker } from '../../../src/groupware/google/tasks/task-marker';
import type { Person } from '../../groupware/suite';
import type { GoogleServer } from './google-server';
import type { GoogleTask } from './task-world';

/** Where somebody may put a task, and no program of ours does. */
const DECORATION = { position: '00000000000000000007' };

/** Somebody with a list, which is asked for at each step, since it may not be there before. */
export function googleTaskPerson(server: GoogleServer, email: string, listId: () => string): Person {
  const path = (id = '') => `/tasks/v1/lists/${listId()}/tasks${id === '' ? '' : `/${id}`}`;
  const got = (id: string) => server.act(email, 'GET', path(id)) as GoogleTask;
  const alter = (id: string, work: (task: GoogleTask) => GoogleTask) => server.alterTask(email, listId(), id, work);
  const done = (work: () => unknown): Promise<void> => Promise.resolve().then(() => void work());
  return {
    add: (entry) =>
      Promise.resolve().then(() => (server.act(email, 'POST', path(), writtenTask(entry, {})) as { readonly id: string }).id),
    edit: (id, change) =>
      done(() => {
        server.act(email, 'PATCH', path(id), writtenTask(change, got(id)));
        // Whoever ticks a task off in an app of Google's does not see it any more.
        if (change.done === true) alter(id, (task) => ({ ...task, hidden: true }));
      }),
    remove: (id) => done(() => server.act(email, 'DELETE', path(id))),
    turn: (id, into) =>
      done(() =>
        alter(id, (task) => {
          if (into === 'foreign')
            return { ...task, assignmentInfo: { surfaceType: 'SPACE', linkToTask: 'https://chat.example/1' } };
          if (into === 'unreadable') return { ...task, due: 'some day' };
          throw new Error(`no task is ${into}`);
        }),
      ),
    decorate: (id) => done(() => alter(id, (task) => ({ ...task, ...DECORATION }))),
    decorations: (id) => Promise.resolve().then(() => got(id).position),
    respell: () => Promise.resolve(),
  };
}

/** Fields of an entry as a person would enter them; our line in the notes stays. */
export function writtenTask({ subject, notes, time, done }: Partial<Entry>, before: GoogleTask): object {
  const { end } = time ?? {};
  return {
    ...(subject === undefined ? {} : { title: subject }),
    ...(notes === undefined ? {} : { notes: withMarker(notes, readNotes(before.notes ?? '').marker) }),
    ...(end === undefined ? {} : { due: `${isDay(end) ? end.day : end.wallClock.slice(0, 10)}T00:00:00Z` }),
    ...(done === undefined ? {} : { status: done ? 'completed' : 'needsAction' }),
  };
}
