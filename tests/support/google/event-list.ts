// events.list and events.instances.
// https://developers.google.com/workspace/calendar/api/v3/reference/events/list

import { isSet, one, type Call } from './api';
import { GoogleError } from './errors';
import { lookOf } from './events';
import { viewed } from './event-view';
import { pageOf, type Listable } from './listings';
import { calendarOf, entryOf } from './reach';
import { findEvent, instancesOf } from './series';
import type { Calendar, EventTime, GoogleEvent, StoredEvent } from './world';
import { momentOf, readDateTime } from './zones';

const NOT_WITH_SYNC = [
  ...['iCalUID', 'orderBy', 'privateExtendedProperty', 'q', 'sharedExtendedProperty', 'timeMin', 'timeMax', 'updatedMin'],
];
const PAGES = { usual: 250, longest: 2_500 };

/** How far back changes are known: "30 days" and less is what callers report. */
const UPDATES_KEPT_MS = 28 * 24 * 3_600_000;

export function listEvents(call: Call): object {
  const present = calendarOf(call, 'reader');
  const calendar = present.index.shown(present);
  const filter = filterOf(call, calendar);
  const isSingle = isSet(call, 'singleEvents');
  if (isSingle && call.parameters.has('syncToken'))
    throw new GoogleError('notImplemented', 'stand-in: sync tokens with singleEvents, which Google may not give either');
  const order = orderOf(call, isSingle);
  const chosen = (since: number | undefined) =>
    [...calendar.events.values()]
      .filter((stored) => since === undefined || stored.revision > since)
      .flatMap((stored) => (isSingle ? singles(calendar, stored) : [stored]))
      .filter((stored) => isShown(call, stored, since) && filter(stored))
      .sort(order);
  return page(call, calendar, { ids: (since) => chosen(since).map(({ data }) => data.id) }, isSingle);
}

export function listInstances(call: Call): object {
  const calendar = calendarOf(call, 'reader');
  const series = calendar.events.get(one(call, 'eventId') ?? '');
  if (series === undefined) throw new GoogleError('notFound');
  const filter = filterOf(call, calendar);
  const original = one(call, 'originalStart');
  const wanted = instancesOf(calendar, series).filter(
    (stored) =>
      (stored.data.status !== 'cancelled' || isSet(call, 'showDeleted')) &&
      filter(stored) &&
      (original === undefined || startOf(stored.data.originalStartTime, calendar) === readMoment(original, 'originalStart')),
  );
  return page(call, calendar, { ids: () => wanted.map(({ data }) => data.id) }, true);
}

function page(call: Call, calendar: Calendar, { ids }: Pick<Listable<GoogleEvent>, 'ids'>, isSingle: boolean): object {
  const { items, ...tokens } = pageOf(call, {
    of: `events of ${calendar.id}`,
    revision: calendar.revision,
    ids,
    item: (id, since) => {
      const stored = findEvent(calendar, id);
      if (stored === undefined || !isShown(call, stored, since)) return undefined;
      return viewed(calendar, stored, lookOf(call, calendar, isSet(call, 'showDeleted')));
    },
    notWithSync: isSingle ? [...NOT_WITH_SYNC, 'singleEvents', 'eventId'] : NOT_WITH_SYNC,
    pages: PAGES,
  });
  const { summary, timeZone, description } = calendar.properties;
  return {
    ...{ kind: 'calendar#events', etag: `"p${calendar.revision}"`, summary, timeZone },
    ...(description === undefined ? {} : { description }),
    ...{ updated: new Date(call.world.now()).toISOString(), accessRole: entryOf(call, calendar).role, defaultReminders: [] },
    ...{ items, ...tokens },
  };
}

/** Instead of a series, its instances; what was changed of them stands there. */
function singles(calendar: Calendar, stored: StoredEvent): readonly StoredEvent[] {
  if (stored.data.recurringEventId !== undefined) return [];
  return stored.data.recurrence === undefined ? [stored] : instancesOf(calendar, stored);
}

