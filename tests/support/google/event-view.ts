// How an event is shown to whoever asks.

import {
  etagOf,
  mayAtLeast,
  without,
  type Calendar,
  type EventTime,
  type GoogleEvent,
  type Role,
  type StoredEvent,
} from './world';
import { spelledMoment } from './zones';

/** Who looks, and how. */
export interface Look {
  readonly role: Role;
  /** In which moments are spelled; the zone that an event was made in stands beside them. */
  readonly zone: string;
  /** Whether what was deleted shows more than that. */
  readonly showsDeleted: boolean;
  readonly maxAttendees?: number;
}

/** An event in JSON. */
export function viewed(calendar: Calendar, stored: StoredEvent, look: Look): GoogleEvent {
  const { data } = stored;
  const base = { kind: 'calendar#event', etag: etagOf(calendar, stored), id: data.id, status: data.status };
  const { start, end, originalStartTime, recurringEventId } = data;
  const times = {
    ...shown('start', start, look.zone),
    ...shown('end', end, look.zone),
    ...shown('originalStartTime', originalStartTime, look.zone),
    ...(recurringEventId === undefined ? {} : { recurringEventId }),
  };
  if (data.status === 'cancelled' && !look.showsDeleted) {
    return { ...base, ...without(times, 'start', 'end') };
  }
  if (isHidden(data, look.role)) return { ...base, ...times, iCalUID: data.iCalUID, visibility: data.visibility ?? 'private' };
  return { ...base, ...data, ...times, ...people(calendar, data, look.maxAttendees) };
}

/** Details of what is private are for those who may write. */
function isHidden({ visibility }: GoogleEvent, role: Role): boolean {
  return !mayAtLeast(role, 'writer') && (visibility === 'private' || visibility === 'confidential' || role === 'freeBusyReader');
}

function shown(
  name: 'start' | 'end' | 'originalStartTime',
  time: EventTime | undefined,
  zone: string,
): Partial<Record<typeof name, EventTime>> {
  if (time === undefined) return {};
  if (time.dateTime === undefined) return { [name]: time };
  return { [name]: { ...time, dateTime: spelledMoment(Date.parse(time.dateTime), zone) } };
}

/** Whose copy it is, is told by `self`. */
function people(calendar: Calendar, { organizer, attendees, creator }: GoogleEvent, most = Infinity): Partial<GoogleEvent> {
  const self = (email: unknown) => (email === calendar.id ? { self: true } : {});
  const guests = attendees?.map((guest) => ({
    ...guest,
    ...(guest.email === organizer?.email ? { organizer: true } : {}),
    ...self(guest.email),
  }));
  const isCut = guests !== undefined && guests.length > most;
  const made = creator as { readonly email?: string } | undefined;
  return {
    ...(organizer === undefined ? {} : { organizer: { ...organizer, ...self(organizer.email) } }),
    ...(made === undefined ? {} : { creator: { ...made, ...self(made.email) } }),
    ...(guests === undefined ? {} : { attendees: isCut ? guests.filter((guest) => 'self' in guest) : guests }),
    ...(isCut ? { attendeesOmitted: true } : {}),
  };
}
