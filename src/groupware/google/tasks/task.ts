// What a task of Google's is: an entry, or why it is none. Pure.
// https://developers.google.com/workspace/tasks/reference/rest/v1/tasks

import { at } from '../../../core/shape';
import { normalized, type Span } from '../../../core/sync/entry';
import type { RemoteContent, RemoteGone, RemoteItem } from '../../groupware';
import { isDate } from '../places/moment';
import { readNotes } from './task-marker';

/** Everything of a task that is ever looked at; the rest is not even asked for. */
export const TASK_FIELDS = 'id,etag,title,notes,due,status,deleted,updated,assignmentInfo';

/** A task as it was understood; `undefined` for what is none. */
export function taskItemOf(task: unknown): RemoteItem | RemoteGone | undefined {
  const [id, version] = [at(task, 'id'), at(task, 'etag')];
  if (typeof id !== 'string' || id === '') return undefined;
  if (at(task, 'deleted') === true) return { id, gone: true };
  // It goes back in a header.
  if (typeof version !== 'string' || !/^[ -~]+$/.test(version)) return undefined;
  const { mark } = readNotes(notesOf(task));
  return { id, version, content: contentOf(task), ...(mark === undefined ? {} : { mark }) };
}

/** The notes as they stand there. */
export function notesOf(task: unknown): string {
  const notes = at(task, 'notes');
  return typeof notes === 'string' ? notes : '';
}

function contentOf(task: unknown): RemoteContent {
  // Of a document or a chat: to delete it would delete the original.
  if (at(task, 'assignmentInfo') !== undefined) return { kind: 'foreign' };
  const [subject, notes, status, due] = [at(task, 'title') ?? '', at(task, 'notes') ?? '', at(task, 'status'), at(task, 'due')];
  if (typeof subject !== 'string' || typeof notes !== 'string') return unreadable('its title or its notes are no text');
  if (status !== 'needsAction' && status !== 'completed') return unreadable('it is neither open nor completed');
  const time = dueOf(due);
  if (time === undefined) return unreadable('its due date is none');
  const entry = { kind: 'task', subject, time, place: '', notes: readNotes(notes).notes, done: status === 'completed' } as const;
  return { kind: 'entry', entry: normalized(entry) };
}

/** A day: it is spelled as midnight in UTC, and is that day wherever somebody is. */
function dueOf(due: unknown): Span | undefined {
  if (due === undefined) return {};
  const day = typeof due === 'string' ? due.replace(/T.*$/s, '') : '';
  return isDate(day) ? { end: { day } } : undefined;
}

function unreadable(words: string): RemoteContent {
  return { kind: 'unreadable', words };
}
