// The sample CRM for tests: a fresh copy of the database that sample/clarify-sample.json describes.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteFile, type SqliteConnection } from '../../src/io/sqlite';

const folder = join(__dirname, '..', '..', 'sample');

/** The path of the sample database, made anew where it is missing or older than its JSON. Tests only read it. */
export function sampleDatabase(): string {
  const file = join(folder, 'clarify-sample.sqlite');
  const isCurrent = existsSync(file) && statSync(file).mtimeMs >= statSync(join(folder, 'clarify-sample.json')).mtimeMs;
  if (!isCurrent) execFileSync(process.execPath, [join(folder, '..', 'scripts', 'make-sample.mjs')]);
  return file;
}

/** A sample database of the test's own whose agenda lies around a day. */
export function sampleOfDay(day: string): string {
  const made = madeOfDay.get(day) ?? join(temporaryFolder(), 'sample.sqlite');
  if (!madeOfDay.has(day)) execFileSync(process.execPath, [join(folder, '..', 'scripts', 'make-sample.mjs'), made, day]);
  madeOfDay.set(day, made);
  const file = join(temporaryFolder(), 'sample.sqlite');
  copyFileSync(made, file);
  return file;
}
const madeOfDay = new Map<string, string>();

/** A copy of the sample database that a test changes. */
export async function changedSample(change: (crm: SqliteConnection) => void): Promise<string> {
  const file = join(temporaryFolder(), 'sample.sqlite');
  copyFileSync(sampleDatabase(), file);
  await changeDatabase(file, change);
  return file;
}

/** Changes a database while others may read it. */
export async function changeDatabase(file: string, change: (crm: SqliteConnection) => void): Promise<void> {
  const crm = await openSqliteFile(file, { readOnly: false });
  try {
    change(crm);
  } finally {
    crm.close();
  }
}

/** The sample as it is written down: table name to rows. */
export function sampleRows(): Readonly<Record<string, readonly Readonly<Record<string, string | number | null>>[]>> {
  return JSON.parse(readFileSync(join(folder, 'clarify-sample.json'), 'utf8')) as ReturnType<typeof sampleRows>;
}

/** An empty folder of the test's own, whose name holds a blank and an umlaut, as folders on Windows do. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'publish activity ü '));
}
