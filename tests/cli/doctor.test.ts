// The command doctor as an administrator meets it: the built program over a company with a SQL Server and a Socialcast.

import { chmodSync, readdirSync } from 'node:fs';
import { PASSWORDS, startCompany, type Company } from '../support/company';
import { spellingsOf } from '../support/destination';
import { install, type Ended } from '../support/program';
import { changedSample } from '../support/sample';

jest.setTimeout(30_000);

let company: Company;
beforeEach(async () => {
  company = await startCompany({ clarify: { timeZone: 'UTC' } });
  chmodSync(company.configFile, 0o600);
});
afterEach(() => company.close());

function expectNoSecretIn({ stdout, stderr }: Ended): void {
  const secrets = Object.values(PASSWORDS).flatMap(spellingsOf);
  expect(secrets.filter((spelling) => (stdout + stderr).includes(spelling))).toEqual([]);
}

describe('doctor', () => {
  it('prints a line for each check, and leaves no trace', async () => {
    const before = readdirSync(company.folder);
    const run = await company.run(['doctor', '--verbose']);
    expect(run.code).toBe(0);
    expect(run.stdout.split('\n').map((line) => line.slice(0, 19).trimEnd())).toEqual([
      'OK    configuration',
      'OK    rights',
      'OK    node',
      'OK    database',
      'OK    tables',
      'OK    clock',
      'OK    dns',
      'OK    proxy',
      'OK    tls',
      'OK    destinations',
      'OK    ledger',
      'OK    spool',
      'skip  schedule',
      'OK    rules',
      'OK    log',
      '',
    ]);
    expect(run.stderr).toBe('publish-activity: nothing is wrong\n');
    expect(readdirSync(company.folder)).toEqual(before);
    expect(company.socialcast.posts).toEqual([]);
    expectNoSecretIn(run);
  });

  it.each([
    [
      "UPDATE table_com_tmplte SET action = 'publish-activity [Case ID]' WHERE type = 3",
      78,
      'fail  rules  to be mended: "Publish to Socialcast"',
    ],
    [
      "UPDATE table_com_tmplte SET action = 'mail somebody' WHERE type = 3",
      0,
      'warn  rules  no rule of the CRM calls publish-activity',
    ],
    ['DROP TABLE table_com_tmplte', 0, 'skip  rules  '],
  ])('looks at the rules of the CRM: %s', async (change, code, line) => {
    const databaseFile = await changedSample((crm) => crm.exec(change));
    const other = await startCompany({ databaseFile, clarify: { timeZone: 'UTC' } });
    const run = await other.run(['doctor', 'rules']);
    await other.close();
    expect(run.code).toBe(code);
    expect(run.stdout).toContain(line);
  });

  it('prints the remedy below what fails, and exits with the code of the worst', async () => {
    company.database.faults.loginError = 18456;
    chmodSync(company.configFile, 0o644);
    const run = await company.run(['doctor', 'rights', 'database', 'clock']);
    expect(run.code).toBe(77);
    expect(run.stdout.split('\n')).toEqual([
      `warn  rights    ${company.configFile}: every account of this machine can read the secret in it (mode 644)`,
      `      -> chmod o-rw "${company.configFile}"`,
      expect.stringMatching(/^fail {2}database {2}the database clarify on 127\.0\.0\.1:\d+ refuses the login of stream_reader: /),
      expect.stringMatching(/^ {6}-> check clarify\.database/),
      'skip  clock     not looked at, because database is not OK',
      '',
    ]);
    expect(run.stderr).toBe('publish-activity: 1 failure, 1 warning\n');
    expectNoSecretIn(run);
  });

  it('prints one object with --json, however it goes', async () => {
    company.socialcast.answer({ status: 401, body: PASSWORDS.socialcast });
    const run = await company.run(['doctor', '--json']);
    expect(run).toMatchObject({ code: 77, stderr: '' });
    const printed = JSON.parse(run.stdout) as { readonly checks: readonly object[] };
    expect(printed).toMatchObject({ format: 1, result: 'login-refused', exitCode: 77, configFile: company.configFile });
    expect(printed.checks).toContainEqual({
      check: 'destinations',
      status: 'fail',
      message: expect.stringContaining('it refuses the login'),
      remedy: 'check the login of destinations.socialcast in the configuration',
    });
    expectNoSecretIn(run);
  });

  it('shows every problem of a broken configuration, each on a line of its own', async () => {
    const { run, folder } = install('{ "tags": 7, "destinations": {} }');
    const before = readdirSync(folder);
    const ended = await run(['doctor', 'configuration']);
    expect(ended.code).toBe(78);
    expect(ended.stdout).toMatch(
      /^fail {2}configuration {2}the configuration .* has 3 problems:\n {8}.*\n {8}.*\n {8}.*\n {6}-> /,
    );
    expect(readdirSync(folder)).toEqual(before);
  });

  it('refuses a check that there is not', async () => {
    expect(await company.run(['doctor', 'databse'])).toMatchObject({ code: 64, stdout: '' });
  });
});
