// Both sides of what is kept in step, opened as the configuration says.

import type { CrmUser, EntryReader } from '../clarify/entries';
import { withContacts } from '../clarify/contact-type';
import { openEntryReader } from '../clarify/entry-reader';
import { entryTypesOfSite } from '../clarify/site-entry-types';
import { openEntryWriter } from '../clarify/entry-writer';
import type { All } from '../commands/groupware/named-groupwares';
import type { Syncing } from '../commands/groupware/sync/parts';
import type { Config, DatabaseConfig, GroupwareConfig, LedgerConfig } from '../config/schema';
import type { Consents } from '../core/consent';
import { DatabaseError } from '../core/database-error';
import { UserError } from '../core/errors';
import type { WritableDatabase } from '../io/database';
import type { Links } from '../ledger/links';
import { openSqlLinks } from '../ledger/sql-links';
import type { World } from '../world';
import { loadTemplates } from './configuration';
import { openForReading, openStore } from './databases';
import { openGroupwares, wantedUsers, type LoadedGroupware } from './groupwares';

/** What keeping in step needs, and what has to be let go of at the end. */
export interface OpenSyncing extends Syncing {
  readonly groupwares: All<LoadedGroupware>;
  /** Lets go of the databases. Never rejects and never waits. */
  close(): void;
}

/** Opens both sides. Rejects with a UserError of the kind `configuration` where no groupware is configured. */
export async function openSyncing(
  { groupware: config, clarify, ledger }: Config,
  world: World,
  isDry: boolean,
): Promise<OpenSyncing> {
  if (config === undefined) throw noGroupware();
  const { timeZone, agentUrl } = clarify;
  const { render } = await loadTemplates();
  const crm = await openForReading(clarify.database);
  const kept = await openLinks(ledger, isDry);
  const groupwares = await openGroupwares(config, { now: () => world.now(), consents: kept.consents, timeZone });
  const { types, contacts } = withContacts(entryTypesOfSite(config.kinds), config.contacts);
  const window = { pastMs: config.window.past, aheadMs: config.window.ahead };
  const reading = { types, contacts, timeZone, agentUrl, notes: config.notes, window, render };
  const readers = wantedUsers(config).map(([name, users]) => [name, openEntryReader(crm, { ...reading, users })] as const);
  const reader = together(readers);
  const own = writesAtAll(config) ? await openCrmForWriting(config.database ?? clarify.database, isDry) : undefined;
  const engine = (config.database ?? clarify.database).type;
  const { newIds } = config;
  const settings = { types, timeZone, engine, ...(newIds === undefined ? {} : { newIds }) };
  const writer = own === undefined ? undefined : openEntryWriter(own, reader, settings);
  return {
    ...{ config, groupwares, links: kept.links, reader },
    ...(writer === undefined ? {} : { writer }),
    rulesOf: (user) => ({
      system: config.system,
      user,
      timeZone: config.people[user]?.timeZone ?? timeZone,
      mayWrite: config.write === true || (config.write !== false && config.write.includes(user)),
      creates: writer?.creates ?? {},
      deletes: config.delete,
      removesContacts: config.removeContacts,
    }),
    close: () => {
      crm.close();
      kept.close();
      own?.close();
    },
  };
}

/** One reader, whose users are those of all groupwares. */
function together(readers: readonly (readonly [string, EntryReader])[]): EntryReader {
  const [[, first] = []] = readers;
  if (first === undefined) throw new Error('there is a first groupware');
  return {
    ...first,
    users: async (signal) => {
      const found = new Map<string, CrmUser>();
      for (const [name, reader] of readers) {
        for (const user of await reader.users(signal)) {
          const { groupwares = [], isActive = false } = found.get(user.login) ?? {};
          const named = name === '' ? groupwares : [...groupwares, name];
          found.set(user.login, {
            ...user,
            isActive: isActive || user.isActive,
            ...(named.length === 0 ? {} : { groupwares: named }),
          });
        }
      }
      return [...found.values()];
    },
  };
}

/** The trouble of whoever needs a groupware where none is configured. */
export function noGroupware(): UserError {
  const hint = 'add the key groupware, as docs/groupware.md shows';
  return new UserError('configuration', 'the configuration names no groupware', hint);
}

/** The links of a ledger, and what has to be let go of at the end. */
export interface OpenLinks {
  readonly links: Links;
  /** What users agreed to, which stands beside them. */
  readonly consents: () => Promise<Consents>;
  close(): void;
}

/** Opens the links; for reading only, they are none where there is no ledger: looking must not make one. */
export async function openLinks(ledger: LedgerConfig, isReadOnly: boolean): Promise<OpenLinks> {
  const kept = isReadOnly ? { ...(await openForReading(ledger)), execute: refuse } : await openStore(ledger);
  const links = openSqlLinks(kept, ledger.type);
  const close = () => kept.close();
  const consents = async () => (await import('../ledger/sql-consents')).openSqlConsents(kept, ledger.type);
  if (!isReadOnly) return { links, consents, close };
  const isThere = await canBeRead(links);
  return {
    links: isThere ? links : withNothing(links),
    consents: async () => rehearsed(isThere ? await consents() : undefined),
    close,
  };
}

/** Whether anything may be written into the CRM. */
export function writesAtAll({ write }: Pick<GroupwareConfig, 'write'>): boolean {
  return write === true || (write !== false && write.length > 0);
}

function refuse(): Promise<never> {
  return Promise.reject(new DatabaseError('not-writable', 'a dry run writes nothing'));
}

/** Whether there is a ledger that can be read. */
async function canBeRead(links: Links): Promise<boolean> {
  try {
    await links.grants(new AbortController().signal);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError) return false;
    throw error;
  }
}

/** Links of which there are none. */
function withNothing(links: Links): Links {
  const none = () => Promise.resolve([]);
  return {
    ...links,
    ...{ grants: none, links: none, find: none, conflicts: none, writes: none, counts: none, heldCounts: none },
    conflictCount: () => Promise.resolve(0),
    cursors: () => Promise.resolve(new Map()),
  };
}

/**
 * What users agreed to, of which nothing is changed: whoever keeps something is told that it is. What Google gives for a refresh token
 * does not replace that token (https://developers.google.com/identity/protocols/oauth2/web-server#offline), so nothing is lost by it.
 */
function rehearsed(consents: Consents | undefined): Consents {
  const kept = () => Promise.resolve(true);
  return {
    consent: async (user, signal) => consents?.consent(user, signal),
    consents: async (signal) => (await consents?.consents(signal)) ?? [],
    keep: kept,
    forget: kept,
  };
}

/** The CRM's own database, which other programs use at the same time. */
async function openCrmForWriting(settings: DatabaseConfig, isDry: boolean): Promise<WritableDatabase> {
  if (isDry) return { ...(await openForReading(settings)), execute: refuse };
  return settings.type === 'sqlite'
    ? (await import('../io/sqlite-store')).openForeignStore(settings.file)
    : (await import('../io/sql-server')).openSqlServer(settings);
}
