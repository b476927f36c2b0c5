// What a test does with the tasks of a stand-in, beside asking it.

import type { Desk } from './calls';
import {
  keepTask,
  latestOf,
  taskListFor,
  taskListsOf,
  tasksIn,
  type GoogleTask,
  type StoredTask,
  type TaskList,
} from './task-world';

/** Tasks as people have them. */
export interface TaskHands {
  taskLists(email: string): readonly TaskList[];
  /** All tasks of a list as they are kept, those that are deleted among them. */
  tasks(email: string, list?: string): readonly StoredTask['data'][];
  /** Makes of a task whatever no API would: hidden, assigned, broken. */
  alterTask(email: string, list: string, id: string, work: (task: StoredTask['data']) => GoogleTask): void;
  /** Whether tasks in documents and chats are there from which others were assigned. */
  readonly originals: Set<string>;
  /** Deleted tasks disappear altogether. */
  forgetDeletedTasks(): void;
  /** A version that is named counts from here on. */
  honourVersions(): void;
  /** Listings show tasks as they were so many ms ago. */
  lagListings(ms: number): void;
}

export function taskHands({ world }: Desk): TaskHands {
  const { tasks, now } = world;
  return {
    originals: tasks.originals,
    taskLists: (email) => taskListsOf(tasks, email),
    tasks: (email, list = '@default') => tasksIn(taskListFor(tasks, email, list)).map(({ data }) => data),
    alterTask: (email, name, id, work) => {
      const list = taskListFor(tasks, email, name);
      const stored = latestOf(list, id);
      if (stored === undefined) throw new Error(`no task ${id}`);
      const task = work(stored.data);
      if (task.assignmentInfo?.linkToTask !== undefined) tasks.originals.add(task.assignmentInfo.linkToTask);
      keepTask(tasks, list, { ...task, id }, now());
    },
    forgetDeletedTasks: () => {
      for (const list of tasks.lists.values())
        for (const { data } of tasksIn(list)) if (data.deleted === true) list.tasks.delete(data.id);
    },
    honourVersions: () => void (tasks.honoursVersions = true),
    lagListings: (ms) => void (tasks.lagMs = ms),
  };
}
