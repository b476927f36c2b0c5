// Who is kept in step, of the users that the configuration names.

import type { CrmUser } from '../../../clarify/entries';
import type { Syncing } from './parts';

/** The users that may have turns, active or not, and the logins of those who were disconnected. */
export interface KeptUsers {
  readonly users: readonly CrmUser[];
  readonly disconnected: ReadonlySet<string>;
}

/** Reads them. Rejects with a DatabaseError of the CRM or the ledger. */
export async function keptUsers({ reader, links }: Pick<Syncing, 'reader' | 'links'>, signal: AbortSignal): Promise<KeptUsers> {
  const [all, grants] = [await reader.users(signal), await links.grants(signal)];
  const disconnected = new Set(grants.filter(({ state }) => state === 'disconnected').map(({ user }) => user));
  return { users: all.filter(({ login }) => !disconnected.has(login)), disconnected };
}
