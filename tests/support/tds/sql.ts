// The database behind the stand-in: SQLite, made to refuse what SQL Server would not understand, with SQL Server's numbers and words.

import { DatabaseSync, type DatabaseSyncInstance, type StatementColumnMetadata } from '@photostructure/sqlite';
import { SqlRefusal, type Column, type SqlServerError, type SqlValue } from './tokens';
import type { TdsFaults } from '../tds-server';
import type { SqlRequest } from './requests';

/** What a statement gives. */
export interface SqlResult {
  /** Empty for a statement that gives no rows. */
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** The number of rows given or changed. */
  readonly count: number;
}

/** SQLite's dialect that SQL Server does not share. Looked for outside of literals, names in brackets and comments. */
const REFUSED: readonly (readonly [RegExp, number, string])[] = [
  [/\bLIMIT\b/i, 102, "Incorrect syntax near 'LIMIT'."],
  [/\|\|/, 102, "Incorrect syntax near '|'."],
  [/\bON\s+CONFLICT\b/i, 102, "Incorrect syntax near 'CONFLICT'."],
  [/\bINSERT\s+OR\b/i, 156, "Incorrect syntax near the keyword 'OR'."],
  [/\bRETURNING\b/i, 102, "Incorrect syntax near 'RETURNING'."],
  [/`/, 102, "Incorrect syntax near '`'."],
  [
    /\b(datetime|date|time|strftime|julianday|ifnull|length|substr|random|printf|instr|group_concat)\s*\(/i,
    195,
    "'$1' is not a recognized built-in function name.",
  ],
  [/\b(TRUE|FALSE)\b/i, 207, "Invalid column name '$1'."],
];

/** What SQLite answers, and what SQL Server would. `$1` is the name that SQLite complains of. */
const TRANSLATED: readonly (readonly [RegExp, number, number, string])[] = [
  [/^no such column: "?(?:[^"]*\.)?([^".]+)"?( - .*)?$/, 207, 16, "Invalid column name '$1'."],
  [/has no column named (.+)$/, 207, 16, "Invalid column name '$1'."],
  [/^no such table: (?:main\.)?(.+)$/, 208, 16, "Invalid object name '$1'."],
  [/^no such function: (.+)$/, 195, 15, "'$1' is not a recognized built-in function name."],
  [/^ambiguous column name: (?:.*\.)?(.+)$/, 209, 16, "Ambiguous column name '$1'."],
  [
    /^UNIQUE constraint failed: ([^.]+)/,
    2627,
    14,
    "Violation of UNIQUE KEY constraint. Cannot insert duplicate key in object '$1'.",
  ],
  [/^NOT NULL constraint failed: .*?([^.]+)$/, 515, 16, "Cannot insert the value NULL into column '$1'."],
  [/^table (.+) already exists$/, 2714, 16, "There is already an object named '$1' in the database."],
  [/^index (.+) already exists$/, 1913, 16, "The operation failed because an index with name '$1' already exists."],
  [/^attempt to write a (readonly) database$/, 229, 14, 'The UPDATE permission was denied.'],
  [/^near "(.+)": syntax error$/, 102, 15, "Incorrect syntax near '$1'."],
];

/** What this server, or this login, lacks. */
type SchemaFaults = Pick<TdsFaults, 'missingColumns' | 'deniedColumns' | 'unlisted' | 'denied'>;

/** A SQLite file as SQL Server would show it. */
export class SqlDatabase {
  readonly #database: DatabaseSyncInstance;

  constructor(file: string, writable: boolean) {
    this.#database = new DatabaseSync(file, { readOnly: !writable, timeout: 5000 });
    // What it holds need not outlive a power failure.
    if (writable) this.#database.exec('PRAGMA synchronous = OFF');
    this.#database.exec(`CREATE TEMP VIEW [information_schema_columns] AS
      SELECT 'dbo' AS TABLE_SCHEMA, t.name COLLATE NOCASE AS TABLE_NAME, c.name COLLATE NOCASE AS COLUMN_NAME, c.type AS DATA_TYPE
      FROM main.sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'`);
  }

  /** Runs a statement or a transaction, or throws the {@link SqlRefusal} that SQL Server would answer. */
  run(
    request: SqlRequest,
    { missingColumns = [], deniedColumns = [], unlisted = [], denied = [] }: SchemaFaults = {},
  ): SqlResult {
    const called = this.#procedure(request, denied);
    if (called !== undefined) return called;
    const statements = statementsOf(request);
    statements.forEach((statement) => refuse(statement, missingColumns));
    statements.forEach((statement) => refuseWithoutRight(statement, denied));
    statements.forEach((statement) => refuseWithoutColumn(statement, denied));
    let result: SqlResult;
    try {
      const end = TRANSACTION.exec(request.text)?.[2];
      result = end === undefined ? this.#listed(this.#run(request), denied) : this.#transaction(statements, end);
    } catch (error) {
      throw new SqlRefusal([translate(error)]);
    }
    // Names are resolved before rights are looked at.
    const unreadable = namedIn(request.text, deniedColumns);
    if (unreadable.length > 0) throw new SqlRefusal(unreadable.map(denial));
    if (!/INFORMATION_SCHEMA/i.test(request.text)) return result;
    const rows = result.rows.filter(([table, column]) => !unlisted.some((one) => [table, `${table}.${column}`].includes(one)));
    return { ...result, rows, count: rows.length };
  }

  close(): void {
    this.#database.close();
  }

  /** What the two procedures of Dovetail's SDK answer that src/clarify/entry-ids.ts calls, and who may call them; `undefined` for any other statement. */
  #procedure({ text, parameters }: SqlRequest, denied: readonly string[]): SqlResult | undefined {
    const one =
      (...columns: Column[]) =>
      (row: SqlValue[]): SqlResult => ({ columns, rows: [row], count: 1 });
    const int = (name: string): Column => ({ name, type: 'int' });
    if (/^DECLARE [^;]+; EXEC \[fc_new_oid\] @typeId, 1, @counted OUTPUT; SELECT /.test(text)) {
      this.#run({ text: 'UPDATE adp_tbl_oid SET obj_num = obj_num + 1 WHERE type_id = @typeId', parameters });
      return this.#run({ text: 'SELECT MAX(obj_num) AS counted FROM adp_tbl_oid WHERE type_id = @typeId', parameters });
    }
    if (/^DECLARE [^;]+; EXEC \[fc_next_num_scheme\] @scheme, /.test(text)) {
      const answer = one(int('value'), { name: 'format', type: 'nvarchar' }, int('padded'), int('width'));
      return answer(parameters['scheme'] === 'Action Item ID' ? [17, 'AI-%i', 1, 4] : [null, null, null, null]);
    }
    if (/^SELECT HAS_PERMS_BY_NAME\(@procedure, 'OBJECT', 'EXECUTE'\) AS \[may\]$/.test(text)) {
      const name = String(parameters['procedure']);
      const isThere = ['fc_new_oid', 'fc_next_num_scheme'].includes(name) && !denied.includes(`SEE ${name}`);
      return one(int('may'))([isThere ? Number(!denied.includes(`EXECUTE ${name}`)) : null]);
    }
    return undefined;
  }

  /** Answers with one row: how many rows each statement changed. */
  #transaction(statements: readonly SqlRequest[], end: string): SqlResult {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const counts = statements.map((statement) => this.#run(statement).count);
      this.#database.exec(end);
      return { columns: counts.map((_, index) => ({ name: `rows${index}`, type: 'int' })), rows: [counts], count: 1 };
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** A table that the login may do nothing with stands in no list that it sees. */
  #listed(result: SqlResult, denied: readonly string[]): SqlResult {
    const at = result.columns.findIndex(({ name }) => name === 'table');
    const isSeen = (table: unknown) =>
      !denied.includes('SEE') && RIGHTS.some((right) => !denied.includes(`${right} ${String(table)}`));
    return at < 0 ? result : { ...result, rows: result.rows.filter((row) => isSeen(row[at])) };
  }

  #run({ text, parameters }: SqlRequest): SqlResult {
    const statement = this.#database.prepare(inSqlite(text));
    statement.setAllowUnknownNamedParameters(true);
    const described = statement.columns();
    if (described.length === 0) return { columns: [], rows: [], count: statement.run(parameters).changes };
    statement.setReturnArrays(true);
    statement.setReadBigInts(true);
    const rows = statement.all(parameters) as SqlValue[][];
    const columns = described.map((column, index) => ({
      name: column.name,
      type: typeOf(
        column,
        rows.map((row) => row[index] ?? null),
      ),
    }));
    return { columns, rows, count: rows.length };
  }
}

