// Every way in which the outside fails, as the program tells it: the exit code, and a line that says whether it may have been posted.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteFile } from '../../src/io/sqlite';
import { startCompany, PASSWORDS, type Company } from '../support/company';
import { startSocialcast } from '../support/socialcast-server';
import { authority, certificate } from '../support/tls/certificates';
import { install, type Ended } from '../support/program';
import { sampleDatabase, temporaryFolder } from '../support/sample';

const CASE = ['Case', '268435457', '268435457'];

/** What would give a secret away, in every spelling that a library may choose. */
const SPELLINGS = Object.values(PASSWORDS).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(`crm@example.com:${secret}`).toString('base64').replace(/=+$/, ''),
  JSON.stringify(secret).slice(1, -1),
]);

let rules = 0;

/** Runs in the most talkative manner, for a rule of its own lest the ledger know the post, and searches what came out for every secret. */
async function runTalkative(company: Company, words = CASE, ...options: string[]): Promise<Ended> {
  const run = await company.run([...words, '--rule', `rule ${++rules}`, '--verbose', ...options]);
  const everything = run.stdout + run.stderr + JSON.stringify(company.log());
  expect(SPELLINGS.filter((spelling) => everything.includes(spelling))).toEqual([]);
  return run;
}

describe('a destination that fails', () => {
  let company: Company;
  beforeAll(async () => {
    company = await startCompany();
  });
  afterAll(() => company.close());

  it.each([
    [200, '', 0, ''],
    [200, '<html><title>Log in</title></html>', 75, 'it may have been posted'],
    [202, '', 0, ''],
    [204, '', 0, ''],
    [301, '', 69, '301'],
    [302, '<html>moved</html>', 69, '302'],
    [400, '', 69, '400'],
    [401, '<html>login</html>', 77, '401'],
    [403, '', 69, '403'],
    [404, '<html><title>Not here</title></html>', 69, '404'],
    [408, '', 75, 'not posted'],
    [410, '', 69, '410'],
    [413, '', 69, '413'],
    [422, '<errors><error>Title is too long</error></errors>', 69, 'Title is too long'],
    [425, '', 75, 'not posted'],
    [429, '', 75, 'not posted'],
    [500, '<html><h1>oops', 75, '500'],
    [502, '', 75, '502'],
    [503, '', 75, '503'],
    [504, '', 75, 'it may have been posted'],
  ])('answers %i %p: exit code %i', async (status, body, code, words) => {
    const before = company.socialcast.requests.length;
    company.socialcast.answer({ status, body, headers: { Location: 'http://127.0.0.1:9/' } });
    const run = await runTalkative(company);
    expect(run).toMatchObject({ code });
    expect(run.stderr).toContain(words);
    expect(company.socialcast.requests.length - before).toBe(1);
  });

  it.each([
    ['resets the connection after it read', 'reset', 75],
    ['closes the connection without an answer', 'close', 75],
    ['speaks no HTTP', 'no http', 75],
    ['cuts off the body of its 201', 'cut body', 0],
  ] as const)('%s', async (_how, reply, code) => {
    company.socialcast.answer(reply);
    const run = await runTalkative(company);
    expect(run.code).toBe(code);
    if (code === 75) expect(run.stderr).toContain('it may have been posted');
  });

  it('follows no redirect, and hands its login to nobody', async () => {
    const other = await startSocialcast();
    company.socialcast.answer({ status: 307, headers: { Location: `${other.url}/api/messages.xml` }, body: '' });
    expect(await runTalkative(company)).toMatchObject({ code: 69 });
    expect(other.connections()).toBe(0);
    await other.close();
  });

  it('refuses the login', async () => {
    const wrong = await startCompany({ destination: { password: 'another S3cret' } });
    const run = await runTalkative(wrong);
    expect(run.code).toBe(77);
    expect(run.stderr).not.toContain('another S3cret');
    await wrong.close();
  });

  it('is down', async () => {
    const down = await startCompany();
    await down.socialcast.close();
    const run = await runTalkative(down, CASE, '--timeout', '2s');
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('socialcast: not posted, kept and tried again: ');
    await down.close();
  });

  it('has no name', async () => {
    const run = await company.run([...CASE, '--config', withHost(company, 'no-such-host.invalid'), '--timeout', '2s']);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('not posted');
  });
});

