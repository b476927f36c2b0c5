// What a site's schema does not list may be there all the same. Whatever decides about a post counts as absent only where the server
// says so; in doubt nothing is posted.

import { startCompany, type Company } from '../support/company';
import { CASE, requestsOf } from '../support/failures';
import { changedSample } from '../support/sample';
import type { TdsFaults } from '../support/tds-server';

jest.setTimeout(60_000);

const INTERNAL = ['Case', '268435457', '268435470'];
const ON_SUBCASE = ['Subcase', '268435457', '268435459'];
const ON_CASE = ['Case', '268435457', '268435458'];
/** Sites lack some column that only decorates; that is what makes the program look at the schema. */
const LACKING = 'ALTER TABLE table_case DROP COLUMN casests2gbst_elm';
const NO_NOTE_MARK = 'ALTER TABLE table_notes_log DROP COLUMN x_is_internal';
const NO_PHONE_MARK = 'ALTER TABLE table_phone_log DROP COLUMN x_is_internal';
const NO_FOCUS = ['focus_type', 'focus_lowid'].map((column) => `ALTER TABLE table_act_entry DROP COLUMN ${column}`);

let company: Company;
afterEach(() => company.close());

async function start(statements: readonly string[], faults: TdsFaults, more: object = {}): Promise<void> {
  const databaseFile = await changedSample((crm) => statements.forEach((statement) => crm.exec(statement)));
  company = await startCompany({ databaseFile, more });
  Object.assign(company.database.faults, faults);
}

describe('an internal note of a site that lacks a column', () => {
  it.each<[string, readonly string[], TdsFaults, number, string, number]>([
    ['whose mark is listed', [LACKING], {}, 0, 'is an internal note', 0],
    ['whose table is not listed, as a synonym', [LACKING], { unlisted: ['table_notes_log'] }, 0, 'is an internal note', 0],
    [
      'whose mark is not listed, and can be read',
      [LACKING],
      { unlisted: ['table_notes_log.x_is_internal'] },
      0,
      'is an internal',
      0,
    ],
    ['where nothing is listed', [LACKING], { unlisted: ['table_notes_log', 'table_act_entry'] }, 0, 'is an internal note', 0],
    [
      'whose mark may not be read, and is not listed',
      [LACKING],
      { unlisted: ['table_notes_log.x_is_internal'], deniedColumns: ['x_is_internal'] },
      78,
      'table_notes_log.x_is_internal decides about posts and cannot be read',
      0,
    ],
    [
      'whose mark may not be read, and its table is not listed',
      [],
      { unlisted: ['table_notes_log', 'table_phone_log'], deniedColumns: ['x_is_internal'] },
      78,
      'table_notes_log.x_is_internal decides about posts and cannot be read',
      0,
    ],
    ['whose mark may not be read, and is listed', [LACKING], { deniedColumns: ['x_is_internal'] }, 78, 'x_is_internal', 0],
    ['whose table is not there', [LACKING, 'DROP TABLE table_notes_log'], {}, 78, 'table_notes_log', 0],
    ['without such marks at all', [NO_NOTE_MARK, NO_PHONE_MARK], {}, 0, '', 1],
    [
      'without such marks, in a table that is not listed',
      [NO_NOTE_MARK, NO_PHONE_MARK],
      { unlisted: ['table_notes_log'] },
      0,
      '',
      1,
    ],
    ['that another owner’s table of the same name has', [], { missingColumns: ['x_is_internal'] }, 0, '', 1],
  ])('%s', async (_, statements, faults, code, words, posts) => {
    await start(statements, faults);
    const run = await company.run(INTERNAL);
    expect(run).toMatchObject({ code, stderr: expect.stringContaining(words) as string });
    expect(company.socialcast.posts).toHaveLength(posts);
    if (code === 78) expect(await requestsOf(company)).toMatchObject([{ state: 'accepted' }]);
  });

  it.each<[string, TdsFaults, number]>([
    ['is not published by reconcile where its table is not listed', { unlisted: ['table_notes_log'] }, 0],
    [
      'stops reconcile where its mark may not be read',
      { unlisted: ['table_notes_log.x_is_internal'], deniedColumns: ['x_is_internal'] },
      78,
    ],
  ])('%s', async (_, faults, code) => {
    // The statements of reconcile name no column that only decorates.
    const statements = ['ALTER TABLE table_act_entry DROP COLUMN act_entry_child2parent'];
    await start(statements, faults, { reconcile: [{ objectType: 'case', activities: [1700] }] });
    const run = await company.run(['reconcile', '--since', '2010-06-14', '--until', '2010-06-15', '--publish']);
    expect(run.code).toBe(code);
    if (code === 78) expect(run.stderr).toContain('table_notes_log.x_is_internal decides about posts');
    const bodies = company.socialcast.posts.map((post) => JSON.stringify(post));
    expect(bodies.filter((body) => body.includes('268435470'))).toEqual([]);
    expect(await requestsOf(company)).toHaveLength(company.socialcast.posts.length);
  });
});

