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
  /** At most this many rows. The engines spell it differently (`LIMIT`, `TOP`), so each adds it in its own words. */
  readonly most?: number;
}

/** A connection to the CRM's database, for reading. */
export interface Database {
  /** Runs a statement. Rejects with a DatabaseError (core/database-error.ts), also when the signal is aborted. */
  query(statement: Statement, signal: AbortSignal): Promise<readonly Row[]>;
  /** The lower-case names of the columns of tables, by the lower-case name of the table; one that is not there is left out. */
  columnsOf(tables: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Lets go of the connection. Never rejects and never waits for the server. */
  close(): void;
}

/** A database of our own, for writing too. */
export interface WritableDatabase extends Database {
  /**
   * Runs statements as one transaction, durable when the promise resolves, and answers how many rows each of them changed. Rejects
   * with a DatabaseError and nothing is changed: `duplicate` for a clash of unique keys, `busy` where others held it until the signal
   * was aborted. Only after `uncertain` all may be changed.
   */
  execute(statements: readonly Statement[], signal: AbortSignal): Promise<readonly number[]>;
}

/** A database on which statements can be tried. */
export interface Rehearsing extends Pick<Database, 'query'> {
  /** Runs statements as one transaction, and takes all of it back. Rejects with a DatabaseError, as {@link WritableDatabase.execute}. */
  rehearse(statements: readonly Statement[], signal: AbortSignal): Promise<void>;
}
