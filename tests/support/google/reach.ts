// How far a token reaches: what a scope says in words about calendars, beyond the methods that it is good for.
// https://developers.google.com/workspace/calendar/api/auth

import { one, type Call } from './api';
import { GoogleError } from './errors';
import { calendarFor, type Calendar, type ListEntry, type Role } from './world';

const AUTH = 'https://www.googleapis.com/auth/';

/** A scope of Calendar by its short name. */
export function scope(name: string): string {
  return `${AUTH}${name}`;
}

/** Scopes that do not reach every calendar of a user. */
const REACH: ReadonlyMap<string, (calendar: Calendar, call: Call) => boolean> = new Map([
  // "Make secondary Google calendars, and see, create, change, and delete events on them": those that the application made.
  [scope('calendar.app.created'), (calendar, { token }) => calendar.madeBy === token.clientId],
  [scope('calendar.events.owned'), (calendar, { user }) => calendar.owner === user.email],
  [scope('calendar.events.owned.readonly'), (calendar, { user }) => calendar.owner === user.email],
]);

/** The calendar that a call names, which the user may do that much with, and which the token reaches. */
export function calendarOf(call: Call, least: Role, parameter = 'calendarId'): Calendar {
  const calendar = calendarFor(call.world, call.user, one(call, parameter) ?? '', least);
  const reaches = call.scopes.some((each) => call.token.scopes.has(each) && (REACH.get(each)?.(calendar, call) ?? true));
  // Which of 403 and 404 it is, is nowhere said.
  if (!reaches) throw new GoogleError('notFound');
  return calendar;
}

/** How a calendar stands in the list of the user who asks. */
export function entryOf(call: Call, calendar: Calendar): ListEntry {
  const entry = call.user.list.get(calendar.id);
  if (entry === undefined) throw new GoogleError('notFound');
  return entry;
}
