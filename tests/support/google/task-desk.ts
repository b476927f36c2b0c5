// Two people with a list of tasks each, for the tests of Tasks.

import { asking, type Asked, type Asking } from './asking';
import { startGoogleServer, type GoogleServer } from './google-server';
import { scope } from './reach';
import type { GoogleTask } from './task-world';

export const ANN = 'ann@example.com';
export const BOB = 'bob@example.com';
export const TASKS = 'lists/@default/tasks';
export const LISTS = 'users/@me/lists';
export const CALL = { title: 'Call', notes: 'About the offer', due: '2026-03-02T00:00:00.000Z' };
/** What a task is that was assigned in a chat. */
export const ASSIGNED = { surfaceType: 'SPACE', linkToTask: 'https://chat.example/1', spaceInfo: { space: 'spaces/1' } } as const;

/** Starts a stand-in before each test of a file, and closes it behind it. */
export function useTasks() {
  let [server, now]: [GoogleServer | undefined, number] = [undefined, 0];
  const tokens = new Map<string, string>();
  const running = () => {
    if (server === undefined) throw new Error('no test is running');
    return server;
  };
  beforeEach(async () => {
    now = Date.parse('2026-03-01T12:00:00Z');
    server = await startGoogleServer({ now: () => now });
    for (const email of [ANN, BOB]) {
      server.addUser(email);
      tokens.set(email, server.grant(email, [scope('tasks')]).access);
    }
  });
  afterEach(() => server?.close());
  const as =
    (email: string): Asking =>
    (...call) =>
      asking(running(), tokens.get(email), 'tasks')(...call);
  const ask = as(ANN);
  const listOf = () => running().taskLists(ANN)[0]?.id ?? '';
  return {
    ...{ ask, bob: as(BOB) },
    get server() {
      return running();
    },
    /** Lets time pass, in ms. */
    pass: (ms: number) => {
      now += ms;
    },
    listOf,
    made: async (body: object = {}, query = '') => taskOf(await ask('POST', `${TASKS}${query}`, { ...CALL, ...body })),
    got: async (id: string) => taskOf(await ask('GET', `${TASKS}/${id}`)),
    patch: (id: string, change: object, etag?: string) =>
      ask('PATCH', `${TASKS}/${id}`, change, etag === undefined ? {} : { 'If-Match': etag }),
    remove: (id: string) => ask('DELETE', `${TASKS}/${id}`),
    list: (query = '') => ask('GET', `${TASKS}${query}`),
    /** What somebody assigned to Ann. */
    assigned: async (of: GoogleTask['assignmentInfo'] = ASSIGNED) => {
      const { id } = taskOf(await ask('POST', TASKS, { title: 'Assigned' }));
      running().alterTask(ANN, listOf(), id, (task) => ({ ...task, assignmentInfo: of }));
      return id;
    },
  };
}

type Task = GoogleTask & { readonly id: string; readonly etag: string };

function taskOf({ body }: Asked): Task {
  return body as unknown as Task;
}

/** The tasks, or the lists, of an answer. */
export function itemsOf({ body }: Asked): readonly Task[] {
  return (body['items'] ?? []) as readonly Task[];
}

/** What the tasks of an answer are called. */
export function titlesOf(answer: Asked): readonly unknown[] {
  return itemsOf(answer).map(({ title }) => title);
}