/** A transaction as src/io/sql-server-transaction.ts writes it. */
const TRANSACTION =
  /^SET NOCOUNT ON; SET XACT_ABORT ON; SET LOCK_TIMEOUT \d+;\nDECLARE [^;]+;\nBEGIN TRANSACTION;\n([^]*)\n(COMMIT|ROLLBACK) TRANSACTION;\nSELECT [^;]+$/;

/** The statements of a transaction, or the one that the request is. */
function statementsOf({ text, parameters }: SqlRequest): SqlRequest[] {
  const body = TRANSACTION.exec(text)?.[1];
  if (body === undefined) return [{ text, parameters }];
  const texts = body.split(/;\nSET @rows\d+ = @@ROWCOUNT;(?:\n|$)/).slice(0, -1);
  return texts.map((one) => ({ text: one, parameters }));
}

/** A statement in SQLite's words. */
function inSqlite(text: string): string {
  return text
    .replace(/\[?INFORMATION_SCHEMA\]?\s*\.\s*\[?COLUMNS\]?/gi, '[information_schema_columns]')
    .replace(/^(\s*SELECT)\s+TOP\s*\((\d+)\)([^]*)$/i, '$1$3 LIMIT $2')
    .replace(/\sCOLLATE Latin1_General_BIN2/gi, '')
    .replace(/NVARCHAR\(MAX\)/gi, 'NVARCHAR');
}

