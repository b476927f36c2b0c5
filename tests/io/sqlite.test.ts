// The CRM's database in a SQLite file, where it is none, or somebody else writes into it.

import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteDatabase, openSqliteFile } from '../../src/io/sqlite';
import { onPosix } from '../support/program';
import { temporaryFolder } from '../support/sample';

const never = new AbortController().signal;

it('A file that is no database is trouble that people can mend, whatever it is asked', async () => {
  const file = join(temporaryFolder(), 'crm.sqlite');
  writeFileSync(file, 'this is not the database that you are looking for '.repeat(100));
  const database = openSqliteDatabase(file);
  const trouble = { name: 'DatabaseError', problem: 'configuration' };
  await expect(database.query({ text: 'SELECT 1 FROM [table_case]', parameters: {} }, never)).rejects.toMatchObject(trouble);
  await expect(database.columnsOf(['table_case'], never)).rejects.toMatchObject(trouble);
  database.close();
});

/** A file with some rows, and whoever writes into it. */
async function filled() {
  const file = join(temporaryFolder(), 'crm.sqlite');
  const writer = await openSqliteFile(file, { readOnly: false });
  writer.exec("CREATE TABLE kept (text TEXT); INSERT INTO kept VALUES ('whole')");
  const rows = Array.from({ length: 6 }, () => 'INSERT INTO kept SELECT text || hex(zeroblob(200)) FROM kept').join(';');
  writer.exec(`BEGIN; ${rows}; COMMIT`);
  return { file, writer };
}
const HALF = { text: "SELECT COUNT(*) AS [rows] FROM [kept] WHERE [text] LIKE 'half%'", parameters: {} };

it('A file that somebody commits to is read a moment later', async () => {
  const { file, writer } = await filled();
  const database = openSqliteDatabase(file);
  writer.exec('BEGIN EXCLUSIVE');
  const reading = database.query(HALF, never);
  await new Promise((resolve) => setTimeout(resolve, 20));
  writer.exec("UPDATE kept SET text = 'half'; COMMIT");
  expect(await reading).toEqual([{ rows: 64 }]);
  writer.exec('BEGIN EXCLUSIVE');
  await expect(database.query(HALF, AbortSignal.timeout(30))).rejects.toMatchObject({ problem: 'unavailable' });
  database.close();
  writer.close();
});

onPosix(
  'A file whose writer was killed in the middle is read as it was before (skipped on Windows, where a process cannot kill itself)',
  async () => {
    const { file, writer } = await filled();
    writer.close();
    spawnSync(process.execPath, [join(__dirname, '..', 'support', 'hot-journal.cjs'), file]);
    expect(existsSync(`${file}-journal`)).toBe(true);
    const database = openSqliteDatabase(file);
    expect(await database.query(HALF, never)).toEqual([{ rows: 0 }]);
    database.close();
  },
);
