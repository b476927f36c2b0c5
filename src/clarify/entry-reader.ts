// Reads the users' calendars, lists of tasks and address books from the CRM's database.

import { DatabaseError } from '../core/database-error';
import { keyText, type EntryKey } from '../core/sync/entry-key';
import type { Database, Row } from '../io/database';
import { wallClocksBetween } from '../core/wall-clock';
import { textOf } from './activity-reader';
import type { ContactSource } from './contact-type';
import type { CrmItem, CrmUser, EntryReader, FoundItem } from './entries';
import { itemOf, type ItemSettings } from './entry-item';
import {
  CONTACT,
  contactsQuery,
  entryQuery,
  neededColumns,
  usersQuery,
  type WantedEntries,
  type WantedUsers,
} from './entry-query';
import type { EntryType } from './entry-type';
import type { Lacks } from './gaps';
import { openQuestions } from './questions';

/** What reading has to know of a site. */
export interface ReaderSettings extends ItemSettings {
  readonly types: readonly EntryType[];
  readonly users: WantedUsers;
  /** The rows that say which contacts a user has to do with, beside the entries of kinds with a `contact`. */
  readonly contacts: readonly ContactSource[];
}

/** How many ids go into one statement; SQL Server takes 2,100 parameters. */
const MOST_IDS = 500;
/** How long before the window an event can have begun that is not over in it, where only its duration says so. */
const REACH_MS = 31 * 86_400_000;

/**
 * Reads through a connection whose texts are as long as they are: a change is compared with what was read. What a site lacks is looked
 * up at most once for each kind; a kind that the program brought along and whose table the site does not have is left out.
 */
export function openEntryReader(database: Database, settings: ReaderSettings): EntryReader {
  const { types, timeZone, window, notes } = settings;
  const agenda = types.filter(({ kind }) => kind !== 'contact');
  const contactTypes = types.filter(({ kind }) => kind === 'contact');
  const ask = openQuestions(database);

  /** The rows of a kind; `undefined` where the site has no such kind. */
  const look = async (type: EntryType, wanted: WantedEntries, signal: AbortSignal): Promise<readonly Row[] | undefined> => {
    const make = (lacks?: Lacks) => entryQuery(type, notes.includes(type.name), wanted, lacks);
    const needed = (lacks: Lacks) => neededColumns(type).filter(lacks);
    try {
      // A column that is there and may not be read would empty a text in everybody's calendar.
      return await ask({ kind: type.name, make, about: 'entries', decisive: () => make().optional, needed }, signal);
    } catch (error) {
      if (!type.isOwn && error instanceof DatabaseError && error.table === 'absent') return undefined;
      throw error;
    }
  };

  /** Rows of a kind by their objids; `undefined` where the site has no such kind. */
  const lookFor = async (
    type: EntryType,
    objids: readonly number[],
    signal: AbortSignal,
  ): Promise<readonly Row[] | undefined> => {
    const found: Row[] = [];
    for (let at = 0; at < objids.length; at += MOST_IDS) {
      const rows = await look(type, { objids: objids.slice(at, at + MOST_IDS) }, signal);
      if (rows === undefined) return undefined;
      found.push(...rows);
    }
    return found;
  };

  /** The objids of the contacts that rows of a table lead a user to. */
  const contactsBy = async (source: ContactSource, login: string, signal: AbortSignal): Promise<readonly number[]> => {
    const make = (lacks?: Lacks) => contactsQuery(source, login, lacks);
    const decisive = () => make().optional;
    const question = { kind: `contacts of ${source.name}`, make, about: 'contacts', decisive, needed: decisive };
    try {
      return (await ask(question, signal)).map((row) => Number(row[CONTACT]));
    } catch (error) {
      if (source.isOwn !== true && error instanceof DatabaseError && error.table === 'absent') return [];
      throw error;
    }
  };

  return {
    async users(signal) {
      const found = new Map<string, CrmUser>();
      for (const part of partsOf(settings.users)) {
        for (const row of await database.query(usersQuery(part), signal)) {
          const login = textOf(row, 'login').trim().toLowerCase();
          const user = { login, email: textOf(row, 'email').trim(), isActive: Number(row['status']) === 1 };
          // Of two rows that differ in case only, the one that can sign in counts.
          if (login !== '' && found.get(login)?.isActive !== true) found.set(login, user);
        }
      }
      return [...found.values()];
    },

    async ofUser(login, now, signal) {
      const { since, until } = wallClocksBetween(now - window.pastMs, now + window.aheadMs, timeZone);
      const reach = wallClocksBetween(now - window.pastMs - REACH_MS, now, timeZone).since;
      const wanted = { login: login.toLowerCase(), since, until, reach };
      const items: CrmItem[] = [];
      const contacts = new Set<number>();
      for (const type of agenda) {
        for (const row of (await look(type, wanted, signal)) ?? []) {
          const item = itemOf(type, row, now, settings);
          if (item?.isInWindow !== true) continue;
          items.push(item);
          if (!item.entry.done) contacts.add(Number(row[CONTACT] ?? 0));
        }
      }
      if (contactTypes.length === 0) return items;
      for (const source of settings.contacts)
        for (const objid of await contactsBy(source, wanted.login, signal)) contacts.add(objid);
      for (const type of contactTypes) {
        const rows = await lookFor(
          type,
          [...contacts].filter((objid) => objid > 0),
          signal,
        );
        const found = (rows ?? []).map((row) => itemOf(type, row, now, settings)).filter((item) => item !== undefined);
        items.push(...found.map((item) => ({ ...item, isInWindow: true })));
      }
      return items;
    },

    async byKey(keys, now, signal) {
      const found = new Map<string, FoundItem>();
      for (const type of types) {
        const objids = [...new Set(keys.filter((key) => key.type === type.name && key.objid > 0).map(({ objid }) => objid))];
        const rows = objids.length === 0 ? undefined : await lookFor(type, objids, signal);
        if (rows !== undefined) for (const [key, item] of answersOf(type, objids, rows, now, settings)) found.set(key, item);
      }
      return found;
    },
  };
}

/** What was asked for and is not there is absent. A row that says no time is neither there as an entry nor absent: nothing is known. */
function answersOf(
  type: EntryType,
  objids: readonly number[],
  rows: readonly Row[],
  now: number,
  settings: ItemSettings,
): readonly (readonly [string, FoundItem])[] {
  const byObjid = new Map(rows.map((row) => [Number(row['objid']), row]));
  return objids.flatMap((objid): (readonly [string, FoundItem])[] => {
    const key: EntryKey = { type: type.name, objid };
    const row = byObjid.get(objid);
    const item = row === undefined ? 'absent' : itemOf(type, row, now, settings);
    return item === undefined ? [] : [[keyText(key), item]];
  });
}

/** Logins in as many statements as it takes. */
function partsOf(wanted: WantedUsers): readonly WantedUsers[] {
  if (wanted === 'all' || 'group' in wanted) return [wanted];
  const logins = [...new Set(wanted.logins.map((login) => login.trim().toLowerCase()))];
  const parts: WantedUsers[] = [];
  for (let at = 0; at < logins.length; at += MOST_IDS) parts.push({ logins: logins.slice(at, at + MOST_IDS) });
  return parts;
}
