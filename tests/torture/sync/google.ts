// The stand-in of Google as the company's groupware, in the company's own time: its people have their calendar before them, and requests of
// the program go in by the door. Google keeps events only; whatever else there is, is kept in memory.

import { ENTRY_KINDS, type Entry, type When } from '../../../src/core/sync/entry';
import { openDesk } from '../../../src/groupware/google/desk';
import { google } from '../../../src/groupware/google/index';
import { MOST_CALLS } from '../../../src/groupware/google/calls/batch';
import { scopesOf } from '../../../src/groupware/google/consent/scopes';
import type { GroupwareUser } from '../../../src/groupware/groupware';
import type { Tools } from '../../../src/groupware/tools';
import { groupwareTools } from '../../../src/parts/groupware';
import { openGoogleSite, type GoogleSite } from '../../support/google-site';
import { hurriedTimer } from '../../support/google-timer';
import type { EventTime, GoogleEvent } from '../../support/google/world';
import { wallClockOf } from '../../support/google/zones';
import { memoryGroupware, type MemoryItem, type MemoryItems } from '../../support/memory-groupware';
import { ownMethods } from '../../support/own-methods';
import { asItKeepsThem, ZONE } from './entries';
import type { CompanyGroupware, Run } from './groupware';
import type { GoogleMutant } from './google-mutants';
import { counted, newCounts, stormy, writesOf } from './google-storm';
import type { Chance } from './random';

/** How the calls of the company travel, and how late listings of events are, in ms. */
export interface GoogleCompany {
  readonly batch: 'own' | 'shared';
  readonly lagMs: number;
  readonly mutant?: GoogleMutant | undefined;
}

/** Opens it for users who all agreed. */
export async function inGoogle(
  users: readonly string[],
  clock: { now: number },
  chance: Chance,
  { batch, lagMs, mutant = (http) => http }: GoogleCompany,
): Promise<CompanyGroupware> {
  const now = () => clock.now;
  const site = openGoogleSite({ batch }, now);
  const known = new Map(users.map((login) => [login, userOf(login)]));
  for (const user of known.values()) await moveIn(site, user);
  site.server.lag(lagMs);
  const memory = memoryGroupware({ pageSize: 7, keeps: asItKeepsThem }, now);
  const counts = newCounts();
  const [mutated, events] = [
    mutant(await site.tools.http(), site.server),
    new Map(users.map((user) => [user, itemsIn(site, user)])),
  ];
  /** A process of its own: it knows no token but those that are kept, and has a clock of its calls. */
  const begin = ({ rates, underWay }: Run) => {
    const { kinds } = site.tools;
    const http = stormy(counted(mutated, site.server, counts), site.server, chance, rates, counts);
    const tools: Tools = {
      ...groupwareTools({ now, kinds, consents: () => site.tools.consents(), turnsUnderWay: underWay }),
      http: () => Promise.resolve(http),
    };
    tools.shared(() => openDesk(site.options, tools, hurriedTimer(clock)));
    return (login: string, kind: Parameters<CompanyGroupware['of']>[1]) =>
      kind === 'event'
        ? ownMethods(google.open(known.get(login) ?? userOf(login), kind, site.options, tools))
        : memory.open(login, kind);
  };
  return {
    ...{ begin, counts, canHide: ENTRY_KINDS, turnsAtOnce: batch === 'shared' ? MOST_CALLS : 4 },
    of: (user, kind) => (kind === 'event' ? events.get(user) : undefined) ?? memory.of(user, kind),
    writes: () => memory.writes() + writesOf(site.server),
  };
}

function userOf(login: string): GroupwareUser {
  return { login, email: `${login}@company.example`, system: 'torture', timeZone: ZONE };
}

/** Somebody agrees, and has the calendar that the program would make with the first entry: people enter something before that. */
async function moveIn({ server, join, tools, options }: GoogleSite, user: GroupwareUser): Promise<void> {
  join(user);
  const http = await tools.http();
  const { access } = server.grant(user.email, scopesOf(options, tools.kinds));
  const made = await http(
    {
      ...{ method: 'POST', url: `${server.endpoints.calendar}/calendar/v3/calendars` },
      headers: { Authorization: `Bearer ${access}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        summary: 'CRM',
        description: `publish-activity: events of ${user.system}, ${user.login}`,
        timeZone: ZONE,
      }),
    },
    {},
    new AbortController().signal,
  );
  if (made.kind !== 'answer' || made.status !== 200) throw new Error(`there is no calendar of ${user.login}`);
}

/** The events of a user, as the user sees them. */
export function itemsIn({ server }: Pick<GoogleSite, 'server'>, login: string): MemoryItems {
  const { email } = userOf(login);
  const calendar = server.calendars(email).find(({ isPrimary }) => !isPrimary);
  if (calendar === undefined) throw new Error(`${login} has no calendar`);
  const path = `/calendar/v3/calendars/${encodeURIComponent(calendar.id)}/events`;
  let known: { readonly revision: number; readonly items: ReadonlyMap<string, MemoryItem> } | undefined;
  return {
    get items() {
      if (known?.revision === calendar.revision) return known.items;
      const there = [...calendar.events.values()].filter(({ data }) => data.status !== 'cancelled');
      const items = new Map(there.map(({ data, revision }) => [data.id, itemOf(data, String(revision))]));
      known = { revision: calendar.revision, items };
      return items;
    },
    put: (id, item) => {
      if (item === undefined) server.act(email, 'DELETE', `${path}/${id}`);
      else if (calendar.events.has(id)) server.act(email, 'PATCH', `${path}/${id}`, eventOf(item));
      else server.act(email, 'POST', path, { ...eventOf(item), id });
      return id;
    },
  };
}

function itemOf(event: GoogleEvent, version: string): MemoryItem {
  const { summary = '', location = '', description = '', start, end, visibility, recurrence, extendedProperties = {} } = event;
  const time = { begin: whenOf(start), end: whenOf(end) };
  const entry: Entry = { kind: 'event', subject: summary, time, place: location, notes: description, done: false };
  const hidden = visibility === 'private' ? 'private' : recurrence === undefined ? undefined : 'series';
  return {
    ...(hidden === undefined ? { content: { kind: 'entry', entry } } : { content: { kind: hidden }, behind: entry }),
    ...{ version, mark: extendedProperties.private?.['crmLink'], decorations: Object.values(extendedProperties.shared ?? {}) },
  };
}

/** What is patched so that an event is what an item says. */
function eventOf({ content, behind, decorations }: Omit<MemoryItem, 'version'>): object {
  const entry = content.kind === 'entry' ? content.entry : behind;
  return {
    ...{ summary: entry?.subject, location: entry?.place, description: entry?.notes },
    ...{ start: timeOf(entry?.time.begin), end: timeOf(entry?.time.end) },
    visibility: content.kind === 'private' ? 'private' : null,
    recurrence: content.kind === 'series' ? ['RRULE:FREQ=DAILY;COUNT=3'] : null,
    extendedProperties: { shared: Object.fromEntries(decorations.map((text, n) => [`own${n}`, text])) },
  };
}

function whenOf({ date, dateTime = '', timeZone = 'UTC' }: EventTime = {}): When {
  return date === undefined ? { wallClock: wallClockOf(Date.parse(dateTime), timeZone), timeZone } : { day: date };
}

function timeOf(when: When | undefined): object {
  if (when === undefined) return {};
  if ('day' in when) return { date: when.day, dateTime: null, timeZone: null };
  return { date: null, dateTime: when.wallClock, timeZone: when.timeZone };
}
