// Accepting cannot fail: what happens to the call of a rule whose ledger is busy, broken, or not to be found in a damaged configuration.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER_FILE } from '../../src/config/ledger';
import { newRequestId } from '../../src/core/request-id';
import { openSqliteFile } from '../../src/io/sqlite';
import { CASE, DAY, requestsOf, withLedgerFile } from '../support/failures';
import { install, sampleConfig, type Installation } from '../support/program';

const FEED = { feed: { type: 'feed', folder: 'feed' } };
const SECOND = ['Case', '268435457', '268435458'];
const SOLUTION = ['Solution', '268435457', '268435464'];

const siteWith = (more: Readonly<Record<string, unknown>> = {}) => install(sampleConfig(FEED, { deadline: '2s', ...more }));
const spoolOf = ({ folder }: Installation) => join(folder, `${LEDGER_FILE}.spool`);
const namesIn = (folder: string) => {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
};
/** The titles of the posts in the feed. */
async function posts({ folder }: Installation): Promise<readonly string[]> {
  const feed = await openSqliteFile(join(folder, 'feed', 'stream.sqlite'), { readOnly: true });
  const records = feed.all('SELECT record FROM entry').map(({ record }) => JSON.parse(String(record)) as { title: string });
  feed.close();
  return records.map(({ title }) => title);
}

/** Does something while another program holds the ledger's lock. */
async function whileLocked<T>({ folder }: Installation, work: () => Promise<T>): Promise<T> {
  const other = await openSqliteFile(join(folder, LEDGER_FILE), { readOnly: false });
  other.exec('BEGIN EXCLUSIVE');
  try {
    return await work();
  } finally {
    other.exec('ROLLBACK');
    other.close();
  }
}

describe('A call whose ledger another program has locked', () => {
  it('waits in the spool, is seen there, and is posted once by the next rerun: exit code 75', async () => {
    const site = siteWith();
    await site.run(SOLUTION);
    const runs = await whileLocked(site, () => Promise.all([site.run(CASE), site.run(CASE), site.run(SECOND)]));
    for (const run of runs) {
      expect(run.code).toBe(75);
      expect(run.stderr).toContain(`not posted yet, kept in the spool ${spoolOf(site)}: the database`);
      expect(run.stderr).toContain('was busy with other processes until the end');
    }
    const files = namesIn(spoolOf(site));
    expect(files).toHaveLength(3);
    const id = files[0]?.replace('.json', '') ?? '';

    expect((await site.run(['status'])).stdout).toContain('3 requests wait in the spool');
    const status = JSON.parse((await site.run(['status', '--json'])).stdout) as { spools: unknown };
    expect(status.spools).toMatchObject([{ folder: spoolOf(site), waiting: 3, refused: 0, trouble: null }]);
    const listed = (await site.run(['list', '--state', 'spooled'])).stdout;
    expect(listed.match(/spooled/g)).toHaveLength(3);
    expect(listed).toContain('case with objid 268435457, activity 268435458');
    for (const about of [[id], CASE])
      expect((await site.run(['why', ...about])).stdout).toContain('waits in the spool, because the ledger could not take it');
    expect((await site.run(['rerun', '--dry-run'])).stderr).toContain('3 requests wait in the spool and would be taken in first');
    expect(namesIn(spoolOf(site))).toHaveLength(3);
    expect(await posts(site)).toHaveLength(1);

    const rerun = await site.run(['rerun']);
    expect(rerun).toMatchObject({ code: 0, stderr: expect.stringContaining('3 taken in from the spool') as string });
    expect(namesIn(spoolOf(site))).toEqual([]);
    expect(await posts(site)).toHaveLength(3);
    expect((await site.run(CASE)).code).toBe(0);
    expect(await posts(site)).toHaveLength(3);
  });

  it('is taken in by the next call that finds the ledger well', async () => {
    const site = siteWith();
    await site.run(SOLUTION);
    await whileLocked(site, () => site.run(CASE));
    expect((await site.run(['Solution', '268435458', '268435465'])).code).toBe(0);
    expect(namesIn(spoolOf(site))).toEqual([]);
    expect(await requestsOf(site)).toHaveLength(3);
  });

  it('ends with 0 where the configuration wants it so', async () => {
    const site = siteWith({ exitZeroWhenKept: true });
    await site.run(SOLUTION);
    expect((await whileLocked(site, () => site.run(CASE))).code).toBe(0);
    expect(namesIn(spoolOf(site))).toHaveLength(1);
  });

  it('keeps nothing of a dry run', async () => {
    const site = siteWith();
    await site.run(SOLUTION);
    expect((await whileLocked(site, () => site.run([...CASE, '--dry-run']))).code).toBe(0);
    expect(namesIn(spoolOf(site))).toEqual([]);
  });
});

