// What went wrong with a SQL Server, in the words of the contract and of people. Knows error numbers and codes, not the driver.

import { DatabaseError, type DatabaseProblem, type TableFinding } from '../core/database-error';

/** Where the server is, as messages name it. */
interface Place {
  readonly server: string;
  readonly port?: number | undefined;
  readonly instance?: string | undefined;
  readonly database: string;
  readonly user: string;
  readonly encrypt: boolean | 'strict';
}

/** How far the connection came. */
export interface Progress {
  /** Whether the TCP connection stands. */
  connected: boolean;
  /** Whether TLS stands. */
  encrypted: boolean;
  /** Whether a statement was handed over, which is only once the login is through. Stays so where the driver connects anew. */
  asked: boolean;
  /** The numbers of the errors that the server sent, in their order. */
  loginErrors: number[];
}

/** The server denies the encryption that the settings ask for. */
export class UnencryptedError extends Error {
  readonly code = 'EUNENCRYPTED';

  constructor() {
    super('the server offers no encryption');
  }
}

/** Errors of statements, see sys.messages: https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors */
const STATEMENT_PROBLEMS: Readonly<Record<number, DatabaseProblem>> = {
  207: 'unknown-column',
  208: 'configuration',
  229: 'configuration',
  230: 'configuration',
  // What a synonym or a view leads to: a database that is closed to the login, and what is not there.
  916: 'configuration',
  4413: 'configuration',
  5313: 'configuration',
  // No right to make a table.
  262: 'configuration',
  // No right to change a table, no right to the schema, a table that is there although it is in no list that the login may see.
  1088: 'configuration',
  2760: 'configuration',
  2714: 'configuration',
  // A deadlock's victim, and a lock that was not had in time.
  1205: 'busy',
  1222: 'busy',
  // A unique index, and a unique or primary key.
  2601: 'duplicate',
  2627: 'duplicate',
  // A text that is too long for its column, a moment that is out of range, NULL where there must be a value, a constraint.
  8152: 'refused',
  2628: 'refused',
  242: 'refused',
  515: 'refused',
  547: 'refused',
  // A full file group, a full log, a database that is read-only.
  1105: 'not-writable',
  9002: 'not-writable',
  3906: 'not-writable',
};

const TABLE_FINDINGS: Readonly<Record<number, TableFinding>> = {
  208: 'absent',
  229: 'denied',
  230: 'denied',
  262: 'denied',
  1088: 'denied',
  2760: 'denied',
  2714: 'present',
};

/**
 * What a server says at the login about the login itself, and what the configuration has to change:
 * https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors-18000-to-18999 and
 * https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues. Whatever else it says is about its own state, which
 * passes: too many connections (17809), a database in recovery, in a restore or offline (922, 927, 942), a replica that changes its role (976, 983),
 * paused, being upgraded, for administrators only (17142, 18401, 18451, 18461), a service that is moving or busy (40613, 40501). That comes with 4060
 * and 18456, too, so one number is enough.
 */
const LOGIN_REFUSALS: ReadonlySet<number> = new Set([
  // No such database, none that this login may open, and no right to sign in at all.
  911, 916, 4060, 4062, 4064, 17892, 18485,
  // Name and password, also disabled, locked, expired.
  18452, 18456, 18470, 18486, 18487, 18488,
  // The way of signing in or the encryption is not allowed.
  17835, 40607, 40608, 47073,
  // No such server at the cloud, or its firewall is closed to this address.
  40531, 40532, 40615, 40914,
]);

/** What to do about trouble with TLS, by the code of OpenSSL or Node. The first that fits counts. */
const TLS_REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^EUNENCRYPTED$/, 'set "encrypt" to false only if the network may be trusted'],
  [/^EENCRYPT$/, 'set "encrypt" to true'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'write "server" as the certificate does, or set "trustServerCertificate" to true'],
  [
    /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_)/,
    'name the certificate of your authority in "caFile", or set "trustServerCertificate" to true',
  ],
  [/^(ERR_SSL_|ERR_TLS_|EPROTO$|HANDSHAKE$)/, 'an old server may need "minTlsVersion": "TLSv1"'],
];

