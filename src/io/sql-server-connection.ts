// One connection to a SQL Server through `mssql`, which is loaded when the connection is opened. Its raw socket is ours, so that its end
// comes at once, whatever hangs (connect, TLS, login, query, a slow answer), and leaves no timer and no socket behind.

import type { Socket } from 'node:net';
import { rootCertificates, type TLSSocket } from 'node:tls';
import type { config as PoolConfig, ConnectionPool } from 'mssql';
import type { Connection } from 'tedious';
import type { Parameter, Row, Statement } from './database';
import type { SqlServerSettings } from './sql-server-settings';
import type { Progress } from './sql-server-problem';
import { openSqlServerSocket } from './sql-server-socket';

type Mssql = typeof import('mssql');

/** The longest that a timer of Node can wait. Zero would mean "at once" to the connection's timer, and the signal is the deadline. */
const NEVER_MS = 2_147_483_647;

/** An open connection, or one that is being opened. */
export interface SqlServerConnection {
  readonly progress: Progress;
  /** Runs a statement after those before it. Rejects with whatever the driver or the socket says. */
  run(statement: Statement): Promise<readonly Row[]>;
  /** Destroys the socket. What was running fails. */
  end(): void;
}

/** Begins to open a connection. Trouble with that shows when the first statement is run. */
export function openConnection(settings: SqlServerSettings): SqlServerConnection {
  const ending = new AbortController();
  const progress: Progress = { connected: false, encrypted: false, asked: false, loginErrors: [] };
  const opening = openPool(settings, ending.signal, progress);
  return {
    progress,
    run: async (statement) => {
      const { mssql, pool } = await opening;
      const request = pool.request();
      for (const [name, value] of Object.entries(statement.parameters)) request.input(name, typeOf(mssql, value), value);
      progress.asked = true;
      const { recordset } = await request.query<Record<string, unknown>>(limited(statement));
      // A statement without rows has no record set, whatever the declarations say.
      return ((recordset as typeof recordset | undefined) ?? []).map(plainRow);
    },
    end: () => {
      ending.abort(new Error('the connection is no longer wanted'));
      // The pool keeps timers of its own; without a connection it has nothing to wait for.
      opening.then(({ pool }) => pool.close()).catch(() => undefined);
    },
  };
}

async function openPool(
  settings: SqlServerSettings,
  signal: AbortSignal,
  progress: Progress,
): Promise<{ mssql: Mssql; pool: ConnectionPool }> {
  // The default export, because Node finds no other on this CommonJS package when it is not bundled.
  const { default: mssql } = await import('mssql');
  signal.throwIfAborted();
  const pool = new mssql.ConnectionPool(poolConfig(settings, signal, progress));
  // A server that dies between two queries is told to the pool, and an 'error' that nobody hears would end the process.
  pool.on('error', () => undefined);
  keepFirstConnection(pool);
  await pool.connect();
  return { mssql, pool };
}