describe('what an activity belongs to', () => {
  it('is known where the schema does not list its table', async () => {
    await start([LACKING], { unlisted: ['table_act_entry'] });
    expect(await company.run(CASE)).toMatchObject({ code: 0 });
    expect(company.socialcast.posts).toHaveLength(1);
  });

  it('is not guessed where nothing that tells it may be read: exit code 78, and kept', async () => {
    const hidden = ['focus_type', 'focus_lowid', 'act_entry2case'];
    await start([LACKING], { unlisted: hidden.map((column) => `table_act_entry.${column}`), deniedColumns: hidden });
    const run = await company.run(CASE);
    expect(run).toMatchObject({ code: 78, stderr: expect.stringContaining('act_entry2case') as string });
    expect(await requestsOf(company)).toMatchObject([{ state: 'accepted' }]);
  });

  it('is not guessed where nothing tells it: exit code 78, and kept', async () => {
    await start([...NO_FOCUS, 'ALTER TABLE table_act_entry DROP COLUMN act_entry2case'], {});
    const run = await company.run(CASE);
    expect(run).toMatchObject({ code: 78, stderr: expect.stringContaining('act_entry2case') as string });
    expect(await requestsOf(company)).toMatchObject([{ state: 'accepted' }]);
  });

  it('is found on its parent, too, where the schema does not list that: one post', async () => {
    await start([...NO_FOCUS], { unlisted: ['table_act_entry'] });
    const [first, second] = [await company.run(ON_SUBCASE), await company.run(ON_CASE)];
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(company.socialcast.posts).toHaveLength(1);
  });
});

describe('a value that decides where a post goes', () => {
  const routes = [{ when: "severity != 'Secret'", to: ['socialcast'] }];
  const hidden = { unlisted: ['table_case.respsvrty2gbst_elm'], deniedColumns: ['respsvrty2gbst_elm'] };

  it('is not taken for empty where it may not be read: exit code 78, and kept', async () => {
    await start([], hidden, { routes });
    const run = await company.run(CASE);
    expect(run).toMatchObject({ code: 78, stderr: expect.stringContaining('table_case.respsvrty2gbst_elm decides') as string });
    expect(await requestsOf(company)).toMatchObject([{ state: 'accepted' }]);
  });

  it('is empty where it only decorates', async () => {
    await start([], hidden);
    expect(await company.run(CASE)).toMatchObject({ code: 0 });
    expect(company.socialcast.posts).toHaveLength(1);
  });
});

describe('whoever looks into the site', () => {
  it('hears from doctor what may not be read', async () => {
    await start([LACKING], { unlisted: ['table_notes_log.x_is_internal'], deniedColumns: ['x_is_internal'] });
    const run = await company.run(['doctor', 'tables']);
    expect(run.code).toBe(78);
    expect(run.stdout).toContain('case: table_notes_log.x_is_internal decides about posts and cannot be read');
  });

  it('does not hear that a rule is active whose flags may not be read', async () => {
    await start([], { unlisted: ['table_com_tmplte.flags'], deniedColumns: ['flags'] });
    expect(await company.run(['rule', '--check'])).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('flags') as string,
    });
  });
});

describe('of two columns that are missing', () => {
  it.each<[string, readonly string[], TdsFaults]>([
    ['dropped', [NO_NOTE_MARK, 'ALTER TABLE table_case RENAME COLUMN title TO headline'], {}],
    ['told by the server alone', [], { missingColumns: ['x_is_internal', 'title'] }],
    ['told by the server alone, in the other order', [], { missingColumns: ['title', 'x_is_internal'] }],
  ])('the one that stopped the work is named: %s', async (_, statements, faults) => {
    await start(statements, faults);
    const run = await company.run(CASE);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain("Invalid column name 'title'");
    expect(run.stderr).not.toContain('x_is_internal');
  });
});

describe('a site that lacks nothing', () => {
  it('is asked once', async () => {
    await start([], { unlisted: ['table_notes_log', 'table_act_entry'] });
    expect(await company.run(CASE)).toMatchObject({ code: 0 });
    expect(company.database.queries).toHaveLength(1);
  });
});
