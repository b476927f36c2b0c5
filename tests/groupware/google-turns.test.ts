// Many users' turns with Google: how many calls each of them is, and that one CRM and one ledger stand as many at once as fill a request.

import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../src/core/secret';
import { vaultKeyOf } from '../../src/core/vault-keys';
import { openSqlServer } from '../../src/io/sql-server';
import { openSqlConsents } from '../../src/ledger/sql-consents';
import { DESKTOP_CLIENT } from '../support/google/controls';
import { agree } from '../support/google-agreed';
import { startGoogleServer, type GoogleServer } from '../support/google/google-server';
import { install, type Installation } from '../support/program';
import { runHere } from '../support/program-here';
import { changeDatabase, temporaryFolder } from '../support/sample';
import { startTdsServer, type TdsServer } from '../support/tds-server';

jest.setTimeout(120_000);

const USERS = 50;
const MINUTE = 60_000;
const LOGIN = { database: 'crm', user: 'sync', password: 'only-for-the-stand-ins' };
const LOGINS = Array.from({ length: USERS }, (_, n) => `agent${n}`);

interface Office extends Installation {
  readonly google: GoogleServer;
  readonly databases: readonly TdsServer[];
  /** A run so many ms from now: how it ended, the calls, and how many requests of HTTP carried them. */
  sync(afterMs: number): Promise<{ readonly code: number | null; readonly calls: readonly string[]; readonly requests: number }>;
  close(): Promise<void>;
}

/** A CRM with a visit of each user, and a ledger, both on a SQL Server. */
async function startOffice(groupware: object): Promise<Office> {
  const folder = temporaryFolder();
  const [crmFile, ledgerFile] = [join(folder, 'crm.sqlite'), join(folder, 'ledger.sqlite')];
  writeFileSync(ledgerFile, '');
  await makeCrm(crmFile);
  const crm = await startTdsServer({ databaseFile: crmFile });
  const ledger = await startTdsServer({ databaseFile: ledgerFile, writable: true });
  const google = await startGoogleServer();
  const key = randomBytes(32);
  await agreed(google, ledger.port, key);
  const installation = install(configurationOf(google, [crm.port, ledger.port], groupware));
  writeFileSync(join(installation.folder, 'vault.key'), key.toString('base64'));
  return {
    ...{ ...installation, google, databases: [crm, ledger] },
    sync: async (afterMs) => {
      const [calls, requests] = [google.calls.length, google.requests.length];
      const { code } = await runHere(installation, ['sync'], { now: () => Date.now() + afterMs });
      return { code, calls: google.calls.slice(calls).map(({ method }) => method), requests: google.requests.length - requests };
    },
    close: async () => {
      await Promise.all([crm, ledger, google].map((each) => each.close()));
    },
  };
}

async function makeCrm(file: string): Promise<void> {
  writeFileSync(file, '');
  const tomorrow = Math.floor(Date.now() / 86_400_000) * 86_400_000 + 86_400_000;
  const wallClock = (hour: number) => new Date(tomorrow + hour * 3_600_000).toISOString().slice(0, 19);
  await changeDatabase(file, (crm) => {
    for (const text of [
      'CREATE TABLE [table_user] ([objid] INTEGER PRIMARY KEY, [login_name] VARCHAR(30), [status] INTEGER)',
      'CREATE TABLE [table_employee] ([objid] INTEGER PRIMARY KEY, [e_mail] VARCHAR(80), [employee2user] INTEGER)',
      `CREATE TABLE [table_x_visit] ([objid] INTEGER PRIMARY KEY, [title] VARCHAR(80), [x_begin] DATETIME, [x_end] DATETIME,
        [x_owner] VARCHAR(30))`,
      ...LOGINS.flatMap((login, n) => [
        `INSERT INTO [table_user] VALUES (${n + 1}, '${login}', 1)`,
        `INSERT INTO [table_employee] VALUES (${n + 1}, '${login}@example.com', ${n + 1})`,
        `INSERT INTO [table_x_visit] VALUES (${n + 1}, 'Visit ${n}', '${wallClock(14)}', '${wallClock(15)}', '${login}')`,
      ]),
    ])
      crm.run(text);
  });
}

async function agreed(google: GoogleServer, port: number, bytes: Buffer): Promise<void> {
  const key = vaultKeyOf(bytes);
  const unset = { instance: undefined, minTlsVersion: undefined, ca: undefined };
  const settings = { ...unset, server: '127.0.0.1', port, encrypt: false, trustServerCertificate: false };
  const store = openSqlServer({ ...settings, ...LOGIN, password: new Secret(LOGIN.password) });
  const consents = openSqlConsents(store, 'sqlserver');
  for (const login of LOGINS)
    await agree(google, login, 'America/Chicago', consents, { current: key, byId: new Map([[key.id, key]]) });
  store.close();
}

function configurationOf(google: GoogleServer, [crm, ledger]: readonly number[], groupware: object): object {
  const server = { type: 'sqlserver', server: '127.0.0.1', encrypt: false, ...LOGIN };
  const { calendar, tasks, people, authorize, token, revoke } = google.endpoints;
  const off = ['appointment', 'phone_log', 'dispatch', 'action_item', 'commitment'].map((name) => [name, { off: true }]);
  const visit = {
    fields: { title: 'title' },
    subject: '{{ title }}',
    owner: 'x_owner',
    becomes: 'event',
    table: 'table_x_visit',
  };
  return {
    clarify: { database: { ...server, port: crm }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    ledger: { ...server, port: ledger },
    destinations: { stream: { type: 'feed', folder: 'stream' } },
    log: false,
    deadline: '1m',
    groupware: {
      ...{
        type: 'google',
        clientId: DESKTOP_CLIENT.id,
        clientSecret: DESKTOP_CLIENT.secret,
        vault: { key: { file: 'vault.key' } },
      },
      endpoints: { calendar, tasks, people, authorize, token, revoke },
      ...{ users: 'all', contacts: 'none', firstFill: { entriesPerMinute: 0, usersPerHour: 0 } },
      kinds: { ...Object.fromEntries(off), visit: { ...visit, begin: 'x_begin', end: 'x_end' } },
      ...groupware,
    },
  };
}

describe('The turns of 50 users of Google whose requests are shared', () => {
  let office: Office;
  afterEach(() => office.close());

  /** A round in which there is nothing to do: all that was made is listed by now, and everything was listed once. */
  async function quietRound() {
    const fill = await office.sync(0);
    expect(fill).toMatchObject({ code: 0 });
    expect(fill.calls.filter((method) => method === 'events.insert')).toHaveLength(USERS);
    await office.sync(2 * MINUTE);
    const { requests, ...quiet } = await office.sync(4 * MINUTE);
    expect(quiet).toEqual({ code: 0, calls: Array.from({ length: USERS }, () => 'events.list') });
    return requests;
  }

  it('are taken at once, over one connection to the CRM, and fill the requests', async () => {
    office = await startOffice({ batch: 'shared' });
    // Four at once would make a dozen requests at the least.
    expect(await quietRound()).toBeLessThan(USERS / 4);
    // Three runs, each with one to the CRM and two to the ledger, and one for what they agreed to.
    expect(office.databases.map(({ connections }) => connections)).toEqual([3, 7]);
  });

  it('are as many at once as the configuration says', async () => {
    office = await startOffice({ batch: 'shared', concurrency: 4 });
    expect(await quietRound()).toBeGreaterThan(USERS / 4);
  });
});
