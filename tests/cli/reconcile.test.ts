// What no rule passed on is found and posted: the built program, the CRM on a SQL Server and in a file, a ledger, and a Socialcast.

import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wallClockAt } from '../../src/core/wall-clock';
import { openSqliteFile } from '../../src/io/sqlite';
import { startCompany, type Company } from '../support/company';
import { passTime } from '../support/pass-time';
import { ended, onPosix, type Ended } from '../support/program';
import { sampleDatabase, temporaryFolder } from '../support/sample';

const ZONE = 'America/Chicago';
const JUNE = ['--since', '2010-06-01', '--until', '2010-07-01'];
const RECONCILE = [
  { objectType: 'case', activities: ['create', 'Close', 'Notes', 2400] },
  { objectType: 'Problem Description', activities: ['Create'], rule: 'new solution' },
];
/** Activities of the sample by the end of their objids: their objects. */
const CASE_ACTIVITIES = { create: [268435457, 268435457], notes: [268435457, 268435462], close: [268435458, 268435463] } as const;
const MINUTE = 60_000;
jest.setTimeout(60_000);

let company: Company;
afterEach(() => company.close());

interface Site {
  readonly reconcile?: unknown;
  readonly file?: string;
  readonly engine?: 'SQL Server' | 'SQLite';
  readonly more?: object;
  readonly clarify?: object;
  readonly destination?: object;
}

async function start({
  reconcile = RECONCILE,
  file = sampleDatabase(),
  engine = 'SQL Server',
  more,
  clarify,
  destination,
}: Site = {}) {
  const database = engine === 'SQLite' ? { database: { type: 'sqlite', file } } : {};
  company = await startCompany({
    databaseFile: file,
    clarify: { ...database, ...clarify },
    more: { deadline: '3s', reconcile, ...more },
    ...(destination === undefined ? {} : { destination }),
  });
}

/** A copy of the sample with some statements run over it. */
async function changedSample(...statements: string[]): Promise<string> {
  const file = join(temporaryFolder(), 'sample.sqlite');
  copyFileSync(sampleDatabase(), file);
  const connection = await openSqliteFile(file, { readOnly: false });
  for (const statement of statements) connection.exec(statement);
  connection.close();
  return file;
}

const reconcile = (...options: string[]) => company.run(['reconcile', ...JUNE, ...options]);
const rule = (words: readonly (string | number)[], ...options: string[]) => company.run([...words.map(String), ...options]);

interface Line {
  readonly kind?: string;
  readonly activityObjid?: number;
  readonly sums?: unknown;
}
const linesOf = ({ stdout }: Ended) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
/** The ends of the objids of what is listed. */
const missingIn = (run: Ended) =>
  linesOf(run)
    .filter(({ kind }) => kind === 'activity')
    .map(({ activityObjid = 0 }) => activityObjid - 268435456);

describe.each(['SQL Server', 'SQLite'] as const)('A CRM on %s', (engine) => {
  it('is searched for what nobody passed on, which is posted and then not missing any more', async () => {
    await start({ engine });
    await rule(['Case', ...CASE_ACTIVITIES.create], '--rule', 'quite another one');
    const listed = await reconcile('--json');
    expect(missingIn(listed)).toEqual([6, 7, 17, 8, 9]);
    expect(linesOf(listed)[0]).toEqual({
      format: 1,
      kind: 'activity',
      objectType: 'case',
      objid: 268435457,
      activityObjid: 268435462,
      rule: '',
      activity: 'Notes',
      activityCode: 1700,
      loggedAt: '2010-06-14T16:45:10Z',
    });
    expect(linesOf(listed).at(-1)).toMatchObject({ result: 'done', exitCode: 0, sums: { logged: 6, missing: 5, waiting: 0 } });
    expect(company.socialcast.posts).toHaveLength(1);
    expect(await reconcile('--dry-run')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2010-06-15T13:00:00Z  Close  case with objid 268435458, activity 268435463\n') as string,
      stderr:
        'publish-activity: 5 of 6 activities were never passed on\n' +
        'publish-activity: the same command with --publish posts what is missing\n',
    });
    expect(company.socialcast.posts).toHaveLength(1);
    expect(await reconcile('--publish')).toMatchObject({
      code: 0,
      stderr: 'publish-activity: 5 of 6 activities were never passed on; 5 posted\n',
    });
    expect(company.socialcast.posts).toHaveLength(6);
    const kept = (await company.run(['list', '--json', '--object-type', 'solution'])).stdout;
    expect(kept.match(/"rule":"new solution"/g)).toHaveLength(2);
    expect(await reconcile('--publish')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'publish-activity: nothing is missing among 6 activities\n',
    });
    expect(company.socialcast.posts).toHaveLength(6);
  });
});

