import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { logCount, logQuery, type LoggedActivity } from '../../src/clarify/activity-log';
import { openLogReader } from '../../src/clarify/log-reader';
import { objectTypeNamed, objectTypes } from '../../src/clarify/object-types/index';
import { expectedActivities } from '../../src/clarify/expected';
import { openSqliteDatabase, openSqliteFile } from '../../src/io/sqlite';
import { sampleDatabase, temporaryFolder } from '../support/sample';

const NEVER = new AbortController().signal;
const SPAN = { since: Date.UTC(2010, 5, 1), until: Date.UTC(2010, 6, 1) };
const KINDS = { codes: [600, 200], names: ['Create', 'Chg Sts:Fixed'] };
const PART = { since: '2010-06-01T00:00:00', afterObjid: 0, until: '2010-07-01T00:00:00' };

/** A copy of the sample with some statements run over it. */
async function changedSample(...statements: string[]): Promise<string> {
  const file = join(temporaryFolder(), 'sample.sqlite');
  copyFileSync(sampleDatabase(), file);
  const connection = await openSqliteFile(file, { readOnly: false });
  for (const statement of statements) connection.exec(statement);
  connection.close();
  return file;
}

interface Asked {
  readonly file?: string;
  readonly most?: number;
}

/** What the log has of some activities of a type, read page by page. */
async function logOf(
  objectType: string,
  activities: readonly (string | number)[],
  { file = sampleDatabase(), most = 100 }: Asked = {},
): Promise<readonly LoggedActivity[]> {
  const database = openSqliteDatabase(file);
  const [expected] = expectedActivities(
    [{ objectType, activities, rule: '' }],
    objectTypes,
    openLogReader(database),
    'America/Chicago',
  );
  if (expected === undefined) throw new Error('one entry is expected');
  const found: LoggedActivity[] = [];
  try {
    for (let after: LoggedActivity | undefined; ;) {
      const page = await expected.logged(SPAN, after, most, NEVER);
      found.push(...page);
      after = page.at(-1);
      if (page.length < most) break;
    }
    expect(await expected.count(SPAN, NEVER)).toBe(found.length);
    return found;
  } finally {
    database.close();
  }
}

const objidsOf = async (...asked: Parameters<typeof logOf>) =>
  (await logOf(...asked)).map(({ activityObjid }) => activityObjid - 268435456);

