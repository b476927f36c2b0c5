// The ledger's tables, in numbered steps that are never changed once they were released. docs/formats.md describes them for people.

import { DatabaseError } from '../core/database-error';
import type { Statement, WritableDatabase } from '../io/database';

/** Which engine keeps the ledger. */
export type Dialect = 'sqlite' | 'sqlserver';

/** The longest reason, and the longest id and permalink of a receipt, in UTF-16 units: what their columns hold. */
export const LONGEST = { reason: 1_000, receiptId: 400, permalink: 2_000 } as const;

/** How an engine spells a text that is compared as bytes, of a longest length, and one of any length. */
interface Types {
  readonly text: (length: number) => string;
  readonly longText: string;
}

const TYPES: Readonly<Record<Dialect, Types>> = {
  sqlite: { text: (length) => `NVARCHAR(${length})`, longText: 'TEXT' },
  // A database's own collation may take big and small letters for the same. NVARCHAR, as the parameters are, lest an index lie idle.
  sqlserver: { text: (length) => `NVARCHAR(${length}) COLLATE Latin1_General_BIN2`, longText: 'NVARCHAR(MAX)' },
};

// Publishing looks things up by their id, by object, and by content or receipt where there are any; a rerun reads the rows of a state in
// the order of acceptance, whose index holds all that it filters and counts by. An index leaves out the rows that it cannot find.
const STEPS: readonly ((types: Types) => readonly string[])[] = [
  ({ text, longText }) => [
    'CREATE TABLE [publish_activity_schema] ([version] INT NOT NULL PRIMARY KEY)',
    `CREATE TABLE [publish_activity_request] (
      [id] ${text(32)} NOT NULL PRIMARY KEY,
      [object_type] ${text(64)} NOT NULL,
      [objid] BIGINT NOT NULL,
      [activity_objid] BIGINT NOT NULL,
      [rule] ${text(2_000)} NOT NULL,
      [state] ${text(16)} NOT NULL,
      [accepted_at] BIGINT NOT NULL,
      [due_at] BIGINT NOT NULL,
      [attempts] INT NOT NULL,
      [reason] ${text(LONGEST.reason)} NOT NULL
    )`,
    `CREATE INDEX [publish_activity_request_of_state]
      ON [publish_activity_request] ([state], [accepted_at], [id], [due_at])`,
    `CREATE INDEX [publish_activity_request_of_object]
      ON [publish_activity_request] ([object_type], [objid], [state], [activity_objid])`,
    `CREATE TABLE [publish_activity_delivery] (
      [id] ${text(32)} NOT NULL PRIMARY KEY,
      [request_id] ${text(32)} NOT NULL,
      [destination] ${text(200)} NOT NULL,
      [object_type] ${text(64)} NOT NULL,
      [objid] BIGINT NOT NULL,
      [activity_objid] BIGINT NOT NULL,
      [rule] ${text(2_000)} NOT NULL,
      [content_key] ${text(64)} NOT NULL,
      [order_key] ${text(64)} NOT NULL,
      [state] ${text(16)} NOT NULL,
      [started] INT NOT NULL,
      [finished] INT NOT NULL,
      [accepted_at] BIGINT NOT NULL,
      [due_at] BIGINT NOT NULL,
      [last_attempt_at] BIGINT NOT NULL,
      [lease_owner] ${text(200)} NOT NULL,
      [lease_until] BIGINT NOT NULL,
      [attempt_ms] BIGINT NOT NULL,
      [reason] ${text(LONGEST.reason)} NOT NULL,
      [receipt_id] ${text(LONGEST.receiptId)} NOT NULL,
      [permalink] ${text(LONGEST.permalink)} NOT NULL,
      [delivered_at] BIGINT NOT NULL,
      [forgettable_since] BIGINT NOT NULL,
      [message] ${longText} NOT NULL
    )`,
    `CREATE INDEX [publish_activity_delivery_of_state]
      ON [publish_activity_delivery] ([state], [accepted_at], [id], [due_at], [destination], [delivered_at])`,
    `CREATE INDEX [publish_activity_delivery_of_object]
      ON [publish_activity_delivery] ([object_type], [objid], [destination], [state], [order_key])`,
    `CREATE INDEX [publish_activity_delivery_of_content]
      ON [publish_activity_delivery] ([content_key], [accepted_at]) WHERE [content_key] <> ''`,
    `CREATE INDEX [publish_activity_delivery_of_receipt]
      ON [publish_activity_delivery] ([destination], [receipt_id]) WHERE [receipt_id] <> ''`,
    `CREATE INDEX [publish_activity_delivery_forgettable]
      ON [publish_activity_delivery] ([forgettable_since]) WHERE [forgettable_since] > 0`,
  ],
  ({ text }) => [
    'ALTER TABLE [publish_activity_request] ADD [occurrence] INT NOT NULL DEFAULT 0',
    `CREATE TABLE [publish_activity_watch] (
      [object_type] ${text(64)} NOT NULL,
      [objid] BIGINT NOT NULL,
      [state] ${text(64)} NOT NULL,
      [request_id] ${text(32)} NOT NULL,
      [changed_at] BIGINT NOT NULL,
      PRIMARY KEY ([object_type], [objid])
    )`,
  ],
  ({ text }) => [
    `CREATE TABLE [publish_activity_wait] (
      [destination] ${text(200)} NOT NULL PRIMARY KEY,
      [until] BIGINT NOT NULL,
      [set_at] BIGINT NOT NULL
    )`,
  ],
  // What a groupware calls its items, and how it spells versions, is as long as it likes, and cannot be cut.
  ({ text, longText }) => [
    `CREATE TABLE [publish_activity_grant] (
      [login] ${text(200)} NOT NULL PRIMARY KEY,
      [state] ${text(16)} NOT NULL,
      [reason] ${text(LONGEST.reason)} NOT NULL,
      [due_at] BIGINT NOT NULL,
      [synced_at] BIGINT NOT NULL,
      [failures] INT NOT NULL,
      [lease_owner] ${text(200)} NOT NULL,
      [lease_until] BIGINT NOT NULL,
      [asked] INT NOT NULL,
      [committing] ${text(32)} NOT NULL,
      [committed] ${text(32)} NOT NULL
    )`,
    'CREATE INDEX [publish_activity_grant_due] ON [publish_activity_grant] ([due_at], [login], [state], [lease_until])',
    `CREATE TABLE [publish_activity_link] (
      [id] ${text(64)} NOT NULL PRIMARY KEY,
      [login] ${text(200)} NOT NULL,
      [kind] ${text(16)} NOT NULL,
      [entry_type] ${text(64)} NOT NULL,
      [objid] BIGINT NOT NULL,
      [generation] INT NOT NULL,
      [remote_id] ${longText} NOT NULL,
      [version] ${longText} NOT NULL,
      [origin] ${text(16)} NOT NULL,
      [state] ${text(16)} NOT NULL,
      [cause] ${text(32)} NOT NULL,
      [reason] ${text(LONGEST.reason)} NOT NULL,
      [resolved_as] ${text(16)} NOT NULL,
      [entries] ${longText} NOT NULL,
      [attempts] INT NOT NULL,
      [changed_at] BIGINT NOT NULL,
      [revision] INT NOT NULL,
      [forgettable_since] BIGINT NOT NULL
    )`,
    'CREATE INDEX [publish_activity_link_of_login] ON [publish_activity_link] ([login], [state], [changed_at], [id])',
    'CREATE INDEX [publish_activity_link_of_state] ON [publish_activity_link] ([state], [changed_at], [id])',
    'CREATE INDEX [publish_activity_link_of_entry] ON [publish_activity_link] ([entry_type], [objid])',
    `CREATE INDEX [publish_activity_link_forgettable]
      ON [publish_activity_link] ([forgettable_since]) WHERE [forgettable_since] > 0`,
    `CREATE TABLE [publish_activity_cursor] (
      [login] ${text(200)} NOT NULL,
      [kind] ${text(16)} NOT NULL,
      [cursor_text] ${longText} NOT NULL,
      [moved_at] BIGINT NOT NULL,
      PRIMARY KEY ([login], [kind])
    )`,
    `CREATE TABLE [publish_activity_conflict] (
      [id] ${text(40)} NOT NULL PRIMARY KEY,
      [link_id] ${text(64)} NOT NULL,
      [login] ${text(200)} NOT NULL,
      [field] ${text(64)} NOT NULL,
      [winner] ${text(16)} NOT NULL,
      [crm_value] ${longText} NOT NULL,
      [remote_value] ${longText} NOT NULL,
      [happened_at] BIGINT NOT NULL,
      [forgettable_since] BIGINT NOT NULL
    )`,
    'CREATE INDEX [publish_activity_conflict_of_time] ON [publish_activity_conflict] ([happened_at], [id])',
    'CREATE INDEX [publish_activity_conflict_of_link] ON [publish_activity_conflict] ([link_id], [happened_at], [id])',
    'CREATE INDEX [publish_activity_conflict_of_login] ON [publish_activity_conflict] ([login], [happened_at], [id])',
    `CREATE INDEX [publish_activity_conflict_forgettable]
      ON [publish_activity_conflict] ([forgettable_since]) WHERE [forgettable_since] > 0`,
    `CREATE TABLE [publish_activity_write] (
      [id] ${text(40)} NOT NULL PRIMARY KEY,
      [link_id] ${text(64)} NOT NULL,
      [login] ${text(200)} NOT NULL,
      [remote_user] ${text(LONGEST.reason)} NOT NULL,
      [crm_table] ${text(200)} NOT NULL,
      [objid] BIGINT NOT NULL,
      [crm_column] ${text(200)} NOT NULL,
      [old_value] ${longText} NOT NULL,
      [new_value] ${longText} NOT NULL,
      [happened_at] BIGINT NOT NULL,
      [forgettable_since] BIGINT NOT NULL
    )`,
    `CREATE TABLE [publish_activity_allowance] (
      [name] ${text(64)} NOT NULL PRIMARY KEY,
      [used_since] BIGINT NOT NULL,
      [used] INT NOT NULL
    )`,
    'CREATE INDEX [publish_activity_write_of_link] ON [publish_activity_write] ([link_id], [happened_at], [id])',
    `CREATE INDEX [publish_activity_write_forgettable]
      ON [publish_activity_write] ([forgettable_since]) WHERE [forgettable_since] > 0`,
  ],
  ({ text, longText }) => [
    `CREATE TABLE [publish_activity_consent] (
      [login] ${text(200)} NOT NULL PRIMARY KEY,
      [state] ${text(16)} NOT NULL,
      [reason] ${text(LONGEST.reason)} NOT NULL,
      [account] ${text(400)} NOT NULL,
      [scopes] ${longText} NOT NULL,
      [refresh_token] ${longText} NOT NULL,
      [access_token] ${longText} NOT NULL,
      [access_until] BIGINT NOT NULL,
      [given_at] BIGINT NOT NULL,
      [revision] INT NOT NULL
    )`,
  ],
  // Of a grant that was there before, nobody knows it.
  ({ text }) => [`ALTER TABLE [publish_activity_grant] ADD [groupware] ${text(200)} NOT NULL DEFAULT ''`],
];

