// The CRM's database in a SQLite file, where it is none.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteDatabase } from '../../src/io/sqlite';
import { temporaryFolder } from '../support/sample';

it('A file that is no database is trouble that people can mend, whatever it is asked', async () => {
  const file = join(temporaryFolder(), 'crm.sqlite');
  writeFileSync(file, 'this is not the database that you are looking for '.repeat(100));
  const database = openSqliteDatabase(file);
  const never = new AbortController().signal;
  const trouble = { name: 'DatabaseError', problem: 'configuration' };
  await expect(database.query({ text: 'SELECT 1 FROM [table_case]', parameters: {} }, never)).rejects.toMatchObject(trouble);
  await expect(database.columnsOf(['table_case'], never)).rejects.toMatchObject(trouble);
  database.close();
});
