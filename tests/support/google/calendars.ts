// Calendars, the list of them, and when they are busy.
// https://developers.google.com/workspace/calendar/api/v3/reference

import { isSet, one, type Call } from './api';
import { GoogleError, type Answer } from './errors';
import { patched } from './event-body';
import { pageOf } from './listings';
import { calendarOf, entryOf } from './reach';
import { addCalendar, enlist, keep, mayAtLeast, type Calendar, type ListEntry, type Role } from './world';
import { isZone } from './zones';

function shownCalendar(calendar: Calendar): object {
  return { kind: 'calendar#calendar', etag: `"c${calendar.revision}"`, id: calendar.id, ...calendar.properties };
}

export function getCalendar(call: Call): object {
  return shownCalendar(calendarOf(call, 'reader'));
}

/** Makes a secondary calendar. It has no id of the caller's: twice is two. */
export function insertCalendar(call: Call): object {
  const { summary, ...rest } = patched({}, call.body) as { readonly summary?: string; readonly timeZone?: string };
  if (summary === undefined || summary === '') throw new GoogleError('required', 'Missing title.');
  const properties = { timeZone: call.user.timeZone, ...rest, summary };
  checkZone(properties.timeZone);
  return shownCalendar(addCalendar(call.world, call.user, properties, { madeBy: call.token.clientId }));
}

export function changeCalendar(call: Call): object {
  const calendar = calendarOf(call, 'owner');
  const base = call.method === 'calendars.patch' ? calendar.properties : { timeZone: calendar.properties.timeZone };
  const properties = patched(base, call.body) as Calendar['properties'];
  if (typeof properties.summary !== 'string') throw new GoogleError('required', 'Missing title.');
  checkZone(properties.timeZone);
  calendar.properties = properties;
  calendar.revision += 1;
  return shownCalendar(calendar);
}

function checkZone(zone: string): void {
  if (!isZone(zone)) throw new GoogleError('invalid', 'Invalid time zone.');
}

/** A calendar that is deleted disappears from everybody's list. */
export function deleteCalendar(call: Call): Answer {
  const calendar = calendarOf(call, 'owner');
  if (calendar.isPrimary) throw new GoogleError('cannotDeletePrimaryCalendar');
  calendar.isDeleted = true;
  for (const user of call.world.users.values()) if (user.list.has(calendar.id)) enlist(user, calendar.id, { isDeleted: true });
  return { status: 204 };
}

/** Deletes all events of a primary calendar. */
export function clearCalendar(call: Call): Answer {
  const calendar = calendarOf(call, 'owner');
  if (!calendar.isPrimary) throw new GoogleError('invalid', 'Only primary calendars can be cleared.');
  for (const { data } of [...calendar.events.values()]) keep(calendar, { ...data, status: 'cancelled' });
  return { status: 204 };
}

function shownEntry(call: Call, entry: ListEntry): object {
  const base = { kind: 'calendar#calendarListEntry', etag: `"l${entry.revision}"`, id: entry.calendarId };
  if (entry.isDeleted) return { ...base, deleted: true };
  const calendar = call.world.calendars.get(entry.calendarId);
  return {
    ...base,
    ...calendar?.properties,
    ...entry.own,
    ...(calendar?.isPrimary === true && calendar.owner === call.user.email ? { primary: true } : { dataOwner: calendar?.owner }),
    ...{ accessRole: entry.role, defaultReminders: [] },
  };
}

export function getListEntry(call: Call): object {
  return shownEntry(call, entryOf(call, calendarOf(call, 'freeBusyReader')));
}

export function changeListEntry(call: Call): object {
  const calendar = calendarOf(call, 'freeBusyReader');
  const before = entryOf(call, calendar);
  const base = call.method === 'calendarList.patch' ? before.own : {};
  const own = patched(base, call.body) as ListEntry['own'];
  return shownEntry(call, enlist(call.user, calendar.id, { own }));
}

/** Puts a calendar that somebody shares with the user into the list again. */
export function insertListEntry(call: Call): object {
  const { id, ...own } = call.body;
  const known = call.user.list.get(String(id));
  if (known === undefined || call.world.calendars.get(known.calendarId)?.isDeleted !== false) throw new GoogleError('notFound');
  return shownEntry(call, enlist(call.user, known.calendarId, { own }));
}

export function deleteListEntry(call: Call): Answer {
  const calendar = calendarOf(call, 'freeBusyReader');
  if (calendar.owner === call.user.email) throw new GoogleError('forbidden', 'The owner cannot leave a calendar.');
  enlist(call.user, calendar.id, { isDeleted: true });
  return { status: 204 };
}

export function listCalendars(call: Call): object {
  const { user } = call;
  const least = one(call, 'minAccessRole') as Role | undefined;
  const isListed = (entry: ListEntry, since: number | undefined) =>
    (least === undefined || mayAtLeast(entry.role, least)) &&
    (since === undefined
      ? (!entry.isDeleted || isSet(call, 'showDeleted')) && (entry.own['hidden'] !== true || isSet(call, 'showHidden'))
      : entry.revision > since);
  const { items, ...tokens } = pageOf(call, {
    of: 'the list of calendars',
    revision: user.listRevision,
    ids: (since) => [...user.list.values()].filter((entry) => isListed(entry, since)).map(({ calendarId }) => calendarId),
    item: (id) => {
      const entry = user.list.get(id);
      return entry === undefined ? undefined : shownEntry(call, entry);
    },
    notWithSync: ['minAccessRole'],
    pages: { usual: 100, longest: 250 },
  });
  return { kind: 'calendar#calendarList', etag: `"p${user.listRevision}"`, items, ...tokens };
}
