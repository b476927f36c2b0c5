// Makes the sample CRM: turns sample/clarify-sample.json into the SQLite database that a fresh checkout reads and the tests serve.
// The types follow from the rows: moments become DATETIME, whole numbers INTEGER, texts VARCHAR, and an unset relation INTEGER.

import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
/** A time of a day that is counted from the one on which the database is made: `@-7d 09:00`. */
const COUNTED = /^@([+-]\d{1,3})d (\d\d:\d\d)$/;

/** The sample as it is written down: table name to rows. */
export function readRows(jsonFile) {
  try {
    return JSON.parse(readFileSync(jsonFile, 'utf8'));
  } catch (error) {
    throw new Error(`${basename(jsonFile)} cannot be read: ${error.message}`, { cause: error });
  }
}

/**
 * Writes the database anew. The file appears whole or not at all, so that a test that reads it meanwhile is not disturbed. Its agenda is
 * placed around a day, `2026-11-30`: today, if left out.
 */
export function makeSample(jsonFile, databaseFile, day = today()) {
  const written = Object.entries(readRows(jsonFile)).filter(([name]) => !name.startsWith('_'));
  const tables = written.map(([name, rows]) => [name, rows.map((row) => placed(row, day))]);
  const fresh = `${databaseFile}.${process.pid}.tmp`;
  rmSync(fresh, { force: true });
  const database = new DatabaseSync(fresh);
  for (const [table, rows] of tables) {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const declared = columns.map((column) => `[${column}] ${typeOf(column, rows)}`);
    database.exec(`CREATE TABLE [${table}] (${declared.join(', ')})`);
    const insert = database.prepare(`INSERT INTO [${table}] VALUES (${columns.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(...columns.map((column) => row[column] ?? null));
  }
  database.close();
  renameSync(fresh, databaseFile);
}

/** The day on the clock of this machine. */
function today() {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())).toISOString().slice(0, 10);
}

/** A row whose counted days are those around a day. */
function placed(row, day) {
  const moment = (value) => {
    const [, days, time] = (typeof value === 'string' && COUNTED.exec(value)) || [];
    if (days === undefined) return value;
    const date = new Date(Date.parse(`${day}T00:00:00Z`) + Number(days) * 86_400_000);
    return `${date.toISOString().slice(0, 10)}T${time}:00`;
  };
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, moment(value)]));
}

function typeOf(column, rows) {
  if (column === 'objid') return 'INTEGER PRIMARY KEY';
  const values = rows.map((row) => row[column]).filter((value) => value !== null && value !== undefined);
  if (values.length === 0) return /[a-z0-9]2[a-z]/.test(column) ? 'INTEGER' : 'VARCHAR(255)';
  if (values.every((value) => Number.isInteger(value))) return 'INTEGER';
  return values.every((value) => MOMENT.test(value)) ? 'DATETIME' : 'VARCHAR(255)';
}

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'sample');
const jsonFile = join(folder, 'clarify-sample.json');
const databaseFile = join(folder, 'clarify-sample.sqlite');

/** The path of the sample database, which is made anew where it is missing or older than its JSON. */
export function currentSample() {
  if (!existsSync(databaseFile) || statSync(databaseFile).mtimeMs < statSync(jsonFile).mtimeMs)
    makeSample(jsonFile, databaseFile);
  return databaseFile;
}

/** Without words, the sample of this checkout; with a file and a day, one around that day. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , file, day] = process.argv;
  if (file === undefined) currentSample();
  else makeSample(jsonFile, file, day);
}
