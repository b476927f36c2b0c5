// The sample CRM: its agenda lies around a day, and everything else is where it always was.

import { openSqliteFile } from '../../src/io/sqlite';
import { sampleDatabase, sampleOfDay, sampleRows } from '../support/sample';

async function rowsOf(file: string, text: string) {
  const crm = await openSqliteFile(file, { readOnly: true });
  try {
    return crm.all(text).map((row) => Object.values(row));
  } finally {
    crm.close();
  }
}

describe('the sample', () => {
  const agenda = 'SELECT start_time FROM table_appointment WHERE objid IN (268435457, 268435458, 268435459) ORDER BY objid';

  it('has an agenda around the day on which it is made, over the turn of a month and of a year', async () => {
    expect(await rowsOf(sampleOfDay('2026-11-30'), agenda)).toEqual([
      ['2010-06-17T09:00:00'],
      ['2026-11-24T09:00:00'],
      ['2026-12-03T14:30:00'],
    ]);
    expect(await rowsOf(sampleOfDay('2028-01-01'), agenda)).toEqual([
      ['2010-06-17T09:00:00'],
      ['2027-12-26T09:00:00'],
      ['2028-01-04T14:30:00'],
    ]);
  });

  it('leaves nothing that is still to be counted, in columns of moments', async () => {
    const counted = Object.entries(sampleRows()).flatMap(([table, rows]) =>
      (table.startsWith('_') ? [] : rows).flatMap((row) =>
        Object.entries(row).flatMap(([column, value]) => (String(value).startsWith('@') ? [`${table} ${column}`] : [])),
      ),
    );
    expect(new Set(counted).size).toBeGreaterThan(8);
    for (const place of new Set(counted)) {
      const [table = '', column = ''] = place.split(' ');
      const left = `SELECT COUNT(*) FROM ${table} WHERE ${column} LIKE '@%'`;
      const type = `SELECT type FROM pragma_table_info('${table}') WHERE name = '${column}'`;
      expect([place, await rowsOf(sampleDatabase(), left), await rowsOf(sampleDatabase(), type)]).toEqual([
        place,
        [[0]],
        [['DATETIME']],
      ]);
    }
  });
});