describe('What counts as passed on', () => {
  it('is what an administrator discarded, what the destination refused, and what waits', async () => {
    await start({ reconcile: RECONCILE.slice(0, 1) });
    company.socialcast.answer({ status: 422 }, { status: 503 });
    expect((await rule(['Case', ...CASE_ACTIVITIES.create])).code).toBe(69);
    expect((await rule(['Case', ...CASE_ACTIVITIES.close])).code).toBe(75);
    company.database.faults.queryError = 1205;
    expect((await rule(['Case', ...CASE_ACTIVITIES.notes])).code).toBe(75);
    company.database.faults.queryError = undefined;
    expect(missingIn(await reconcile('--json'))).toEqual([17]);
    const due = linesOf(await company.run(['list', '--json', '--state', 'due'])) as { id?: string }[];
    await company.run(['discard', due[0]?.id ?? '', '--yes']);
    expect(missingIn(await reconcile('--json'))).toEqual([17]);
  });

  it('is what was left out on purpose', async () => {
    await start({ reconcile: RECONCILE.slice(1), clarify: { publicSolutionsOnly: true } });
    expect(await reconcile('--publish')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /: 2 of 2 activities were never passed on; 1 (left out, 1 posted|posted, 1 left out)\n$/,
      ) as string,
    });
    expect(await reconcile()).toMatchObject({ stderr: 'publish-activity: nothing is missing among 2 activities\n' });
  });

  it.each([
    ['subcase, and a rule passed it on for the case', 'subcase', ['Case', 268435457, 268435458]],
    ['case, and a rule passed it on for the subcase', 'case', ['Subcase', 268435457, 268435459]],
  ])('is what is watched on the %s', async (_, objectType, words) => {
    await start({ reconcile: [{ objectType, activities: [3000] }] });
    expect(missingIn(await reconcile('--json'))).toHaveLength(1);
    expect((await rule(words, '--rule', 'any')).code).toBe(0);
    expect(missingIn(await reconcile('--json'))).toEqual([]);
  });

  it('is not what a rule passed on with the wrong object', async () => {
    await start({ reconcile: [{ objectType: 'case', activities: ['Create'] }] });
    expect((await rule(['Case', 268435458, 268435457])).code).toBe(66);
    expect(missingIn(await reconcile('--json'))).toEqual([1]);
  });
});

