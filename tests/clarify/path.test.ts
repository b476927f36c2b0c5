import { Joins, problemOfPath, type Column } from '../../src/clarify/path';

const CASE = { alias: 'o', table: 'table_case', id: 'objid' };

function joined(path: string, lacks: (column: Column) => boolean = () => false): readonly string[] {
  const joins = new Joins(lacks, 'j');
  const value = joins.value(CASE, path);
  return [value, ...joins.texts];
}

describe('a path', () => {
  it.each([
    ['title', ['o.[title]']],
    ['case_reporter2site.name', ['j1.[name]', 'LEFT JOIN [table_site] j1 ON j1.[objid] = o.[case_reporter2site]']],
    [
      'case_prt2part_info:mod_level.part_info2part_num.part_number',
      [
        'j2.[part_number]',
        'LEFT JOIN [table_mod_level] j1 ON j1.[objid] = o.[case_prt2part_info]',
        'LEFT JOIN [table_part_num] j2 ON j2.[objid] = j1.[part_info2part_num]',
      ],
    ],
    [
      'contact_role[contact_role2contact>contact_role2site,primary_site=1]:site.name',
      [
        'j1.[name]',
        'LEFT JOIN [table_site] j1 ON j1.[objid] = (SELECT MIN(x.[contact_role2site]) FROM [table_contact_role] x ' +
          'WHERE x.[contact_role2contact] = o.[objid] AND x.[primary_site] = 1)',
      ],
    ],
    [
      'mtm_site5_contract0[contract2site>cust_loc2contract]:site.name',
      [
        'j1.[name]',
        'LEFT JOIN [table_site] j1 ON j1.[objid] = (SELECT MIN(x.[cust_loc2contract]) FROM [mtm_site5_contract0] x ' +
          'WHERE x.[contract2site] = o.[objid])',
      ],
    ],
    [
      'commit_log[case_commit2case,act_cmpltime=none].sched_cmpltime',
      [
        '(SELECT MIN(x.[sched_cmpltime]) FROM [table_commit_log] x WHERE x.[case_commit2case] = o.[objid] AND ' +
          "(x.[act_cmpltime] IS NULL OR x.[act_cmpltime] < '1754-01-01T00:00:00'))",
      ],
    ],
  ])('%s becomes these joins', (path, texts) => {
    expect(problemOfPath(path)).toBeUndefined();
    expect(joined(path)).toEqual(texts);
  });

  it.each([
    [''],
    ['a b'],
    ['title]; DROP TABLE table_case; --'],
    ["x' OR 1=1 --"],
    ['a..b'],
    ['case_reporter2site.name:site'],
    ['t[b>c,d=1 OR 1=1]:site.name'],
    ['t[b,d=x].c'],
    ['t[b].site.name'],
    ['1abc'],
    ['x'.repeat(129)],
    ['ä'],
  ])('is none: %j', (path) => {
    expect(problemOfPath(path)).toBeDefined();
    expect(() => joined(path)).toThrow();
  });

  it('shares the joins of its beginning with others', () => {
    const joins = new Joins(() => false, 'j');
    const values = ['case_reporter2site.name', 'case_reporter2site.primary2bus_org.name', 'case_reporter2site.region'].map(
      (path) => joins.value(CASE, path),
    );
    expect([values, joins.texts.length]).toEqual([['j1.[name]', 'j2.[name]', 'j1.[region]'], 2]);
  });

  it.each([
    ['its column', { table: 'table_site', column: 'name' }],
    ['its relation', { table: 'table_case', column: 'case_reporter2site' }],
    ['the table behind it', { table: 'table_site', column: 'objid' }],
  ])('is empty where the site lacks %s, and joins nothing in vain', (_what, lacking) => {
    const lacks = ({ table, column }: Column) => table === lacking.table && column === lacking.column;
    const [value, ...texts] = joined('case_reporter2site.name', lacks);
    expect(value).toBe('NULL');
    expect(texts.length).toBe(lacking.column === 'name' ? 1 : 0);
  });
});
