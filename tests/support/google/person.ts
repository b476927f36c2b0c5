// A person with Google's own calendar before them: what they do there needs no token, is not counted, and never goes wrong.

import { isDay, type Entry, type When } from '../../../src/core/sync/entry';
import type { Person } from '../../groupware/suite';
import type { GoogleServer } from './google-server';
import type { GoogleEvent } from './world';

/** A colour, guests, a reminder and whatever else there is, and no program of ours ever writes. */
const DECORATIONS = {
  colorId: '11',
  attendees: [{ email: 'guest@elsewhere.example', responseStatus: 'accepted' }],
  reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 15 }] },
  extendedProperties: { private: { theirs: 'a;b', other: '1' }, shared: { room: '"7"' } },
  guestsCanInviteOthers: false,
  transparency: 'transparent',
  source: { title: 'A page', url: 'https://example.com/x' },
} satisfies GoogleEvent;

const PRIVATE = { summary: 'SECRET', description: 'SECRET', location: 'SECRET', visibility: 'private' };

/** Somebody with a calendar, which is asked for at each step, since it may not be there before. */
export function googlePerson(server: GoogleServer, email: string, calendarId: () => string = () => 'primary'): Person {
  const path = (id = '') => `/calendar/v3/calendars/${encodeURIComponent(calendarId())}/events${id === '' ? '' : `/${id}`}`;
  const patch = (id: string, change: object) => server.act(email, 'PATCH', path(id), change);
  const alter = (id: string, work: (event: GoogleEvent) => GoogleEvent) => server.alter(email, calendarId(), id, work);
  const done = (work: () => unknown): Promise<void> => Promise.resolve().then(() => void work());
  return {
    add: (entry) =>
      Promise.resolve().then(() => (server.act(email, 'POST', path(), written(entry)) as { readonly id: string }).id),
    edit: (id, change) => done(() => patch(id, written(change))),
    remove: (id) => done(() => server.act(email, 'DELETE', path(id))),
    turn: (id, into) =>
      done(() => {
        if (into === 'private') patch(id, PRIVATE);
        else if (into === 'series') patch(id, inZones(server.act(email, 'GET', path(id)) as GoogleEvent));
        else
          alter(id, (event) =>
            into === 'foreign' ? { ...event, organizer: { email: 'boss@elsewhere.example' } } : broken(event),
          );
      }),
    decorate: (id) => done(() => patch(id, withOwn(server.act(email, 'GET', path(id)) as GoogleEvent))),
    decorations: (id) =>
      Promise.resolve().then(() => {
        const event = server.act(email, 'GET', path(id)) as GoogleEvent;
        const own = Object.fromEntries(Object.keys(DECORATIONS).map((name) => [name, event[name]]));
        const { theirs, other } = event.extendedProperties?.private ?? {};
        return { ...own, extendedProperties: { private: { theirs, other }, shared: event.extendedProperties?.shared } };
      }),
    // The moment stays, and the zone is another one.
    respell: (id) => done(() => patch(id, { start: { timeZone: 'UTC' }, end: { timeZone: 'UTC' } })),
  };
}

/** Fields of an entry as Google has them; the other form of a time is taken away. */
function written({ subject, place, notes, time }: Partial<Entry>): GoogleEvent {
  return {
    ...(subject === undefined ? {} : { summary: subject }),
    ...(place === undefined ? {} : { location: place }),
    ...(notes === undefined ? {} : { description: notes }),
    ...(time?.begin === undefined ? {} : { start: timeOf(time.begin) }),
    ...(time?.end === undefined ? {} : { end: timeOf(time.end) }),
  };
}

function timeOf(when: When): object {
  if (isDay(when)) return { date: when.day, dateTime: null, timeZone: null };
  return { date: null, dateTime: when.wallClock, timeZone: when.timeZone };
}

/** What a client has put there itself stays. */
function withOwn(event: GoogleEvent): GoogleEvent {
  const ours = event.extendedProperties?.private ?? {};
  const { private: theirs, shared } = DECORATIONS.extendedProperties;
  return { ...DECORATIONS, extendedProperties: { private: { ...ours, ...theirs }, shared } };
}

/** A series needs a zone. */
function inZones({ start, end }: GoogleEvent): GoogleEvent {
  const zoned = { timeZone: start?.timeZone ?? 'Europe/Zurich' };
  return { start: { ...start, ...zoned }, end: { ...end, ...zoned }, recurrence: ['RRULE:FREQ=DAILY;COUNT=5'] };
}

/** In a zone that nobody knows. */
function broken(event: GoogleEvent): GoogleEvent {
  const nowhere = { timeZone: 'Nowhere/Land' };
  return { ...event, start: { ...event.start, ...nowhere }, end: { ...event.end, ...nowhere } };
}
