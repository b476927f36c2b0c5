// The list of the CRM's tasks at the stand-in of Google, as its user sees it.

import type { Entry } from '../../../src/core/sync/entry';
import { readNotes } from '../../../src/groupware/google/tasks/task-marker';
import { titleOf } from '../../../src/groupware/google/tasks/place';
import type { GoogleServer } from '../../support/google/google-server';
import { writtenTask } from '../../support/google/task-person';
import { tasksIn, type GoogleTask, type StoredTask } from '../../support/google/task-world';
import type { MemoryItem, MemoryItems } from '../../support/memory-groupware';

/** The tasks of somebody with this address in the list of a CRM; nothing as long as there is no such list. */
export function taskItems(server: GoogleServer, email: string, system: string): MemoryItems | undefined {
  const list = server.taskLists(email).find(({ title }) => title === titleOf({ system }));
  if (list === undefined) return undefined;
  const path = `/tasks/v1/lists/${list.id}/tasks`;
  const alter = (id: string, change: GoogleTask) => server.alterTask(email, list.id, id, (task) => ({ ...task, ...change }));
  let known: { readonly revision: number; readonly items: ReadonlyMap<string, MemoryItem> } | undefined;
  return {
    get items() {
      if (known?.revision === list.revision) return known.items;
      const there = tasksIn(list).filter(
        ({ data: { deleted, assignmentInfo } }) => deleted !== true && assignmentInfo === undefined,
      );
      known = { revision: list.revision, items: new Map(there.map((task) => [task.data.id, itemOf(task)])) };
      return known.items;
    },
    put(name, item) {
      const before = this.items.get(name);
      if (item === undefined) {
        server.act(email, 'DELETE', `${path}/${name}`);
        return name;
      }
      const id = before === undefined ? idIn(server.act(email, 'POST', path, written(item, {}))) : name;
      if (before !== undefined)
        server.act(email, 'PATCH', `${path}/${id}`, written(item, server.act(email, 'GET', `${path}/${id}`)));
      const position = positionOf(item.decorations.at(-1));
      // Whoever ticks a task off in an app of Google's does not see it any more.
      const isHidden = item.content.kind === 'entry' && item.content.entry.done;
      if (isHidden || position !== undefined)
        alter(id, { ...(isHidden && { hidden: true }), ...(position !== undefined && { position }) });
      return id;
    },
  };
}

function itemOf({ data, revision }: StoredTask): MemoryItem {
  const { title = '', notes: text = '', due, status, position = '' } = data;
  const { notes, mark } = readNotes(text);
  const time = due === undefined ? {} : { end: { day: due.slice(0, 10) } };
  const entry: Entry = { kind: 'task', subject: title, time, place: '', notes, done: status === 'completed' };
  return { content: { kind: 'entry', entry }, version: String(revision), mark, decorations: [`position ${position}`] };
}

/** All that a task says; our line in its notes stays. */
function written({ content }: Pick<MemoryItem, 'content'>, before: unknown): object {
  return content.kind === 'entry' ? writtenTask(content.entry, before as GoogleTask) : {};
}

function idIn(made: unknown): string {
  return (made as { readonly id: string }).id;
}

/** All that others can put into a task is where they move it: by the number of what they wanted to put there. */
function positionOf(decoration = ''): string | undefined {
  const [, number] = /^(?!position )\D*(\d+)$/.exec(decoration) ?? [];
  return number?.padStart(20, '0');
}
