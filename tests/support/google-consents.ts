// How the program logs in at a stand-in: what users agreed to, put into a ledger as `connect` does, sealed, and before any run; or a service
// account.

import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Consent } from '../../src/core/consent';
import { scopesOf } from '../../src/groupware/google/consent/scopes';
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

/** The same for a service account that may ask for everybody; its key file is put into a folder, and `privateKey` is what stands there. */
export function delegatedSettings(
  site: GoogleSite,
  folder: string,
): { readonly settings: Readonly<Record<string, unknown>>; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const account = {
    email: 'crm@project.iam.gserviceaccount.com',
    clientId: '1',
    keyId: 'k1',
    delegated: scopesOf(site.options, site.tools.kinds),
  };
  site.server.addServiceAccount({ ...account, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() });
  const file = join(folder, 'key.json');
  writeFileSync(file, JSON.stringify({ client_email: account.email, private_key_id: 'k1', private_key: key }));
  const noClient = { clientId: undefined, clientSecret: undefined };
  return { settings: { ...googleSettings(site, folder), ...noClient, serviceAccount: { file } }, privateKey: key };
}
