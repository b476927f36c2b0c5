// How the CRM's database fails: the exit code, and that nothing is lost. As soon as it is well again, a rerun makes the post.

import { startCompany, type Company } from '../support/company';
import { CASE, deliveriesOf, expectInTime, MINUTE, requestsOf, runTalkative } from '../support/failures';
import { passTime } from '../support/pass-time';
import { changeDatabase, changedSample } from '../support/sample';
import type { TdsFaults } from '../support/tds-server';

jest.setTimeout(30_000);

const LIMIT_MS = 1_500;
const WELL: TdsFaults = {
  hang: undefined,
  cut: undefined,
  drip: undefined,
  garbage: undefined,
  delayMs: undefined,
  loginError: undefined,
  queryError: undefined,
  missingColumns: undefined,
};

let company: Company;

/** The database is well again, and a rerun comes. */
async function mend(): Promise<void> {
  Object.assign(company.database.faults, WELL);
  await passTime(company.folder, 2 * MINUTE);
  expect(await company.run(['rerun'])).toMatchObject({ code: 0 });
  expect(await requestsOf(company)).toMatchObject([{ state: 'composed' }]);
  expect(await deliveriesOf(company)).toMatchObject([{ state: 'delivered' }]);
  expect(company.socialcast.posts).toHaveLength(1);
}

describe('a database that', () => {
  beforeEach(async () => {
    company = await startCompany();
  });
  afterEach(() => company.close());

  it.each<[string, number, TdsFaults]>([
    ['refuses the login', 77, { loginError: 18456 }],
    ['refuses the database', 77, { loginError: 4060 }],
    ['is not there at the moment', 75, { loginError: 40613 }],
    ['has no connection left', 75, { loginError: 17809 }],
    ['changes over to another replica', 75, { loginError: [983, 4060, 18456] }],
    ['lacks a table', 78, { queryError: 208 }],
    ['gives no right to a table', 78, { queryError: 229 }],
    ['chose us as a deadlock victim', 75, { queryError: 1205 }],
    ['lacks a column that it must have', 78, { missingColumns: ['title'] }],
    ['cuts the connection at the login', 75, { cut: 'login' }],
    ['cuts the connection in mid-row', 75, { cut: 'half-query' }],
    ['answers garbage', 75, { garbage: 'query' }],
  ])('%s: exit code %i, kept, and posted when it is well', async (_, code, faults) => {
    Object.assign(company.database.faults, faults);
    const run = await runTalkative(company, CASE);
    expect(run.code).toBe(code);
    expect(run.stderr).toContain('nothing was posted');
    expect(company.log().at(-1)).toMatchObject({ exitCode: code, objid: 268435457 });
    expect(company.socialcast.connections()).toBe(0);
    expect(await requestsOf(company)).toMatchObject([{ state: 'accepted' }]);
    await mend();
  });

  it.each<[string, TdsFaults]>([
    ['hangs after the connect', { hang: 'prelogin' }],
    ['hangs at the login', { hang: 'login' }],
    ['hangs at the query', { hang: 'query' }],
    ['hangs in mid-row', { hang: 'half-query' }],
    ['sends one byte a second', { drip: 'query' }],
    ['answers after a minute', { delayMs: MINUTE }],
  ])('%s: exit code 75 at the deadline, kept, and posted when it is well', async (_, faults) => {
    Object.assign(company.database.faults, faults);
    const run = await runTalkative(company, [...CASE, '--timeout', `${LIMIT_MS}ms`]);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('nothing was posted');
    expectInTime(company, run, LIMIT_MS);
    await mend();
  });
});

describe('a database', () => {
  afterEach(() => company.close());

  it('that is down: exit code 75', async () => {
    company = await startCompany({ server: { port: 9 } });
    expect(await runTalkative(company, CASE)).toMatchObject({ code: 75 });
    expect(await requestsOf(company)).toMatchObject([{ state: 'accepted' }]);
  });

  it('that gets the wrong password: exit code 77, and the password is not shown', async () => {
    company = await startCompany({ server: { password: 'wrong S3cret' } });
    const run = await runTalkative(company, CASE);
    expect(run.code).toBe(77);
    expect(run.stderr).not.toContain('wrong S3cret');
  });

  it('of a site without the optional columns is read all the same, and keeps its internal notes', async () => {
    const databaseFile = await changedSample((crm) => {
      for (const column of ['focus_type', 'focus_lowid']) crm.exec(`ALTER TABLE table_act_entry DROP COLUMN ${column}`);
    });
    company = await startCompany({ databaseFile });
    expect(await company.run(CASE)).toMatchObject({ code: 0, stderr: '' });
    expect(company.socialcast.posts).toHaveLength(1);
    expect(await company.run(['Case', '268435457', '268435470'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('internal') as string,
    });
  });
});

describe('a row', () => {
  const LATE = ['Case', '268435457', '299999999'];
  const commit = (file: string) =>
    changeDatabase(file, (crm) =>
      crm.exec(`INSERT INTO table_act_entry (objid, act_code, entry_time, act_entry2case)
        VALUES (299999999, 600, '2026-01-01T00:00:00', 268435457)`),
    );
  let databaseFile: string;
  beforeEach(async () => {
    databaseFile = await changedSample(() => undefined);
    company = await startCompany({ databaseFile });
  });
  afterEach(() => company.close());

  it('that is not committed when the rule fires is waited for', async () => {
    const running = company.run(LATE);
    await new Promise((resolve) => setTimeout(resolve, 800));
    await commit(databaseFile);
    expect(await running).toMatchObject({ code: 0, stderr: '' });
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('that is committed later still is kept for: exit code 75, and posted then', async () => {
    expect((await company.run([...LATE, '--timeout', '1s'])).code).toBe(75);
    expect(await requestsOf(company)).toMatchObject([{ state: 'awaited' }]);
    await commit(databaseFile);
    await mend();
  });

  it('that was deleted is looked for for ten minutes: exit code 75, and then it is not found', async () => {
    expect((await company.run([...LATE, '--timeout', '1s'])).code).toBe(75);
    await passTime(company.folder, 11 * MINUTE);
    expect(await company.run(['rerun'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('1 not in the CRM') as string,
    });
    expect(await requestsOf(company)).toMatchObject([{ state: 'not-found' }]);
  });

  it('of nothing but NULLs is posted without a trace of them', async () => {
    await changeDatabase(databaseFile, (crm) => {
      crm.exec('INSERT INTO table_case (objid) VALUES (300000001)');
      crm.exec('INSERT INTO table_act_entry (objid, act_entry2case) VALUES (300000002, 300000001)');
    });
    expect(await company.run(['Case', '300000001', '300000002'])).toMatchObject({ code: 0, stderr: '' });
    expect(company.socialcast.posts).toHaveLength(1);
    expect(Object.values(company.socialcast.posts[0] ?? {}).join()).not.toMatch(/null|undefined|NaN|\[object/i);
  });
});