describe('A call whose ledger cannot be used', () => {
  it.each<[string, object, (site: Installation) => void]>([
    ['is a folder', {}, ({ folder }) => mkdirSync(join(folder, LEDGER_FILE))],
    [
      'is something else',
      {},
      ({ folder }) => writeFileSync(join(folder, LEDGER_FILE), 'a text, and no database at all'.repeat(99)),
    ],
    ['is in a place where nothing can be made', { ledger: { type: 'sqlite', file: 'file/ledger' } }, () => undefined],
  ])('because it %s waits in the spool until it can: exit code 75', async (_, more, breakIt) => {
    const spool = 'elsewhere';
    const site = siteWith({ ...more, spool });
    writeFileSync(join(site.folder, 'file'), '');
    breakIt(site);
    expect(await site.run(CASE)).toMatchObject({
      code: 75,
      stderr: expect.stringContaining('the next rerun takes it in') as string,
    });
    expect(namesIn(join(site.folder, spool))).toHaveLength(1);
    for (const name of ['file', LEDGER_FILE]) rmSync(join(site.folder, name), { recursive: true, force: true });
    expect((await site.run(['rerun'])).code).toBe(0);
    expect(await posts(site)).toHaveLength(1);
  });

  it('because a SQL Server is down waits beside the log', async () => {
    const ledger = {
      type: 'sqlserver',
      server: '127.0.0.1',
      port: 1,
      database: 'ledger',
      user: 'u',
      password: 'p',
      encrypt: false,
    };
    const site = siteWith({ ledger, log: join('logs', 'a.log') });
    expect((await site.run(CASE)).code).toBe(75);
    expect(namesIn(join(site.folder, 'logs', 'publish-activity.spool'))).toHaveLength(1);
    const rerun = await site.run(['rerun']);
    expect(rerun.code).toBe(75);
    expect(rerun.stderr).toContain('1 request waits in the spool');
  });
});

