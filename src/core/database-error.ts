// Trouble with a database, sorted by what can be done about it.

/** Why a database did not answer. */
export type DatabaseProblem =
  /** Refused, cut off, timed out: another time it may work. */
  | 'unavailable'
  /** The login was refused, or the database cannot be opened by it (SQL Server 18456, 18452, 4060). */
  | 'login-refused'
  /** A table is missing or may not be read (SQL Server 208, 229, 230), or the file is not there. */
  | 'configuration'
  /** A column is missing (SQL Server 207). */
  | 'unknown-column'
  /** A row with the same unique key is there (SQL Server 2601, 2627). */
  | 'duplicate'
  /** Somebody else held the lock until there was no time left. */
  | 'busy'
  /** A value that the table cannot take: too long, out of range, against one of its rules (SQL Server 8152, 2628, 242, 515, 547). */
  | 'refused'
  /** It cannot be written: no space, no right, read-only. */
  | 'not-writable'
  /** The answer to a change was lost, so it may have been made, and may not. */
  | 'uncertain';

/** What a database said about a table, where that is what the trouble is about. */
export type TableFinding =
  /** There is none of that name (SQL Server 208), as far as the login can see. */
  | 'absent'
  /** The login has not the right (SQL Server 229, 230, 262, 1088, 2760). */
  | 'denied'
  /** There is one already (SQL Server 2714). */
  | 'present';

/** Trouble with a database. The message is fit for people and never holds a secret. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';

  constructor(
    readonly problem: DatabaseProblem,
    message: string,
    readonly table?: TableFinding,
    /** Whose database it is: the hint that people get names its key. */
    readonly whose: 'crm' | 'ledger' = 'crm',
  ) {
    super(message);
  }
}
