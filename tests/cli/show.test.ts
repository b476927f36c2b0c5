// `show` as an administrator meets it: the built program over the sample CRM on a SQL Server.

import { readdirSync } from 'node:fs';
import { startCompany, type Company } from '../support/company';
import { changedSample } from '../support/sample';

const CANARY = 'Customer is upset, handle with care.';
jest.setTimeout(30_000);

interface Shown {
  readonly values: readonly { readonly name: string; readonly value: string; readonly from: string; readonly lacking: boolean }[];
  readonly posts: readonly Readonly<Record<string, unknown>>[];
}

let company: Company;
const start = async (change: Parameters<typeof startCompany>[0] = {}) => {
  company = await startCompany(change);
};
afterEach(() => company.close());

const show = async (...words: string[]): Promise<Shown> =>
  JSON.parse((await company.run(['show', ...words, '--json'])).stdout) as Shown;
const valueOf = ({ values }: Shown, name: string) => values.find((each) => each.name === name);

describe('show', () => {
  it('tells every value, where it comes from, and what becomes of it, and does nothing', async () => {
    await start();
    const shown = await show('Case', '268435457', '268435461');
    expect(valueOf(shown, 'site')).toEqual({
      name: 'site',
      value: 'Calder & Sons, Dock 3',
      from: 'table_case.case_reporter2site → table_site.name',
      lacking: false,
    });
    expect(valueOf(shown, 'due')).toMatchObject({ value: '15 June 2010 at 12:00', raw: '2010-06-15T12:00:00' });
    expect(valueOf(shown, 'oldStatus')).toMatchObject({ value: 'Working' });
    const source = { of: 'program', key: '*' };
    expect(shown.posts).toEqual([
      {
        destination: 'socialcast',
        title: "Chg Status for Nora O'Dell at Calder & Sons, Dock 3",
        body: "Case Title: Meter reads 0 after power loss & won't reset",
        url: 'http://server/dovetail/Cases/Summary/4711',
        tags: ['dovetailCRM'],
        sources: { title: source, body: source, link: { of: 'program', key: '' } },
      },
    ]);
    expect(company.socialcast.requests).toEqual([]);
    expect(readdirSync(company.folder).filter((name) => name.includes('ledger'))).toEqual([]);
  });

  it('tells people the same as a table', async () => {
    await start();
    const { stdout, stderr, code } = await company.run(['show', 'Case', '268435457', '268435461']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/^due +15 June 2010 at 12:00 \(in the CRM: 2010-06-15T12:00:00\) +table_case ← /m);
    expect(stdout).toMatch(/^To socialcast:\n {2}title {2}Chg Status for .* {2}built in, under "\*"$/m);
  });

  it('tells whose words apply: the rule, the route, the configuration', async () => {
    await start({
      more: {
        rules: { 'SLA warning': { template: { title: 'Hurry: {{ id }}' } } },
        routes: [{ when: "objectType == 'case'", to: ['socialcast'], template: { body: 'by route' } }],
        templates: { case: { none: { link: 'http://own/{{ id }}' } } },
      },
    });
    const { posts } = await show('Case', '268435457', '--rule', 'sla warning');
    expect(posts).toMatchObject([
      {
        by: 1,
        title: 'Hurry: 4711',
        body: 'by route',
        url: 'http://own/4711',
        sources: { title: { of: 'rule' }, body: { of: 1 }, link: { of: 'templates', key: 'none' } },
      },
    ]);
    expect(await company.run(['show', 'Solution', '268435457', '268435464'])).toMatchObject({
      code: 0,
      stderr: 'publish-activity: nothing is posted: no route takes it\n',
    });
  });

  it('shows of an internal note only that it is one', async () => {
    await start();
    const run = await company.run(['show', 'Case', '268435457', '268435470']);
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: 'publish-activity: activity 268435470 is an internal note\n' });
    expect((await company.run(['show', 'Case', '268435457', '268435462'])).stdout).not.toContain(CANARY);
  });

  it('marks what this site lacks', async () => {
    const databaseFile = await changedSample((crm) => crm.exec('ALTER TABLE table_case DROP COLUMN respsvrty2gbst_elm'));
    await start({ databaseFile });
    expect(valueOf(await show('Case', '268435457', '268435457'), 'severity')).toMatchObject({ value: '', lacking: true });
    const { stdout } = await company.run(['show', 'Case', '268435457', '268435457']);
    expect(stdout).toMatch(/^severity +\(this site lacks it\) +table_case\.respsvrty2gbst_elm → table_gbst_elm\.title$/m);
  });

  it.each([
    [['Case', '5', '6'], 66],
    [['Case', '268435458', '268435457'], 66],
    [['Case'], 64],
    [['Cas', '5'], 64],
  ])('ends like a dry run of publish: %j with %i', async (words, code) => {
    await start();
    expect((await company.run(['show', ...words])).code).toBe(code);
  });

  it('ends with 75 where the database is down', async () => {
    await start();
    company.database.faults.queryError = 1205;
    expect(await company.run(['show', 'Case', '268435457'])).toMatchObject({ code: 75, stdout: '' });
  });
});
