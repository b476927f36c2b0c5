// The connections that this process keeps open between requests, and when one of them may be used again.
// A request on a connection that its server is just closing is in doubt for nothing, so being used again has to be earned.

import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterMs } from '../core/deadline';
import { tlsOptions } from './tls-options';
import type { HttpSettings } from './http-contract';

/** A connection that rested for so long, in ms, is not used again. A Keep-Alive header can promise no less than a second. */
const LONGEST_REST_MS = 250;
/** A server is trusted once a connection to it has rested for so long, in ms. */
export const TRIAL_MS = 2 * LONGEST_REST_MS;

/**
 * The connections to one server, or to the proxy in front of it. The first request of a process keeps none: a rule's call makes no
 * second one. The second is the trial: its connection rests until the server is trusted or has closed it. Only a trusted server's
 * connections are used again, and one that it closes while it rests costs it the trust, until another trial. One that gets data while it
 * rests costs it the trust for good: nobody asked for that answer, and the next request would take it for its own.
 */
export class Pool {
  /** With the timer that ends the rest. */
  readonly #resting = new Map<Duplex, () => void>();
  #standing: 'new' | 'unknown' | 'on trial' | 'trusted' | 'never trusted' = 'new';

  constructor(private readonly agent: http.Agent) {
    const createConnection = agent.createConnection.bind(agent);
    const keepSocketAlive = agent.keepSocketAlive.bind(agent);
    const reuseSocket = agent.reuseSocket.bind(agent);
    // These are the places that Node has for it: https://nodejs.org/api/http.html#agentkeepsocketalivesocket and the two beside it.
    agent.createConnection = (...given) => {
      const socket = createConnection(...given);
      // Node hears of a server's end before it lets go of a connection, and would use it meanwhile.
      socket?.once('end', () => this.#resting.has(socket) && socket.destroy());
      socket?.once('close', () => (this.#standing === 'on trial' || this.#resting.has(socket)) && this.#distrust());
      return socket;
    };
    agent.keepSocketAlive = (socket) => this.#rest(socket) && keepSocketAlive(socket);
    agent.reuseSocket = (socket, request) => {
      this.#wake(socket);
      request.once('error', () => this.#distrust());
      reuseSocket(socket, request);
    };
  }

  /** The agent for the next request; `undefined` where it had better have a connection of its own. */
  next(): http.Agent | undefined {
    const standing = this.#standing;
    if (standing === 'new') this.#standing = 'unknown';
    else if (standing === 'unknown') this.#standing = 'on trial';
    return standing === 'unknown' || standing === 'trusted' ? this.agent : undefined;
  }

  /** Closes all connections, those in use included. */
  close(): void {
    this.#distrust();
    this.agent.destroy();
  }

  /** Whether a connection whose request is answered may rest. */
  #rest(socket: Duplex): boolean {
    if (this.#standing === 'unknown' || this.#standing === 'never trusted') return false;
    // Something came right behind the answer.
    if (socket.readableLength > 0) {
      this.#neverTrust();
      return false;
    }
    const isTrial = this.#standing === 'on trial';
    const over = () => {
      this.#resting.delete(socket);
      if (isTrial) this.#standing = 'trusted';
      socket.destroy();
    };
    socket.on('data', this.#neverTrust);
    this.#resting.set(socket, afterMs(isTrial ? TRIAL_MS : LONGEST_REST_MS, over, true));
    return true;
  }

  /** The end of a rest: from now on, what comes is an answer. */
  #wake(socket: Duplex): void {
    socket.off('data', this.#neverTrust);
    this.#resting.get(socket)?.();
    this.#resting.delete(socket);
  }

  readonly #neverTrust = (): void => {
    this.#distrust();
    this.#standing = 'never trusted';
  };

  #distrust(): void {
    if (this.#standing !== 'never trusted') this.#standing = 'unknown';
    for (const [socket, callOff] of this.#resting) {
      callOff();
      socket.destroy();
    }
    this.#resting.clear();
  }
}

const pools = new Map<string, Pool>();

/** The pool for what a request connects to: a server, or the proxy in front of it. */
export function poolFor({ protocol, hostname, port }: http.RequestOptions, settings: HttpSettings): Pool {
  const secure = protocol === 'https:';
  const key = JSON.stringify([protocol, hostname, port, ...(secure ? [settings.ca, settings.minTlsVersion] : [])]);
  const known = pools.get(key);
  if (known !== undefined) return known;
  const made = new Pool(
    secure ? new https.Agent({ ...tlsOptions(settings), keepAlive: true }) : new http.Agent({ keepAlive: true }),
  );
  pools.set(key, made);
  return made;
}

/** Fresh agents for one request. Their sockets, those to a proxy included, are destroyed as soon as the signal is aborted. */
export function agentsOf(settings: HttpSettings, signal: AbortSignal): { httpAgent: http.Agent; httpsAgent: https.Agent } {
  // Node hands the signal on to every socket of the agent, and https-proxy-agent does so too; the types do not know it.
  const shared: http.AgentOptions & { readonly signal: AbortSignal } = { signal };
  return { httpAgent: new http.Agent(shared), httpsAgent: new https.Agent({ ...shared, ...tlsOptions(settings) }) };
}

/**
 * Waits until Node has heard of every connection that a server had closed before this moment. The first turn may have begun before it.
 */
export async function hearOfClosed(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** Closes all connections that are kept. None of them keeps the process from ending, but servers need not wait for that. */
export function closeConnections(): void {
  for (const pool of pools.values()) pool.close();
  pools.clear();
}