const RIGHTS = ['SELECT', 'INSERT', 'UPDATE'];

/** What a statement does, and to which table: every table that it names with the verb before it. */
const DOES: readonly (readonly [right: string, pattern: RegExp])[] = [
  ['INSERT', /\bINSERT\s+INTO\s+\[(\w+)\]/gi],
  ['UPDATE', /\bUPDATE\s+\[(\w+)\]/gi],
  ['DELETE', /\bDELETE\s+FROM\s+\[(\w+)\]/gi],
  ['SELECT', /(?<!\bDELETE\s+)\b(?:FROM|JOIN)\s+\[(\w+)\]/gi],
  // A column that is read, if only to be written, is read.
  ['SELECT', /\bUPDATE\s+\[(\w+)\]\s+SET\s+\[\w+\] = \[/gi],
];

/** `denied` are rights with the name of a table, `INSERT publish_activity_request`, and `CREATE TABLE` and `ALTER`. */
function refuseWithoutRight({ text }: SqlRequest, denied: readonly string[]): void {
  if (denied.includes('CREATE TABLE') && /^\s*CREATE TABLE/i.test(text))
    throw new SqlRefusal([{ number: 262, severity: 14, message: "CREATE TABLE permission denied in database 'activity'." }]);
  if (denied.includes('ALTER') && /^\s*CREATE TABLE/i.test(text))
    throw new SqlRefusal([
      {
        number: 2760,
        severity: 16,
        message: 'The specified schema name "dbo" either does not exist or you do not have permission to use it.',
      },
    ]);
  const [, unseen] = (denied.includes('SEE') && /\b(?:FROM|JOIN)\s+\[(publish_activity_\w+)\]/i.exec(text)) || [];
  if (unseen !== undefined) throw new SqlRefusal([{ number: 208, severity: 16, message: `Invalid object name '${unseen}'.` }]);
  for (const [right, pattern] of DOES) {
    const table = [...text.matchAll(pattern)].map(([, name = '']) => name).find((name) => denied.includes(`${right} ${name}`));
    if (table === undefined) continue;
    const message = `The ${right} permission was denied on the object '${table}', database 'activity', schema 'dbo'.`;
    throw new SqlRefusal([{ number: 229, severity: 14, message }]);
  }
}

/** A right to a column, `UPDATE table_task.notes`, counts where a statement changes that column. */
function refuseWithoutColumn({ text }: SqlRequest, denied: readonly string[]): void {
  const [, table = '', changes = ''] = /^\s*UPDATE\s+\[(\w+)\]\s+SET\s+(.*?)\s+WHERE\b/is.exec(text) ?? [];
  const columns = [...changes.matchAll(/\[(\w+)\] = /g)].map(([, column = '']) => column);
  const column = columns.find((each) => denied.includes(`UPDATE ${table}.${each}`));
  if (column === undefined) return;
  const message = `The UPDATE permission was denied on the column '${column}' of the object '${table}'.`;
  throw new SqlRefusal([{ number: 230, severity: 14, message }]);
}

/** Of the 2,100 parameters that a procedure can have, sp_executesql takes two for itself. */
const MOST_PARAMETERS = 2_098;

function refuse({ text, parameters }: SqlRequest, missingColumns: readonly string[]): void {
  if (Object.keys(parameters).length > MOST_PARAMETERS) {
    const message = 'The incoming request has too many parameters. The server supports a maximum of 2100 parameters.';
    throw new SqlRefusal([{ number: 8003, severity: 16, message }]);
  }
  const code = text.replace(/'(?:[^']|'')*'|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  for (const [pattern, number, message] of REFUSED) {
    const found = pattern.exec(code);
    if (found !== null) throw new SqlRefusal([{ number, severity: 15, message: message.replace('$1', found[1] ?? '') }]);
  }
  const undeclared = [...code.matchAll(/@(\w+)/g)].map(([, name = '']) => name).find((name) => !Object.hasOwn(parameters, name));
  if (undeclared !== undefined) {
    throw new SqlRefusal([{ number: 137, severity: 15, message: `Must declare the scalar variable "@${undeclared}".` }]);
  }
  const missing = namedIn(text, missingColumns);
  if (missing.length > 0) {
    throw new SqlRefusal(missing.map((name) => ({ number: 207, severity: 16, message: `Invalid column name '${name}'.` })));
  }
}