/** What it means that a connection was lost: nothing for a question, and doubt for a change. */
export type Lost = Extract<DatabaseProblem, 'unavailable' | 'uncertain'>;

/** The server did not answer before the signal was aborted. */
export function notInTime(place: Place, lost: Lost = 'unavailable'): DatabaseError {
  return new DatabaseError(lost, `${nameOf(place)} did not answer in time`);
}

/** What an error of the driver means. */
export function sqlServerProblem(error: unknown, place: Place, progress: Progress, lost: Lost = 'unavailable'): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const chain = chainOf(error);
  const name = nameOf(place);
  const number = chain.map(({ number }) => number).find((known) => known !== undefined);
  if (number !== undefined) {
    const text = `${name} answered: ${textOf(chain)} (error ${number})`;
    return new DatabaseError(STATEMENT_PROBLEMS[number] ?? 'unavailable', text, TABLE_FINDINGS[number]);
  }
  if (chain.some(({ code }) => code === 'ELOGIN')) {
    const isRefused = progress.loginErrors.every((said) => LOGIN_REFUSALS.has(said));
    const numbers = progress.loginErrors.length === 0 ? '' : ` (error ${progress.loginErrors.join(', ')})`;
    const what = isRefused ? `refuses the login of ${place.user}` : `takes no login at the moment`;
    return new DatabaseError(isRefused ? 'login-refused' : 'unavailable', `${name} ${what}: ${textOf(chain)}${numbers}`);
  }
  const remedy = tlsRemedy(chain, place, progress);
  if (remedy !== undefined)
    return new DatabaseError('unavailable', `${name} cannot be reached through TLS: ${textOf(chain)}; ${remedy}`);
  return progress.connected
    ? new DatabaseError(progress.asked ? lost : 'unavailable', `${name} was lost: ${textOf(chain)}`)
    : new DatabaseError('unavailable', `${name} cannot be reached: ${textOf(chain)}`);
}

function nameOf({ server, port, instance, database }: Place): string {
  const place = port !== undefined ? `${server}:${port}` : instance !== undefined ? `${server}\\${instance}` : server;
  return `the database ${database} on ${place}`;
}

function tlsRemedy(chain: readonly Cause[], place: Place, progress: Progress): string | undefined {
  // Windows often cuts the connection instead of saying what it does not like about a handshake.
  const cutOff = place.encrypt !== false && progress.connected && !progress.encrypted ? ['HANDSHAKE'] : [];
  const codes = [...chain.map(({ code }) => code), ...cutOff];
  return TLS_REMEDIES.find(([pattern]) => codes.some((code) => pattern.test(code)))?.[1];
}

/** The errors of mssql (`originalError`), of tedious (`cause`), of the socket (`code`) and of several of them at once (`errors`). */
interface DriverError {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly number?: unknown;
  readonly originalError?: DriverError;
  readonly cause?: DriverError;
  readonly errors?: readonly DriverError[];
}

interface Cause {
  readonly message: string;
  readonly code: string;
  readonly number: number | undefined;
}

/** The error and what it was made of, outermost first: mssql wraps the error of tedious, which wraps that of the socket. */
function chainOf(error: unknown): Cause[] {
  const chain: Cause[] = [];
  for (
    let at = error as DriverError | undefined;
    typeof at === 'object' && chain.length < 10;
    at = at.originalError ?? at.cause ?? at.errors?.[0]
  ) {
    chain.push({
      message: typeof at.message === 'string' ? at.message : '',
      code: typeof at.code === 'string' ? at.code : '',
      number: typeof at.number === 'number' ? at.number : undefined,
    });
  }
  return chain;
}

/** The innermost message that says something. */
function textOf(chain: readonly Cause[]): string {
  const said = chain.findLast(({ message, code }) => message !== '' || code !== '');
  return said === undefined ? 'an unknown error' : said.message || said.code;
}
