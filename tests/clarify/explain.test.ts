import { placeholdersLost } from '../../src/clarify/explain';
import { objectTypeNamed } from '../../src/clarify/object-types/index';
import { describePath } from '../../src/clarify/path';
import { openSqliteDatabase } from '../../src/io/sqlite';
import { changedSample, sampleDatabase } from '../support/sample';

const NEVER = new AbortController().signal;

describe('The way of a path', () => {
  it.each([
    ['table_case', 'title', 'table_case.title'],
    ['table_case', 'case_reporter2site.name', 'table_case.case_reporter2site → table_site.name'],
    [
      'table_bug',
      'bug_product2part_info:mod_level.part_info2part_num.part_number',
      'table_bug.bug_product2part_info → table_mod_level.part_info2part_num → table_part_num.part_number',
    ],
    [
      'table_contact',
      'contact_role[contact_role2contact>contact_role2site,primary_site=1]:site.name',
      'table_contact ← table_contact_role[contact_role2contact, primary_site=1].contact_role2site → table_site.name',
    ],
    [
      'table_case',
      'commit_log[case_commit2case,act_cmpltime=none].sched_cmpltime',
      'table_case ← table_commit_log[case_commit2case, act_cmpltime=none].sched_cmpltime',
    ],
  ])('from %s by %s is told in the names of the CRM', (table, path, way) => {
    expect(describePath(table, path)).toBe(way);
  });
});

describe('What a site cannot fill', () => {
  const lost = async (file: string) => {
    const database = openSqliteDatabase(file);
    try {
      return await placeholdersLost(objectTypeNamed('case'), database, NEVER);
    } finally {
      database.close();
    }
  };

  it('is nothing where it has every column', async () => {
    expect(await lost(sampleDatabase())).toEqual([]);
  });

  it('is what goes through a missing column, or a missing table', async () => {
    const file = await changedSample((crm) => {
      crm.exec('ALTER TABLE table_case DROP COLUMN respsvrty2gbst_elm');
      crm.exec('DROP TABLE table_close_case');
    });
    expect(await lost(file)).toEqual(['severity', 'resolution']);
  });
});