function withHost(company: Company, host: string): string {
  const { port } = company.database;
  const database = {
    type: 'sqlserver',
    server: '127.0.0.1',
    port,
    database: 'clarify',
    user: 'stream_reader',
    password: PASSWORDS.database,
    encrypt: false,
  };
  return install({
    clarify: { database, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: {
      socialcast: { type: 'socialcast', url: `http://${host}`, username: 'a', password: PASSWORDS.socialcast, proxy: false },
    },
  }).configFile;
}

describe('a destination behind TLS', () => {
  it.each([
    ['a certificate of its own that is trusted', 'server', true, 0],
    ['a certificate of its own that nobody trusts', 'server', false, 75],
    ['an expired certificate', 'expired', true, 75],
    ['a certificate for another host', 'wrong-host', true, 75],
  ] as const)('has %s', async (_what, name, trusted, code) => {
    const secure = await startSocialcast({ username: 'crm@example.com', password: PASSWORDS.socialcast, tls: certificate(name) });
    const caFile = install(authority(), 'ca.pem').configFile;
    const company = await startCompany({ destination: { url: secure.url, ...(trusted ? { caFile } : {}) } });
    const run = await runTalkative(company);
    expect(run.code).toBe(code);
    if (code === 75) expect(run.stderr).toContain('not posted');
    expect(secure.posts).toHaveLength(code === 0 ? 1 : 0);
    await Promise.all([secure.close(), company.close()]);
  });
});

describe('a database that fails', () => {
  let company: Company;
  beforeEach(async () => {
    company = await startCompany();
  });
  afterEach(async () => {
    expect(company.socialcast.connections()).toBe(0);
    await company.close();
  });

  it.each([
    ['refuses the login', { loginError: 18456 }, 77],
    ['refuses the database', { loginError: 4060 }, 77],
    ['lacks a table', { queryError: 208 }, 78],
    ['gives no right to a table', { queryError: 229 }, 78],
    ['chose us as a deadlock victim', { queryError: 1205 }, 75],
    ['lacks a column that it must have', { missingColumns: ['title'] }, 78],
    ['cuts the connection at the login', { cut: 'login' }, 75],
    ['cuts the connection in mid-row', { cut: 'half-query' }, 75],
    ['answers garbage', { garbage: 'query' }, 75],
  ] as const)('%s', async (_how, faults, code) => {
    Object.assign(company.database.faults, faults);
    const run = await runTalkative(company);
    expect(run.code).toBe(code);
    expect(run.stderr).toContain('nothing was posted');
    expect(company.log().at(-1)).toMatchObject({ exitCode: code, objid: 268435457 });
  });

  it('is down', async () => {
    const down = await startCompany({ server: { port: 9 } });
    expect(await runTalkative(down)).toMatchObject({ code: 75 });
    await down.close();
  });

  it('gets the wrong password', async () => {
    const wrong = await startCompany({ server: { password: 'wrong S3cret' } });
    const run = await runTalkative(wrong);
    expect(run.code).toBe(77);
    expect(run.stderr).not.toContain('wrong S3cret');
    await wrong.close();
  });
});

describe('a site without the optional columns', () => {
  it('posts all the same, after one look at what there is', async () => {
    const databaseFile = join(temporaryFolder(), 'old.sqlite');
    copyFileSync(sampleDatabase(), databaseFile);
    const connection = await openSqliteFile(databaseFile, { readOnly: false });
    for (const column of ['focus_type', 'focus_lowid']) connection.exec(`ALTER TABLE table_act_entry DROP COLUMN ${column}`);
    connection.close();
    const company = await startCompany({ databaseFile });
    expect(await company.run(CASE)).toMatchObject({ code: 0, stderr: '' });
    expect(company.socialcast.posts).toHaveLength(1);
    expect(await company.run(['Case', '268435457', '268435470'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('internal'),
    });
    await company.close();
  });
});

describe('the deadline', () => {
  const LIMIT_MS = 1_500;
  let company: Company;
  beforeEach(async () => {
    company = await startCompany();
  });
  afterEach(() => company.close());

  it.each([
    ['the database hangs after the connect', { hang: 'prelogin' }],
    ['the database hangs at the login', { hang: 'login' }],
    ['the database hangs at the query', { hang: 'query' }],
    ['the database hangs in mid-row', { hang: 'half-query' }],
    ['the database sends one byte a second', { drip: 'query' }],
    ['the database answers late', { delayMs: 60_000 }],
  ] as const)('holds where %s', async (_how, faults) => {
    Object.assign(company.database.faults, faults);
    const run = await runTalkative(company, CASE, '--timeout', `${LIMIT_MS}ms`);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('nothing was posted');
    expectInTime(company, run);
  });

  it.each(['never read', 'hang', 'drip headers', 'keep and hang'] as const)(
    'holds where the destination does this: %s',
    async (reply) => {
      company.socialcast.answer(reply);
      const run = await runTalkative(company, CASE, '--timeout', `${LIMIT_MS}ms`);
      expect(run.code).toBe(75);
      expect(run.stderr).toContain('it may have been posted');
      expectInTime(company, run);
    },
  );

  it('holds where a 201 drips, which is delivered', async () => {
    company.socialcast.answer('drip body');
    const run = await runTalkative(company, CASE, '--timeout', `${LIMIT_MS}ms`);
    expect(run.code).toBe(0);
    expectInTime(company, run);
  });

  it('does not wait for a row longer than it lasts', async () => {
    const run = await company.run(['Case', '268435457', '5', '--timeout', '700ms']);
    expect(run.code).toBe(75);
    expect(Number(company.log().at(-1)?.['ms'])).toBeLessThan(800);
  });

  /** The program's own clock says when it was done, and the process does not outlive that by much. */
  function expectInTime(served: Company, run: Ended): void {
    const done = Number(served.log().at(-1)?.['ms']);
    expect(Math.abs(done - LIMIT_MS)).toBeLessThanOrEqual(100);
    expect(run.ms).toBeLessThan(LIMIT_MS + 500);
  }
});
