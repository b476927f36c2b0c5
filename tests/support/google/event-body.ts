// What may be written into an event, and what Google makes of it.
// https://developers.google.com/workspace/calendar/api/v3/reference/events, where nothing else is said.

import { GoogleError } from './errors';
import { ruleProblem } from './series';
import { isObject } from './strict';
import type { EventTime, GoogleEvent, Guest } from './world';
import { isDate, isZone, momentOf, readDateTime } from './zones';

/** What a PATCH makes of a value: `null` takes away, objects are gone through, lists and reminders are replaced. */
export function patched(before: unknown, change: unknown, name = ''): unknown {
  if (!isObject(change)) return change;
  const old = isObject(before) && name !== 'reminders' ? before : {};
  const all = { ...old };
  for (const [key, value] of Object.entries(change)) {
    const next = patched(old[key], value, key);
    // `{}` is a value; what only nulls were given for is gone.
    const isEmptied = isObject(next) && Object.keys(next).length === 0 && isObject(value) && Object.keys(value).length > 0;
    if (next === null || isEmptied) Reflect.deleteProperty(all, key);
    else all[key] = next;
  }
  return all;
}

/** Fields that are only heard with a parameter, which says that the client knows of them. */
export function heard(body: GoogleEvent, isOn: (parameter: string, value: string) => boolean): GoogleEvent {
  const deaf = new Set([
    ...(isOn('supportsAttachments', 'true') ? [] : ['attachments']),
    ...(isOn('conferenceDataVersion', '1') ? [] : ['conferenceData']),
    ...(isOn('eventLabelVersion', '1') ? ['colorId'] : ['eventLabelId']),
  ]);
  return Object.fromEntries(Object.entries(body).filter(([name]) => !deaf.has(name)));
}

/** An event whose parts are in order, or a refusal. `before` is what it was; left out where it is new. */
export function checkedEvent(
  draft: GoogleEvent,
  before: GoogleEvent | undefined,
  calendar: { readonly isPrimary: boolean },
): GoogleEvent {
  const isSeries = draft.recurrence !== undefined && draft.recurrence.length > 0;
  const [start, end] = [timeOf(draft.start, 'start', isSeries), timeOf(draft.end, 'end', isSeries)];
  checkRange(start, end);
  const problem = draft.recurrence?.map(ruleProblem).find((each) => each !== undefined);
  if (problem !== undefined) throw new GoogleError('invalid', `Invalid recurrence rule. (${problem})`);
  if (before === undefined && draft.status === 'cancelled') throw new GoogleError('invalid', 'An event is not born cancelled.');
  const eventType = draft.eventType ?? before?.eventType ?? 'default';
  checkType({ ...draft, start, eventType }, before, calendar);
  checkReminders(draft);
  const attendees = draft.attendees?.map(checkedGuest);
  return {
    ...defaults(start),
    ...withoutNulls(draft),
    ...{ start, end, eventType },
    ...(attendees === undefined ? {} : { attendees }),
    ...extended(draft),
    sequence: sequenceOf({ ...draft, start, end }, before),
  };
}

/** Of an event all day Google writes the calendar's reminders out, and ours has none. */
function defaults(start: EventTime): GoogleEvent {
  return { status: 'confirmed', reminders: { useDefault: start.date === undefined } };
}

function withoutNulls(value: GoogleEvent): GoogleEvent {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
}

function timeOf(time: EventTime | undefined, which: 'start' | 'end', isSeries: boolean): EventTime {
  if (!isObject(time)) throw new GoogleError('required', `Missing ${which} time.`);
  const { date, dateTime, timeZone } = withoutNulls(time) as EventTime;
  if ((date === undefined) === (dateTime === undefined)) throw new GoogleError('invalid', `Invalid ${which} time.`);
  if (timeZone !== undefined && !isZone(timeZone))
    throw new GoogleError('invalid', `Invalid time zone definition for ${which} time.`);
  const zone = timeZone === undefined ? {} : { timeZone };
  if (date !== undefined) {
    if (!isDate(date)) throw new GoogleError('invalid', `Invalid ${which} time.`);
    return { date, ...zone };
  }
  const read = readDateTime(dateTime ?? '');
  if (read === undefined) throw new GoogleError('badRequest', `Invalid ${which} time.`);
  const moment = read.moment ?? (timeZone === undefined ? undefined : momentOf(read.wallClock, timeZone));
  if (moment === undefined || (isSeries && timeZone === undefined))
    throw new GoogleError('required', `Missing time zone definition for ${which} time.`);
  return { dateTime: new Date(moment).toISOString().replace('.000Z', 'Z'), ...zone };
}

/** A day ends on the one after it; a moment may end at once. */
function checkRange(start: EventTime, end: EventTime): void {
  if ((start.date === undefined) !== (end.date === undefined))
    throw new GoogleError('invalid', 'Start and end times must either both be date or both be dateTime.');
  const isEmpty =
    start.date === undefined || end.date === undefined
      ? Date.parse(end.dateTime ?? '') < Date.parse(start.dateTime ?? '')
      : end.date <= start.date;
  if (isEmpty) throw new GoogleError('timeRangeEmpty');
}

