// What was accepted arrives, once: the built program, a ledger in a file, and a Socialcast that misbehaves.

import { until } from '../support/busy';
import { startCompany, type Company } from '../support/company';
import { CASE, deliveriesOf, MINUTE } from '../support/failures';
import { passTime } from '../support/pass-time';
import { ended, onPosix, type Ended } from '../support/program';
import { messageXml } from '../support/socialcast-server';

const NOTES = ['Case', '268435457', '268435462'];
const SOLUTION = ['Solution', '268435457', '268435464'];
/** Activities of as many objects. */
const ALL = [
  CASE,
  SOLUTION,
  ['Case', '268435458', '268435463'],
  ['Case', '268435459', '268435468'],
  ['probdesc', '268435458', '268435465'],
];
jest.setTimeout(30_000);

let company: Company;
beforeEach(async () => {
  company = await startCompany({ more: { deadline: '2s' } });
});
afterEach(() => company.close());

const pass = (ms: number) => passTime(company.folder, ms);
const states = async () => (await deliveriesOf(company)).map(({ state }) => state);

/** The sums in the last line that a rerun prints with --json. */
function sumsOf({ stdout }: Ended): unknown {
  return (JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { sums: unknown }).sums;
}

describe('an answer that was given before', () => {
  it('leaves a post in doubt, and the next rerun makes it', async () => {
    expect((await company.run(CASE)).code).toBe(0);
    const [first] = company.socialcast.posts;
    if (first === undefined) throw new Error('nothing was posted');
    company.socialcast.answer({ status: 201, body: messageXml(90, first, company.socialcast.url) });
    const second = await company.run(SOLUTION);
    expect(second).toMatchObject({ code: 75, stderr: expect.stringContaining('the receipt of another delivery (90)') as string });
    expect(await states()).toEqual(['delivered', 'in-doubt']);
    await pass(2 * MINUTE);
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(await states()).toEqual(['delivered', 'delivered']);
    expect(company.socialcast.posts).toHaveLength(2);
  });
});

