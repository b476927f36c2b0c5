// What a destination may answer: the exit code, the state in the ledger, and what people read. In the end everything that was not
// refused stands in the stream once.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LEDGER_FILE } from '../../src/config/ledger';
import { openSqliteFile } from '../../src/io/sqlite';
import { until } from '../support/busy';
import { startCompany, type Company } from '../support/company';
import { CASE, DAY, deliveriesOf, expectInTime, HOUR, MINUTE, runTalkative } from '../support/failures';
import { passTime } from '../support/pass-time';
import { startSocialcast, type Reply } from '../support/socialcast-server';

jest.setTimeout(30_000);

const SOLUTION = ['Solution', '268435457', '268435464'];
const LOGIN_PAGE = '<html><title>Log in</title></html>';
/** The most that a Retry-After is granted, and what a first wait without one is. */
const [MOST, FIRST] = [4 * HOUR, MINUTE];
const LIMIT_MS = 1_500;

let company: Company;
beforeAll(async () => {
  company = await startCompany();
});
afterAll(() => company.close());

let rules = 0;

/** What one row's server asked for must not keep the next one from being asked. */
async function forgetWaits() {
  if (!existsSync(join(company.folder, LEDGER_FILE))) return;
  const ledger = await openSqliteFile(join(company.folder, LEDGER_FILE), { readOnly: false });
  ledger.run('UPDATE publish_activity_wait SET until = 0', {});
  ledger.close();
}

/** Runs for a rule of its own, lest the ledger know the post, and tells how the delivery stands then. */
async function answered(reply: Reply, words: readonly string[] = CASE) {
  const rule = `rule ${++rules}`;
  await forgetWaits();
  const before = company.socialcast.requests.length;
  company.socialcast.answer(reply);
  const run = await runTalkative(company, [...words, '--rule', rule]);
  const [delivery] = await deliveriesOf(company, rule);
  return { run, code: run.code, state: delivery?.state, delivery, asked: company.socialcast.requests.length - before };
}