/**
 * Brings the ledger's tables up to date, and makes them where there are none. Rejects with a DatabaseError, `configuration` where they
 * were made by a newer program.
 */
export async function prepareSchema(database: WritableDatabase, dialect: Dialect, signal: AbortSignal): Promise<void> {
  for (let version = await versionOf(database, signal); version !== STEPS.length; version++) {
    if (version > STEPS.length) throw new DatabaseError('configuration', newer(version));
    try {
      await database.execute(step(version, dialect), signal);
    } catch (error) {
      // Several programs may be at it at once; then one of them does the step, and the others come too late.
      if ((await versionOf(database, signal)) <= version) throw error;
    }
  }
}

function step(version: number, dialect: Dialect): readonly Statement[] {
  const texts = STEPS[version]?.(TYPES[dialect]) ?? [];
  const done = {
    text: 'INSERT INTO [publish_activity_schema] ([version]) SELECT @version',
    parameters: { version: version + 1 },
  };
  return [...texts.map((text) => ({ text, parameters: {} })), done];
}

/** What makes the tables of a ledger that has none. */
export function allSteps(dialect: Dialect): readonly Statement[] {
  return STEPS.flatMap((_, version) => step(version, dialect));
}

/** The version that this program makes of a ledger's tables. */
export const NEWEST_VERSION = STEPS.length;

/** The version of a ledger's tables; 0 where there are no tables yet. Rejects with a DatabaseError. */
export async function versionOf(database: WritableDatabase, signal: AbortSignal): Promise<number> {
  const read = async () => {
    const [row] = await database.query(
      { text: 'SELECT MAX([version]) AS [version] FROM [publish_activity_schema]', parameters: {} },
      signal,
    );
    return Number(row?.['version']);
  };
  try {
    return await read();
  } catch (error) {
    // A table that the login may not read is there, whatever the lists that it may see say.
    if (!(error instanceof DatabaseError) || error.table !== 'absent') throw error;
    if (!(await database.columnsOf(['publish_activity_schema'], signal)).has('publish_activity_schema')) return 0;
    // Somebody made it a moment ago, or it cannot be read.
    return read();
  }
}

function newer(version: number): string {
  const known = `and this program knows none after ${STEPS.length}`;
  return `the ledger is of version ${version}, ${known}; use the publish-activity that wrote it, or a newer one`;
}