describe('a post that did not arrive', () => {
  it('is made by a rerun, once its moment has come', async () => {
    company.socialcast.answer({ status: 503 });
    const first = await company.run(CASE);
    expect(first).toMatchObject({ code: 75, stderr: expect.stringContaining('kept and tried again') as string });
    expect(await company.run(['rerun'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(company.socialcast.requests).toHaveLength(1);
    await pass(2 * MINUTE);
    expect(await company.run(['rerun'])).toMatchObject({ code: 0, stdout: '', stderr: 'publish-activity: 1 posted\n' });
    await pass(2 * MINUTE);
    expect(await company.run(['rerun'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(company.socialcast.posts).toHaveLength(1);
    expect(await company.run(CASE)).toMatchObject({ code: 0 });
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('waits as long as the server asks', async () => {
    company.socialcast.answer({ status: 429, headers: { 'Retry-After': '3600' } });
    await company.run(CASE);
    await pass(50 * MINUTE);
    await company.run(['rerun']);
    expect(company.socialcast.requests).toHaveLength(1);
    await pass(11 * MINUTE);
    await company.run(['rerun']);
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('lets nothing about the same object overtake it', async () => {
    company.socialcast.answer({ status: 503 });
    await company.run(CASE);
    expect(await company.run(NOTES)).toMatchObject({
      code: 75,
      stderr: expect.stringContaining('after an earlier one') as string,
    });
    expect((await company.run(SOLUTION)).code).toBe(0);
    await pass(2 * MINUTE);
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(company.socialcast.posts.map(({ title }) => title.split(' ')[0])).toEqual(['New', 'Created', 'Notes']);
  });

  it('is made by a rerun where the CRM was down', async () => {
    company.database.faults.queryError = 1205;
    expect((await company.run(CASE)).code).toBe(75);
    company.database.faults.queryError = undefined;
    await pass(2 * MINUTE);
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('keeps the exit code of a rerun at 75 as long as it fails', async () => {
    company.socialcast.answer({ status: 503 }, { status: 503 });
    await company.run(CASE);
    await pass(2 * MINUTE);
    const run = await company.run(['rerun']);
    expect(run).toMatchObject({
      code: 75,
      stdout: expect.stringMatching(/^kept and tried again: case 4711 .* to socialcast: .*503/) as string,
    });
    expect(run.stderr).toBe('publish-activity: 1 kept and tried again\n');
    expect(company.log().at(-1)).toMatchObject({ argv: ['rerun'], result: 'later', sums: { later: 1, waiting: 1 } });
  });
});

describe('a post that may have arrived', () => {
  it.each([
    ['did', 'keep and hang', { found: 1, waiting: 0 }],
    ['did not', 'hang', { posted: 1, waiting: 0 }],
  ] as const)('stands there once where it %s', async (_, reply, sums) => {
    company.socialcast.answer(reply);
    expect(await company.run(CASE)).toMatchObject({
      code: 75,
      stderr: expect.stringContaining('may have been posted') as string,
    });
    await pass(2 * MINUTE);
    const run = await company.run(['rerun', '--json']);
    expect(run.code).toBe(0);
    expect(sumsOf(run)).toEqual(sums);
    expect(company.socialcast.posts).toHaveLength(1);
    expect(await states()).toEqual(['delivered']);
  });

  it.each([
    ['after it arrived', 'keep and hang'],
    ['before it arrived', 'hang'],
    ['before it was read', 'never read'],
  ] as const)('stands there once where the run was killed %s', async (_, reply) => {
    company.socialcast.answer(reply);
    const killed = company.start(CASE);
    await until(
      () => company.socialcast.connections() === 1 && (reply === 'never read' || company.socialcast.requests.length === 1),
    );
    killed.kill('SIGKILL');
    await ended(killed);
    expect(await company.run(['rerun'])).toMatchObject({ code: 0, stderr: '' });
    expect(await states()).toEqual(['sending']);
    await pass(2 * MINUTE);
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(company.socialcast.posts).toHaveLength(1);
    expect(await states()).toEqual(['delivered']);
  });

  it('stands there once where a rerun was killed after it arrived, and then another one', async () => {
    company.socialcast.answer({ status: 503 });
    await company.run(CASE);
    for (const posts of [1, 1]) {
      await pass(2 * MINUTE);
      company.socialcast.answer('keep and hang');
      const killed = company.start(['rerun']);
      const before = company.socialcast.requests.length;
      await until(() => company.socialcast.requests.length > before);
      killed.kill('SIGKILL');
      await ended(killed);
      expect(company.socialcast.posts).toHaveLength(posts);
    }
    await pass(2 * MINUTE);
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(company.socialcast.posts).toHaveLength(1);
  });
});

describe('reruns', () => {
  it('at once share the work, and post everything once', async () => {
    company.socialcast.answer(...ALL.map(() => ({ status: 503 })));
    for (const words of ALL) expect((await company.run(words)).code).toBe(75);
    await pass(2 * MINUTE);
    const runs = await Promise.all([1, 2, 3].map(() => company.run(['rerun', '--json'])));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    await company.run(['rerun']);
    expect(company.socialcast.posts).toHaveLength(ALL.length);
    expect(new Set(await states())).toEqual(new Set(['delivered']));
  });

  it('print one object a line with --json, and the sums at the end', async () => {
    company.socialcast.answer({ status: 503 }, { status: 503 });
    await company.run(CASE);
    await company.run(SOLUTION);
    await pass(2 * MINUTE);
    const { stdout } = await company.run(['rerun', '--json']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { kind: 'delivery', destination: 'socialcast', result: 'posted', receipt: { id: expect.any(String) as string } },
      { kind: 'delivery', destination: 'socialcast', result: 'posted' },
      { format: 1, result: 'posted', exitCode: 0, sums: { posted: 2, waiting: 0 } },
    ]);
  });

  it('say with --dry-run what they would do, and do nothing', async () => {
    company.socialcast.answer({ status: 503 });
    await company.run(CASE);
    await pass(2 * MINUTE);
    const run = await company.run(['rerun', '--dry-run']);
    expect(run).toMatchObject({ code: 0, stderr: 'publish-activity: 1 delivery and 0 requests would be taken up\n' });
    expect(run.stdout).toMatch(/^socialcast: case 4711 .*: it is sent, attempt 2; .*503/);
    expect(company.socialcast.requests).toHaveLength(1);
  });

  onPosix(
    'finish what is in flight at Ctrl-C, and begin nothing more (skipped on Windows: no test can press it there)',
    async () => {
      company.socialcast.answer(...ALL.map(() => ({ status: 503 })));
      for (const words of ALL) await company.run(words);
      await pass(2 * MINUTE);
      // The probe hangs until the deadline of its attempt.
      company.socialcast.answer('hang');
      const child = company.start(['rerun', '--json']);
      const running = ended(child);
      await until(() => company.socialcast.requests.length === ALL.length + 1);
      child.kill('SIGINT');
      const run = await running;
      expect(run).toMatchObject({ code: 75, stderr: '' });
      expect(run.stdout).toContain('stopped before the end');
      expect(company.socialcast.requests).toHaveLength(ALL.length + 1);
      expect([...(await states())].sort()).toEqual(['due', 'due', 'due', 'due', 'in-doubt']);
      await pass(3 * MINUTE);
      await company.run(['rerun']);
      expect(company.socialcast.posts).toHaveLength(ALL.length);
    },
  );

  it.each([
    [['--since', 'yesterday'], '--since'],
    [['--id', 'xyz'], 'is not an id'],
    [['--object-type', 'cas'], 'no object type'],
  ])('refuse %j before anything is opened', async (options, words) => {
    expect(await company.run(['rerun', ...options])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining(words) as string,
    });
  });
});
