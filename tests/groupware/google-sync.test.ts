// Whole runs of `sync` over the sample CRM and Google: what users agreed to is in the ledger, sealed.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../src/core/secret';
import type { VaultKeys } from '../../src/core/vault';
import { vaultKeyOf } from '../../src/core/vault-keys';
import { scopesOf } from '../../src/groupware/google/consent/scopes';
import { sealedTokens } from '../../src/groupware/google/consent/tokens';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { openSqlConsents } from '../../src/ledger/sql-consents';
import { openLinks } from '../../src/parts/syncing';
import { DESKTOP_CLIENT } from '../support/google/controls';
import { startGoogleServer, type GoogleServer } from '../support/google/google-server';
import { KINDS } from '../support/google-site';
import { install, type Installation } from '../support/program';
import { runHere } from '../support/program-here';
import { changedSample } from '../support/sample';

jest.setTimeout(60_000);

const SIGNAL = new AbortController().signal;
const USERS = ['agent1', 'agent2'];
const SCOPES = scopesOf({ calendar: 'own', busy: false }, KINDS);
let [made, server, keys, emails]: [Installation, GoogleServer, VaultKeys, ReadonlyMap<string, string>] = [] as never;

beforeEach(async () => {
  server = await startGoogleServer();
  const bytes = randomBytes(32);
  const key = vaultKeyOf(bytes);
  keys = { current: key, byId: new Map([[key.id, key]]) };
  const found = new Map<string, string>();
  const database = await changedSample((crm) => {
    for (const { login, email } of crm.all(
      `SELECT u.login_name AS login, e.e_mail AS email FROM table_user u JOIN table_employee e ON e.employee2user = u.objid`,
    ))
      found.set(String(login), String(email));
  });
  emails = found;
  const { calendar, tasks, people, authorize, token, revoke } = server.endpoints;
  made = install({
    clarify: { database: { type: 'sqlite', file: database }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: { stream: { type: 'feed', folder: 'feed' } },
    ledger: { type: 'sqlite', file: 'ledger.sqlite' },
    groupware: {
      ...{
        type: 'google',
        clientId: DESKTOP_CLIENT.id,
        clientSecret: DESKTOP_CLIENT.secret,
        vault: { key: { file: 'vault.key' } },
      },
      endpoints: { calendar, tasks, people, authorize, token, revoke },
      ...{ users: USERS, write: true, proxy: false },
    },
  });
  writeFileSync(join(made.folder, 'vault.key'), bytes.toString('base64'), { mode: 0o600 });
  for (const login of USERS) server.addUser(emailOf(login), 'America/Chicago');
});
afterEach(async () => {
  rmSync(made.folder, { recursive: true, force: true });
  await server.close();
});

const run = (...words: readonly string[]) => runHere(made, words);
const emailOf = (login: string) => emails.get(login) ?? '';
const ledgerFile = () => join(made.folder, 'ledger.sqlite');
/** The events in the calendar of the CRM. */
const eventsOf = (login: string) =>
  server
    .calendars(emailOf(login))
    .filter(({ isPrimary }) => !isPrimary)
    .flatMap(({ id }) => server.events(emailOf(login), id));

async function agree(...logins: readonly string[]): Promise<void> {
  const store = openSqliteStore(ledgerFile());
  const consents = openSqlConsents(store, 'sqlite');
  for (const user of logins) {
    const { access, refresh } = server.grant(emailOf(user), SCOPES);
    const tokens = { accessToken: new Secret(access), refreshToken: new Secret(refresh), forMs: 3_600_000 };
    const given = {
      user,
      state: 'given',
      reason: '',
      account: emailOf(user),
      scopes: SCOPES,
      givenAt: Date.now(),
      revision: 0,
    } as const;
    const sealed = { refreshToken: '', ...sealedTokens(user, tokens, Date.now(), keys) };
    expect(await consents.keep({ ...given, ...sealed }, SIGNAL)).toBe(true);
  }
  store.close();
}

async function consentOf(login: string) {
  const store = openSqliteStore(ledgerFile());
  const consent = await openSqlConsents(store, 'sqlite').consent(login, SIGNAL);
  store.close();
  return consent;
}

it('brings the events of those who agreed into step, and says of the others what they have to do', async () => {
  await agree('agent1');
  const first = await run('sync');
  expect(first.code).toBe(77);
  expect(first.stdout).toContain('publish-activity connect agent2');
  const events = eventsOf('agent1');
  expect(events.length).toBeGreaterThan(0);
  expect(eventsOf('agent2')).toEqual([]);
  const again = (minutes: number) => runHere(made, ['sync', '--user', 'agent1'], { now: () => Date.now() + minutes * 60_000 });
  // The calendar is listed for the first time, and what was just made is looked at.
  expect(await again(0)).toMatchObject({ code: 0, stdout: '' });
  const before = server.calls.length;
  expect(await again(10)).toMatchObject({ code: 0, stdout: '' });
  expect(server.calls.slice(before).map(({ method }) => method)).toEqual(['events.list']);
  const log = readFileSync(join(made.folder, 'publish-activity.log'), 'utf8');
  for (const each of [...server.oauth.tokens.access.keys(), ...server.oauth.tokens.refresh.keys()])
    expect(log + first.stdout + first.stderr).not.toContain(each);
});

it('keeps no token that a dry run needed, and makes no ledger for it', async () => {
  const none = await run('sync', '--dry-run');
  expect(none.stdout + none.stderr).toContain('publish-activity connect agent1');
  expect(existsSync(ledgerFile())).toBe(false);
  await agree(...USERS);
  server.expireAccessTokens();
  const before = await consentOf('agent1');
  await run('sync', '--dry-run');
  expect(await consentOf('agent1')).toEqual(before);
  expect(server.calls.map(({ method }) => method)).not.toContain('calendars.insert');
  for (const each of server.oauth.tokens.refresh.values()) each.isRevoked = true;
  await run('sync', '--dry-run');
  expect(await consentOf('agent1')).toEqual(before);
});

it('lets whoever reads the ledger alone see what users agreed to, and change nothing', async () => {
  const ledger = { type: 'sqlite', file: ledgerFile() } as const;
  const nobody = await openLinks(ledger, true);
  expect(await (await nobody.consents()).consents(SIGNAL)).toEqual([]);
  nobody.close();
  await agree('agent1');
  const before = await consentOf('agent1');
  const opened = await openLinks(ledger, true);
  const consents = await opened.consents();
  expect(await consents.consent('agent1', SIGNAL)).toEqual(before);
  if (before !== undefined)
    expect([await consents.keep({ ...before, reason: 'x' }, SIGNAL), await consents.forget(before, SIGNAL)]).toEqual([
      true,
      true,
    ]);
  opened.close();
  expect(await consentOf('agent1')).toEqual(before);
});
