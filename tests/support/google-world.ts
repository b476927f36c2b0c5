// Google's stand-in as one of the groupwares of the failure list: users who agreed, calls of all of them packed together.

import { join } from 'node:path';
import { LEDGER_FILE } from '../../src/config/ledger';
import type { EntryKind } from '../../src/core/sync/entry';
import { google } from '../../src/groupware/google/index';
import { titleOf } from '../../src/groupware/google/tasks/place';
import type { GroupwareUser } from '../../src/groupware/groupware';
import type { Person } from '../groupware/suite';
import { googleSettings, keepConsents } from './google-consents';
import { startGoogleSite, type GoogleSite } from './google-site';
import { asking } from './google/asking';
import { changeOfText, textOfEvent } from './google/event-text';
import { contactPerson, contactTexts } from './google/contact-person';
import { googlePerson } from './google/person';
import { googleTaskPerson } from './google/task-person';
import { temporaryFolder } from './sample';
import { contentsOf, type Texts, type World } from './worlds';

const opened: GoogleSite[] = [];
afterAll(() => Promise.all(opened.map((site) => site.close())));

/** Starts one, which ends with its test file at the latest. `now` is ms since 1970 UTC. */
export async function googleWorld(now: () => number): Promise<World> {
  const site = await startGoogleSite({ batch: 'shared' }, now);
  opened.push(site);
  const { server, tools, options } = site;
  const known = new Map<string, GroupwareUser>();
  /** Whoever is asked for has an account, and agreed. */
  const userOf = (user: GroupwareUser) => {
    const own = known.get(user.login) ?? { ...user, email: `${user.login}@example.com` };
    if (!known.has(user.login)) site.join(own);
    known.set(user.login, own);
    return own;
  };
  /** The own calendar as the program makes it, unless it is there. */
  const calendarOf = async (user: GroupwareUser): Promise<string> => {
    const own = userOf(user);
    if (server.calendars(own.email).every(({ isPrimary }) => isPrimary)) {
      const description = `publish-activity: events of ${own.system}, ${own.login}`;
      const { access } = server.grant(own.email);
      await asking(server, access)('POST', 'calendars', { summary: 'CRM', description, timeZone: own.timeZone });
    }
    return site.ownCalendar(own);
  };
  /** The own list, likewise. */
  const listOf = (own: GroupwareUser): string => {
    const title = titleOf(own);
    if (!server.taskLists(own.email).some((list) => list.title === title))
      server.act(own.email, 'POST', '/tasks/v1/users/@me/lists', { title });
    return site.ownList(own);
  };
  const open = (user: GroupwareUser, kind: EntryKind) => google.open(userOf(user), kind, options, tools);
  /** Somebody who finds a task by its link, too, before anybody else heard of what Google called it. */
  const withTasks = (own: GroupwareUser): Person => {
    const there = googleTaskPerson(server, own.email, () => listOf(own));
    const idOf = (name: string) =>
      server.tasks(own.email, listOf(own)).find(({ id, notes = '' }) => id === name || notes.includes(`[crm ${name}]`))?.id ??
      name;
    return { ...there, edit: (id, change) => there.edit(idOf(id), change) };
  };
  const withEvents = (own: GroupwareUser): Person => {
    const there = googlePerson(server, own.email, () => site.ownCalendar(own));
    const ready = () => calendarOf(own);
    return {
      add: (entry) => ready().then(() => there.add(entry)),
      edit: (...of) => ready().then(() => there.edit(...of)),
      remove: (id) => ready().then(() => there.remove(id)),
      turn: (...of) => ready().then(() => there.turn(...of)),
      decorate: (id) => ready().then(() => there.decorate(id)),
      decorations: (id) => ready().then(() => there.decorations(id)),
      respell: (id) => ready().then(() => there.respell(id)),
    };
  };
  const PERSONS: Readonly<Record<EntryKind, (own: GroupwareUser) => Person>> = {
    ...{ event: withEvents, task: withTasks },
    contact: ({ email }) => contactPerson(server, email),
  };
  const texts = (user: GroupwareUser, kind: EntryKind): Texts => {
    const { email } = userOf(user);
    if (kind === 'contact') return contactTexts(server, email);
    const all = async () => server.events(email, await calendarOf(user)).filter(({ status }) => status !== 'cancelled');
    const eventOf = async (name: string) => (await all()).find(({ id }) => id === name);
    const path = async (name = '') => `/calendar/v3/calendars/${encodeURIComponent(await calendarOf(user))}/events${name}`;
    return {
      names: async () => (await all()).map(({ id }) => id),
      read: async (name) => textOfEvent((await eventOf(name)) ?? {}),
      write: async (name, text) => {
        const before = await eventOf(name);
        if (before === undefined) server.act(email, 'POST', await path(), changeOfText(text));
        else server.act(email, 'PATCH', await path(`/${before.id}`), changeOfText(text, before));
      },
      remove: async (name) => void server.act(email, 'DELETE', await path(`/${name}`)),
    };
  };
  return {
    google: site,
    open,
    person: (user, kind) => PERSONS[kind](userOf(user)),
    texts,
    contents: (user, kind) => contentsOf(open(user, kind)),
    settings: () => googleSettings(site, temporaryFolder()),
    agree: async (folder, users) => {
      for (const user of users) site.join(userOf(user));
      const logins = users.map(({ login }) => login);
      await keepConsents(
        join(folder, LEDGER_FILE),
        [...site.kept.values()].filter(({ user }) => logins.includes(user)),
      );
    },
    revoke: (user) => site.revoke(userOf(user)),
    forgetCursors: (user) => server.expireCursors(userOf(user).email),
    close: () => site.close(),
  };
}