describe('A call whose configuration', () => {
  const goodText = (site: Installation) => readFileSync(site.configFile, 'utf8');

  it.each<[string, (good: string) => string]>([
    ['has a key that nobody knows', (good) => good.replace('"destinations"', '"destinationz":{},"destinations"')],
    ['has a template that is none', (good) => good.replace('{', '{"templates":{"case":{"*":{"title":"{{ title"}}},')],
    ['names a secret that is not there', (good) => good.replace('{', '{"alerts":{"to":["nobody"]},')],
  ])('%s is kept in the ledger, and posted once it is mended: exit code 78', async (_, damage) => {
    const site = siteWith();
    const good = goodText(site);
    writeFileSync(site.configFile, damage(good));
    const run = await site.run(CASE);
    expect(run.code).toBe(78);
    expect(run.stderr.trimEnd().split('\n').at(-1)).toContain('the request is kept, and a rerun posts it once this is mended');
    expect(await requestsOf(site)).toMatchObject([{ state: 'accepted', reason: 'the configuration could not be used' }]);
    writeFileSync(site.configFile, good);
    expect((await site.run(['rerun'])).code).toBe(0);
    expect(await posts(site)).toHaveLength(1);
  });

  it.each<[string, string, (good: string) => string | Buffer, string?]>([
    ['is cut off', LEDGER_FILE, (good) => good.slice(0, -2)],
    ['lacks a comma', LEDGER_FILE, (good) => good.replace('"destinations"', '"tags":["a"] "destinations"')],
    ['lacks a quote', LEDGER_FILE, (good) => good.replace('"destinations"', '"tags":["a]\n,"destinations"')],
    ['is in another encoding', LEDGER_FILE, (good) => Buffer.concat([Buffer.from(good), Buffer.from([0xfc])])],
    ['is empty', LEDGER_FILE, () => ''],
    [
      'is damaged after the ledger',
      'own.ledger',
      (good) => good.replace('{', '{"ledger":{"type":"sqlite","file":"own.ledger"},,'),
    ],
    [
      'is damaged before the ledger',
      'own.ledger',
      (good) => good.replace('{', '{,"ledger":{"type":"sqlite","file":"own.ledger"},'),
    ],
    ['is damaged in the ledger', LEDGER_FILE, (good) => good.replace('{', '{"ledger":{"type":"sqlite","file":"own.ledger},')],
    [
      'has the ledger twice',
      LEDGER_FILE,
      (good) => good.replace('{', '{"ledger":{"type":"sqlite","file":"a"},"ledger":{"type":"sqlite","file":"b"},'),
    ],
  ])('%s waits in the spool of %s, and is posted once it is mended: exit code 78', async (_, ledger, damage) => {
    const site = siteWith();
    const good = goodText(site);
    writeFileSync(site.configFile, damage(good));
    const run = await site.run([...CASE, '--rule', 'SLA "rot"']);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain(`the request is kept in the spool ${join(site.folder, `${ledger}.spool`)}`);
    expect(namesIn(join(site.folder, `${ledger}.spool`))).toHaveLength(1);
    writeFileSync(
      site.configFile,
      ledger === LEDGER_FILE ? good : good.replace('{', `{"ledger":{"type":"sqlite","file":"${ledger}"},`),
    );
    expect((await site.run(['rerun'])).code).toBe(0);
    expect(await posts(site)).toHaveLength(1);
  });

  it('is damaged YAML waits in the spool of the ledger that the file names', async () => {
    const good = 'ledger:\n  type: sqlite\n  file: own.ledger\n# a comment\ntags: [a]\n';
    const site = install(`${good}destinations: { feed: [\n`, 'publish-activity.config.yaml');
    expect((await site.run(CASE)).code).toBe(78);
    expect(namesIn(join(site.folder, 'own.ledger.spool'))).toHaveLength(1);
  });

  it('names the spool, and is damaged somewhere else, keeps it there; and a rerun looks there, too, when the key is gone', async () => {
    const site = siteWith();
    const good = goodText(site);
    writeFileSync(site.configFile, `${good.replace('{', '{"spool":"own",')}}`);
    expect((await site.run(CASE)).code).toBe(78);
    expect(namesIn(join(site.folder, 'own'))).toHaveLength(1);
    writeFileSync(site.configFile, good.replace('{', '{"spool":"own",'));
    expect((await site.run(['rerun'])).code).toBe(0);
    expect(await posts(site)).toHaveLength(1);
  });

  it('cannot be read, and whose words are wrong under any, keeps nothing: exit code 64', async () => {
    const site = siteWith();
    writeFileSync(site.configFile, '{');
    for (const words of [[], ['Case'], ['Case', '12abc', '5'], ['tower', '-1'], ['5', '1', '2', '3']])
      expect((await site.run(words)).code).toBe(64);
    expect(namesIn(spoolOf(site))).toEqual([]);
    for (const words of [
      ['tower', '5'],
      ['My Tower', '5', '[Activity Objid=???]'],
    ])
      expect((await site.run(words)).code).toBe(78);
    expect(namesIn(spoolOf(site))).toHaveLength(2);
  });

  it.each([
    ['has a ledger that is none', (good: string) => good.replace('{', '{"ledger":{"type":"paper"},')],
    ['has a spool that is none', (good: string) => good.replace('{', '{"spool":7,')],
  ])('%s keeps the request all the same, and says what is wrong: exit code 78', async (_, damage) => {
    const site = siteWith();
    const good = goodText(site);
    writeFileSync(site.configFile, damage(good));
    const run = await site.run(CASE);
    expect(run).toMatchObject({ code: 78, stderr: expect.stringContaining('a rerun posts it once this is mended') as string });
    writeFileSync(site.configFile, good);
    expect((await site.run(['rerun'])).code).toBe(0);
    expect(await posts(site)).toHaveLength(1);
  });

  it("describes the site's object types wrongly keeps the words of one that may be meant", async () => {
    const site = siteWith();
    const good = goodText(site);
    writeFileSync(site.configFile, good.replace('"clarify":{', '"clarify":{"objectTypes":{"tower":{"table":7}},'));
    expect((await site.run(['tower', '268435457'])).code).toBe(78);
    expect(namesIn(spoolOf(site))).toHaveLength(1);
  });
});

