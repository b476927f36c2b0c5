// Guests: each has a copy of the event in the own calendar, which follows the organizer's. What is sent to them is recorded.
// https://developers.google.com/workspace/calendar/api/concepts/sharing and .../concepts/inviting-attendees-to-events

import { isSame } from './event-body';
import { keep, without, type Calendar, type GoogleEvent, type Guest, type Mail, type StoredEvent, type World } from './world';

/** To whom mails go: as `sendUpdates` says. */
export type Notified = 'all' | 'externalOnly' | 'none';

/** What is everybody's own in a copy. */
const OWN: ReadonlySet<string> = new Set([
  'reminders',
  'colorId',
  'eventLabelId',
  'transparency',
  'visibility',
  'updated',
  'created',
]);

/** Whether a calendar has the organizer's own copy. */
export function isOrganizer(calendar: Calendar, { organizer }: GoogleEvent): boolean {
  return organizer?.email === calendar.id;
}

/** Whether a guest may change an event so: what is own, and the own answer. */
export function isGuestsChange(calendar: Calendar, before: GoogleEvent, after: GoogleEvent): boolean {
  if (before['guestsCanModify'] === true) return true;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].every((name) => {
    if (OWN.has(name) || name === 'sequence' || isSame(before[name], after[name])) return true;
    if (name === 'extendedProperties') return isSame(before.extendedProperties?.shared, after.extendedProperties?.shared);
    const others = (guests: readonly Guest[] = []) => guests.filter(({ email }) => email !== calendar.id);
    return name === 'attendees' && isSame(others(before.attendees), others(after.attendees));
  });
}

/** After the organizer wrote: makes and changes the guests' copies, takes away those of guests who are no longer asked, and sends mails. */
export function followOrganizer(
  world: World,
  calendar: Calendar,
  before: GoogleEvent | undefined,
  { data }: StoredEvent,
  notified: Notified,
): void {
  const isOver = data.status === 'cancelled';
  const [was, is] = [guestsOf(calendar, before), isOver ? [] : guestsOf(calendar, data)];
  for (const email of new Set([...was, ...is])) {
    const about = !is.includes(email) ? 'cancellation' : was.includes(email) ? 'update' : 'invitation';
    send(world, { to: email, about, eventId: data.id }, notified);
    const own = world.calendars.get(email);
    if (own !== undefined) keep(own, copyFor(own, data, about === 'cancellation'));
  }
}

function guestsOf(calendar: Calendar, event: GoogleEvent | undefined): readonly string[] {
  return (event?.attendees ?? []).map(({ email }) => email).filter((email) => email !== calendar.id && email !== calendar.owner);
}

function copyFor(own: Calendar, data: StoredEvent['data'], isGone: boolean): StoredEvent['data'] {
  const old = own.events.get(data.id)?.data;
  const sharedProperties = without(data.extendedProperties ?? {}, 'private');
  const shared = Object.fromEntries(Object.entries(data).filter(([name]) => !OWN.has(name) && name !== 'extendedProperties'));
  const mine = Object.fromEntries(Object.entries(old ?? {}).filter(([name]) => OWN.has(name)));
  const ownProperties = old?.extendedProperties?.private;
  const properties = { ...sharedProperties, ...(ownProperties === undefined ? {} : { private: ownProperties }) };
  return {
    ...{ reminders: { useDefault: true }, created: data['created'] },
    ...(data.updated === undefined ? {} : { updated: data.updated }),
    ...mine,
    ...shared,
    ...{ id: data.id, iCalUID: data.iCalUID, status: isGone ? 'cancelled' : data.status },
    ...(Object.keys(properties).length === 0 ? {} : { extendedProperties: properties }),
  };
}

/** After a guest wrote: the organizer sees the answer. With `declined`, whatever the copy says. */
export function followGuest(world: World, calendar: Calendar, { data }: StoredEvent, declined: boolean): void {
  const organizers = world.calendars.get(data.organizer?.email ?? '');
  const original = organizers?.events.get(data.id);
  if (organizers === undefined || original === undefined || original.data.status === 'cancelled') return;
  const answer = declined ? 'declined' : data.attendees?.find(({ email }) => email === calendar.id)?.responseStatus;
  if (answer === undefined) return;
  const attendees = original.data.attendees?.map((guest) =>
    guest.email === calendar.id ? { ...guest, responseStatus: answer } : guest,
  );
  const changed = { ...original.data, ...(attendees === undefined ? {} : { attendees }) };
  if (!isSame(changed, original.data)) keep(organizers, changed);
}

function send(world: World, mail: Mail, notified: Notified): void {
  if (notified === 'all' || (notified === 'externalOnly' && !world.users.has(mail.to))) world.mails.push(mail);
}
