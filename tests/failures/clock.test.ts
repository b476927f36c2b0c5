// Clocks that are wrong: one that jumps between the call of a rule and the rerun, and hosts that disagree. Nothing is lost, nothing is
// there twice, and nothing waits for a day.

import { join } from 'node:path';
import { until } from '../support/busy';
import { startCompany, type Company } from '../support/company';
import { CASE, DAY, deliveriesOf, HOUR, MINUTE, requestsOf } from '../support/failures';
import { passTime } from '../support/pass-time';
import { ended, type Ended } from '../support/program';

jest.setTimeout(30_000);

const PRELOAD = `--require ${JSON.stringify(join(__dirname, '..', 'support', 'clock.cjs'))}`;
/** What starts a process whose clock is wrong by so many ms. */
const wrongBy = (ms: number) => ({ env: { NODE_OPTIONS: PRELOAD, CLOCK_OFFSET_MS: String(ms) } });

/** By how much the clock is wrong when the rule fires, and when the rerun comes. */
const JUMPS: readonly (readonly [string, number, number])[] = [
  ['jumps back an hour', 0, -HOUR],
  ['jumps forward a day', 0, DAY],
  ['was a day ahead, and is right again', DAY, 0],
  ['was an hour behind, and is right again', -HOUR, 0],
  ['is a day ahead all the time', DAY, DAY],
  ['is an hour behind all the time', -HOUR, -HOUR],
];

let company: Company;
beforeEach(async () => {
  company = await startCompany();
});
afterEach(() => company.close());

/** Two minutes later a rerun comes, and as the clock may have gone back an hour, another one an hour after that. */
async function rerunTwice(offset: number): Promise<readonly Ended[]> {
  const runs: Ended[] = [];
  for (const ms of [2 * MINUTE, HOUR]) {
    await passTime(company.folder, ms);
    runs.push(await company.run(['rerun', '--verbose'], wrongBy(offset)));
  }
  return runs;
}

it.each([-HOUR, DAY])('the log shows that a clock can be wrong by %i ms here', async (offset) => {
  await company.run(CASE, wrongBy(offset));
  const time = Date.parse(String(company.log().at(-1)?.['time']));
  expect(Math.abs(time - Date.now() - offset)).toBeLessThan(10_000);
});

describe.each(JUMPS)('where the clock %s,', (_, atCall, atRerun) => {
  it('a post that did not arrive is made once', async () => {
    company.socialcast.answer({ status: 503 });
    expect((await company.run(CASE, wrongBy(atCall))).code).toBe(75);
    const runs = await rerunTwice(atRerun);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(await deliveriesOf(company)).toMatchObject([{ state: 'delivered' }]);
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('a post whose run was killed after it arrived is found', async () => {
    company.socialcast.answer('keep and hang');
    // The rerun watches for as long as the attempt may take.
    const killed = company.start([...CASE, '--timeout', '1500ms'], wrongBy(atCall));
    await until(() => company.socialcast.posts.length === 1);
    killed.kill('SIGKILL');
    await ended(killed);
    await rerunTwice(atRerun);
    expect(await deliveriesOf(company)).toMatchObject([{ state: 'delivered' }]);
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('what was accepted while the CRM was down is posted once', async () => {
    company.database.faults.loginError = 40613;
    expect((await company.run(CASE, wrongBy(atCall))).code).toBe(75);
    company.database.faults.loginError = undefined;
    await rerunTwice(atRerun);
    expect(await requestsOf(company)).toMatchObject([{ state: 'composed' }]);
    expect(company.socialcast.posts).toHaveLength(1);
  });
});

describe('hosts whose clocks disagree', () => {
  it('make one post of a rule that fires on each of them', async () => {
    const offsets = [0, -HOUR, DAY, 0, -HOUR, DAY];
    const runs = await Promise.all(offsets.map((offset) => company.run([...CASE, '--timeout', '20s'], wrongBy(offset))));
    expect(runs.map(({ code }) => code)).toEqual(offsets.map(() => 0));
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('share the work of their reruns', async () => {
    const cases = [CASE, ['Solution', '268435457', '268435464'], ['Case', '268435459', '268435468']];
    company.socialcast.answer(...cases.map(() => ({ status: 503 })));
    for (const words of cases) expect((await company.run(words)).code).toBe(75);
    await passTime(company.folder, 2 * HOUR);
    await Promise.all([-HOUR, DAY, 0].map((offset) => company.run(['rerun'], wrongBy(offset))));
    expect((await deliveriesOf(company)).map(({ state }) => state)).toEqual(cases.map(() => 'delivered'));
    expect(company.socialcast.posts).toHaveLength(cases.length);
  });

  it('do not keep an escalation from being posted', async () => {
    // The CRM's clock says when its activities happened, and the newest around now is looked for.
    expect((await company.run(['Case', '268435457', '--rule', 'SLA'], wrongBy(DAY))).code).toBe(0);
    expect(company.socialcast.posts).toMatchObject([{ title: expect.stringMatching(/^SLA: Case 4711/) as string }]);
  });
});
