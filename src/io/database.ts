// The contract of a database: two engines, one SQL text.

/** A value that may be a parameter. Moments are given as wall-clock text, `2010-06-14T09:12:00`. */
export type Parameter = string | number;

/** A row: column alias to value. Moments come back as wall-clock text without a zone, see core/wall-clock.ts. */
export type Row = Readonly<Record<string, string | number | null>>;

/**
 * A statement that runs on both engines: `@name` parameters, `[bracketed]` identifiers, standard SQL.
 * Values never stand in the text.
 */
export interface Statement {
  readonly text: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** Why a database did not answer. */
export type DatabaseProblem =
  /** Refused, cut off, timed out: another time it may work. */
  | 'unavailable'
  /** The login was refused, or the database cannot be opened by it (SQL Server 18456, 18452, 4060). */
  | 'login-refused'
  /** A table is missing or may not be read (SQL Server 208, 229, 230), or the file is not there. */
  | 'configuration'
  /** A column is missing (SQL Server 207). */
  | 'unknown-column';

/** Trouble with the database. The message is fit for people and never holds a secret. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';

  constructor(
    readonly problem: DatabaseProblem,
    message: string,
  ) {
    super(message);
  }
}

/** A connection to the CRM's database, for reading. */
export interface Database {
  /** Runs a statement. Rejects with a {@link DatabaseError}, also when the signal is aborted. */
  query(statement: Statement, signal: AbortSignal): Promise<readonly Row[]>;
  /** The lower-case names of the columns of a table; an empty set for a table that is not there. */
  columnsOf(table: string, signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** Lets go of the connection. Never rejects and never waits for the server. */
  close(): void;
}
