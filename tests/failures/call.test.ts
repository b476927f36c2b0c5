// A call that is wrong from its start: the arguments, the configuration, its secrets, or a ledger of another time. What is wrong is
// named with its remedy, and nothing is sent.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER_FILE } from '../../src/config/ledger';
import { PASSWORDS, startCompany, type Company } from '../support/company';
import { CASE, deliveriesOf, MINUTE, runTalkative, withLedgerFile } from '../support/failures';
import { passTime } from '../support/pass-time';

let company: Company;
beforeAll(async () => {
  company = await startCompany();
});
afterAll(() => company.close());

const connections = () => company.database.connections + company.socialcast.connections();

describe('arguments', () => {
  it.each<[readonly string[], string]>([
    [[], 'there are no arguments'],
    [['publish'], 'the object type is missing'],
    [['Case'], 'the database id of the case is missing'],
    [['Case', '1', '2', '3'], '"3" is one argument too many'],
    [['Case', '12abc', '5'], '"12abc" is not a database id'],
    [['Case', '-1', '5'], '"-1" is not a database id'],
    [['Case', '2147483648', '5'], '"2147483648" is not a database id'],
    [['Case', '0x10', '5'], '"0x10" is not a database id'],
    [['Case', '007', '5'], '"007" is not a database id'],
    [['Case', ' ', '5'], 'the database id of the case is missing'],
    [['Case', '268435457', '1;DROP TABLE x'], '"1;DROP" is not an activity objid'],
    [['Case', "1' OR '1'='1", '5'], '"OR" is not an activity objid'],
    [['Subcas', '268435457', '268435459'], 'no object type is called "Subcas"'],
    [['--frobnicate'], "unknown option '--frobnicate'"],
    [[...CASE, '--rule', 'x'.repeat(201)], '--rule: a name has at most 200 characters'],
    [[...CASE, '--timeout', 'soon'], '--timeout: "soon" is not a duration'],
    [[...CASE, '--timeout', '25d'], '--timeout: "25d" is not a duration of at most 24d'],
  ])('%j: exit code 64, and nothing is opened', async (words, problem) => {
    const before = connections();
    const run = await company.run(words);
    expect(run).toMatchObject({ code: 64, stdout: '' });
    expect(run.stderr.split('\n')[0]).toContain(problem);
    expect(connections()).toBe(before);
    expect(company.log().at(-1)).toMatchObject({ result: 'usage', exitCode: 64, argv: words });
  });

  it('that are none at all are answered with the usage', async () => {
    const { stderr } = await company.run([]);
    expect(stderr).toContain('Usage: publish-activity <objectType> <dbId> [<activityObjid>] [options]\n');
  });

  it.each([
    [['resolve', 'a'], 'publish-activity resolve --help'],
    [['rerun', '--frobnicate'], 'publish-activity rerun --help'],
    [['--frobnicate'], 'publish-activity --help'],
  ])('%j send people to the help that lists what there is', async (words, help) => {
    const { stderr } = await company.run(words);
    expect(stderr).toContain(`${help} shows what there is`);
  });

  it.each([
    ['Case', '268435457', '268435457'],
    ['case', ' 268435457 ', '"268435457"'],
    ['CASE', '268435457,', '268435457', '&'],
  ])('%s %s: exit code 0', async (...words) => {
    expect((await company.run([...words, '--rule', words.join(' ')])).code).toBe(0);
  });
});

