// The process that bench/google.mjs starts: a stand-in of Google with users who agreed, and their tokens, sealed in a ledger. It serves until
// its parent lets go of it, and counts what it is asked.

import { Secret } from '../src/core/secret';
import type { VaultKeys } from '../src/core/vault';
import { vaultKeyOf } from '../src/core/vault-keys';
import { scopesOf } from '../src/groupware/google/scopes';
import { sealedTokens } from '../src/groupware/google/tokens';
import { openStore } from '../src/parts/databases';
import { openSqlConsents } from '../src/ledger/sql-consents';
import { DESKTOP_CLIENT } from '../tests/support/google/controls';
import { startGoogleServer, type GoogleServer } from '../tests/support/google/google-server';

interface Order {
  readonly ledgerFile: string;
  /** In base64. */
  readonly vaultKey: string;
  readonly logins: readonly string[];
  readonly timeZone: string;
}

process.once('message', (order) => void serve(order as Order));

async function serve({ ledgerFile, vaultKey, logins, timeZone }: Order): Promise<void> {
  const server = await startGoogleServer();
  const made = timesOfInserts(server);
  const access = await join(server, { ledgerFile, vaultKey, logins, timeZone });
  process.once('disconnect', () => void server.close());
  let [requests, calls] = [0, 0];
  process.on('message', () => {
    process.send?.({
      requests: server.requests.slice(requests).map(({ path }) => path),
      calls: server.calls.slice(calls).map(({ method }) => method),
      madeAt: made.at(-1),
    });
    [requests, calls] = [server.requests.length, server.calls.length];
  });
  const { calendar, tasks, people, authorize, token, revoke } = server.endpoints;
  process.send?.({ endpoints: { calendar, tasks, people, authorize, token, revoke }, client: DESKTOP_CLIENT, access });
}

/** The moments at which events are made, in ms since 1970 UTC. */
function timesOfInserts({ calls }: GoogleServer): readonly number[] {
  const moments: number[] = [];
  const log = calls as GoogleServer['calls'][number][];
  log.push = (...each) => {
    if (each.some(({ method }) => method === 'events.insert')) moments.push(Date.now());
    return Array.prototype.push.apply(log, each);
  };
  return moments;
}

/** Lets all of them agree; the token of the first one. */
async function join(server: GoogleServer, { ledgerFile, vaultKey, logins, timeZone }: Order): Promise<string> {
  const key = vaultKeyOf(Buffer.from(vaultKey, 'base64'));
  const keys: VaultKeys = { current: key, byId: new Map([[key.id, key]]) };
  const store = await openStore({ type: 'sqlite', file: ledgerFile });
  const consents = openSqlConsents(store, 'sqlite');
  const scopes = scopesOf({ calendar: 'own', busy: false });
  let first = '';
  for (const login of logins) {
    const email = `${login}@example.com`;
    server.addUser(email, timeZone);
    const { access, refresh } = server.grant(email, scopes);
    first ||= access;
    const tokens = { accessToken: new Secret(access), refreshToken: new Secret(refresh), forMs: 3_600_000 };
    const given = { user: login, state: 'given', reason: '', account: email, scopes, givenAt: Date.now(), revision: 0 } as const;
    const consent = { refreshToken: '', ...given, ...sealedTokens(login, tokens, Date.now(), keys) };
    if (!(await consents.keep(consent, new AbortController().signal))) throw new Error(`${login} has agreed before`);
  }
  store.close();
  return first;
}
