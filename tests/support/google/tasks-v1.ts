// Tasks v1 as a table. Verbs, paths and scopes are those of Google's discovery document,
// https://tasks.googleapis.com/$discovery/rest?version=v1

import type { Api, Method } from './api';
import { scope } from './reach';
import { changeTaskList, deleteTaskList, getTaskList, insertTaskList, listTaskLists } from './task-lists';
import { listTasks } from './task-listing';
import { clearTasks, deleteTask, getTask, insertTask, moveTask, patchTask, updateTask } from './tasks';

const WRITTEN = [scope('tasks')];
const READ = [...WRITTEN, scope('tasks.readonly')];

const LISTS = 'users/@me/lists';
const LIST = `${LISTS}/{tasklist}`;
const TASKS = 'lists/{tasklist}/tasks';
const TASK = `${TASKS}/{task}`;

const reads = (path: string, run: Method['run']): Method => ({ verb: 'GET', path, scopes: READ, run });
const writes = (verb: Method['verb'], path: string, run: Method['run']): Method => ({ verb, path, scopes: WRITTEN, run });

export const tasksV1: Api = {
  name: 'tasks',
  path: '/tasks/v1/',
  batchPath: '/batch',
  declaredIn: '@maxim_mazurok/gapi.client.tasks-v1',
  methods: {
    'tasklists.list': reads(LISTS, listTaskLists),
    'tasklists.get': reads(LIST, getTaskList),
    'tasklists.insert': writes('POST', LISTS, insertTaskList),
    'tasklists.update': writes('PUT', LIST, changeTaskList),
    'tasklists.patch': writes('PATCH', LIST, changeTaskList),
    'tasklists.delete': writes('DELETE', LIST, deleteTaskList),
    'tasks.list': reads(TASKS, listTasks),
    'tasks.get': reads(TASK, getTask),
    'tasks.insert': writes('POST', TASKS, insertTask),
    'tasks.update': writes('PUT', TASK, updateTask),
    'tasks.patch': writes('PATCH', TASK, patchTask),
    'tasks.delete': writes('DELETE', TASK, deleteTask),
    'tasks.move': writes('POST', `${TASK}/move`, moveTask),
    'tasks.clear': writes('POST', 'lists/{tasklist}/clear', clearTasks),
  },
  leftOut: [],
};