/** https://developers.google.com/workspace/calendar/api/guides/event-types */
interface TypeRules {
  /** Whether the API can make one. */
  readonly isMade: boolean;
  readonly isPrimaryOnly?: boolean;
  readonly lasts?: 'days' | 'moments';
  /** What tells of it; no other type has it. */
  readonly properties?: string;
  /** Whether its words and times stay as they are. */
  readonly isFrozen?: boolean;
}
const TYPES: Readonly<Record<string, TypeRules>> = {
  default: { isMade: true },
  birthday: { isMade: true, isPrimaryOnly: true, lasts: 'days', properties: 'birthdayProperties', isFrozen: true },
  focusTime: { isMade: true, isPrimaryOnly: true, lasts: 'moments', properties: 'focusTimeProperties' },
  fromGmail: { isMade: false, isPrimaryOnly: true, isFrozen: true },
  outOfOffice: { isMade: true, isPrimaryOnly: true, lasts: 'moments', properties: 'outOfOfficeProperties' },
  workingLocation: { isMade: true, isPrimaryOnly: true, properties: 'workingLocationProperties' },
};
const FROZEN = ['summary', 'description', 'location', 'start', 'end', 'recurrence'] as const;

function checkType(draft: GoogleEvent, before: GoogleEvent | undefined, calendar: { readonly isPrimary: boolean }): void {
  const type = draft.eventType ?? 'default';
  const rules = TYPES[type];
  if (rules === undefined) throw new Error(`an event type that nobody knows: ${type}`);
  const refuse = (words: string) => new GoogleError('eventTypeRestriction', words);
  if (before === undefined ? !rules.isMade : before.eventType !== type) throw refuse(`An event cannot be made '${type}'.`);
  if (rules.isPrimaryOnly === true && !calendar.isPrimary) throw refuse(`'${type}' events are only on primary calendars.`);
  if (rules.lasts !== undefined && (draft.start?.date !== undefined) !== (rules.lasts === 'days'))
    throw refuse(`'${type}' lasts otherwise.`);
  for (const { properties } of Object.values(TYPES))
    if (properties !== undefined && properties !== rules.properties && draft[properties] !== undefined)
      throw refuse(`'${type}' events have no ${properties}.`);
  if (type === 'workingLocation' && !isObject(draft['workingLocationProperties']))
    throw new GoogleError('malformedWorkingLocationEvent');
  if (rules.isFrozen === true && before !== undefined && FROZEN.some((name) => !isSame(draft[name], before[name])))
    throw refuse(`Attempt made to modify '${type}' event.`);
}

/** Whether two values in JSON are the same, whatever the order of their fields. */
export function isSame(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return JSON.stringify(one) === JSON.stringify(other);
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => isSame(one[name], other[name]));
}

function checkReminders({ reminders }: GoogleEvent): void {
  const overrides = reminders?.overrides ?? [];
  if (reminders?.useDefault === true && overrides.length > 0)
    throw new GoogleError('cannotUseDefaultRemindersAndSpecifyOverride');
  if (overrides.length > 5) throw new GoogleError('eventRemindersCountExceedsLimit');
}

function checkedGuest(guest: Guest): Guest {
  if (typeof guest.email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(guest.email))
    throw new GoogleError('invalid', 'Invalid attendee email.');
  return { ...guest, email: guest.email.toLowerCase(), responseStatus: guest.responseStatus ?? 'needsAction' };
}

/** Longer keys are dropped and longer values cut, and nobody is told: the guide on extended properties. */
function extended({ extendedProperties }: GoogleEvent): GoogleEvent {
  if (extendedProperties === undefined) return {};
  const kept = Object.entries(extendedProperties).map(([scope, properties]) => [
    scope,
    Object.fromEntries(
      Object.entries(properties)
        .filter(([key]) => key.length <= 44)
        .map(([key, value]) => [key, value.slice(0, 1_024)]),
    ),
  ]);
  return { extendedProperties: Object.fromEntries(kept.filter(([, each]) => Object.keys(each ?? {}).length > 0)) };
}

const OLD_SEQUENCE =
  'Invalid sequence value. The specified sequence number is below the current sequence number of the resource. ' +
  'Re-fetch the resource and use its sequence number on the following request.';

/** A number that is too low tells of an older copy; a new time counts one up. */
function sequenceOf(draft: GoogleEvent, before: GoogleEvent | undefined): number {
  const now = before?.sequence ?? 0;
  const given = draft.sequence ?? now;
  if (given < now) throw new GoogleError('invalid', OLD_SEQUENCE);
  const isMoved =
    before !== undefined && (['start', 'end', 'recurrence'] as const).some((name) => !isSame(draft[name], before[name]));
  return isMoved && given === now ? now + 1 : given;
}
