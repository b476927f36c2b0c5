// Entries as events of Google's Calendar: a new one, and what changes of one. Pure. Nothing is ever said about guests, reminders, colours,
// visibility and whatever else people put there.
// https://developers.google.com/workspace/calendar/api/v3/reference/events

import { isDay, normalized, spelledWhen, type Entry, type When } from '../../../core/sync/entry';
import { offsetMs, siteTimeAt, utcTime, wallClockAt, type SiteTime } from '../../../core/wall-clock';
import { webAddress } from '../../../core/web-address';
import type { StepTo } from '../../text-item';
import { MARK } from './event';
import { htmlOfText } from './html-text';

const TEXTS = { subject: 'summary', place: 'location', notes: 'description' } as const;

/** A new event, in the user's zone. */
export function newEvent({ linkId, entry, url }: Omit<StepTo<'create'>, 'do'>, timeZone: string): object {
  const { time, ...texts } = normalized(entry);
  const address = webAddress(url);
  return {
    id: linkId,
    ...Object.fromEntries(
      (['subject', 'place', 'notes'] as const).flatMap((field) =>
        texts[field] === '' ? [] : [[TEXTS[field], spelled(field, texts[field])]],
      ),
    ),
    ...(time.begin === undefined ? {} : { start: timeOf(time.begin, timeZone) }),
    ...(time.end === undefined ? {} : { end: timeOf(time.end, timeZone) }),
    ...(address === undefined ? {} : { source: { title: 'CRM', url: address } }),
    extendedProperties: { private: { [MARK]: linkId } },
  };
}

/**
 * What has to be sent so that some fields of an event are those of an entry; `undefined` where they are so already. A moment is written in
 * the zone that the event has, and one form of a time takes the other one away.
 */
export function changeOf(
  current: Entry,
  { entry, fields }: Pick<StepTo<'update'>, 'entry' | 'fields'>,
  timeZone: string,
): object | undefined {
  const wanted = normalized(entry);
  const texts = (['subject', 'place', 'notes'] as const).filter(
    (field) => fields.includes(field) && current[field] !== wanted[field],
  );
  const zone = zoneOf(current) ?? timeZone;
  const times = (['begin', 'end'] as const).flatMap((part) => {
    const when = wanted.time[part];
    const isSame = spelledWhen(when) === spelledWhen(current.time[part]);
    return !fields.includes('time') || when === undefined || isSame
      ? []
      : [[part === 'begin' ? 'start' : 'end', bothForms(when, zone)]];
  });
  if (texts.length === 0 && times.length === 0) return undefined;
  return Object.fromEntries([
    ...texts.map((field) => [TEXTS[field], wanted[field] === '' ? null : spelled(field, wanted[field])]),
    ...times,
  ]) as object;
}

/** Only the description is HTML. */
function spelled(field: keyof typeof TEXTS, text: string): string {
  return field === 'notes' ? htmlOfText(text) : text;
}

/** The zone of an event, unless it is UTC: that is none in which somebody lives. */
function zoneOf({ time: { begin, end } }: Entry): string | undefined {
  return [begin, end].flatMap((when) => (when === undefined || isDay(when) || when.timeZone === 'UTC' ? [] : [when.timeZone]))[0];
}

function bothForms(when: When, timeZone: string): object {
  return isDay(when) ? { ...timeOf(when, timeZone), dateTime: null, timeZone: null } : { date: null, ...timeOf(when, timeZone) };
}

/** A day, or the clock of a zone and its name; never an offset. */
function timeOf(when: When, timeZone: string): object {
  if (isDay(when)) return { date: when.day };
  const { wallClock, timeZone: zone } = clearTime(Date.parse(spelledWhen(when)), timeZone);
  return { dateTime: wallClock, timeZone: zone };
}

/** So much the clocks are put back at the most, in ms. */
const SET_BACK_MS = 2 * 3_600_000;

/** A moment on the clock of a zone; in UTC where that clock shows it twice, since nobody says which of the two Google takes. */
function clearTime(instant: number, timeZone: string): SiteTime {
  const time = siteTimeAt(instant, timeZone);
  const backMs = offsetMs(instant, timeZone) - offsetMs(instant + SET_BACK_MS, timeZone);
  const isTwice = backMs > 0 && wallClockAt(instant + backMs, timeZone) === time.wallClock;
  return isTwice ? utcTime(instant) : time;
}
