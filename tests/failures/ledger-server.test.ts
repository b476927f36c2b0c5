// A ledger on a SQL Server, which several hosts share, and how that server fails: the request waits in the spool of its host.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUSY_MS } from '../support/busy';
import { startCompany, type Company } from '../support/company';
import { CASE } from '../support/failures';
import { install } from '../support/program';
import { temporaryFolder } from '../support/sample';
import { startTdsServer, type TdsFaults, type TdsServer } from '../support/tds-server';

jest.setTimeout(60_000);

const SOLUTION = ['Solution', '268435457', '268435464'];
const login = { user: 'publisher', password: 'shared S3cret' };
const LIMIT_MS = 2_000;

const ledgerAt = (port: number) => {
  return { type: 'sqlserver', server: '127.0.0.1', port, database: 'activity', encrypt: false, ...login };
};

let server: TdsServer;
let company: Company;
beforeEach(async () => {
  const databaseFile = join(temporaryFolder(), 'server.sqlite');
  writeFileSync(databaseFile, '');
  server = await startTdsServer({ databaseFile, writable: true, login, database: 'activity' });
  company = await startCompany({ more: { ledger: ledgerAt(server.port) } });
});
afterEach(() => Promise.all([server.close(), company.close()]));

it('a rule that fires on several hosts at the same moment makes one post', async () => {
  const other = install(readFileSync(company.configFile, 'utf8'));
  const hosts = [company, other, company, other, company, other];
  const runs = await Promise.all(hosts.map((host) => host.run([...CASE, '--timeout', '30s'])));
  expect(runs.map(({ code }) => code)).toEqual(runs.map(() => 0));
  expect(company.socialcast.posts).toHaveLength(1);
  expect((await other.run(['why', ...CASE])).stdout).toContain('delivered');
});

it.each<[string, TdsFaults]>([
  ['refuses the login', { loginError: 18456 }],
  ['gives no right to a table', { queryError: 229 }],
  ['cuts the connection', { cut: 'query' }],
  ['hangs after the connect', { hang: 'prelogin' }],
  ['hangs at the login', { hang: 'login' }],
  ['hangs at a statement', { hang: 'query' }],
])('a server that %s: exit code 75 within the deadline, and one post once it is mended', async (_, faults) => {
  expect((await company.run(SOLUTION)).code).toBe(0);
  Object.assign(server.faults, faults);
  const run = await company.run([...CASE, '--timeout', `${LIMIT_MS}ms`]);
  expect(run.code).toBe(75);
  expect(run.stderr).toMatch(/^publish-activity: not posted yet, kept in the spool /);
  expect(run.stderr).not.toContain('S3cret');
  expect(run.ms).toBeLessThan(LIMIT_MS + BUSY_MS);
  expect(company.socialcast.posts).toHaveLength(1);
  for (const fault of Object.keys(faults)) Reflect.deleteProperty(server.faults, fault);
  expect((await company.run(['rerun'])).code).toBe(0);
  expect(company.socialcast.posts).toHaveLength(2);
});

it('a server that is down: exit code 75, and nothing is posted', async () => {
  const alone = await startCompany({ more: { ledger: ledgerAt(9) } });
  expect((await alone.run(CASE)).code).toBe(75);
  expect(alone.socialcast.posts).toHaveLength(0);
  await alone.close();
});
