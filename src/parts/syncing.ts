// Both sides of what is kept in step, opened as the configuration says.

import type { CrmUser } from '../clarify/entries';
import { withContacts } from '../clarify/contact-type';
import { GROUP_PATH, type WantedUsers } from '../clarify/entry-query';
import { openEntryReader } from '../clarify/entry-reader';
import { entryTypesOfSite } from '../clarify/site-entry-types';
import { openEntryWriter } from '../clarify/entry-writer';
import type { Syncing } from '../commands/groupware/sync/parts';
import type { Config, DatabaseConfig, GroupwareConfig, LedgerConfig } from '../config/schema';
import type { Consents } from '../core/consent';
import { DatabaseError } from '../core/database-error';
import { UserError } from '../core/errors';
import { ENTRY_KINDS, type EntryKind } from '../core/sync/entry';
import { loadGroupwareType, type AnyGroupwareType } from '../groupware/index';
import type { Tools } from '../groupware/tools';
import type { WritableDatabase } from '../io/database';
import type { Links } from '../ledger/links';
import { openSqlLinks } from '../ledger/sql-links';
import type { World } from '../world';
import { loadTemplates } from './configuration';
import { openForReading, openStore } from './databases';
import { groupwareTools } from './groupware';

/** What keeping in step needs, and what has to be let go of at the end. */
export interface OpenSyncing extends Syncing {
  /** The tools of its groupware. */
  readonly tools: Tools;
  /** Lets go of the databases. Never rejects and never waits. */
  close(): void;
}

/** So many users' turns at once, where neither the configuration nor the groupware says. */
const TURNS_AT_ONCE = 4;

/** Opens both sides. Rejects with a UserError of the kind `configuration` where no groupware is configured. */
export async function openSyncing(
  { groupware: config, clarify, ledger }: Config,
  world: World,
  isDry: boolean,
): Promise<OpenSyncing> {
  if (config === undefined) throw noGroupware();
  const type = await loadGroupwareType(config.type);
  if (type === undefined) throw new Error(`the check let the groupware type ${config.type} through`);
  const { render } = await loadTemplates();
  const crm = await openForReading(clarify.database);
  const kept = await openLinks(ledger, isDry);
  const { types, contacts } = withContacts(entryTypesOfSite(config.kinds), config.contacts);
  const reader = openEntryReader(crm, {
    types,
    contacts,
    users: usersOf(config),
    timeZone: clarify.timeZone,
    agentUrl: clarify.agentUrl,
    notes: config.notes,
    window: { pastMs: config.window.past, aheadMs: config.window.ahead },
    render,
  });
  const own = writesAtAll(config) ? await openCrmForWriting(config.database ?? clarify.database, isDry) : undefined;
  const engine = (config.database ?? clarify.database).type;
  const { newIds } = config;
  const settings = { types, timeZone: clarify.timeZone, engine, ...(newIds === undefined ? {} : { newIds }) };
  const writer = own === undefined ? undefined : openEntryWriter(own, reader, settings);
  let turns = 0;
  const kinds = kindsOf(type, config);
  const tools = groupwareTools({ now: () => world.now(), kinds, consents: kept.consents, turnsUnderWay: () => turns });
  const zoneOf = (login: string) => config.people[login]?.timeZone ?? clarify.timeZone;
  const open = ({ login, email }: CrmUser, kind: EntryKind) =>
    type.open({ login, email, system: config.system, timeZone: zoneOf(login) }, kind, config.options, tools);
  return {
    config: { ...config, concurrency: config.concurrency ?? type.turnsAtOnce?.(config.options) ?? TURNS_AT_ONCE },
    links: kept.links,
    reader,
    ...(writer === undefined ? {} : { writer }),
    ...{ kinds, tools, open },
    turnBegins: () => {
      turns += 1;
      return () => void (turns -= 1);
    },
    rulesOf: (user) => ({
      system: config.system,
      user,
      timeZone: zoneOf(user),
      mayWrite: config.write === true || (config.write !== false && config.write.includes(user)),
      creates: writer?.creates ?? {},
      deletes: config.delete,
      removesContacts: config.removeContacts,
      fields: type.fields,
    }),
    close: () => {
      crm.close();
      kept.close();
      own?.close();
    },
  };
}

/** The kinds of entries that a groupware can hold and the CRM of this site has. */
export function kindsOf(
  { fields }: Pick<AnyGroupwareType, 'fields'>,
  { kinds, contacts }: Pick<GroupwareConfig, 'kinds' | 'contacts'>,
): readonly EntryKind[] {
  const { types } = withContacts(entryTypesOfSite(kinds), contacts);
  return ENTRY_KINDS.filter((kind) => fields[kind] !== undefined && types.some((known) => known.kind === kind));
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

/** Which users are kept in step. */
export function usersOf({ users }: Pick<GroupwareConfig, 'users'>): WantedUsers {
  if (users === 'all') return 'all';
  return 'group' in users ? { group: users.group, path: users.path ?? GROUP_PATH } : { logins: users };
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
