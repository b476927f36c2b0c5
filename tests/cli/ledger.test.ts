// The ledger as a business rule meets it: what was accepted is posted once, however often and however badly it is asked for.

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startCompany, type Company } from '../support/company';

const CASE = ['Case', '268435457', '268435457'];

describe('one activity', () => {
  let company: Company;
  beforeEach(async () => {
    company = await startCompany();
  });
  afterEach(() => company.close());

  it('is posted once, however often its rule fires', async () => {
    const first = await company.run([...CASE, '--json']);
    const second = await company.run([...CASE, '--json']);
    expect([first.code, second.code]).toEqual([0, 0]);
    const deliveries = [first, second].map(
      (run) => (JSON.parse(run.stdout) as { deliveries: Record<string, unknown>[] }).deliveries[0],
    );
    expect(deliveries[1]).toMatchObject({ id: deliveries[0]?.['id'], receipt: deliveries[0]?.['receipt'], already: true });
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('is posted once for each rule', async () => {
    await company.run([...CASE, '--rule', 'Created']);
    await company.run([...CASE, '--rule', 'Escalated']);
    await company.run([...CASE, '--rule', 'Created']);
    expect(company.socialcast.posts).toHaveLength(2);
  });

  it('without an activity is posted once within ten minutes for a rule', async () => {
    for (const rule of ['SLA warning', 'SLA warning', 'SLA missed']) await company.run(['Case', '268435457', '--rule', rule]);
    expect(company.socialcast.posts.map((post) => post.title)).toEqual(['SLA warning: Case 4711', 'SLA missed: Case 4711']);
  });

  it('is kept where the destination is down, and says so', async () => {
    company.socialcast.answer({ status: 503 });
    const run = await company.run(CASE);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('socialcast: not posted, kept and tried again: ');
    // The rule fires again before it is due: nothing is hurried.
    const again = await company.run(CASE);
    expect(again.code).toBe(75);
    expect(again.stderr).toContain('not posted yet, kept and tried again');
    expect(company.socialcast.requests).toHaveLength(1);
  });

  it('is kept where the database is down', async () => {
    company.database.faults.loginError = 40613;
    const run = await company.run(CASE);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('it is kept, and the next rerun tries again');
  });

  it('is not posted again where nobody knows whether it arrived', async () => {
    company.socialcast.answer('keep and reset');
    expect((await company.run(CASE)).stderr).toContain('it may have been posted, kept and looked into');
    const again = await company.run(CASE);
    expect(again.code).toBe(75);
    expect(again.stderr).toContain('it may have been posted');
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('is kept where its row is not there yet', async () => {
    const run = await company.run(['Case', '268435457', '5']);
    expect(run.code).toBe(75);
    expect(run.stderr).toContain('there is no activity with the objid 5; kept, and looked for until it is 10 minutes old');
  });

  it('waits for an earlier one about the same object', async () => {
    company.socialcast.answer({ status: 503 });
    await company.run(CASE);
    const later = await company.run(['Case', '268435457', '268435462', '--timeout', '2s']);
    expect(later.code).toBe(75);
    expect(later.stderr).toContain('kept, and posted after an earlier one about the same object');
    expect(company.socialcast.posts).toHaveLength(0);
    expect((await company.run(['Case', '268435458', '268435463'])).code).toBe(0);
  });
});

describe('the ledger', () => {
  it('is a file of its owner and group, next to the configuration', async () => {
    const company = await startCompany();
    await company.run(CASE);
    const { mode } = statSync(join(company.folder, 'publish-activity.ledger'));
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o660);
    await company.close();
  });

  it('is looked into by a dry run, which says how things stand', async () => {
    const company = await startCompany();
    expect((await company.run([...CASE, '--dry-run'])).stdout).toContain(': first attempt\n');
    await company.run(CASE);
    expect((await company.run([...CASE, '--dry-run'])).stdout).toContain(': posted already; nothing would go out\n');
    company.socialcast.answer({ status: 503 });
    await company.run([...CASE, '--rule', 'b']);
    expect((await company.run([...CASE, '--rule', 'b', '--dry-run'])).stdout).toContain(
      ': not posted yet, kept and tried again: ',
    );
    await company.close();
  });

  it('keeps nothing of wrong arguments and of a dry run', async () => {
    const company = await startCompany();
    await company.run(['Cse', '1']);
    await company.run([...CASE, '--dry-run']);
    expect(existsSync(join(company.folder, 'publish-activity.ledger'))).toBe(false);
    await company.close();
  });

  it('answers 0 for what is kept where the configuration says so', async () => {
    const company = await startCompany({ more: { exitZeroWhenKept: true } });
    company.socialcast.answer({ status: 503 });
    expect(await company.run(CASE)).toMatchObject({ code: 0, stderr: expect.stringContaining('not posted, kept') });
    expect(company.log()).toMatchObject([{ result: 'later', exitCode: 0 }]);
    await company.close();
  });
});
