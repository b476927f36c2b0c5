// How far a listing of tasks came, with the list that it was of: so the next one is one call. Pure.

import { textsOf, type Way } from '../places/cursor';

/** A listing of tasks, and from where it goes on. */
export interface TasksPlace {
  readonly listId: string;
  /** From when on changes are listed, by the clock of the server; an empty text where everything is. */
  readonly since: string;
  /** Where the next page is; an empty text on the first one. */
  readonly pageToken: string;
  /** The latest change that was listed by now, by the same clock; an empty text where there was none. */
  readonly latest: string;
}

/** The place as a text. */
export function spellTasksPlace(way: Way, { listId, since, pageToken, latest }: TasksPlace): string {
  return JSON.stringify([way.join(' '), listId, since, pageToken, latest]);
}

/** A place that still counts. */
export function readTasksPlace(way: Way, text: string): TasksPlace | undefined {
  const [spelled, listId = '', since = '', pageToken = '', latest = ''] = textsOf(text);
  if (spelled !== way.join(' ') || listId === '') return undefined;
  return { listId, since, pageToken, latest };
}
