// A port on loopback for a server that cannot choose one itself.

import { createServer, type AddressInfo } from 'node:net';

/** A port that is free now; somebody else may take it before the server does. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
