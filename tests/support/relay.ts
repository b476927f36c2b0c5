// A TCP relay on loopback that can go silent, as a router or a proxy whose peer is gone: connections stay up, and nothing passes.

import type { AddressInfo, Socket } from 'node:net';
import * as net from 'node:net';

/** A running relay. */
export interface Relay {
  readonly port: number;
  /** Asked at each new connection and before each piece of an answer passes; once it says yes, nothing passes on that connection. */
  silent: () => boolean;
  /** Called before the first piece of an answer passes. */
  onAnswer: () => void;
  close(): Promise<void>;
}

/** Starts a relay to a port of this host. It lets everything pass until it is told otherwise. */
export async function startRelay(port: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = net.createServer((near) => {
    track(near);
    if (relay.silent()) return;
    const far = track(net.connect(port, '127.0.0.1'));
    let [silent, answers] = [false, 0];
    far.on('data', (bytes) => {
      if ((answers += 1) === 1) relay.onAnswer();
      silent ||= relay.silent();
      if (!silent) near.write(bytes);
    });
    near.on('data', (bytes) => !silent && far.write(bytes));
    near.on('close', () => far.destroy());
    far.on('close', () => !silent && near.destroySoon());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const relay: Relay = {
    port: (server.address() as AddressInfo).port,
    silent: () => false,
    onAnswer: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return relay;
}