describe('What is missing', () => {
  it('stands in a feed under the day on which it happened, each day once, and says when it was posted', async () => {
    const moved = [
      [268435457, '2010-06-16T09:00:00'],
      [268435462, '2010-05-02T09:00:00'],
      [268435463, '2010-06-16T11:00:00'],
    ] as const;
    const file = await changedSample(
      ...moved.map(([objid, at]) => `UPDATE table_act_entry SET entry_time = '${at}' WHERE objid = ${objid}`),
    );
    const destinations = { stream: { type: 'feed', folder: 'stream' } };
    await start({
      file,
      engine: 'SQLite',
      reconcile: [{ objectType: 'case', activities: ['create', 'Close', 'Notes'] }],
      more: { destinations },
    });
    expect((await rule(['Case', ...CASE_ACTIVITIES.create])).code).toBe(0);
    expect(await company.run(['reconcile', '--since', '2010-05-01', '--until', '2010-07-01', '--publish'])).toMatchObject({
      stderr: 'publish-activity: 2 of 3 activities were never passed on; 2 posted\n',
    });
    const page = readFileSync(join(company.folder, 'stream', 'index.html'), 'utf8');
    const outline = page.match(/<h2>[^<]*|>\d\d:\d\d UTC<|class="late">\(posted/g) ?? [];
    expect(outline.map((part) => part.replace(/^.*>\(?|<$/g, ''))).toEqual([
      'Wednesday, 16 June 2010',
      '16:00 UTC',
      'posted',
      '14:00 UTC',
      'posted',
      'Sunday, 2 May 2010',
      '14:00 UTC',
      'posted',
    ]);
  });

  it('is left to its rule for 15 minutes, unless --until says something else', async () => {
    const ago = (minutes: number) => `'${wallClockAt(Date.now() - minutes * MINUTE, ZONE)}'`;
    const file = await changedSample(
      `UPDATE table_act_entry SET entry_time = ${ago(20)} WHERE objid = 268435457`,
      `UPDATE table_act_entry SET entry_time = ${ago(5)} WHERE objid = 268435463`,
    );
    await start({ file });
    expect(missingIn(await company.run(['reconcile', '--since', '1h', '--json']))).toEqual([1]);
    expect(missingIn(await company.run(['reconcile', '--since', '1h', '--until', '0s', '--json']))).toEqual([1, 7]);
  });

  it('is listed and posted up to --limit', async () => {
    await start();
    expect(missingIn(await reconcile('--json', '--limit', '2'))).toEqual([1, 6]);
    expect(await reconcile('--publish', '--limit', '2')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('2 posted; there may be more, but --limit ends it here') as string,
    });
    expect(missingIn(await reconcile('--json'))).toEqual([7, 17, 8, 9]);
  });

  it('is posted once by two that do it at once', async () => {
    await start();
    const runs = await Promise.all([reconcile('--publish'), reconcile('--publish')]);
    expect(runs.map(({ code }) => [0, 75].includes(code ?? -1))).toEqual([true, true]);
    await passTime(company.folder, 2 * MINUTE);
    await company.run(['rerun']);
    expect(company.socialcast.posts).toHaveLength(6);
    expect(await reconcile()).toMatchObject({ stderr: 'publish-activity: nothing is missing among 6 activities\n' });
  });

  it('is kept where the destination is down, and a rerun posts it', async () => {
    await start();
    company.socialcast.answer(...Array.from({ length: 3 }, () => ({ status: 503 })));
    const run = await reconcile('--publish', '--json');
    expect(run.code).toBe(75);
    expect(linesOf(run).at(-1)).toMatchObject({ result: 'later', sums: { logged: 6, missing: 6, waiting: 6 } });
    expect(await reconcile()).toMatchObject({ code: 0, stderr: 'publish-activity: nothing is missing among 6 activities\n' });
    await passTime(company.folder, 30 * MINUTE);
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(company.socialcast.posts).toHaveLength(6);
  });

  onPosix(
    'is posted once where Ctrl-C ends the run, by the next ones (skipped on Windows: no test can press it there)',
    async () => {
      await start({ destination: { maxPerSecond: 1 } });
      const child = company.start(['reconcile', ...JUNE, '--publish']);
      const running = ended(child);
      for (let tries = 0; tries < 400 && company.socialcast.posts.length === 0; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill('SIGINT');
      expect(await running).toMatchObject({ code: 75, stderr: expect.stringContaining('stopped before the end') as string });
      expect(company.socialcast.posts.length).toBeLessThan(6);
      await passTime(company.folder, 2 * MINUTE);
      await company.run(['rerun']);
      await reconcile('--publish');
      expect(company.socialcast.posts).toHaveLength(6);
    },
  );

  it('is posted in one run, although what is about one object goes one after the other', async () => {
    const more = Array.from({ length: 30 }, (_, n) => `(${n + 1}, 1700, '2010-06-20T09:${String(n + 10)}:00', 268435458, '')`);
    const file = await changedSample(
      `INSERT INTO table_act_entry (objid, act_code, entry_time, act_entry2case, proxy) VALUES ${more.join(', ')}`,
    );
    await start({ file, reconcile: [{ objectType: 'case', activities: ['Notes'] }] });
    expect((await reconcile('--publish')).code).toBe(0);
    expect(company.socialcast.posts).toHaveLength(31);
  });

  it('waits where something earlier about its object waits', async () => {
    await start({ reconcile: [{ objectType: 'case', activities: ['Reopen'] }] });
    company.socialcast.answer({ status: 503 });
    await rule(['Case', ...CASE_ACTIVITIES.close]);
    expect(await reconcile('--publish')).toMatchObject({
      code: 75,
      stderr: 'publish-activity: 1 of 1 activity was never passed on; 1 waits for the next rerun\n',
    });
    await passTime(company.folder, 2 * MINUTE);
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(company.socialcast.posts.map(({ title }) => title.split(' ')[0])).toEqual(['Close', 'Reopen']);
  });
});

describe('A long log', () => {
  it('is read in one statement a page, and posted without one for each activity', async () => {
    const file = await changedSample(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 11000)
        INSERT INTO table_case (objid, id_number, title) SELECT i, 'N' || i, '' FROM n`,
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 11000)
        INSERT INTO table_act_entry (objid, act_code, entry_time, act_entry2case, proxy)
        SELECT i, 600, '2010-06-20T09:00:00', i, '' FROM n`,
    );
    await start({ file, reconcile: [{ objectType: 'case', activities: ['Create'] }] });
    const asked = () => company.database.queries.length;
    const run = await reconcile();
    expect(run.stderr).toContain('11001 of 11001 activities were never passed on');
    // One counts, and three pages have 5,000, 5,000 and 1,001.
    expect(asked()).toBe(1 + 3);
    expect((await reconcile('--publish', '--limit', '201')).code).toBe(0);
    // One counts, one is the page; one alone tries whether the CRM answers, and then come batches of 50.
    expect(asked() - 4).toBe(1 + 1 + 1 + 4);
    expect(company.socialcast.posts).toHaveLength(201);
  });
});

describe('A reconcile that cannot work', () => {
  it.each([
    [['reconcile'], '--since is missing'],
    [['reconcile', '--since', 'yesterday'], '--since: "yesterday" is not a moment'],
    [['reconcile', '--since', '2010-07-01', '--until', '2010-06-01'], '--since is not before --until'],
    [['reconcile', '--since', '5m'], 'the last 15 minutes are left to the rules'],
    [['reconcile', ...JUNE, '--publish', '--dry-run'], "option '--publish' cannot be used with option '--dry-run'"],
  ])('is refused: %j', async (words, message) => {
    await start();
    expect(await company.run(words)).toMatchObject({ code: 64, stderr: expect.stringContaining(message) as string });
    expect(company.database.queries).toEqual([]);
  });

  it.each([
    [[], 'the configuration does not say what rules pass on'],
    [
      [{ objectType: 'cas', activities: ['Create'] }],
      'reconcile.0.objectType: no object type is called "cas"; did you mean case?',
    ],
    [
      [{ objectType: 'case', activities: ['Creat'] }],
      'the CRM knows no activity called "Creat"\npublish-activity: did you mean Create?',
    ],
  ])('has a configuration to be mended: %j', async (entries, message) => {
    await start({ reconcile: entries });
    expect(await reconcile('--publish')).toMatchObject({ code: 78, stderr: expect.stringContaining(message) as string });
    expect(company.socialcast.posts).toEqual([]);
  });

  it("may watch a site's own object type", async () => {
    const fields = { id: 'id_number', title: 'title' };
    const ticket = { table: 'table_case', relation: 'act_entry2case', fields };
    await start({ reconcile: [{ objectType: 'ticket', activities: ['Create'] }], clarify: { objectTypes: { ticket } } });
    expect(missingIn(await reconcile('--json'))).toEqual([1]);
  });

  it('says that the CRM is down', async () => {
    await start();
    company.database.faults.queryError = 1205;
    expect(await reconcile('--publish')).toMatchObject({
      code: 75,
      stdout: '',
      stderr: expect.stringMatching(
        /^publish-activity: the CRM's log cannot be read: .*1205.*\n.*run the same command again later/,
      ) as string,
    });
  });

  it('says that the ledger cannot be used, and posts nothing', async () => {
    const file = join(temporaryFolder(), 'ledger');
    writeFileSync(file, 'this is no ledger '.repeat(100));
    await start({ more: { ledger: { type: 'sqlite', file } } });
    expect(await reconcile('--publish')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('the ledger cannot be used') as string,
    });
    expect(company.socialcast.posts).toEqual([]);
  });
});

