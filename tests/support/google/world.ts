// What the stand-in knows: users, their calendars, and what is in them. All of it is in memory.

import { randomBytes } from 'node:crypto';
import type { AddressBook, ContactRules } from './address-book';
import { IndexedMap } from '../indexed-map';
import { GoogleError } from './errors';
import { Index, type Lag } from './lag';
import { addTaskList, newTaskWorld, type TaskWorld } from './task-world';

/** A start or an end as it is kept: a day, or a moment in UTC, and the zone that it was given in. */
export interface EventTime {
  readonly date?: string;
  readonly dateTime?: string;
  readonly timeZone?: string;
}

/** Somebody in an event. */
export interface Guest {
  readonly email: string;
  readonly responseStatus?: string;
  readonly organizer?: boolean;
  readonly self?: boolean;
  readonly [other: string]: unknown;
}

/** An event in JSON, with what the stand-in looks at by name. */
export interface GoogleEvent {
  readonly id?: string;
  readonly iCalUID?: string;
  readonly status?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly location?: string;
  readonly start?: EventTime;
  readonly end?: EventTime;
  readonly originalStartTime?: EventTime;
  readonly recurringEventId?: string;
  readonly recurrence?: readonly string[];
  readonly eventType?: string;
  readonly visibility?: string;
  readonly transparency?: string;
  readonly sequence?: number;
  readonly updated?: string;
  readonly attendees?: readonly Guest[];
  readonly organizer?: { readonly email?: string; readonly self?: boolean; readonly displayName?: string };
  readonly reminders?: { readonly useDefault?: boolean; readonly overrides?: readonly object[] };
  readonly extendedProperties?: {
    readonly private?: Readonly<Record<string, string>>;
    readonly shared?: Readonly<Record<string, string>>;
  };
  readonly [other: string]: unknown;
}

/** An event in a calendar, whose status is `cancelled` once it was deleted. */
export interface StoredEvent {
  readonly data: GoogleEvent & { readonly id: string; readonly iCalUID: string; readonly status: string };
  /** Of the calendar, when the event changed last. */
  readonly revision: number;
}

/** What somebody may do with a calendar. */
export type Role = 'freeBusyReader' | 'reader' | 'writer' | 'owner';
const ROLES: readonly Role[] = ['freeBusyReader', 'reader', 'writer', 'owner'];

export interface Calendar {
  readonly id: string;
  readonly owner: string;
  readonly isPrimary: boolean;
  /** The client that made it; left out where a person did. */
  readonly madeBy?: string;
  properties: Readonly<Record<string, unknown>> & { readonly summary: string; readonly timeZone: string };
  readonly events: Map<string, StoredEvent>;
  /** Ids of events that have disappeared altogether, and never come back. */
  readonly burnt: Set<string>;
  /** What its listings are made of. */
  readonly index: Index;
  revision: number;
  isDeleted: boolean;
}

/** A calendar in somebody's list. */
export interface ListEntry {
  readonly calendarId: string;
  readonly role: Role;
  readonly revision: number;
  readonly isDeleted: boolean;
  readonly own: Readonly<Record<string, unknown>>;
}

export interface User {
  readonly email: string;
  readonly timeZone: string;
  readonly list: Map<string, ListEntry>;
  listRevision: number;
}

/** A mail that Google would have sent to a guest. */
export interface Mail {
  readonly to: string;
  readonly about: 'invitation' | 'update' | 'cancellation';
  readonly eventId: string;
}

/** From where a listing goes on, as a token of its own or for the next page. */
export interface Cursor {
  readonly kind: 'sync' | 'page';
  readonly email: string;
  /** The calendar, or that it is the list of calendars. */
  readonly of: string;
  /** The parameters that must stay as they are. */
  readonly parameters: string;
  readonly revision: number;
  /** Of a page: since when changes are listed, what is still to come, and whether everything is. */
  readonly since?: number;
  readonly rest?: readonly string[];
  expired: boolean;
}

export interface World extends Lag {
  readonly users: Map<string, User>;
  readonly calendars: Map<string, Calendar>;
  readonly tasks: TaskWorld;
  /** By the e-mail address of whose it is. */
  readonly books: Map<string, AddressBook>;
  readonly contacts: ContactRules;
  readonly mails: Mail[];
  readonly cursors: IndexedMap<Cursor>;
  /** Whether a cursor that has expired is answered with 400, as is also seen, and not with 410. */
  expiredIs: 410 | 400;
  /** No page is longer than this, whatever is asked for. */
  longestPage: number;
}

