// What the stand-in knows of tasks: the lists of each user, and what is in them, with how each task was before.

import { GoogleError } from './errors';
import { randomText } from './world';

/** A task in JSON, with what the stand-in looks at by name. */
export interface GoogleTask {
  readonly id?: string;
  readonly title?: string;
  readonly notes?: string;
  readonly due?: string;
  readonly status?: string;
  readonly completed?: string;
  readonly deleted?: boolean;
  readonly hidden?: boolean;
  readonly parent?: string;
  readonly position?: string;
  readonly updated?: string;
  readonly assignmentInfo?: { readonly surfaceType?: string; readonly linkToTask?: string; readonly [other: string]: unknown };
  readonly [other: string]: unknown;
}

/** A task as it was from a moment on. */
export interface StoredTask {
  readonly data: GoogleTask & { readonly id: string; readonly updated: string };
  /** Ms since 1970 UTC. */
  readonly at: number;
  /** Changes with every change. */
  readonly revision: number;
}

export interface TaskList {
  readonly id: string;
  readonly owner: string;
  title: string;
  updated: string;
  /** Changes with every change of what is in it. */
  revision: number;
  /** By their ids, each with all that it ever was, the latest last. */
  readonly tasks: Map<string, readonly StoredTask[]>;
}

export interface TaskWorld {
  readonly lists: Map<string, TaskList>;
  /** Addresses of the tasks in documents and chats that others were assigned from. */
  readonly originals: Set<string>;
  /** Whether a version that is named is looked at. No page says so. */
  honoursVersions: boolean;
  /** How long it takes until a listing shows a change, in ms. */
  lagMs: number;
  /** Counts changes. */
  revision: number;
}

/** https://developers.google.com/workspace/tasks/reference/rest/v1/tasks/insert and .../v1/tasklists/insert */
export const TASK_LIMITS = { lists: 2_000, inList: 20_000, inAll: 100_000, title: 1_024, notes: 8_192 } as const;

export function newTaskWorld(): TaskWorld {
  return { lists: new Map(), originals: new Set(), honoursVersions: false, lagMs: 0, revision: 0 };
}

/** Adds a list. */
export function addTaskList(world: TaskWorld, owner: string, title: string, now: number): TaskList {
  const list = { id: randomText(16), owner, title, updated: new Date(now).toISOString(), revision: 0, tasks: new Map() };
  world.lists.set(list.id, list);
  return list;
}

/** The lists of a user, the first of which nobody made. */
export function taskListsOf({ lists }: TaskWorld, email: string): readonly TaskList[] {
  return [...lists.values()].filter(({ owner }) => owner === email);
}

/** A list of a user’s own. */
export function taskListFor(world: TaskWorld, email: string, name: string): TaskList {
  const list = name === '@default' ? taskListsOf(world, email)[0] : world.lists.get(name);
  if (list?.owner !== email) throw new GoogleError('notFound');
  return list;
}

/** Keeps a task as it is now: whatever was changed, it has another version. */
export function keepTask(world: TaskWorld, list: TaskList, task: GoogleTask & { readonly id: string }, now: number): StoredTask {
  world.revision += 1;
  const updated = new Date(now).toISOString();
  const stored = { data: { ...task, updated }, at: now, revision: world.revision };
  list.tasks.set(task.id, [...(list.tasks.get(task.id) ?? []), stored]);
  list.updated = updated;
  list.revision = world.revision;
  return stored;
}

/** A task as it is. */
export function latestOf(list: TaskList, id: string): StoredTask | undefined {
  return list.tasks.get(id)?.at(-1);
}

/** All tasks of a list as they are, those that are deleted among them. */
export function tasksIn(list: TaskList): readonly StoredTask[] {
  return [...list.tasks.values()].flatMap((versions) => versions.at(-1) ?? []);
}

/** A task as a listing shows it, which may be how it was. */
export function listedOf({ lagMs }: TaskWorld, versions: readonly StoredTask[], now: number): StoredTask | undefined {
  return versions.findLast(({ at }) => at + lagMs <= now);
}

/** The version of a task, with its quotes. */
export function taskEtag({ revision }: StoredTask): string {
  return `"LTE4${Buffer.from(`r${revision}`).toString('base64url')}"`;
}
