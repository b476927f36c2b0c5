// Waits on the loopback, through node:http, for a browser that is led back here. Whoever is on this machine may knock, with whatever.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterMs } from '../core/deadline';
import { urlOf } from '../core/web-address';
import type { ListenForRedirect, RedirectPlace, WantedAnswers } from './redirect-contract';

const HOST = '127.0.0.1';

/** The longest head of a request, in bytes; a browser's has some thousand. */
const LONGEST_HEAD = 16_384;

/** How long a request may take to arrive, and a page to leave, in ms. */
const SLOW_MS = 5_000;

/** So many connections at once; one more, and the oldest has to go. A browser opens some ahead, and says nothing on them. */
const MOST_CONNECTIONS = 32;

/** Whatever a page holds, it asks nobody for anything, and its address, which holds a code, goes nowhere. */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  Connection: 'close',
};

const NOT_HERE = '<!doctype html>\n<html lang="en"><title>Nothing here</title><p>There is nothing at this address.</p></html>\n';
const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Begins to listen, see {@link ListenForRedirect}. */
export const listenForRedirect: ListenForRedirect = async (place) => {
  const waiting = new Waiting(place);
  const slow = { headersTimeout: SLOW_MS, requestTimeout: SLOW_MS, connectionsCheckingInterval: 1_000 };
  const server = createServer({ maxHeaderSize: LONGEST_HEAD, ...slow }, (...both) => waiting.take(...both));
  watchConnections(server, waiting);
  server.listen({ host: HOST, port: place.port });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  waiting.port = port;
  return {
    port,
    answers: (wanted) => waiting.answers(wanted),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

/** What is waited for, and what comes meanwhile. */
class Waiting {
  port = 0;
  /** The connections on which browsers wait for their pages. */
  readonly kept = new Set<Socket>();
  #wanted: WantedAnswers | undefined;

  constructor(private readonly place: RedirectPlace) {}

  async answers(wanted: WantedAnswers): Promise<void> {
    const { signal } = wanted;
    if (signal.aborted) return;
    this.#wanted = wanted;
    await once(signal, 'abort');
    this.#wanted = undefined;
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    // Whatever comes with it is not read, and a browser may be gone before its page is.
    request.on('error', () => undefined).resume();
    response.on('error', () => undefined);
    const query = this.#queryOf(request);
    const wanted = this.#wanted;
    if (query === undefined || wanted === undefined) return refuse(response);
    if (!wanted.isWanted(query)) {
      refuse(response);
      return wanted.onStray();
    }
    const { socket } = request;
    this.kept.add(socket);
    socket.once('close', () => this.kept.delete(socket));
    wanted.onAnswer({ query, respond: (html) => send(socket, response, html) });
  }

  /** What an answer says; `undefined` of what is none. */
  #queryOf({ method, url = '', headers: { host = '' } }: IncomingMessage): URLSearchParams | undefined {
    const { isBehindProxy } = this.place;
    // By another name, a page from anywhere could lead a browser here as if it were its own server.
    if (method !== 'GET' || (!isBehindProxy && host !== `${HOST}:${this.port}`)) return undefined;
    const address = url.startsWith('/') ? urlOf(`http://${HOST}${url}`) : undefined;
    if (address === undefined || (!isBehindProxy && address.pathname !== '/')) return undefined;
    const { searchParams } = address;
    return searchParams.has('code') || searchParams.has('error') ? searchParams : undefined;
  }
}

function watchConnections(server: Server, waiting: Waiting): void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket)).on('error', () => undefined);
    const oldest = [...open].find((each) => !waiting.kept.has(each));
    if (open.size > MOST_CONNECTIONS) oldest?.destroy();
  });
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end(BAD_REQUEST);
    else socket.destroy();
  });
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, HEADERS).end(NOT_HERE);
}

function send(socket: Socket, response: ServerResponse, html: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    const callOff = afterMs(SLOW_MS, resolve);
    // Not when it was handed over, but when all of it went out: closing at once would throw the rest away.
    socket.once('close', () => {
      callOff();
      resolve();
    });
    response.writeHead(200, HEADERS).end(html);
  });
}
