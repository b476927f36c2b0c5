// One client's connection to the stand-in: messages in, answers out, with whatever faults are ordered.

import type { Socket } from 'node:net';
import type { Phase, TdsFaults, TdsServerOptions } from '../tds-server';
import { PACKET, toPackets, type TdsMessage } from './packets';
import { ENCRYPTION, readBatch, readLogin, readPrelogin, readRpc, writePrelogin, type Login, type SqlRequest } from './requests';
import type { SqlDatabase, SqlResult } from './sql';
import {
  columnsToken,
  doneToken,
  errorToken,
  loginTokens,
  returnStatusToken,
  rowToken,
  SqlRefusal,
  type SqlServerError,
} from './tokens';
import { Transport, type TlsSettings } from './transport';

/** What the server knows beside its database, shared by all connections. */
export interface ServerState {
  readonly faults: TdsFaults;
  readonly queries: SqlRequest[];
  readonly logins: (Login & { readonly encrypted: boolean })[];
}

const SMALL_PACKET_BYTES = 24;
/** Begins with a byte that no token has. */
const GARBAGE = Buffer.alloc(30, 0x42);

/** Talks with one client until the connection ends. */
export function converse(socket: Socket, options: TdsServerOptions, database: SqlDatabase, state: ServerState): void {
  const transport = new Transport(socket, options.tls, {
    message: (message) => onMessage(message),
    handshake: (packets) => deliver('tls', packets, (bytes) => socket.write(bytes)),
  });

  /** Sends an answer, or as much of it as the faults let through. */
  const deliver = (phase: Phase, packets: Buffer, write: (bytes: Buffer) => void) => {
    const { hang, cut, drip } = state.faults;
    const most = packets.subarray(0, Math.max(packets.length >> 1, packets.length - 40));
    if (hang === phase) return;
    if (cut === phase) socket.resetAndDestroy();
    else if (hang === `half-${phase}`) write(most);
    else if (cut === `half-${phase}`) {
      write(most);
      // Time for the bytes to arrive: a reset throws away what the other side has not read.
      setTimeout(() => socket.resetAndDestroy(), 50);
    } else if (drip === phase) dripOut(socket, packets, write);
    else write(packets);
  };
  const answer = (phase: 'prelogin' | 'login' | 'query', tokens: Buffer) => {
    const { hang, cut, drip, garbage } = state.faults;
    // In small packets, because the driver reads whole ones only: the tokens of an answer that stops shall have arrived in part.
    const stops = phase !== 'prelogin' && ([hang, cut].includes(`half-${phase}`) || drip === phase);
    const packets = toPackets(PACKET.answer, garbage === phase ? GARBAGE : tokens, stops ? SMALL_PACKET_BYTES : undefined);
    deliver(phase, packets, (bytes) => transport.write(bytes));
  };

  const onMessage = ({ type, payload }: TdsMessage): void => {
    if (type === PACKET.prelogin) {
      const encryption = agree(readPrelogin(payload), options.tls, transport.secure);
      answer('prelogin', writePrelogin(encryption));
      if (encryption === ENCRYPTION.on) transport.startTls();
    } else if (type === PACKET.login) {
      const login = readLogin(payload);
      state.logins.push({ ...login, encrypted: transport.secure });
      const errors = loginErrors(login, options, state.faults);
      answer(
        'login',
        errors.length === 0 ? Buffer.concat([loginTokens(login.database), doneToken('done', {})]) : failure(errors, 'done'),
      );
    } else if (type === PACKET.rpc || type === PACKET.batch) {
      const request = type === PACKET.rpc ? readRpc(payload) : readBatch(payload);
      // What the driver sends on its own account belongs to the login.
      if (type === PACKET.batch && /^\s*set\s/i.test(request.text)) return answer('login', doneToken('done', {}));
      state.queries.push(request);
      const reply = () => answer('query', run(request, type === PACKET.rpc, database, state.faults));
      if (state.faults.delayMs === undefined) reply();
      else closing(socket, setTimeout(reply, state.faults.delayMs));
    }
  };
}

function agree(wanted: number, tls: TlsSettings | undefined, secure: boolean): number {
  if (tls === undefined || secure) return ENCRYPTION.notSupported;
  if (wanted === ENCRYPTION.notSupported) return tls.required === true ? ENCRYPTION.required : ENCRYPTION.notSupported;
  return ENCRYPTION.on;
}

function loginErrors({ user, password, database }: Login, options: TdsServerOptions, faults: TdsFaults): SqlServerError[] {
  const failed = { number: 18456, severity: 14, message: `Login failed for user '${user}'.` };
  if (faults.loginError !== undefined)
    return [faults.loginError === 18456 ? failed : { number: faults.loginError, severity: 14, message: 'The login failed.' }];
  const { login = { user, password } } = options;
  if (user.toLowerCase() !== login.user.toLowerCase() || password !== login.password) return [failed];
  if (options.database === undefined || options.database.toLowerCase() === database.toLowerCase()) return [];
  return [
    { number: 4060, severity: 11, message: `Cannot open database "${database}" requested by the login. The login failed.` },
    failed,
  ];
}

function run(request: SqlRequest, call: boolean, database: SqlDatabase, faults: TdsFaults): Buffer {
  const end = call ? 'proc' : 'done';
  if (faults.queryError !== undefined)
    return failure([{ number: faults.queryError, severity: 16, message: `Error ${faults.queryError} was ordered.` }], end);
  try {
    const result = database.run(request, faults.missingColumns, faults.denied);
    const rows = resultTokens(result);
    if (!call) return Buffer.concat([rows, doneToken('done', { rows: result.count })]);
    return Buffer.concat([
      rows,
      doneToken('inProc', { rows: result.count, more: true }),
      returnStatusToken(),
      doneToken('proc', {}),
    ]);
  } catch (error) {
    if (error instanceof SqlRefusal) return failure(error.errors, end);
    throw error;
  }
}

function resultTokens({ columns, rows }: SqlResult): Buffer {
  if (columns.length === 0) return Buffer.alloc(0);
  return Buffer.concat([columnsToken(columns), ...rows.map((row) => rowToken(columns, row))]);
}

function failure(errors: readonly SqlServerError[], end: 'done' | 'proc'): Buffer {
  return Buffer.concat([...errors.map(errorToken), doneToken(end, { failed: true })]);
}

function dripOut(socket: Socket, bytes: Buffer, write: (bytes: Buffer) => void): void {
  let at = 0;
  const one = () => write(bytes.subarray(at, (at += 1)));
  one();
  const timer = setInterval(() => (at < bytes.length ? one() : clearInterval(timer)), 1000);
  closing(socket, timer);
}

/** A timer that ends with the connection. */
function closing(socket: Socket, timer: NodeJS.Timeout): void {
  socket.once('close', () => clearTimeout(timer));
}