/** A world without anybody in it. */
export function newWorld(now: () => number): World {
  const empty = {
    users: new Map<string, User>(),
    calendars: new Map<string, Calendar>(),
    cursors: new IndexedMap<Cursor>(({ email }) => email),
  };
  const contacts = { lagMs: 0, busyMs: 0, mostFirst: Infinity, firstAt: [] };
  const none = { mails: [], books: new Map<string, AddressBook>(), contacts, tasks: newTaskWorld() };
  return { now, lagMs: 0, ...empty, ...none, expiredIs: 410, longestPage: 2_500 };
}

/** An object without some of its fields, which need not be there. */
export function without<T extends object>(value: T, ...names: readonly (keyof T & string)[]): T {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name as keyof T & string))) as T;
}

/** Random bytes are drawn so many at a time, and each is used once. */
const DRAWN = 16_384;
let drawn = { bytes: Buffer.alloc(0), used: 0 };

/** Letters and digits that nobody guesses. */
export function randomText(bytes = 12): string {
  if (drawn.used + bytes > drawn.bytes.length) drawn = { bytes: randomBytes(Math.max(bytes, DRAWN)), used: 0 };
  drawn.used += bytes;
  return drawn.bytes.toString('hex', drawn.used - bytes, drawn.used);
}

/** Adds a user with a primary calendar, which is called as the user is, and with a first list of tasks. */
export function addUser(world: World, email: string, timeZone: string): User {
  const user: User = { email, timeZone, list: new Map(), listRevision: 0 };
  world.users.set(email, user);
  addCalendar(world, user, { summary: email, timeZone }, { id: email, isPrimary: true });
  addTaskList(world.tasks, email, 'My Tasks', world.now());
  return user;
}

/** Adds a calendar, and puts it into its owner's list. */
export function addCalendar(
  world: World,
  owner: User,
  properties: Calendar['properties'],
  {
    id = `c_${randomText(26)}@group.calendar.google.com`,
    isPrimary = false,
    madeBy,
  }: { id?: string; isPrimary?: boolean; madeBy?: string } = {},
): Calendar {
  const made = madeBy === undefined ? {} : { madeBy };
  const calendar: Calendar = {
    ...{ id, owner: owner.email, isPrimary, properties, ...made },
    ...{ events: new Map(), burnt: new Set(), index: new Index(world), revision: 1, isDeleted: false },
  };
  world.calendars.set(id, calendar);
  enlist(owner, id, { role: 'owner' });
  return calendar;
}

/** Puts a calendar into somebody's list, or changes how it stands there. */
export function enlist(user: User, calendarId: string, change: Partial<Omit<ListEntry, 'calendarId' | 'revision'>>): ListEntry {
  user.listRevision += 1;
  const before = user.list.get(calendarId) ?? { role: 'reader' as const, own: {}, isDeleted: false };
  const entry = { ...before, isDeleted: false, ...change, calendarId, revision: user.listRevision };
  user.list.set(calendarId, entry);
  return entry;
}

/** A user that there is. */
export function userOf(world: World, email: string): User {
  const user = world.users.get(email);
  if (user === undefined) throw new Error(`the stand-in has no user ${email}`);
  return user;
}

/** The calendar that somebody asks for, who may do at least this with it. */
export function calendarFor(world: World, user: User, name: string, least: Role): Calendar {
  const id = name === 'primary' ? user.email : name;
  const [calendar, entry] = [world.calendars.get(id), user.list.get(id)];
  if (calendar === undefined || entry === undefined || calendar.isDeleted) throw new GoogleError('notFound');
  if (!mayAtLeast(entry.role, least)) throw new GoogleError(least === 'reader' ? 'notFound' : 'requiredAccessLevel');
  return calendar;
}

/** Whether a role is one that may do as much as another. */
export function mayAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** Keeps an event as it is now. Its version is a new one, also where nothing is: no page says that Google sees to that. */
export function keep(calendar: Calendar, data: StoredEvent['data']): StoredEvent {
  calendar.index.note(data.id, calendar.events.get(data.id), calendar.revision);
  calendar.revision += 1;
  const stored = { data, revision: calendar.revision };
  calendar.events.set(data.id, stored);
  return stored;
}

/** The version of an event, with its quotes. */
export function etagOf(calendar: Calendar, { revision }: { readonly revision: number }): string {
  const base = [...calendar.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
  return `"${3_000_000_000_000_000 + base * 1_000_000 + revision * 2}"`;
}
