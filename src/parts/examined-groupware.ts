// What `doctor groupware` looks at, opened as `sync` opens it, but for reading only; and the logins of the CRM's database, whose rights are
// tried and of which nothing stays written.

import { withContacts } from '../clarify/contact-type';
import type { CrmUser } from '../clarify/entries';
import { examineContactSources, examineEntryTypes } from '../clarify/examine-entries';
import { grantText, joined, readingRights, thatAreThere, writingRights, type Right } from '../clarify/entry-rights';
import { lookUpGaps } from '../clarify/gaps';
import { entryTypesOfSite } from '../clarify/site-entry-types';
import { excessiveRights, missingRights } from '../clarify/try-rights';
import type { ExaminedGroupware, LoginRights } from '../commands/installation/doctor/site';
import type { Config, GroupwareConfig } from '../config/schema';
import type { Deadline } from '../core/deadline';
import type { Database } from '../io/database';
import { openSqlServer } from '../io/sql-server';
import type { SqlServerSettings } from '../io/sql-server-settings';
import type { World } from '../world';
import { openConsenting } from './consenting';
import { wantedUsers } from './groupwares';
import { openLinks, openSyncing, writesAtAll } from './syncing';

/** Opens what is looked at. What has to be let go of at the end is added to `opened`. */
export async function openExaminedGroupware(
  config: Config & { readonly groupware: GroupwareConfig },
  crm: Database,
  world: World,
  opened: Pick<Database, 'close'>[],
): Promise<ExaminedGroupware> {
  const { groupware, clarify } = config;
  const syncing = await openSyncing(config, world, true);
  opened.push(syncing);
  const { types, contacts } = withContacts(entryTypesOfSite(groupware.kinds), groupware.contacts);
  const { notes } = groupware;
  const kept = await openLinks(config.ledger, true);
  opened.push(kept);
  const consenting = await openConsenting({ groupware, clarify }, () => Promise.resolve(kept), world);

  const userOf = ({ login, email }: CrmUser) => ({ login, email, system: groupware.system });
  const rightsOf = async (settings: SqlServerSettings, needed: readonly Right[], signal: AbortSignal): Promise<LoginRights> => {
    const database = openSqlServer(settings);
    opened.push(database);
    const missing = await missingRights(needed, database, signal);
    // The rows behind those of a kind as well. Every table of the CRM has an objid.
    const updated = needed
      .filter(({ verb, on }) => verb === 'UPDATE' && !missing.some((each) => each.on === on))
      .map(({ on }) => ({ table: on, idColumn: types.find(({ table }) => table === on)?.idColumn ?? 'objid' }));
    const excessive = await excessiveRights(updated, database, signal);
    return { ...spelled(settings, needed), missing: spelled(settings, missing).grants, excessive };
  };

  return {
    groupwares: syncing.groupwares.map(({ shared, ...each }) => ({
      ...each,
      ...(shared === undefined
        ? {}
        : {
            shared: {
              ...shared,
              try: (users: readonly CrmUser[], deadline: Deadline) => shared.try(users.map(userOf), deadline),
            },
          }),
    })),
    links: syncing.links,
    consenting,
    users: (signal) => syncing.reader.users(signal),
    examineKinds: (signal) => examineEntryTypes(types, notes, crm, signal),
    examineContacts: (signal) => examineContactSources(contacts, crm, signal),
    rights: async (signal) => {
      const { newIds, delete: deletes } = groupware;
      const all = [
        readingRights({ types, notes, contacts, users: wantedUsers(groupware).map(([, users]) => users) }),
        writingRights({ types, notes, newIds, deletes }),
      ];
      const columns = all.flat().flatMap(({ on, columns: own }) => own.map((column) => ({ table: on, column })));
      const { isAbsent } = await lookUpGaps(columns, crm, signal);
      const [reading = [], writing = []] = all.map((rights) => thatAreThere(rights, isAbsent));
      const [reader, writer] = [clarify.database, groupware.database ?? clarify.database];
      const isWriting = writesAtAll(groupware);
      const isOne = groupware.database === undefined;
      const found: LoginRights[] = [];
      if (reader.type === 'sqlserver')
        found.push(await rightsOf(reader, isOne && isWriting ? joined(reading, writing) : reading, signal));
      if (writer.type === 'sqlserver' && isWriting && !isOne) found.push(await rightsOf(writer, writing, signal));
      if (writer.type === 'sqlserver' && !isWriting) found.push({ ...spelled(writer, writing), isForLater: true });
      return found;
    },
  };
}

function spelled({ user }: SqlServerSettings, needed: readonly Right[]): LoginRights {
  const grants = needed.map((right) => grantText(right, user));
  return { login: user, grants, missing: [], excessive: [], isForLater: false };
}
