// Reads the users' calendars and lists of tasks from the CRM's database.

import { DatabaseError } from '../core/database-error';
import { keyText, type EntryKey } from '../core/sync/entry-key';
import type { Database, Row } from '../io/database';
import { wallClocksBetween } from '../core/wall-clock';
import { textOf } from './activity-reader';
import type { CrmUser, EntryReader, FoundItem } from './entries';
import { itemOf, type ItemSettings } from './entry-item';
import { entryQuery, neededColumns, usersQuery, type WantedEntries, type WantedUsers } from './entry-query';
import type { EntryType } from './entry-type';
import type { Lacks } from './gaps';
import { openQuestions } from './questions';

/** What reading has to know of a site. */
export interface ReaderSettings extends ItemSettings {
  readonly types: readonly EntryType[];
  readonly users: WantedUsers;
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
      const all: (readonly Row[] | undefined)[] = [];
      for (const type of types) all.push(await look(type, wanted, signal));
      return types
        .flatMap((type, index) => (all[index] ?? []).map((row) => itemOf(type, row, now, settings)))
        .filter((item) => item !== undefined)
        .filter(({ isInWindow }) => isInWindow);
    },

    async byKey(keys, now, signal) {
      const found = new Map<string, FoundItem>();
      for (const type of types) {
        const objids = [...new Set(keys.filter((key) => key.type === type.name && key.objid > 0).map(({ objid }) => objid))];
        for (let at = 0; at < objids.length; at += MOST_IDS) {
          const part = objids.slice(at, at + MOST_IDS);
          const rows = await look(type, { objids: part }, signal);
          if (rows !== undefined) for (const [key, item] of answersOf(type, part, rows, now, settings)) found.set(key, item);
        }
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
