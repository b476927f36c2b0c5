// Which of a user's calendars events are kept in. The own one has an id of Google's, so it is found by a mark in its description; and where
// nobody knows whether it was made, the list is looked at before another one is.

import type { Deadline } from '../../../core/deadline';
import { at } from '../../../core/shape';
import type { GroupwareUser, Later, Refused } from '../../groupware';
import { isWell, troubleOf } from '../calls/answers';
import type { GoogleOptions } from '../options';
import type { Asker } from '../places/items';
import { readWhole, type WholeList } from '../places/pages';
import type { FoundPlace } from '../places/place';

const UNREADABLE: Later = { kind: 'retry', reason: 'Google’s answer about calendars cannot be read' };

const CALENDARS: WholeList = {
  path: 'users/me/calendarList',
  query: { maxResults: '250', showHidden: 'true', fields: 'nextPageToken,items(id,description,accessRole,deleted)' },
  ...{ holds: 'items', mostPages: 20, unreadable: UNREADABLE },
};

/** Finds the calendar. */
export async function findCalendar(asker: Asker, calendar: GoogleOptions['calendar'], deadline: Deadline): Promise<FoundPlace> {
  if (calendar === 'primary') return { kind: 'place', id: 'primary' };
  const listed = await readWhole(CALENDARS, asker, deadline);
  return 'kind' in listed ? listed : oneOf(listed, asker.user);
}

/** Makes the own calendar. Where nobody knows whether it was made, the next turn finds it, or makes it. */
export async function makeCalendar({ client, user }: Asker, deadline: Deadline): Promise<FoundPlace> {
  const json = { summary: 'CRM', description: markOf(user), timeZone: user.timeZone };
  const called = await client.call(user, { method: 'POST', path: 'calendars', json, about: 'calendars' }, deadline);
  if (called.kind !== 'answer' || !isWell(called)) return troubleOf(called);
  const id = at(called.json, 'id');
  return typeof id === 'string' && id !== '' ? { kind: 'place', id } : UNREADABLE;
}

/** Our mark. This spelling can never change. */
function markOf({ system, login }: GroupwareUser): string {
  return `publish-activity: events of ${system}, ${login}`;
}

/** A calendar that others share is theirs, whatever it says. */
function isOurs(entry: unknown, user: GroupwareUser): boolean {
  const description = at(entry, 'description');
  const lines = typeof description === 'string' ? description.split(/[\r\n]+|<br *\/?>/i) : [];
  return (
    at(entry, 'accessRole') === 'owner' &&
    at(entry, 'deleted') !== true &&
    typeof at(entry, 'id') === 'string' &&
    lines.some((line) => line.trim() === markOf(user))
  );
}

function oneOf(listed: readonly unknown[], user: GroupwareUser): FoundPlace {
  // Everybody has a first calendar: a list with nothing in it is none.
  if (listed.length === 0) return UNREADABLE;
  const [own, ...more] = listed.filter((each) => isOurs(each, user));
  if (own === undefined) return { kind: 'absent' };
  return more.length === 0 ? { kind: 'place', id: String(at(own, 'id')) } : SEVERAL;
}

const SEVERAL: Refused = {
  kind: 'refused',
  reason: 'several calendars say in their description that they are that of the CRM; take the line out of all but one',
};