function poolConfig(settings: SqlServerSettings, signal: AbortSignal, progress: Progress): PoolConfig {
  const {
    server,
    port = 1433,
    database,
    user,
    encrypt,
    trustServerCertificate,
    minTlsVersion,
    ca,
    mostTextBytes,
    readOnlyIntent = false,
  } = settings;
  return {
    server,
    port,
    database,
    user,
    password: settings.password.reveal(),
    requestTimeout: 0,
    // A look at the socket; the default would be a query of its own before each query.
    validateConnection: 'socket',
    pool: { max: 1, min: 0, acquireTimeoutMillis: NEVER_MS, createTimeoutMillis: NEVER_MS },
    beforeConnect: (connection) => watch(connection, progress),
    options: {
      appName: 'publish-activity',
      // https://learn.microsoft.com/sql/t-sql/statements/set-textsize-transact-sql
      ...(mostTextBytes === undefined ? {} : { textsize: mostTextBytes }),
      connectTimeout: NEVER_MS,
      // A database that cannot be opened (4060) counts as passing there, and would be tried again and again.
      maxRetriesOnTransientErrors: 0,
      // TLS 1.3 exists in TDS 8.0 only, where TLS comes before everything else.
      encrypt: encrypt !== false && minTlsVersion === 'TLSv1.3' ? 'strict' : encrypt,
      trustServerCertificate,
      readOnlyIntent,
      cryptoCredentialsDetails: {
        minVersion: minTlsVersion ?? 'TLSv1.2',
        ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
        // OpenSSL 3 has no cipher left for these two at its usual level of security.
        ...(minTlsVersion === 'TLSv1' || minTlsVersion === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
      },
      // tedious gives the address, which differs from the settings where the server sends us on to another one.
      connector: (target?: { readonly host: string; readonly port: number }) =>
        openSqlServerSocket(settings, { host: target?.host ?? server, port: target?.port ?? port }, signal, progress),
    },
  };
}

/** Listens to what only the connection itself can tell, and to what tedious 19 itself does not hear. */
function watch(connection: Connection, progress: Progress): void {
  connection.on('secure', () => {
    progress.encrypted = true;
  });
  connection.on('errorMessage', ({ number }: { readonly number: number }) => {
    progress.loginErrors.push(number);
  });
  // While it reads the answer to the login it hears neither the end of the socket nor its own timeout, and it never listens to errors in a
  // stream of tokens, which would end the process. So these streams are caught where they are made.
  const inner = connection as unknown as Inner;
  // For TDS 8.0 it leaves it to Node whether a certificate is checked, and so to NODE_TLS_REJECT_UNAUTHORIZED in the environment.
  const wrap = inner.wrapWithTls.bind(connection);
  inner.wrapWithTls = async (...all) => {
    const encrypted = await wrap(...all);
    if (encrypted.authorized) return encrypted;
    encrypted.destroy();
    throw Object.assign(new Error('the certificate cannot be trusted'), { code: String(encrypted.authorizationError) });
  };
  const create = inner.createTokenStreamParser.bind(connection);
  inner.createTokenStreamParser = (...all) => {
    const tokens = create(...all);
    const stop = (error: Error) => {
      if (tokens.listenerCount('error') > 0) tokens.emit('error', error);
    };
    const cut = () => stop(new Error('the connection was cut'));
    inner.socket.once('close', cut);
    tokens.once('end', () => inner.socket.removeListener('close', cut));
    tokens.parser.on('error', (error: Error) => {
      stop(error);
      connection.close();
    });
    return tokens;
  };
}

/** What is used of the private parts of a connection. */
interface Inner {
  readonly socket: Socket;
  wrapWithTls(...all: unknown[]): Promise<TLSSocket>;
  createTokenStreamParser(...all: unknown[]): NodeJS.EventEmitter & { readonly parser: NodeJS.EventEmitter };
}

/**
 * `connect()` logs in to try the settings, closes that connection, and the pool logs in again for the first query. A run makes one or two
 * queries, so this is avoided: what was made for the trial is handed to the pool.
 */
function keepFirstConnection(pool: ConnectionPool): void {
  const inner = pool as unknown as { _poolCreate(): Promise<unknown>; _poolDestroy(connection: unknown): Promise<void> };
  const create = inner._poolCreate.bind(pool);
  const destroy = inner._poolDestroy.bind(pool);
  let kept: unknown;
  inner._poolDestroy = (connection) => {
    kept = connection;
    inner._poolDestroy = destroy;
    return Promise.resolve();
  };
  inner._poolCreate = () => {
    if (kept === undefined) return create();
    const connection = kept;
    kept = undefined;
    inner._poolCreate = create;
    return Promise.resolve(connection);
  };
}

/** The type under which a value is bound. Texts have few lengths, so that the server can reuse its plan for the statement. */
function typeOf(mssql: Mssql, value: Parameter) {
  if (typeof value === 'string') return mssql.NVarChar(value.length <= 4000 ? 4000 : mssql.MAX);
  if (!Number.isSafeInteger(value)) return mssql.Float;
  return Math.abs(value) < 2 ** 31 ? mssql.Int : mssql.BigInt;
}

/** The text of a statement in the words of SQL Server. */
function limited({ text, most }: Statement): string {
  return most === undefined ? text : text.replace(/^\s*SELECT\b/i, `SELECT TOP (${most})`);
}

function plainRow(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return wallClock(value);
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex')}`;
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** With tedious' `useUTC` left on, the UTC parts of a date are what the server's clock showed. */
function wallClock(date: Date): string {
  return date.toISOString().replace(/(\.000)?Z$/, '');
}
