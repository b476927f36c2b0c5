// A template that what the CRM has cannot fill is the configuration's fault: nothing is lost, and it is posted once it is mended.

import { readFileSync, writeFileSync } from 'node:fs';
import { startCompany, type Company } from '../support/company';
import { CASE, deliveriesOf, MINUTE, requestsOf, runTalkative } from '../support/failures';
import { passTime } from '../support/pass-time';
import { onPosix } from '../support/program';
import { changedSample } from '../support/sample';

jest.setTimeout(60_000);

const OTHER = ['Case', '268435458', '268435463'];
const TITLE = '100% of the Hush-Hush meters';

let company: Company;
afterEach(() => company.close());

async function start(words: object): Promise<void> {
  const databaseFile = await changedSample((crm) =>
    crm.run('UPDATE table_case SET title = @title WHERE objid = 268435457', { title: TITLE }),
  );
  company = await startCompany({ databaseFile, more: { templates: { case: { Create: words } } } });
}

describe('a template that the CRM’s text cannot fill', () => {
  it.each([
    ['its title', { title: '{{ title | url_decode }}' }],
    ['its body', { body: '{{ title | base64_decode }}' }],
    ['its link', { link: 'https://agent/{{ title | url_decode }}' }],
  ])('ends with 78 and is kept: %s', async (_, words) => {
    await start(words);
    const run = await runTalkative(company, CASE);
    expect(run).toMatchObject({ code: 78, stderr: expect.stringContaining('cannot be filled') as string });
    expect(run.stderr).not.toMatch(/bug|Hush/);
    expect(await requestsOf(company)).toMatchObject([
      { state: 'accepted', reason: expect.not.stringContaining('Hush') as string },
    ]);
  });

  it('holds up no other request in a rerun, and is posted once it is mended', async () => {
    await start({ title: '{{ title | url_decode }}' });
    expect((await company.run(CASE)).code).toBe(78);
    company.database.faults.loginError = 40613;
    expect((await company.run(OTHER)).code).toBe(75);
    company.database.faults.loginError = undefined;
    await passTime(company.folder, 2 * MINUTE);
    const rerun = await company.run(['rerun']);
    expect(rerun).toMatchObject({ code: 78, stdout: expect.stringContaining('cannot be filled') as string });
    expect(rerun.stderr + rerun.stdout).not.toMatch(/bug|Hush/);
    expect(company.socialcast.posts).toHaveLength(1);
    writeFileSync(company.configFile, readFileSync(company.configFile, 'utf8').replace(' | url_decode', ''));
    await passTime(company.folder, 5 * MINUTE);
    expect((await company.run(['rerun'])).code).toBe(0);
    expect(await deliveriesOf(company)).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]);
  });
});

describe('a process that is stopped for a while', () => {
  const rules = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`r${index}`, { template: { title: `{{ title }} of {{ id }} by ${index}` } }]),
  );
  /** By what is seen of it from outside. */
  const moments: readonly (readonly [string, () => boolean])[] = [
    ['at its start', () => true],
    ['while it signs in to the CRM', () => company.database.connections > 0],
    ['while it waits for the CRM', () => company.database.queries.length > 0],
    ['while it posts', () => company.socialcast.connections() > 0],
  ];

  onPosix.each(moments)('%s ends as one that was not', async (_, hasCome) => {
    company = await startCompany({ more: { rules } });
    company.database.faults.delayMs = 100;
    const child = company.start(CASE);
    const ending = new Promise<number | null>((resolve) => child.once('close', resolve));
    while (!hasCome()) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    child.kill('SIGCONT');
    expect(await ending).toBe(0);
    expect(company.socialcast.posts).toHaveLength(1);
  });
});
