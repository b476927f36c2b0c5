// What no rule can fire on, through the built program: a CRM that changes between two scans, a ledger in a file, a Socialcast.

import { readdirSync } from 'node:fs';
import { until } from '../support/busy';
import { startCompany, type Company } from '../support/company';
import { MINUTE } from '../support/failures';
import { passTime } from '../support/pass-time';
import { ended } from '../support/program';
import { changeDatabase, changedSample } from '../support/sample';

jest.setTimeout(60_000);

let company: Company;
let databaseFile: string;
const start = async (more: object = {}) => {
  databaseFile = await changedSample(() => undefined);
  company = await startCompany({ databaseFile, more: { deadline: '2s', ...more } });
};
afterEach(() => company.close());

const scan = (...words: string[]) => company.run(['scan', ...words]);
const titles = () => company.socialcast.posts.map(({ title }) => title);
const change = (sql: string) => changeDatabase(databaseFile, (crm) => crm.exec(sql));
const onHand = (amount: number) => change(`UPDATE table_part_auth SET part_good_qoh = ${amount}`);
const addRevision = (objid: number, name: string) =>
  change(
    `INSERT INTO table_mod_level (objid, mod_level, active, part_info2part_num) VALUES (${objid}, '${name}', 'Active', 268435457)`,
  );

const NEW_C = 'New product revision: Product Revision FLM-200 C';
const low = (amount: number) => `Stock below reorder level: Stock of FLM-200 A in A-01: ${amount} on hand, reorder level 10`;

describe('scan', () => {
  it('takes stock the first time, and posts nothing', async () => {
    await start();
    expect(await scan()).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'publish-activity: took stock of 2 product revisions and 1 stock level, of which nothing is published\n',
    });
    expect(await scan()).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(company.socialcast.requests).toEqual([]);
  });

  it('posts a new revision once, and each fall of stock once', async () => {
    await start();
    await scan();
    await addRevision(268435500, 'C');
    expect(await scan()).toMatchObject({ code: 0, stderr: 'publish-activity: 1 posted\n' });
    expect(titles()).toEqual([NEW_C]);
    // 10 on hand is not enough for a recovery, 11 is.
    for (const amount of [10, 9, 10, 11, 10, 9, 11, 10]) {
      await onHand(amount);
      expect((await scan()).code).toBe(0);
    }
    // The second fall says the same as the first one, within ten minutes of it, and is another one all the same.
    expect(titles()).toEqual([NEW_C, low(10), low(10)]);
  });

  it('goes by the rules and routes of the configuration', async () => {
    await start({
      rules: { 'New product revision': { template: { title: 'Fresh: {{ id }}' }, tags: ['catalogue'] } },
      scan: { stock: false },
    });
    await scan();
    await addRevision(268435500, 'C');
    await onHand(50);
    await scan();
    await onHand(1);
    await scan();
    expect(titles()).toEqual(['Fresh: FLM-200 C']);
    expect(company.socialcast.posts[0]?.body).toContain('#catalogue');
  });

  it('recovers as far as the configuration says', async () => {
    await start({ scan: { recover: '50%' } });
    for (const amount of [20, 10, 14, 10, 15, 10]) {
      await onHand(amount);
      await scan();
    }
    expect(titles()).toEqual([low(10), low(10)]);
  });

  it('keeps what it cannot post, and a rerun posts it once', async () => {
    await start();
    await scan();
    await addRevision(268435500, 'C');
    company.socialcast.answer({ status: 503 });
    expect(await scan()).toMatchObject({ code: 75, stderr: 'publish-activity: 1 kept and tried again\n' });
    expect((await scan()).code).toBe(0);
    await passTime(company.folder, 2 * MINUTE);
    expect((await company.run(['rerun'])).code).toBe(0);
    expect((await scan()).code).toBe(0);
    expect(titles()).toEqual([NEW_C]);
  });

  it.each(['hang', 'keep and hang'] as const)(
    'loses and doubles nothing where it is killed while it posts: %s',
    async (reply) => {
      await start();
      await onHand(20);
      await scan();
      await onHand(5);
      company.socialcast.answer(reply);
      const killed = company.start(['scan']);
      await until(() => company.socialcast.requests.length === 1);
      killed.kill('SIGKILL');
      await ended(killed);
      // The next one sees less, which would read otherwise.
      await onHand(4);
      expect((await scan()).code).toBe(0);
      await passTime(company.folder, 2 * MINUTE);
      await company.run(['rerun']);
      expect((await scan()).code).toBe(0);
      expect(titles()).toEqual([low(5)]);
    },
  );

  it('shares the work with others at once, and posts everything once', async () => {
    await start();
    await scan();
    for (let n = 0; n < 12; n++) await addRevision(268435500 + n, `R${n}`);
    const runs = await Promise.all([1, 2, 3].map(() => scan()));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect((await company.run(['rerun'])).code).toBe(0);
    const expected = Array.from({ length: 12 }, (_, n) => `New product revision: Product Revision FLM-200 R${n}`);
    expect([...titles()].sort()).toEqual(expected.sort());
  });

  it('posts no more than --limit, and the rest the next time', async () => {
    await start();
    await scan();
    for (let n = 0; n < 3; n++) await addRevision(268435500 + n, `R${n}`);
    expect(await scan('--limit', '2')).toMatchObject({
      code: 0,
      stderr: 'publish-activity: 2 posted; there may be more, but --limit ends it here\n',
    });
    expect(titles()).toHaveLength(2);
    await scan();
    expect(titles()).toHaveLength(3);
  });

  it('says with --dry-run what it would do, and does nothing', async () => {
    await start();
    expect(await scan('--dry-run')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'publish-activity: would take stock of 2 product revisions and 1 stock level, of which nothing is published\n',
    });
    expect(readdirSync(company.folder).filter((name) => name.includes('ledger'))).toEqual([]);
    await onHand(20);
    await scan();
    await onHand(5);
    await addRevision(268435500, 'C');
    for (let time = 1; time <= 2; time++) {
      expect(await scan('--dry-run')).toMatchObject({
        code: 0,
        stdout:
          'New product revision: product_revision with objid 268435500\n' +
          'Stock below reorder level: stocking_level with objid 268435457, 5 on hand, reorder level 10\n',
        stderr: 'publish-activity: 2 would be published\n',
      });
    }
    expect(company.socialcast.requests).toEqual([]);
  });

  it('prints objects with --json', async () => {
    await start();
    await onHand(20);
    await scan();
    await onHand(5);
    const planned = (await scan('--dry-run', '--json')).stdout.trimEnd().split('\n');
    expect(JSON.parse(planned[0] ?? '')).toMatchObject({ kind: 'finding', objectType: 'stocking_level', occurrence: 1 });
    const lines = (await scan('--json')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { kind: 'delivery', objectType: 'stocking_level', rule: 'Stock below reorder level', result: 'posted' },
      { format: 1, result: 'posted', exitCode: 0, sums: { posted: 1, productRevisions: 2, stock: 1, found: 1 } },
    ]);
  });

  it('says what to do where the CRM is down or has no such table', async () => {
    await start();
    company.database.faults.queryError = 1205;
    expect(await scan()).toMatchObject({ code: 75, stderr: expect.stringContaining('again later') as string });
    company.database.faults.queryError = undefined;
    await change('DROP TABLE table_part_auth');
    expect(await scan()).toMatchObject({ code: 78, stderr: expect.stringContaining('set scan.stock to false') as string });
  });

  it('has nothing to do where the configuration wants nothing', async () => {
    await start({ scan: { stock: false, productRevisions: false } });
    expect(await scan()).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing to scan') as string });
  });
});