describe('A file of the spool', () => {
  const spool = (site: Installation, text: string, at = Date.now()) => {
    mkdirSync(spoolOf(site), { recursive: true });
    const id = newRequestId(at);
    writeFileSync(join(spoolOf(site), `${id}.json`), text);
    return id;
  };
  const textOf = (words: readonly string[], at = Date.now()) => `${JSON.stringify({ format: 1, at, rule: '', words })}\n`;

  it.each<[string, string]>([
    ['whose words mean nothing', textOf(['Casee', '1'])],
    ['that a power cut left half', '{"format":1,"at":12'],
  ])('%s is refused by the next rerun, told until it is gone, and holds up nothing: exit code 69, then 0', async (_, text) => {
    const site = siteWith();
    const id = spool(site, text);
    spool(site, textOf(CASE));
    const first = await site.run(['rerun']);
    expect(first.code).toBe(69);
    expect(first.stdout).toContain(`refused or given up: request ${id} of the spool`);
    expect(await posts(site)).toHaveLength(1);
    expect((await site.run(['rerun'])).code).toBe(0);
    const status = await site.run(['status']);
    expect(status).toMatchObject({ code: 0, stderr: 'publish-activity: 1 request of the spool was refused\n' });
    expect((await site.run(['list', '--state', 'refused'])).stdout).toContain(id);
    rmSync(join(spoolOf(site), 'refused', `${id}.json`));
    expect((await site.run(['status'])).stderr).toBe('');
  });

  it('that is refused is told to whoever alerts names', async () => {
    const site = siteWith({ alerts: { to: ['feed'] } });
    spool(site, 'nonsense');
    await site.run(['rerun']);
    expect(await posts(site)).toEqual(['1 request of the spool was refused']);
  });

  it('whose request the ledger has already, because its run was killed in between, is let go of', async () => {
    const site = siteWith();
    const id = spool(site, textOf(CASE));
    const kept = readFileSync(join(spoolOf(site), `${id}.json`));
    await site.run(['rerun']);
    writeFileSync(join(spoolOf(site), `${id}.json`), kept);
    const rerun = await site.run(['rerun', '--json']);
    expect(rerun.code).toBe(0);
    expect(rerun.stdout).not.toContain('taken-in');
    expect(namesIn(spoolOf(site))).toEqual([]);
    expect(await posts(site)).toHaveLength(1);
  });

  it('of a newer program stays where it is: exit code 75', async () => {
    const site = siteWith();
    spool(site, '{"format":2}');
    const rerun = await site.run(['rerun']);
    expect(rerun).toMatchObject({ code: 75, stdout: expect.stringContaining('newer publish-activity (format 2)') as string });
    expect(namesIn(spoolOf(site))).toHaveLength(1);
  });

  it('counts from the moment at which it was accepted', async () => {
    const site = siteWith();
    // Given up after five days, like every request that could not be read from the CRM; and its row is not looked for any more.
    spool(site, textOf(['Case', '268435457', '999'], Date.now() - 6 * DAY));
    await site.run(['rerun']);
    expect(await requestsOf(site)).toMatchObject([{ state: 'not-found' }]);
  });

  it('is one of ten thousand that a rerun takes in, in their order', async () => {
    const site = siteWith();
    const begin = Date.now() - 10_000;
    for (let index = 0; index < 10_000; index += 1)
      spool(site, textOf(['Case', '999', String(index + 1)], begin + index), begin + index);
    expect((await site.run(['status'])).stdout).toContain('10000 requests wait in the spool');
    const rerun = await site.run(['rerun', '--limit', '1']);
    expect(rerun.stderr).toContain('10000 taken in from the spool');
    const rows = await withLedgerFile(site.folder, true, (ledger) =>
      ledger.all('SELECT activity_objid, accepted_at FROM publish_activity_request ORDER BY accepted_at'),
    );
    expect(rows.map((row) => row['activity_objid'])).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
    expect(namesIn(spoolOf(site))).toEqual([]);
  }, 120_000);
});
