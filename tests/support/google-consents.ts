// What users agreed to, put into a ledger as `connect` does: sealed, and before any run.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Consent } from '../../src/core/consent';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { openSqlConsents } from '../../src/ledger/sql-consents';
import { VAULT_BYTES, type GoogleSite } from './google-site';
import { DESKTOP_CLIENT } from './google/controls';

const NEVER = new AbortController().signal;

/** Keeps them in a ledger, whatever is there. */
export async function keepConsents(ledger: string, consents: Iterable<Consent>): Promise<void> {
  const store = openSqliteStore(ledger);
  try {
    const kept = openSqlConsents(store, 'sqlite');
    for (const consent of consents) {
      const { revision = 0 } = (await kept.consent(consent.user, NEVER)) ?? {};
      if (!(await kept.keep({ ...consent, revision }, NEVER))) throw new Error('somebody else keeps consents here');
    }
  } finally {
    store.close();
  }
}

/** What a configuration says of a stand-in; the key of the vault is put into a folder. */
export function googleSettings({ server, options }: GoogleSite, folder: string): Readonly<Record<string, unknown>> {
  const key = join(folder, 'vault.key');
  writeFileSync(key, VAULT_BYTES.toString('base64'), { mode: 0o600 });
  const { calendar, tasks, people, authorize, token, revoke } = server.endpoints;
  const endpoints = { calendar, tasks, people, authorize, token, revoke };
  const client = { clientId: DESKTOP_CLIENT.id, clientSecret: DESKTOP_CLIENT.secret };
  return { type: 'google', ...client, vault: { key: { file: key } }, batch: options.batch, busy: options.busy, endpoints };
}