describe('A ledger that does not know what the log tells of', () => {
  const FORGOTTEN = /the log tells of \d+ deliver(y|ies) since \S+ that the ledger does not know: it was emptied, restored/;
  const ledgerFiles = (folder: string) => ['', '-wal', '-shm'].map((end) => join(folder, `publish-activity.ledger${end}`));
  const empty = () => ledgerFiles(company.folder).forEach((file) => rmSync(file, { force: true }));
  const post = async (...words: string[]) => expect((await rule(['Case', ...CASE_ACTIVITIES.create], ...words)).code).toBe(0);
  /** Keeps the ledger as it is now, and answers how to restore it. */
  const backup = () => {
    const saved = ledgerFiles(company.folder).flatMap((file) => (existsSync(file) ? [[file, readFileSync(file)] as const] : []));
    return () => {
      empty();
      for (const [file, bytes] of saved) writeFileSync(file, bytes);
    };
  };

  it.each<[string, () => Promise<void>]>([
    [
      'emptied',
      async () => {
        await post();
        empty();
      },
    ],
    [
      'restored',
      async () => {
        await post();
        const restore = backup();
        await post('--rule', 'later');
        restore();
      },
    ],
    [
      'emptied before the log was begun anew',
      async () => {
        await post();
        empty();
        for (let n = 0; n < 4; n += 1) await post('--rule', `again ${n}`);
      },
    ],
  ])('is noticed, and nothing is published: %s', async (_, arrange) => {
    await start({ more: { log: { file: 'publish-activity.log', maxSize: '1KB', keep: 10 } } });
    await arrange();
    const posted = company.socialcast.posts.length;
    const doctor = await company.run(['doctor', 'ledger']);
    expect(doctor.stdout).toMatch(FORGOTTEN);
    expect(await reconcile()).toMatchObject({ code: 0, stderr: expect.stringMatching(FORGOTTEN) as string });
    expect(await reconcile('--publish')).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/^publish-activity: nothing was published: the log tells of/) as string,
    });
    expect(company.socialcast.posts).toHaveLength(posted);
  });

  it('is not thought of one that is well, however often the log was begun anew', async () => {
    await start({ more: { log: { file: 'publish-activity.log', maxSize: '1KB', keep: 2 } } });
    for (let n = 0; n < 4; n += 1) await post('--rule', `rule ${n}`);
    await company.run(['test', 'socialcast']);
    expect((await company.run(['doctor', 'ledger'])).stdout).not.toContain('log');
    expect((await reconcile('--publish')).code).toBe(0);
  });
});