/** Deleted events are shown if asked for, or among changes; cancelled instances also beside their series. */
function isShown(call: Call, { data }: StoredEvent, since: number | undefined): boolean {
  if (data.status !== 'cancelled' || since !== undefined || isSet(call, 'showDeleted') || call.parameters.has('updatedMin'))
    return true;
  return data.recurringEventId !== undefined && !isSet(call, 'singleEvents');
}

type Filter = (stored: StoredEvent) => boolean;

function filterOf(call: Call, calendar: Calendar): Filter {
  const types = call.parameters.get('eventTypes');
  const uid = one(call, 'iCalUID');
  const words = one(call, 'q')?.toLowerCase();
  const properties = [
    ...(call.parameters.get('privateExtendedProperty') ?? []).map((text) => ['private', text] as const),
    ...(call.parameters.get('sharedExtendedProperty') ?? []).map((text) => ['shared', text] as const),
  ];
  const tests: readonly Filter[] = [
    withinOf(call, calendar),
    updatedOf(call),
    ({ data }) => types === undefined || types.includes(data.eventType ?? 'default'),
    ({ data }) => uid === undefined || data.iCalUID === uid,
    ({ data }) => words === undefined || [data.summary, data.description, data.location].join('\n').toLowerCase().includes(words),
    ({ data }) => properties.every(([scope, text]) => hasProperty(data, scope, text)),
  ];
  return (stored) => tests.every((test) => test(stored));
}

function hasProperty({ extendedProperties }: GoogleEvent, scope: 'private' | 'shared', text: string): boolean {
  const at = text.indexOf('=');
  if (at < 0) throw new GoogleError('invalid', 'Extended properties are asked for as name=value.');
  return extendedProperties?.[scope]?.[text.slice(0, at)] === text.slice(at + 1);
}

/** The bounds are of the event's end and of its start, and neither is one of them. */
function withinOf(call: Call, calendar: Calendar): Filter {
  const [from, to] = ['timeMin', 'timeMax'].map((name) => readMoment(one(call, name), name));
  if (from !== undefined && to !== undefined && to <= from) throw new GoogleError('timeRangeEmpty');
  const isIn = ({ data }: StoredEvent) =>
    (from === undefined || startOf(data.end, calendar) > from) && (to === undefined || startOf(data.start, calendar) < to);
  return (stored) => (stored.data.recurrence === undefined ? isIn(stored) : instancesOf(calendar, stored).some(isIn));
}

function updatedOf(call: Call): Filter {
  const since = readMoment(one(call, 'updatedMin'), 'updatedMin');
  if (since === undefined) return () => true;
  if (since < call.world.now() - UPDATES_KEPT_MS) throw new GoogleError('updatedMinTooLongAgo');
  return ({ data }) => Date.parse(data.updated ?? '') >= since;
}

function readMoment(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const moment = readDateTime(text)?.moment;
  if (moment === undefined) throw new GoogleError('badRequest', 'Bad Request', { location: name });
  return moment;
}

/** A day begins in the zone of its calendar. */
export function startOf(time: EventTime | undefined, calendar: Calendar): number {
  if (time?.date !== undefined) return momentOf(`${time.date}T00:00:00`, calendar.properties.timeZone);
  return Date.parse(time?.dateTime ?? '');
}

function orderOf(call: Call, isSingle: boolean): (one: StoredEvent, other: StoredEvent) => number {
  const order = one(call, 'orderBy');
  if (order === 'startTime' && !isSingle)
    throw new GoogleError('badRequest', 'The requested ordering is not available for the particular query.', {
      location: 'orderBy',
    });
  const key = ({ data, revision }: StoredEvent) =>
    order === 'startTime'
      ? Date.parse(data.start?.dateTime ?? data.start?.date ?? '')
      : order === 'updated'
        ? Date.parse(data.updated ?? '')
        : revision;
  return (a, b) => key(a) - key(b);
}