describe('a configuration', () => {
  const valid = () => JSON.parse(readFileSync(company.configFile, 'utf8')) as Readonly<Record<string, unknown>>;
  let good: string;
  beforeAll(() => (good = readFileSync(company.configFile, 'utf8')));
  afterEach(() => writeFileSync(company.configFile, good));

  it.each<[string, () => string | Buffer, string]>([
    ['that is empty', () => '', 'it is empty'],
    ['that is no JSON', () => '{ "clarify": ', 'line 1'],
    ['in another encoding', () => Buffer.from([0x22, 0xfc, 0x22]), 'it is not UTF-8 text'],
    [
      'with a key twice',
      () => good.replace('{', '{ "deadline": "5s",\n"deadline": "6s",'),
      'line 2: the key "deadline" is there twice',
    ],
    ['with an unknown key', () => JSON.stringify({ ...valid(), deadlin: '5s' }), 'did you mean deadline?'],
    ['of a newer program', () => JSON.stringify({ ...valid(), teleport: {} }), 'teleport'],
  ])('%s: exit code 78, and nothing is sent', async (_, content, problem) => {
    writeFileSync(company.configFile, content());
    const before = connections();
    const run = await company.run(CASE);
    expect(run).toMatchObject({ code: 78, stdout: '' });
    expect(run.stderr).toContain(company.configFile);
    expect(run.stderr).toContain(problem);
    expect(connections()).toBe(before);
  });

  it('that is missing: exit code 78', async () => {
    rmSync(company.configFile);
    const run = await company.run(CASE);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain('there is no such file');
  });

  it('with a byte order mark, as editors of Windows write it: exit code 0', async () => {
    writeFileSync(company.configFile, `\uFEFF${good}`);
    expect((await company.run([...CASE, '--rule', 'BOM'])).code).toBe(0);
  });
});

describe('a secret', () => {
  const companyWith = async (password: unknown) => startCompany({ destination: { password } });

  it.each([
    ['whose file is missing', { file: 'no-such-file' }, 'no-such-file cannot be read: there is no such file'],
    ['whose variable is not set', { env: 'NO_SUCH_VARIABLE' }, 'the environment variable NO_SUCH_VARIABLE is not set'],
    ['that is empty', '', 'password'],
    ['that is neither', 4711, 'password'],
  ])('%s: exit code 78, which names it', async (_, password, problem) => {
    const broken = await companyWith(password);
    const run = await runTalkative(broken, CASE);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain(problem);
    await broken.close();
  });

  it('in a file with an end of line: exit code 0', async () => {
    const filed = await companyWith({ file: 'password.txt' });
    writeFileSync(join(filed.folder, 'password.txt'), `${PASSWORDS.socialcast}\r\n`);
    expect((await runTalkative(filed, CASE)).code).toBe(0);
    await filed.close();
  });
});

describe('a ledger', () => {
  let upgraded: Company;
  beforeEach(async () => {
    upgraded = await startCompany();
  });
  afterEach(() => upgraded.close());

  it('of a newer program: exit code 75, kept in the spool for that; a rerun refuses it with 78', async () => {
    expect((await upgraded.run(CASE)).code).toBe(0);
    await withLedgerFile(upgraded.folder, false, (ledger) => {
      ledger.exec('INSERT INTO publish_activity_schema (version) VALUES (999)');
    });
    const run = await upgraded.run(['Solution', '268435457', '268435464']);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('the ledger is of version 999');
    expect(upgraded.socialcast.posts).toHaveLength(1);
    expect(await upgraded.run(['rerun'])).toMatchObject({ code: 78, stderr: expect.stringContaining('version 999') as string });
  });

  it('of the first version is read by every later program: exit code 0, and what it kept is posted', async () => {
    const dump = readFileSync(join(__dirname, '..', 'support', 'ledger-of-version-1.sql'), 'utf8');
    writeFileSync(join(upgraded.folder, LEDGER_FILE), '');
    // The stand-in counts its posts from where it began then, and no two posts have the same id.
    await withLedgerFile(upgraded.folder, false, (ledger) => ledger.exec(dump.replace("'90'", "'7'")));
    await passTime(upgraded.folder, MINUTE);
    expect(await upgraded.run(['rerun'])).toMatchObject({ code: 0 });
    expect(upgraded.socialcast.posts.map(({ title }) => title).sort()).toEqual([
      "Created Case for Nora O'Dell at Calder & Sons, Dock 3",
      'New Solution: Reset procedure for FLM-200 after power loss',
    ]);
    expect((await deliveriesOf(upgraded)).map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
    // What it delivered, it still knows.
    expect((await upgraded.run(['Case', '268435458', '268435463'])).code).toBe(0);
    expect(upgraded.socialcast.posts).toHaveLength(2);
  });
});
