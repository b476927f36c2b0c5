// A stand-in for SQL Server: a real TCP server that speaks TDS 7.4 (and 8.0) to the real driver and answers from a SQLite file. It can be
// made to misbehave. Transactions are understood as src/io/sql-server-transaction.ts writes them; cursors and bulk loads are not.

import { createServer, type AddressInfo, type Socket } from 'node:net';
import { converse, type ServerState } from './tds/conversation';
import type { Login, SqlRequest } from './tds/requests';
import { SqlDatabase } from './tds/sql';
import type { TlsSettings } from './tds/transport';

/** The four answers of the server, in their order: to the first message, to the TLS handshake, to the login, to a statement. */
export type Phase = 'prelogin' | 'tls' | 'login' | 'query';

/** A point in time: before an answer, or when most of it is sent (for a statement with rows: in the middle of the last row). */
export type Moment = Phase | `half-${Phase}`;

/** How the server misbehaves. Every field can be changed while it runs and counts from the next answer on. */
export interface TdsFaults {
  /** From this moment on nothing more is sent; the connection stays open. */
  hang?: Moment | undefined;
  /** At this moment the connection is cut (reset). */
  cut?: Moment | undefined;
  /** This answer is sent byte by byte, one a second. */
  drip?: Phase | undefined;
  /** This answer is replaced by bytes that are no tokens. */
  garbage?: 'login' | 'query' | undefined;
  /** Milliseconds before a statement is answered. */
  delayMs?: number | undefined;
  /** Every login is refused with this error number, for example 18456, 18452, 4060, 40613; or with several, one error for each. */
  loginError?: number | readonly number[] | undefined;
  /** Every statement is refused with this error number, for example 208, 229, 1205. */
  queryError?: number | undefined;
  /**
   * Rights that the login lacks: `CREATE TABLE`, `ALTER` (of the schema), `SELECT`, `INSERT`, `UPDATE` or `DELETE` with the name of a table,
   * `UPDATE table.column`, and `EXECUTE` with the name of a procedure. A table that it has none of the first three for is in no list that it
   * sees; with `SEE` none is, and none can be read; with `SEE` and its name a procedure is not there.
   */
  denied?: readonly string[] | undefined;
  /** Statements that name one of these columns are refused with 207, one error for each. */
  missingColumns?: readonly string[] | undefined;
  /** Statements that name one of these columns, and otherwise would be answered, are refused with 230. */
  deniedColumns?: readonly string[] | undefined;
  /** Tables, and columns as `table.column`, that INFORMATION_SCHEMA leaves out: a synonym, rights by column. */
  unlisted?: readonly string[] | undefined;
}

/** What the server is started with. */
export interface TdsServerOptions {
  /** The SQLite file to answer from. Columns declared DATETIME hold wall-clock text, `2010-06-14T09:12:00`. */
  readonly databaseFile: string;
  /** Whether statements may change the file; left out, they are refused with 229. */
  readonly writable?: boolean;
  /** The one login that is let in; left out, every login is. */
  readonly login?: { readonly user: string; readonly password: string };
  /** The only database that there is; left out, every name is taken. */
  readonly database?: string;
  /** Left out, the server has no encryption. */
  readonly tls?: TlsSettings | undefined;
  readonly faults?: TdsFaults;
}

/** A running server. */
export interface TdsServer {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly faults: TdsFaults;
  /** The statements that arrived, without those that the driver itself sends after the login. */
  readonly queries: readonly SqlRequest[];
  /** The logins that arrived, refused ones too. */
  readonly logins: readonly (Login & { readonly encrypted: boolean })[];
  /** How many connections were ever made. */
  readonly connections: number;
  /** How many connections are open now. */
  readonly open: number;
  /** Cuts every open connection, as a server that dies. */
  cutAll(): void;
  close(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startTdsServer(options: TdsServerOptions): Promise<TdsServer> {
  const database = new SqlDatabase(options.databaseFile, options.writable === true);
  const sockets = new Set<Socket>();
  const state: ServerState = { faults: { ...options.faults }, queries: [], logins: [] };
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    converse(socket, options, database, state);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const cutAll = () => sockets.forEach((socket) => socket.resetAndDestroy());
  return {
    port: (server.address() as AddressInfo).port,
    faults: state.faults,
    queries: state.queries,
    logins: state.logins,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    cutAll,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          database.close();
          resolve();
        });
        cutAll();
      }),
  };
}
