// Entries as tasks of Google's: a new one, and what changes of one. Pure.
// https://developers.google.com/workspace/tasks/reference/rest/v1/tasks

import { dayIn } from '../../../core/sync/all-day';
import { isDay, normalized, type Entry } from '../../../core/sync/entry';
import type { StepTo } from '../../text-item';
import { markerOf, readNotes, withMarker } from './task-marker';

/** A new task, whose day is that of the user’s zone. */
export function newTask({ linkId, entry, url }: Omit<StepTo<'create'>, 'do'>, timeZone: string): object {
  const { subject, notes, done, time } = normalized(entry);
  const day = dayOf(time, timeZone);
  return {
    title: subject,
    notes: withMarker(notes, markerOf(linkId, url)),
    ...(day === undefined ? {} : { due: spelledDay(day) }),
    ...(done ? { status: 'completed' } : {}),
  };
}

/**
 * What has to be sent so that some fields of a task are those of an entry; `undefined` where they are so already. `notes` are those that
 * stand there: their line of ours stays, and where people took it out none is put back.
 */
export function changeOfTask(
  current: { readonly entry: Entry; readonly notes: string },
  { entry, fields }: Pick<StepTo<'update'>, 'entry' | 'fields'>,
  timeZone: string,
): object | undefined {
  const wanted = normalized(entry);
  const [before, day] = [dayOf(current.entry.time, timeZone), dayOf(wanted.time, timeZone)];
  const isNew = (field: 'subject' | 'notes' | 'done') => fields.includes(field) && current.entry[field] !== wanted[field];
  const change = {
    ...(isNew('subject') ? { title: wanted.subject } : {}),
    ...(isNew('notes') ? { notes: withMarker(wanted.notes, readNotes(current.notes).marker) } : {}),
    ...(isNew('done') ? (wanted.done ? { status: 'completed' } : { status: 'needsAction', completed: null }) : {}),
    ...(fields.includes('time') && day !== before ? { due: day === undefined ? null : spelledDay(day) } : {}),
  };
  return Object.keys(change).length === 0 ? undefined : change;
}

function dayOf({ end }: Entry['time'], timeZone: string): string | undefined {
  return end === undefined || isDay(end) ? end?.day : dayIn(end, timeZone);
}

function spelledDay(day: string): string {
  return `${day}T00:00:00.000Z`;
}
