// The process that bench/google.mjs starts: a stand-in of Google with users who agreed, and their tokens, sealed in a ledger, and a stand-in of
// SQL Server for the CRM and for that ledger. It serves until its parent lets go of it, and counts what it is asked.

import { writeFileSync } from 'node:fs';
import type { LedgerConfig } from '../src/config/schema';
import { Secret } from '../src/core/secret';
import { vaultKeyOf } from '../src/core/vault-keys';
import { openStore } from '../src/parts/databases';
import { openSqlConsents } from '../src/ledger/sql-consents';
import { agree } from '../tests/support/google-agreed';
import { DESKTOP_CLIENT } from '../tests/support/google/controls';
import { startGoogleServer, type GoogleServer } from '../tests/support/google/google-server';
import { startTdsServer } from '../tests/support/tds-server';

interface Order {
  readonly crmFile: string;
  readonly ledgerFile: string;
  /** Whether both are on a SQL Server. */
  readonly isOnServer: boolean;
  /** In base64. */
  readonly vaultKey: string;
  readonly logins: readonly string[];
  readonly timeZone: string;
}

/** A database, as a configuration names it. */
type Settings = Awaited<ReturnType<typeof serverOf>>['settings'] | { readonly type: 'sqlite'; readonly file: string };

process.once('message', (order) => void serve(order as Order));

async function serve(order: Order): Promise<void> {
  const server = await startGoogleServer();
  const made = timesOfInserts(server);
  const databases = order.isOnServer
    ? await Promise.all([serverOf(order.crmFile, false), serverOf(order.ledgerFile, true)])
    : ([order.crmFile, order.ledgerFile] as const).map((file) => ({
        settings: { type: 'sqlite', file } as const,
        close: () => undefined,
      }));
  const [crm, ledger] = databases.map(({ settings }) => settings);
  if (ledger === undefined) throw new Error('no ledger');
  const access = await join(server, { ...order, ledger });
  process.once('disconnect', () => {
    for (const each of [server, ...databases]) void each.close();
  });
  let [requests, calls] = [0, 0];
  process.on('message', () => {
    const since = server.requests.slice(requests);
    process.send?.({
      requests: since.filter(({ host }) => host !== 'accounts').map(({ path }) => path),
      tokens: since.filter(({ host }) => host === 'accounts').length,
      calls: server.calls.slice(calls).map(({ method }) => method),
      madeAt: made.at(-1),
    });
    [requests, calls] = [server.requests.length, server.calls.length];
  });
  const { calendar, tasks, people, authorize, token, revoke } = server.endpoints;
  process.send?.({
    endpoints: { calendar, tasks, people, authorize, token, revoke },
    client: DESKTOP_CLIENT,
    access,
    crm,
    ledger,
  });
}

/** A SQL Server over a file of SQLite, as a configuration names it. */
async function serverOf(databaseFile: string, writable: boolean) {
  if (writable) writeFileSync(databaseFile, '');
  const server = await startTdsServer({ databaseFile, writable });
  const login = { database: 'bench', user: 'bench', password: 'only-for-the-stand-ins' };
  const settings = { type: 'sqlserver', server: '127.0.0.1', port: server.port, ...login, encrypt: false } as const;
  return { settings, close: () => server.close() };
}

/** The same as the program has it. */
function opened(settings: Settings): LedgerConfig {
  if (settings.type === 'sqlite') return settings;
  const unset = {
    instance: undefined,
    minTlsVersion: undefined,
    ca: undefined,
    trustServerCertificate: false,
    readOnlyIntent: false,
  };
  return { ...settings, ...unset, password: new Secret(settings.password) };
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
async function join(
  server: GoogleServer,
  { ledger, vaultKey, logins, timeZone }: Order & { readonly ledger: Settings },
): Promise<string> {
  const key = vaultKeyOf(Buffer.from(vaultKey, 'base64'));
  const store = await openStore(opened(ledger));
  const consents = openSqlConsents(store, ledger.type);
  const keys = { current: key, byId: new Map([[key.id, key]]) };
  let first = '';
  for (const login of logins) {
    const access = await agree(server, login, timeZone, consents, keys);
    first ||= access;
  }
  store.close();
  return first;
}