describe('an answer', () => {
  it.each<[number, string, number, string, string?]>([
    // status, body, exit code, state in the ledger, what people read
    [200, '', 0, 'delivered'],
    [200, LOGIN_PAGE, 75, 'in-doubt', 'it may have been posted'],
    [200, '<errors><error>Group is closed</error></errors>', 75, 'in-doubt', 'Group is closed'],
    [201, '', 0, 'delivered'],
    [202, '', 0, 'delivered'],
    [204, '', 0, 'delivered'],
    [301, '', 75, 'due', '301'],
    [303, '', 75, 'in-doubt', '303'],
    [302, '<html>moved</html>', 75, 'due', '302'],
    [400, '', 69, 'rejected', '400'],
    [400, '<html><title>Invalid Hostname</title></html>', 75, 'due', 'Invalid Hostname'],
    [401, LOGIN_PAGE, 77, 'due', '401'],
    [403, '', 75, 'due', '403'],
    [404, '<html><title>Not here</title></html>', 75, 'due', 'Not here'],
    [408, '', 75, 'due', 'not posted'],
    [409, '', 75, 'in-doubt', 'it may have been posted'],
    [410, '', 75, 'due', '410'],
    [413, '', 69, 'rejected', '413'],
    [422, '<errors><error>Group is closed</error></errors>', 75, 'due', 'Group is closed'],
    [422, '<errors><error>Title is too long</error></errors>', 69, 'rejected', 'Title is too long'],
    [425, '', 75, 'due', 'not posted'],
    [429, '', 75, 'due', 'not posted'],
    [500, '<html><h1>oops', 75, 'due', '500'],
    [502, '', 75, 'due', '502'],
    [503, '', 75, 'due', '503'],
    [504, '', 75, 'in-doubt', 'it may have been posted'],
  ])('%i %p: exit code %i, and it is %s', async (status, body, code, state, words = '') => {
    const found = await answered({ status, body, headers: { Location: 'http://127.0.0.1:9/' } });
    expect(found).toMatchObject({ code, state, asked: 1 });
    expect(found.run.stderr).toContain(words);
  });

  it.each([
    [200, 75, 'in-doubt'],
    [201, 0, 'delivered'],
    [503, 75, 'due'],
  ])('%i with a hundred megabytes: exit code %i, and it is %s', async (status, code, state) => {
    expect(await answered({ status, body: 'x'.repeat(100_000_000) })).toMatchObject({ code, state, asked: 1 });
  });

  it.each<[string, number, string, Reply]>([
    ['a reset after it read', 75, 'in-doubt', 'reset'],
    ['an end without a word', 75, 'in-doubt', 'close'],
    ['no HTTP', 75, 'in-doubt', 'no http'],
    ['a 201 whose body is cut off', 0, 'delivered', 'cut body'],
  ])('%s: exit code %i, and it is %s', async (_, code, state, reply) => {
    const found = await answered(reply);
    expect(found).toMatchObject({ code, state, asked: 1 });
    if (code === 75) expect(found.run.stderr).toContain('it may have been posted');
  });

  it.each<[string, string, number, number]>([
    // what it asks for, and the least and the most that the delivery waits
    ['seconds', '3600', HOUR, HOUR],
    ['a date', new Date(Date.now() + 2 * HOUR).toUTCString(), 2 * HOUR - MINUTE, 2 * HOUR],
    ['the past', new Date(Date.now() - HOUR).toUTCString(), 0.8 * FIRST, 1.2 * FIRST],
    ['ten years', '315360000', MOST, MOST],
    ['garbage', 'soon', 0.8 * FIRST, 1.2 * FIRST],
  ])('429 that asks to wait, in its own way: %s', async (_, retryAfter, least, most) => {
    const began = Date.now();
    const found = await answered({ status: 429, headers: { 'Retry-After': retryAfter } });
    expect(found).toMatchObject({ code: 75, state: 'due', asked: 1 });
    const dueAt = found.delivery?.dueAt ?? 0;
    expect(dueAt).toBeGreaterThanOrEqual(began + least);
    expect(dueAt).toBeLessThanOrEqual(Date.now() + most);
  });

  it.each<[string, number, string, Reply, string[]]>([
    ['that never comes, since nothing is read', 75, 'in-doubt', 'never read', CASE],
    ['that never comes', 75, 'in-doubt', 'hang', CASE],
    ['that comes too late, though the post is there', 75, 'in-doubt', 'keep and hang', CASE],
    ['of one byte a second', 75, 'in-doubt', 'drip headers', CASE],
    // It shows no id in time, by which the post could be told from one of the same words.
    ['201 with a body of one byte a second', 0, 'delivered', 'drip body', SOLUTION],
  ])('%s: exit code %i within the deadline, and it is %s', async (_, code, state, reply, words) => {
    const found = await answered(reply, [...words, '--timeout', `${LIMIT_MS}ms`]);
    expect(found).toMatchObject({ code, state });
    if (code === 75) expect(found.run.stderr).toContain('it may have been posted');
    expectInTime(company, found.run, LIMIT_MS);
  });

  it('201 that takes all the time is recorded, though the ledger is busy at the end of it', async () => {
    const other = await startCompany();
    expect((await other.run(CASE)).code).toBe(0);
    other.socialcast.answer('drip body');
    const began = Date.now();
    const run = other.run([...SOLUTION, '--timeout', `${LIMIT_MS}ms`]);
    await until(() => other.socialcast.requests.length === 2);
    const ledger = await openSqliteFile(join(other.folder, LEDGER_FILE), { readOnly: false });
    ledger.exec('BEGIN IMMEDIATE');
    await sleep(began + LIMIT_MS + 400 - Date.now());
    ledger.close();
    const { code } = await run;
    const states = (await deliveriesOf(other)).map(({ state }) => state);
    await other.close();
    expect({ code, states }).toEqual({ code: 0, states: ['delivered', 'delivered'] });
  });

  it('that redirects gets no login', async () => {
    const other = await startSocialcast();
    const headers = { Location: `${other.url}/api/messages.xml` };
    expect(await answered({ status: 307, headers, body: '' })).toMatchObject({ code: 75, state: 'due' });
    expect(other.connections()).toBe(0);
    await other.close();
  });

  it('of any kind leaves one post of each delivery in the end, and none of what was refused', async () => {
    for (let runs = 0; runs < 4; runs += 1) {
      await passTime(company.folder, DAY / 4);
      await company.run(['rerun']);
    }
    const states = (await deliveriesOf(company)).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['delivered', 'rejected']));
    // What a 2xx without a message said was posted, the stand-in does not have.
    expect(company.socialcast.posts).toHaveLength(states.filter((state) => state === 'delivered').length - FEIGNED);
  });
});

/** How many rows above are answered with a 2xx that counts as delivered while the stand-in keeps nothing. */
const FEIGNED = 5;

describe('a login that is wrong', () => {
  it('is told from a refusal, kept and tried again', async () => {
    const wrong = await startCompany({ destination: { password: 'another S3cret' } });
    const run = await runTalkative(wrong, CASE);
    expect(run.code).toBe(77);
    expect(run.stderr).not.toContain('another S3cret');
    expect(await deliveriesOf(wrong)).toMatchObject([{ state: 'due' }]);
    await wrong.close();
  });
});
