// The methods of events, but for listing.
// https://developers.google.com/workspace/calendar/api/v3/reference/events

import { isSet, one, type Call } from './api';
import { GoogleError, type Answer } from './errors';
import { checkedEvent, heard, patched } from './event-body';
import { viewed, type Look } from './event-view';
import { followGuest, followOrganizer, isGuestsChange, isOrganizer, type Notified } from './guests';
import { calendarOf, entryOf } from './reach';
import { findEvent } from './series';
import { etagOf, keep, randomText, without, type Calendar, type GoogleEvent, type StoredEvent } from './world';
import { isZone } from './zones';

type Data = StoredEvent['data'];

/** How the user who asks sees events of a calendar. */
export function lookOf(call: Call, calendar: Calendar, showsDeleted: boolean): Look {
  const zone = one(call, 'timeZone') ?? calendar.properties.timeZone;
  if (!isZone(zone)) throw new GoogleError('invalid', 'Invalid time zone.', { location: 'timeZone' });
  const most = Number(one(call, 'maxAttendees') ?? 0);
  return { role: entryOf(call, calendar).role, zone, showsDeleted, ...(most > 0 ? { maxAttendees: most } : {}) };
}

function shownTo(call: Call, calendar: Calendar, stored: StoredEvent): Answer {
  const body = viewed(calendar, stored, lookOf(call, calendar, true));
  return { status: 200, headers: { ETag: etagOf(calendar, stored) }, body };
}

/** An event that there is, deleted or not. */
function eventOf(call: Call, calendar: Calendar): StoredEvent {
  const stored = findEvent(calendar, one(call, 'eventId') ?? '');
  if (stored === undefined) throw new GoogleError('notFound');
  return stored;
}

export function getEvent(call: Call): Answer {
  const calendar = calendarOf(call, 'reader');
  const stored = eventOf(call, calendar);
  if (call.headers['if-none-match'] === etagOf(calendar, stored)) return { status: 304 };
  return shownTo(call, calendar, stored);
}

export function insertEvent(call: Call): Answer {
  const calendar = calendarOf(call, 'writer');
  const body = written(call);
  if (body.id !== undefined && body.iCalUID !== undefined)
    throw new GoogleError('invalid', 'Only one of id and iCalUID may be given.');
  if (body.id !== undefined && !/^[a-v0-9]{5,1024}$/.test(body.id))
    throw new GoogleError('invalid', 'Invalid resource id value.');
  const id = body.id ?? randomText(13);
  const event = checkedEvent(body, undefined, calendar);
  if (calendar.events.has(id) || calendar.burnt.has(id)) throw new GoogleError('duplicate');
  return save(call, calendar, undefined, { ...event, ...born(call, calendar, id, body.iCalUID ?? `${id}@google.com`) });
}

/** What Google says of an event that is new. */
function born(call: Call, calendar: Calendar, id: string, iCalUID: string) {
  const organizer = calendar.isPrimary
    ? { email: calendar.id }
    : { email: calendar.id, displayName: calendar.properties.summary };
  const stamp = new Date(call.world.now()).toISOString();
  const link = `https://www.google.com/calendar/event?eid=${Buffer.from(`${id} ${calendar.id}`).toString('base64url')}`;
  return { id, iCalUID, status: 'confirmed', htmlLink: link, created: stamp, creator: { email: call.user.email }, organizer };
}

/** Adds a private copy, or changes the one of that iCalUID; nobody is invited. */
export function importEvent(call: Call): Answer {
  const calendar = calendarOf(call, 'writer');
  const body = without(written(call), 'id');
  const { iCalUID } = body;
  if (iCalUID === undefined) throw new GoogleError('required', 'Missing iCalUID.');
  const same = [...calendar.events.values()].find(({ data }) => data.iCalUID === iCalUID && data.recurringEventId === undefined);
  const event = checkedEvent(body, same?.data, calendar);
  if (event.eventType !== 'default') throw new GoogleError('eventTypeRestriction', 'Only default events can be imported.');
  const fixed = same === undefined ? born(call, calendar, randomText(13), iCalUID) : immutable(same.data);
  const organizer = body.organizer ?? fixed.organizer;
  return shownTo(
    call,
    calendar,
    keep(calendar, { ...event, ...fixed, ...(organizer === undefined ? {} : { organizer }), ...updated(call) }),
  );
}

/** Replaces an event: what is not sent is gone. */
export function updateEvent(call: Call): Answer {
  const { calendar, before } = changeable(call);
  const body = written(call);
  if (body.eventType === undefined && before.data.eventType !== undefined && before.data.eventType !== 'default')
    throw new GoogleError('eventTypeRestriction', 'The event type cannot be changed.');
  const event = checkedEvent(body, before.data, calendar);
  return save(call, calendar, before, { ...event, ...immutable(before.data), ...statusOf(event) });
}

