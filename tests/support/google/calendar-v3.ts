// Calendar v3 as a table. Verbs, paths and scopes are those of Google's discovery document,
// https://calendar-json.googleapis.com/$discovery/rest?version=v3

import type { Api, Method } from './api';
import {
  changeCalendar,
  changeListEntry,
  clearCalendar,
  deleteCalendar,
  deleteListEntry,
  getCalendar,
  getListEntry,
  insertCalendar,
  insertListEntry,
  listCalendars,
} from './calendars';
import { listEvents, listInstances } from './event-list';
import { deleteEvent, getEvent, importEvent, insertEvent, patchEvent, updateEvent } from './events';
import { queryFreeBusy } from './free-busy';
import { scope } from './reach';

const of = (...names: readonly string[]) => ['calendar', ...names].map(scope);
const EVENTS_WRITTEN = of('calendar.app.created', 'calendar.events', 'calendar.events.owned');
const EVENTS_READ = [...EVENTS_WRITTEN, ...of('calendar.readonly', 'calendar.events.readonly', 'calendar.events.owned.readonly')];
const CALENDAR_WRITTEN = of('calendar.app.created', 'calendar.calendars');
const CALENDAR_READ = [...CALENDAR_WRITTEN, ...of('calendar.readonly', 'calendar.calendars.readonly')];
const LIST_WRITTEN = of('calendar.calendarlist');
const LIST_READ = [...LIST_WRITTEN, ...of('calendar.readonly', 'calendar.calendarlist.readonly')];
const BUSY = of('calendar.readonly', 'calendar.events.freebusy', 'calendar.freebusy');

const method = (verb: Method['verb'], path: string, scopes: readonly string[], run: Method['run'], units = 1): Method => ({
  ...{ verb, path, scopes, run, units },
});

const EVENTS = 'calendars/{calendarId}/events';
const EVENT = `${EVENTS}/{eventId}`;
const CALENDAR = 'calendars/{calendarId}';
const LIST = 'users/me/calendarList';

export const calendarV3: Api = {
  name: 'calendar',
  path: '/calendar/v3/',
  batchPath: '/batch/calendar/v3',
  declaredIn: '@maxim_mazurok/gapi.client.calendar-v3',
  methods: {
    'events.list': method('GET', EVENTS, EVENTS_READ, listEvents),
    'events.get': method('GET', EVENT, EVENTS_READ, getEvent),
    'events.instances': method('GET', `${EVENT}/instances`, EVENTS_READ, listInstances),
    'events.import': method('POST', `${EVENTS}/import`, EVENTS_WRITTEN, importEvent),
    'events.insert': method('POST', EVENTS, EVENTS_WRITTEN, insertEvent),
    'events.update': method('PUT', EVENT, EVENTS_WRITTEN, updateEvent),
    // "each patch request consumes three quota units": the reference on events.patch.
    'events.patch': method('PATCH', EVENT, EVENTS_WRITTEN, patchEvent, 3),
    'events.delete': method('DELETE', EVENT, EVENTS_WRITTEN, deleteEvent),
    'calendars.get': method('GET', CALENDAR, CALENDAR_READ, getCalendar),
    'calendars.insert': method('POST', 'calendars', CALENDAR_WRITTEN, insertCalendar),
    'calendars.update': method('PUT', CALENDAR, CALENDAR_WRITTEN, changeCalendar),
    'calendars.patch': method('PATCH', CALENDAR, CALENDAR_WRITTEN, changeCalendar, 3),
    'calendars.delete': method('DELETE', CALENDAR, CALENDAR_WRITTEN, deleteCalendar),
    'calendars.clear': method('POST', `${CALENDAR}/clear`, of(), clearCalendar),
    'calendarList.list': method('GET', LIST, LIST_READ, listCalendars),
    'calendarList.get': method('GET', `${LIST}/{calendarId}`, LIST_READ, getListEntry),
    'calendarList.insert': method('POST', LIST, LIST_WRITTEN, insertListEntry),
    'calendarList.update': method('PUT', `${LIST}/{calendarId}`, LIST_WRITTEN, changeListEntry),
    'calendarList.patch': method('PATCH', `${LIST}/{calendarId}`, LIST_WRITTEN, changeListEntry, 3),
    'calendarList.delete': method('DELETE', `${LIST}/{calendarId}`, LIST_WRITTEN, deleteListEntry),
    'freebusy.query': method('POST', 'freeBusy', BUSY, queryFreeBusy),
  },
  leftOut: [
    ...['acl.delete', 'acl.get', 'acl.insert', 'acl.list', 'acl.patch', 'acl.update', 'acl.watch'],
    ...[
      'calendarList.watch',
      'calendars.transferOwnership',
      'channels.stop',
      'colors.get',
      'events.move',
      'events.quickAdd',
      'events.watch',
    ],
    ...['settings.get', 'settings.list', 'settings.watch'],
  ],
};