describe('The alarm of silence', () => {
  const yesterday = (hours: number) => `'${wallClockAt(Date.now() - hours * 60 * MINUTE, ZONE)}'`;
  const told = () => company.socialcast.posts.map(({ title }) => title);

  it('is raised once where the CRM logged something and no rule passed it on', async () => {
    const file = await changedSample(
      `UPDATE table_act_entry SET entry_time = ${yesterday(20)} WHERE objid IN (268435457, 268435463)`,
      `UPDATE table_act_entry SET entry_time = ${yesterday(30)} WHERE objid = 268435473`,
    );
    await start({ file, more: { alerts: { to: ['socialcast'] } } });
    await company.run(['rerun']);
    await company.run(['rerun']);
    expect(told()).toEqual(['The CRM logged 2 matching activities in the last 24 h, and none was published']);
    expect(company.socialcast.posts[0]?.body).toContain('publish-activity reconcile --since 20');
  });

  it.each([
    ['nobody asked for it', { alerts: { to: ['socialcast'], silence: false } }, RECONCILE],
    ['nobody said what rules pass on', { alerts: { to: ['socialcast'] } }, []],
    ['what was logged is of another kind', { alerts: { to: ['socialcast'] } }, [{ objectType: 'case', activities: ['Reopen'] }]],
  ])('is not raised where %s', async (_, more, entries) => {
    const file = await changedSample(`UPDATE table_act_entry SET entry_time = ${yesterday(20)} WHERE objid = 268435457`);
    await start({ file, more, reconcile: entries });
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(told()).toEqual([]);
  });
});