/** Changes what is named, and nothing else. */
export function patchEvent(call: Call): Answer {
  const { calendar, before } = changeable(call);
  const draft = patched(before.data, heardIn(call)) as GoogleEvent;
  const event = checkedEvent(draft, before.data, calendar);
  return save(call, calendar, before, { ...event, ...immutable(before.data), ...statusOf(event) });
}

export function deleteEvent(call: Call): Answer {
  const calendar = calendarOf(call, 'writer');
  const before = eventOf(call, calendar);
  if (before.data.status === 'cancelled') throw new GoogleError('deleted');
  checkVersion(call, calendar, before);
  removeEvent(call, calendar, before);
  return { status: 204 };
}

/** An event of which some change is to be made: there, and of the version that the caller knows. */
function changeable(call: Call): { readonly calendar: Calendar; readonly before: StoredEvent } {
  const calendar = calendarOf(call, 'writer');
  const before = eventOf(call, calendar);
  // googleapis/google-api-ruby-client#1811
  if (before.data.status === 'cancelled') throw new GoogleError('forbidden');
  checkVersion(call, calendar, before);
  return { calendar, before };
}

function checkVersion({ headers }: Call, calendar: Calendar, before: StoredEvent): void {
  const wanted = headers['if-match'];
  if (wanted !== undefined && wanted !== '*' && wanted !== etagOf(calendar, before)) throw new GoogleError('conditionNotMet');
}

/** A body without nulls and without what is not heard; guests only from somebody who may ask them. */
function written(call: Call): GoogleEvent {
  return patched({}, heardIn(call)) as GoogleEvent;
}

function heardIn(call: Call): GoogleEvent {
  const body: GoogleEvent = call.body;
  const { token } = call;
  if (token.serviceAccount !== undefined && !token.isDelegated && (body.attendees?.length ?? 0) > 0)
    throw new GoogleError('forbiddenForServiceAccounts');
  return heard(body, (parameter, value) => one(call, parameter) === value);
}

/** What no change changes. */
function immutable({ id, iCalUID, organizer, recurringEventId, originalStartTime, ...rest }: Data) {
  const { created, creator, htmlLink } = rest;
  const of = Object.entries({ organizer, recurringEventId, originalStartTime, created, creator, htmlLink });
  const known: GoogleEvent = Object.fromEntries(of.filter(([, value]) => value !== undefined));
  return { ...known, id, iCalUID, status: rest.status };
}

function statusOf({ status = 'confirmed' }: GoogleEvent): { readonly status: string } {
  return { status };
}

function updated({ world }: Call): { readonly updated: string } {
  return { updated: new Date(world.now()).toISOString() };
}

/** Keeps a change, and lets it go out to the other copies. A status of `cancelled` deletes. */
function save(call: Call, calendar: Calendar, before: StoredEvent | undefined, after: Data): Answer {
  const isOwn = isOrganizer(calendar, after);
  if (before !== undefined && !isOwn && !isGuestsChange(calendar, before.data, after))
    throw new GoogleError('forbiddenForNonOrganizer');
  if (after.status === 'cancelled' && before !== undefined) return shownTo(call, calendar, removeEvent(call, calendar, before));
  // Reminders do not move it: the reference on `updated`.
  const rest = (event: GoogleEvent) => JSON.stringify(without(event, 'reminders', 'updated'));
  const isQuiet = before?.data.updated !== undefined && rest(before.data) === rest(after);
  const stored = keep(calendar, { ...after, ...(isQuiet ? { updated: before.data.updated } : updated(call)) });
  if (isOwn) followOrganizer(call.world, calendar, before?.data, stored, notified(call));
  else followGuest(call.world, calendar, stored, false);
  return shownTo(call, calendar, stored);
}

/** An event is kept as cancelled. Of a series, the exceptions go with it. */
function removeEvent(call: Call, calendar: Calendar, { data }: StoredEvent): StoredEvent {
  for (const { data: exception } of calendar.events.values())
    if (exception.recurringEventId === data.id) {
      calendar.events.delete(exception.id);
      calendar.burnt.add(exception.id);
    }
  const stored = keep(calendar, { ...data, status: 'cancelled', ...updated(call) });
  if (isOrganizer(calendar, data)) followOrganizer(call.world, calendar, data, stored, notified(call));
  else followGuest(call.world, calendar, stored, true);
  return stored;
}

function notified(call: Call): Notified {
  const said = one(call, 'sendUpdates');
  if (said === 'all' || said === 'externalOnly') return said;
  return said === undefined && isSet(call, 'sendNotifications') ? 'all' : 'none';
}