function namedIn(text: string, columns: readonly string[]): readonly string[] {
  return columns.filter((name) => new RegExp(`(?<!@)(\\[${name}\\]|\\b${name}\\b)`, 'i').test(text));
}

function denial(column: string): SqlServerError {
  return { number: 230, severity: 14, message: `The SELECT permission was denied on the column '${column}' of the object.` };
}

function translate(error: unknown): SqlServerError {
  // Not asked with instanceof: inside the test runner the library's errors are of another world.
  const said = String((error as { readonly message: unknown }).message);
  for (const [pattern, number, severity, message] of TRANSLATED) {
    const found = pattern.exec(said);
    if (found !== null) return { number, severity, message: message.replace('$1', found[1] ?? '') };
  }
  return { number: 50000, severity: 16, message: said };
}

/** The type by which the column was declared, else the one that its values have. */
function typeOf(column: StatementColumnMetadata, values: readonly SqlValue[]): Column['type'] {
  const declared = (column.type ?? '').toUpperCase();
  if (/DATE|TIME/.test(declared)) return 'datetime';
  if (/^BIT/.test(declared)) return 'bit';
  if (/BLOB|BINARY|IMAGE/.test(declared)) return 'varbinary';
  if (/CHAR|TEXT|CLOB/.test(declared)) return 'nvarchar';
  if (/REAL|FLOA|DOUB|DEC|NUM|MONEY/.test(declared)) return 'float';
  const known = values.filter((value) => value !== null);
  if (known.some((value) => value instanceof Uint8Array)) return 'varbinary';
  if (known.some((value) => typeof value === 'string')) return 'nvarchar';
  if (known.some((value) => !Number.isInteger(Number(value)))) return 'float';
  return known.some((value) => Number(value) !== (Number(value) | 0)) ? 'bigint' : 'int';
}
