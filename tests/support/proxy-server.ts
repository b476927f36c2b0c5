// A forward proxy on loopback: CONNECT for https, absolute addresses for http, and the three ways in which a proxy says no.

import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import * as net from 'node:net';

/** How the proxy is set up. */
export interface ProxySetup {
  /** The login it asks for; without it everybody may pass. */
  readonly login?: { readonly username: string; readonly password: string };
  /** The status that every request gets instead of being passed on. */
  readonly refuse?: number;
  /** `read`: connections stand and nothing comes back. `close`: they are closed as soon as something was asked. */
  readonly silent?: 'read' | 'close';
}

/** A running proxy. */
export interface ProxyServer {
  readonly port: number;
  /** What was asked for, as `CONNECT host:port` or `POST http://…`, whether or not it was passed on. */
  readonly asked: readonly string[];
  /** The Proxy-Authorization headers that came; an empty text where there was none. */
  readonly logins: readonly string[];
  /** Whether a connection is still open. */
  busy(): boolean;
  close(): Promise<void>;
}

/** Starts a proxy on loopback. */
export async function startProxy(setup: ProxySetup = {}): Promise<ProxyServer> {
  const asked: string[] = [];
  const logins: string[] = [];
  const sockets = new Set<Socket>();
  const { login } = setup;
  const wanted =
    login === undefined ? undefined : `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;

  const refusal = (request: http.IncomingMessage): number | undefined => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    logins.push(request.headers['proxy-authorization'] ?? '');
    return wanted !== undefined && request.headers['proxy-authorization'] !== wanted ? 407 : setup.refuse;
  };

  const web = http.createServer((request, response) => {
    const refused = refusal(request);
    if (refused !== undefined) {
      // The page never ends, as if the proxy were waiting for a better login on the same connection.
      response
        .writeHead(refused, { 'Content-Type': 'text/html', 'Proxy-Authenticate': 'Basic realm="proxy"' })
        .write('<title>No</title>');
      return;
    }
    const headers = { ...request.headers };
    delete headers['proxy-authorization'];
    const onward = http.request(request.url ?? '', { method: request.method ?? 'GET', headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });

  web.on('connect', (request: http.IncomingMessage, near: Socket) => {
    near.on('error', () => undefined);
    const refused = refusal(request);
    if (setup.silent === 'read') {
      // A web server keeps its half open, and so the end has to be answered by hand.
      near.resume().on('end', () => near.end());
    } else if (setup.silent === 'close') {
      near.end();
    } else if (refused !== undefined) {
      near.end(`HTTP/1.1 ${refused} No\r\nContent-Type: text/html\r\nContent-Length: 28\r\n\r\n<title>Proxy says no</title>`);
    } else {
      const { hostname, port } = new URL(`http://${request.url ?? ''}`);
      const far = net.connect(Number(port === '' ? 80 : port), hostname, () => {
        near.write('HTTP/1.1 200 Connection established\r\n\r\n');
        far.pipe(near);
        near.pipe(far);
      });
      far.on('error', () => near.destroy());
      near.on('close', () => far.destroy());
    }
  });
  web.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));

  return {
    port: (web.address() as AddressInfo).port,
    asked,
    logins,
    busy: () => sockets.size > 0,
    close: () =>
      new Promise((resolve) => {
        web.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
