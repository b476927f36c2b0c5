// The groupwares of a configuration, opened: each with tools of its own, so that what the collections of one share is nothing to another.

import { withContacts } from '../clarify/contact-type';
import { GROUP_PATH, type WantedUsers } from '../clarify/entry-query';
import { entryTypesOfSite } from '../clarify/site-entry-types';
import { standingOf } from '../commands/groupware/consent-standing';
import { isAsking, type Agreeing } from '../commands/groupware/consent-parts';
import type { All } from '../commands/groupware/named-groupwares';
import type { OpenGroupware } from '../commands/groupware/sync/parts';
import type { GroupwareConfig } from '../config/schema';
import type { Consents } from '../core/consent';
import { ENTRY_KINDS, type EntryKind } from '../core/sync/entry';
import { loadGroupwareType, type AnyGroupwareType } from '../groupware/index';
import type { GroupwareServer, SharedRequests } from '../groupware/groupware';
import { groupwareTools } from './groupware';

/** So many users’ turns at once, where neither the configuration nor the groupware says. */
const TURNS_AT_ONCE = 4;

/** What opening needs. */
export interface GroupwareParts {
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** What users agreed to. */
  readonly consents: () => Promise<Consents>;
  /** The zone in which what is new is first spelled for a user: of the CRM, where the configuration names none. */
  readonly timeZone: string;
}

/** A groupware with everything that its type can do. */
export interface LoadedGroupware extends OpenGroupware, Agreeing {
  readonly servers: readonly GroupwareServer[];
  readonly shared?: SharedRequests;
}

/** Opens all of them; nothing of them is read before the first question. */
export async function openGroupwares(config: GroupwareConfig, parts: GroupwareParts): Promise<All<LoadedGroupware>> {
  const { others } = config;
  const first = await openOne('', config, config, parts);
  const rest = Object.entries(others).map(([name, other]) => openOne(name, other, config, parts));
  return [first, ...(await Promise.all(rest))];
}

async function openOne(
  name: string,
  { type: typeName, options }: Pick<GroupwareConfig, 'type' | 'options'>,
  config: GroupwareConfig,
  { now, consents, timeZone }: GroupwareParts,
): Promise<LoadedGroupware> {
  const type = await loadGroupwareType(typeName);
  if (type === undefined) throw new Error(`the check let the groupware type ${typeName} through`);
  const kinds = kindsOf(type, config);
  let turns = 0;
  const tools = groupwareTools({ now, kinds, consents, turnsUnderWay: () => turns });
  const flow = type.consent?.(options, tools);
  const shared = type.sharedRequests?.(options, tools);
  const agreeing = flow === undefined ? undefined : { flow };
  return {
    ...{ name, type: typeName, identity: type.identity(options) },
    called: name === '' ? type.called : `${type.called} (${name})`,
    ...{ kinds, fields: type.fields },
    concurrency: config.concurrency ?? type.turnsAtOnce?.(options) ?? TURNS_AT_ONCE,
    servers: type.servers?.(options, kinds) ?? [],
    open: ({ login, email }, kind) => {
      const zone = config.people[login]?.timeZone ?? timeZone;
      return type.open({ login, email, system: config.system, timeZone: zone }, kind, options, tools);
    },
    turnBegins: () => {
      turns += 1;
      return () => void (turns -= 1);
    },
    ...(shared === undefined ? {} : { shared }),
    ...agreeing,
    ...(agreeing !== undefined && isAsking(agreeing)
      ? {
          hasAgreed: async (login: string, signal: AbortSignal) =>
            standingOf(login, await (await consents()).consent(login, signal), agreeing.flow).state === 'given',
        }
      : {}),
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

/** Which users are kept in step, by the groupware that names them: that of `groupware` itself first, under an empty name. */
export function wantedUsers({
  users,
  others,
}: Pick<GroupwareConfig, 'users' | 'others'>): readonly (readonly [string, WantedUsers])[] {
  const all = [['', users] as const, ...Object.entries(others).map(([name, other]) => [name, other.users] as const)];
  return all.map(([name, some]) => [name, wantedOf(some)] as const);
}

function wantedOf(users: GroupwareConfig['users']): WantedUsers {
  if (users === 'all') return 'all';
  return 'group' in users ? { group: users.group, path: users.path ?? GROUP_PATH } : { logins: users };
}

/** The names of the groupwares that list a login. */
export function listingOf({ others }: Pick<GroupwareConfig, 'others'>): (login: string) => readonly string[] {
  return (login) =>
    Object.entries(others)
      .filter(([, { users }]) => Array.isArray(users) && users.includes(login))
      .map(([name]) => name);
}

/** The servers that all of them speak to. Nothing is opened. */
export async function groupwareServers(config: GroupwareConfig): Promise<readonly GroupwareServer[]> {
  const all = [config, ...Object.values(config.others)].map(async ({ type: name, options }) => {
    const type = await loadGroupwareType(name);
    return type?.servers?.(options, kindsOf(type, config)) ?? [];
  });
  const servers = (await Promise.all(all)).flat();
  return servers.filter(({ origin }, index) => servers.findIndex((other) => other.origin === origin) === index);
}
