// Whether a login has rights: each is tried by a statement that needs it alone and reaches no row. SQL Server looks at rights before it
// looks for rows, and asking it for rights misses what comes of roles, schemas and triggers.

import { DatabaseError } from '../core/database-error';
import type { Rehearsing, Row, Statement } from '../io/database';
import type { Right } from './entry-rights';
import { sqlName } from './sql-name';

/** The rights of these that the login lacks. Rejects with a DatabaseError for what is no matter of rights. */
export async function missingRights(
  rights: readonly Right[],
  database: Rehearsing,
  signal: AbortSignal,
): Promise<readonly Right[]> {
  const missing: Right[] = [];
  for (const right of rights) if (!(await isGiven(right, database, signal))) missing.push(right);
  return missing;
}

async function isGiven(right: Right, database: Rehearsing, signal: AbortSignal): Promise<boolean> {
  if (right.verb !== 'EXECUTE') return !(await isDenied(tried(right, database, signal)));
  // A procedure cannot be tried without a number that is counted up, so this one right is asked for. Nothing comes back for what is not there.
  const text = "SELECT HAS_PERMS_BY_NAME(@procedure, 'OBJECT', 'EXECUTE') AS [may]";
  const [row]: readonly (Row | undefined)[] = await database.query({ text, parameters: { procedure: right.on } }, signal);
  return Number(row?.['may'] ?? 0) === 1;
}

/** The tables of which the login may change a column that nobody ever has to: what it is known by. */
export async function excessiveRights(
  tables: readonly { readonly table: string; readonly idColumn: string }[],
  database: Rehearsing,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const excessive: string[] = [];
  for (const { table, idColumn } of tables) {
    const trial = tried({ verb: 'UPDATE', on: table, columns: [idColumn] }, database, signal);
    // A column that nobody can change says nothing about rights.
    const isRefused = await trial.then(
      () => false,
      (error: unknown) => {
        if (error instanceof DatabaseError) return true;
        throw error;
      },
    );
    if (!isRefused) excessive.push(table);
  }
  return excessive;
}

async function tried(right: Right, database: Rehearsing, signal: AbortSignal): Promise<void> {
  const trial = trialOf(right);
  if (right.verb === 'SELECT') await database.query(trial, signal);
  else await database.rehearse([trial], signal);
}

/** Both engines make 0, and no date, of an empty text where one belongs. */
function trialOf({ verb, on, columns }: Right): Statement {
  const [table, names] = [sqlName(on), columns.map(sqlName)];
  const texts = {
    SELECT: `SELECT ${names.join(', ')} FROM ${table}`,
    INSERT: `INSERT INTO ${table} (${names.join(', ')}) SELECT ${names.map(() => "''").join(', ')}`,
    UPDATE: `UPDATE ${table} SET ${names.map((name) => `${name} = ''`).join(', ')}`,
    DELETE: `DELETE FROM ${table}`,
    EXECUTE: '',
  };
  return { text: `${texts[verb]} WHERE 1 = 0`, parameters: {} };
}

async function isDenied(trying: Promise<unknown>): Promise<boolean> {
  try {
    await trying;
    return false;
  } catch (error) {
    if (error instanceof DatabaseError && error.table === 'denied') return true;
    throw error;
  }
}
