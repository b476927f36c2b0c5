// `rule` as an administrator meets it: the built program over the sample CRM, whose one rule is fine, and over worse ones.

import { objectTypes } from '../../src/clarify/object-types/index';
import { startCompany, type Company } from '../support/company';
import { changedSample } from '../support/sample';

jest.setTimeout(30_000);

let company: Company;
const start = async (change: Parameters<typeof startCompany>[0] = {}) => {
  company = await startCompany(change);
};
afterEach(() => company.close());

const json = async (...words: string[]) => {
  const { stdout } = await company.run(['rule', ...words, '--json']);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

/** A CRM with a second rule that passes an action's text. */
const withRule = (action: string, { flags = 0, objectType = 'case' } = {}) =>
  changedSample((crm) => {
    const rule = `INSERT INTO table_com_tmplte (objid, title, type, flags, rule_set, action, escal_act2com_tmplte)`;
    crm.exec(
      `${rule} VALUES (900000007, 'Another', 1, ${flags}, '', '', NULL), (900000008, 'Another', 3, 0, '', '${action}', 900000007)`,
    );
    crm.exec(
      `INSERT INTO table_rule_cond (objid, type, operand1, parentrule2com_tmplte) VALUES (900000009, 1, '${objectType}', 900000007)`,
    );
  });

describe('rule', () => {
  it('prints the rule to enter, its property, and the example of an escalation', async () => {
    await start();
    const { stdout, stderr, code } = await company.run(['rule', 'change', 'request', '--rule', 'Fix overdue']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/^Object type +Change Request$/m);
    expect(stdout).toMatch(/^Start events +Create, Change Status, CR Closed, CR Reopen$/m);
    expect(stdout).toMatch(/^Action type +Command Line$/m);
    expect(stdout).toMatch(/^Action +publish-activity "\[Object Type\]" "\[Database ID\]" "\[Activity Objid\]"$/m);
    expect(stdout).toMatch(/of an escalation +publish-activity "\[Object Type\]" "\[Database ID\]" --rule "Fix overdue"$/m);
    expect(stdout).toMatch(/Object type +Change Request +obj_type = 192$/m);
    expect(stdout).toMatch(/Path +focus_obj2act_entry:objid +path_name = focus_obj2act_entry:objid$/m);
    expect(stdout).toContain('Do not insert the row by SQL');
    expect(stdout).not.toMatch(/INSERT INTO/);
  });

  it('prints all of them without words, and the site’s own', async () => {
    const tower = { typeName: 'Tower', table: 'table_x_tower', typeId: 2001, fields: { id: 'x_id', title: 'x_name' } };
    await start({ clarify: { objectTypes: { tower } } });
    const all = await json();
    expect(all.map(({ objectType }) => objectType)).toEqual([...objectTypes.map(({ name }) => name), 'tower']);
    expect(all.at(-1)).toMatchObject({
      rule: { objectType: 'Tower' },
      property: { obj_type: 2001, prop_name: 'Activity Objid' },
    });
    expect(all.filter(({ rule }) => rule === null)).toMatchObject(
      ['part_request_header', 'product_revision', 'stocking_level'].map((objectType) => ({
        objectType,
        instead: expect.stringContaining('scan') as string,
      })),
    );
  });

  it('finds the rule of the sample to be fine', async () => {
    await start();
    expect(await company.run(['rule', '--check'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^OK +"Publish to Socialcast" \(ACTIVITY STREAM; case\): publish-activity\.cmd /) as string,
    });
  });

  it('says what is wrong with a rule, and ends with 78', async () => {
    await start({ databaseFile: await withRule('"C:\\p\\publish-activity.cmd" [Object Type] [Case ID] "[Activity Objid]"') });
    const run = await company.run(['rule', '--check']);
    expect(run).toMatchObject({ code: 78, stderr: 'publish-activity: 1 of 2 rules to be mended\n' });
    expect(run.stdout).toMatch(
      /^MEND "Another" \(case\): .*\n {5}note: the quotes .*\n {5}wrong: it passes \[Case ID\], which is /m,
    );
    const [fine, wrong, report] = await json('--check');
    expect(fine).toMatchObject({ kind: 'rule', ok: true, startEvents: ['CREATE', 'CLOSE_TASK', 'REOPEN_TASK'], remarks: [] });
    expect(wrong).toMatchObject({
      objid: 900000008,
      ok: false,
      remarks: [{ remark: 'unquoted' }, { remark: 'wrong-database-id' }],
    });
    expect(report).toMatchObject({ result: 'configuration', exitCode: 78, sums: { rules: 2, faulty: 1 } });
  });

  it.each([
    ['an inactive rule', { flags: 65_536 + 2 }, 'inactive'],
    ['a rule on an object type without the property', { objectType: 'opportunity' }, 'no-property'],
    ['a rule on an unknown object type', { objectType: 'x_tower' }, 'unknown-type'],
  ])('finds %s', async (_, change, remark) => {
    await start({
      databaseFile: await withRule('publish-activity "[Object Type]" "[Database ID]" "[Activity Objid]"', change),
    });
    expect((await json('--check'))[1]).toMatchObject({ ok: false, remarks: [{ remark }] });
  });

  it('does without the columns that a site lacks', async () => {
    const databaseFile = await changedSample((crm) => {
      for (const column of ['flags', 'rule_set']) crm.exec(`ALTER TABLE table_com_tmplte DROP COLUMN ${column}`);
    });
    await start({ databaseFile });
    expect((await company.run(['rule', '--check'])).stdout).toMatch(/^OK +"Publish to Socialcast" \(case\): /);
  });

  it('looks at the rules of some object types only, and says where there is none', async () => {
    await start({ databaseFile: await withRule('publish-activity "[Object Type]"', { objectType: 'contract' }) });
    expect((await company.run(['rule', 'case', '--check'])).code).toBe(0);
    expect(await company.run(['rule', 'solution', '--check'])).toMatchObject({
      code: 78,
      stdout: '',
      stderr: expect.stringContaining('no rule of the CRM calls publish-activity for solution') as string,
    });
  });

  it.each([
    [['rule', 'cas'], 'did you mean case?'],
    [['rule', 'case', '--rule', '50 % of "SLA"'], '"%" cannot stand'],
  ])('refuses %j', async (words, said) => {
    await start();
    expect(await company.run(words)).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining(said) as string });
  });

  it('says so where the CRM is down, or the login may not read the rules', async () => {
    await start();
    company.database.faults.queryError = 1205;
    expect((await company.run(['rule', '--check'])).code).toBe(75);
    company.database.faults.queryError = 229;
    expect((await company.run(['rule', '--check'])).code).toBe(78);
  });
});
