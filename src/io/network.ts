// The network below HTTP, as `doctor` asks about it: whether a name is known, and whether a port answers.

import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { codeOf } from '../core/errors';

/** The addresses of a host. Rejects with the system's error. The system's own wait cannot be cut short. */
export async function addressesOf(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** Why no connection can be made to a port, as the system's code; `undefined` where one can. It is closed at once. */
export function whyNotConnected(host: string, port: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    socket.once('error', (error) => resolve(signal.aborted ? 'ETIMEDOUT' : codeOf(error)));
    socket.once('connect', () => {
      resolve(undefined);
      socket.destroy();
    });
  });
}
