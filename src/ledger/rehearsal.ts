// Whether a login may do with a ledger on a SQL Server what publishing does with it: all of it is done, in transactions that are taken
// back, because asking for rights misses what comes of roles, schemas, triggers and a database that is read-only.

import { DatabaseError } from '../core/database-error';
import type { Rehearsing, Statement } from '../io/database';
import { CONSENT_COLUMNS } from './consent-statements';
import { CONFLICT_COLUMNS, GRANT_COLUMNS, LINK_COLUMNS, WRITE_COLUMNS } from './link-rows';
import { DELIVERY_COLUMNS, REQUEST_COLUMNS } from './rows';
import { allSteps, NEWEST_VERSION } from './schema';
import { TAKE_TURNS } from './statements';

/** What is done with each table of its rows. None is ever deleted. */
const USES = ['SELECT', 'INSERT', 'UPDATE'] as const;

/** The tables, the version that they came with, and their columns as of then, the key first. */
const TABLES: Readonly<Record<string, { readonly since: number; readonly columns: readonly string[] }>> = {
  publish_activity_request: { since: 1, columns: namesIn(REQUEST_COLUMNS).filter((name) => name !== '[occurrence]') },
  publish_activity_delivery: { since: 1, columns: [...namesIn(DELIVERY_COLUMNS), '[forgettable_since]'] },
  publish_activity_watch: { since: 2, columns: namesIn('[object_type], [objid], [state], [request_id], [changed_at]') },
  publish_activity_wait: { since: 3, columns: namesIn('[destination], [until], [set_at]') },
  publish_activity_grant: {
    since: 4,
    columns: [
      ...namesIn(GRANT_COLUMNS).filter((name) => name !== '[groupware]'),
      ...namesIn('[asked], [committing], [committed]'),
    ],
  },
  publish_activity_link: { since: 4, columns: namesIn(`${LINK_COLUMNS}, [forgettable_since]`) },
  publish_activity_cursor: { since: 4, columns: namesIn('[login], [kind], [cursor_text], [moved_at]') },
  publish_activity_conflict: { since: 4, columns: namesIn(`${CONFLICT_COLUMNS}, [forgettable_since]`) },
  publish_activity_write: { since: 4, columns: namesIn(`${WRITE_COLUMNS}, [forgettable_since]`) },
  publish_activity_allowance: { since: 4, columns: namesIn('[name], [used_since], [used]') },
  publish_activity_consent: { since: 5, columns: namesIn(CONSENT_COLUMNS) },
};
/** Beside the version, it is what runs take turns by. A new version makes a row of it, which the making of tables tries. */
const SCHEMA_TABLE = 'publish_activity_schema';

/** Of a schema that is not the usual one an administrator knows. */
const ON_SCHEMA = 'ON SCHEMA::dbo';

/**
 * The rights that the login lacks, as GRANT spells them. `version` is that of the tables; `id` is one that no row has. Rejects with a
 * DatabaseError for what is no matter of rights.
 */
export async function missingRights(
  database: Rehearsing,
  version: number,
  id: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rehearse = (...statements: readonly Statement[]) => refusalOf(database.rehearse(statements, signal));
  const making = ['CREATE TABLE', `ALTER ${ON_SCHEMA}`];
  if (version === 0) {
    const steps = allSteps('sqlserver');
    const refusal = await rehearse(...steps);
    // They are there, and this login cannot see them.
    const uses = Object.keys(TABLES).map((table) => `${USES.join(', ')} ON dbo.${table}`);
    if (refusal === 'present') return [...uses, `SELECT, UPDATE ON dbo.${SCHEMA_TABLE}`];
    if (refusal !== undefined) return making;
    // To have made a table does not mean to own it: the schema's owner does.
    const statements = Object.keys(TABLES).flatMap((table) => [insertInto(table, id), updateOf(table), readingUpdateOf(table)]);
    return (await rehearse(...steps, ...statements, TAKE_TURNS)) === undefined ? [] : [`${USES.join(', ')} ${ON_SCHEMA}`];
  }
  const isMade = version === NEWEST_VERSION || (await rehearse(...upgrade())) === undefined;
  const missing: string[] = isMade ? [] : making;
  if ((await rehearse(TAKE_TURNS)) !== undefined) missing.push(`UPDATE ON dbo.${SCHEMA_TABLE}`);
  for (const [table] of Object.entries(TABLES).filter(([, { since }]) => since <= version)) {
    const refused = {
      SELECT: await refusalOf(database.query(selectFrom(table), signal)),
      INSERT: await rehearse(insertInto(table, id)),
      UPDATE: await rehearse(updateOf(table)),
    };
    const lacking = USES.filter((use) => refused[use] !== undefined);
    if (lacking.length > 0) missing.push(`${lacking.join(', ')} ON dbo.${table}`);
  }
  return missing;
}

/** What a database said of a table that something was refused for; `undefined` where nothing was. */
async function refusalOf(trying: Promise<unknown>): Promise<DatabaseError['table']> {
  try {
    await trying;
    return undefined;
  } catch (error) {
    if (error instanceof DatabaseError && error.table !== undefined) return error.table;
    throw error;
  }
}

/** What a new version does, at its cheapest: a table, and a column that no row has to be rewritten for. */
function upgrade(): readonly Statement[] {
  return ['CREATE TABLE [publish_activity_trial] ([id] INT)', 'ALTER TABLE [publish_activity_request] ADD [trial] INT NULL'].map(
    (text) => ({ text, parameters: {} }),
  );
}

function selectFrom(table: string): Statement {
  return { text: `SELECT ${columnsOf(table).join(', ')} FROM [${table}] WHERE 1 = 0`, parameters: {} };
}

/** Both engines make 0 of an empty text where a number belongs. */
function insertInto(table: string, id: string): Statement {
  const [, ...others] = columnsOf(table);
  const text = `INSERT INTO [${table}] (${columnsOf(table).join(', ')}) SELECT @id${others.map(() => ", ''").join('')}`;
  return { text, parameters: { id } };
}

/** Reads nothing, so that it needs the one right alone. */
function updateOf(table: string): Statement {
  const [, ...others] = columnsOf(table);
  return { text: `UPDATE [${table}] SET ${others.map((name) => `${name} = ''`).join(', ')} WHERE 1 = 0`, parameters: {} };
}

function readingUpdateOf(table: string): Statement {
  const column = columnsOf(table).at(-1) ?? '';
  return { text: `UPDATE [${table}] SET ${column} = ${column} WHERE 1 = 0`, parameters: {} };
}

function columnsOf(table: string): readonly string[] {
  return TABLES[table]?.columns ?? [];
}

function namesIn(columns: string): readonly string[] {
  return columns.split(', ');
}
