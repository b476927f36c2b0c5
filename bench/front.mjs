// What stands before a server of CalDAV in most companies: it takes requests on connections that it keeps, passes each on, and here counts
// them. Radicale by itself takes one request on a connection.

import { once } from 'node:events';
import * as http from 'node:http';

/** As nginx: http://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_timeout */
const KEEPS_MS = 75_000;

/**
 * Starts one. `counted()` is what came since it was asked last: requests by method, in all, and connections. `waitMs` is how long the way to
 * the server is.
 */
export async function startFront(port, waitMs = 0) {
  let [methods, connections] = [new Map(), 0];
  const server = http.createServer((incoming, outgoing) => {
    methods.set(incoming.method, (methods.get(incoming.method) ?? 0) + 1);
    const { method, url: path, headers } = incoming;
    const onwards = http.request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      const kept = Object.entries(answer.headers).filter(([name]) => name !== 'connection');
      outgoing.writeHead(answer.statusCode, Object.fromEntries(kept));
      answer.pipe(outgoing);
    });
    onwards.on('error', () => outgoing.destroy());
    if (waitMs > 0) setTimeout(() => incoming.pipe(onwards), waitMs);
    else incoming.pipe(onwards);
  });
  server.keepAliveTimeout = KEEPS_MS;
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    counted: () => {
      const all = [...methods.values()].reduce((sum, count) => sum + count, 0);
      const counts = { methods, all, connections };
      [methods, connections] = [new Map(), 0];
      return counts;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
