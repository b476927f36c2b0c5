// The raw socket of a connection to a SQL Server, made here and not by the driver, because the driver never lets go of one that hangs.

import { connect, type Socket } from 'node:net';
import { findInstancePort } from './sql-browser';
import type { SqlServerSettings } from './sql-server-settings';
import { UnencryptedError, type Progress } from './sql-server-problem';

/**
 * A connected socket. It is destroyed when the signal is aborted. The target's port counts only where the settings do not name an instance
 * whose port has to be asked for.
 */
export async function openSqlServerSocket(
  settings: SqlServerSettings,
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
  progress: Progress,
): Promise<Socket> {
  Object.assign(progress, { connected: false, encrypted: false, loginErrors: [] });
  const lookUp = settings.port === undefined && settings.instance !== undefined;
  const port = lookUp ? await findInstancePort(settings.server, settings.instance, signal) : target.port;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.host, port, noDelay: true });
    // With an error, because tedious does not notice a socket that closes without one while it logs in.
    const abort = () => socket.destroy(new Error('the connection is no longer wanted'));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', abort));
    // Stays for the whole life of the socket: an error that nobody hears would end the process.
    socket.on('error', reject);
    socket.once('connect', () => {
      progress.connected = true;
      if (settings.encrypt !== false) refuseClearLogin(socket, progress);
      resolve(socket);
    });
  });
}

/** The first byte of a packet that holds a login, see [MS-TDS] 2.2.3.1.1. */
const LOGIN7 = 0x10;

/** Where a server (or somebody in between) denies encryption, tedious would send the password in the clear all the same. */
function refuseClearLogin(socket: Socket, progress: Progress): void {
  const write = socket.write.bind(socket) as (...all: unknown[]) => boolean;
  socket.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
    if (progress.encrypted || chunk[0] !== LOGIN7) return write(chunk, ...rest);
    socket.destroy(new UnencryptedError());
    return false;
  };
}