describe('the log of the sample', () => {
  it('tells of an activity what it takes to post it', async () => {
    expect((await logOf('case', ['Reopen']))[0]).toEqual({
      objid: 268435458,
      activityObjid: 268435473,
      code: 2400,
      name: 'Reopen',
      time: '2010-06-15T16:20:00',
    });
  });

  it.each([
    ['a name of the CRM, in any case', 'change_request', ['create cr'], [10]],
    ['a name of the CRM that this program does not know', 'cr', ['Chg Sts:Fixed'], [11]],
    ['a code', 'case', [600], [1]],
    ['a code that nobody has a name for', 'case', [94001], [15]],
    ['names and codes', 'case', ['CLOSE', 2400, 'Create'], [1, 7, 17]],
    ['a name of this program where the CRM has another', 'subcase', ['Subcase Create'], [3]],
    ['nothing, for another type', 'solution', ['Close'], []],
    ['an internal note never', 'case', ['Notes'], [6]],
  ])('is searched by %s', async (_name, objectType, activities, objids) => {
    expect(await objidsOf(objectType, activities)).toEqual(objids);
  });

  it('names a code by its rank, or else as this program does, where the row names no element', async () => {
    const file = await changedSample(
      'UPDATE table_act_entry SET entry_name2gbst_elm = NULL',
      "DELETE FROM table_gbst_elm WHERE title = 'Close'",
      "UPDATE table_gbst_elm SET title = 'Opened again' WHERE title = 'Reopen'",
    );
    const log = await logOf('case', ['opened AGAIN', 'Close', 94001], { file });
    expect(log.map(({ name }) => name)).toEqual(['Close', 'Activity 94001', 'Opened again']);
  });

  it('is read to its end, page by page, whatever happened in the same second', async () => {
    const file = await changedSample("UPDATE table_act_entry SET entry_time = '2010-06-14T10:00:00' WHERE objid < 268435470");
    const whole = await objidsOf('case', ['Create', 'Close', 'Notes', 2400, 900, 300], { file });
    expect(whole).toEqual([1, 5, 6, 7, 12, 17]);
    for (const most of [1, 2, 3, 6]) {
      expect(await objidsOf('case', ['Create', 'Close', 'Notes', 2400, 900, 300], { file, most })).toEqual(whole);
    }
  });

  it('ends before the last moment, and begins with the first', async () => {
    const at = (time: string, objid: number) =>
      `UPDATE table_act_entry SET entry_time = '${time}' WHERE objid = ${268435456 + objid}`;
    const file = await changedSample(at('2010-05-31T19:00:00', 1), at('2010-05-31T18:59:59', 7), at('2010-06-30T19:00:00', 17));
    expect(await objidsOf('case', ['Create', 'Close', 2400], { file })).toEqual([1]);
  });

  it('has what hangs on its focus, and nothing that has lost its object', async () => {
    const file = await changedSample(
      'UPDATE table_act_entry SET act_entry2case = NULL, focus_type = 0, focus_lowid = 268435458 WHERE objid = 268435463',
      'DELETE FROM table_case WHERE objid = 268435457',
    );
    expect(await objidsOf('case', ['Create', 'Close'], { file })).toEqual([7]);
  });

  it('says where an activity of a subcase stands on its case', async () => {
    const [logged] = await logOf('subcase', [3000]);
    expect(logged?.onParent).toEqual({ objectType: 'case', objid: 268435457, activityObjid: 268435458 });
  });

  it('is read without the columns that a site lacks', async () => {
    const file = await changedSample(
      'ALTER TABLE table_phone_log DROP COLUMN x_is_internal',
      'ALTER TABLE table_act_entry DROP COLUMN focus_type',
      'ALTER TABLE table_act_entry DROP COLUMN focus_lowid',
      'ALTER TABLE table_act_entry DROP COLUMN act_entry_child2parent',
    );
    expect(await objidsOf('case', ['Notes'], { file })).toEqual([6]);
    expect((await logOf('subcase', [3000], { file }))[0]).not.toHaveProperty('onParent');
  });

  it.each([
    [['Create', 'Chg Sts:Fixed'], undefined],
    [['Creat'], 'did you mean Create?'],
    [['chg stsfixed'], 'did you mean Chg Sts:Fixed?'],
    [['Völlig anders'], 'write it as the CRM lists it, or its code'],
  ])('has names, %j for some', async (activities, hint) => {
    const database = openSqliteDatabase(sampleDatabase());
    const entries = [{ objectType: 'case', activities, rule: '' }];
    const [expected] = expectedActivities(entries, objectTypes, openLogReader(database), 'America/Chicago');
    const checked = expected?.checkNames(NEVER);
    if (hint === undefined) await expect(checked).resolves.toBeUndefined();
    else await expect(checked).rejects.toMatchObject({ result: 'configuration', hint });
    database.close();
  });
});

describe('the statement', () => {
  it.each(objectTypes.map((type) => [type.name, type] as const))('for the log of a %s is this text', (_name, type) => {
    expect(logQuery(type, KINDS, PART, 10).text).toMatchSnapshot();
  });

  it('that counts is this text', () => {
    expect(logCount(objectTypeNamed('case'), KINDS, PART).text).toMatchSnapshot();
  });

  it('for a site that lacks everything that it may lack is this text', () => {
    expect(logQuery(objectTypeNamed('subcase'), KINDS, PART, 10, () => true)).toMatchSnapshot();
  });

  it('holds no value, but parameters alone', () => {
    const evil = "'; DROP TABLE x; --";
    const { text, parameters } = logQuery(objectTypeNamed('case'), { codes: [], names: [evil] }, PART, 10);
    expect(text).not.toContain(evil);
    expect(new Set([...text.matchAll(/@(\w+)/g)].map(([, name]) => name))).toEqual(new Set(Object.keys(parameters)));
  });
});
