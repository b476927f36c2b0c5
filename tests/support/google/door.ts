// The door to a stand-in of Google without a socket: requests of the program go straight to whatever answers them, in this very process. So
// campaigns can let weeks pass in minutes. What TCP and packing do to a request is not to be seen here; over a port, it is.

import type { HttpRequest, HttpResult, SendHttp } from '../../../src/io/http-contract';
import { answerTo } from './errors';
import { newGoogle, type GoogleServer } from './google-server';
import { shortened, written, type HostRequest, type Outcome } from './host';

/** A stand-in, and the only way to it. */
export interface GoogleDoor {
  readonly server: GoogleServer;
  /** Requests to the stand-in's own endpoints; whatever else is asked for is not found (`ENOTFOUND`). */
  readonly http: SendHttp;
}

/** Nobody else answers under these names. */
const ROOTS = {
  calendar: 'https://calendar.stand-in.example',
  tasks: 'https://tasks.stand-in.example',
  people: 'https://people.stand-in.example',
  accounts: 'https://accounts.stand-in.example',
} as const;
const HOSTS = Object.keys(ROOTS) as readonly (keyof typeof ROOTS)[];

/** As much of an answer is kept where the request does not say, in bytes, as by io/http. */
const MOST_BYTES = 1024 * 1024;

/** Opens a stand-in. `now` is ms since 1970 UTC. */
export function openGoogleDoor(now: () => number): GoogleDoor {
  const google = newGoogle(now);
  return {
    server: google.at(ROOTS, () => Promise.resolve()),
    http: async (request, _settings, signal) => {
      const { origin, pathname, search } = new URL(request.url);
      const host = HOSTS.find((name) => ROOTS[name] === origin);
      if (signal.aborted) return failed(false, 'ETIMEDOUT');
      if (host === undefined) return failed(false, 'ENOTFOUND');
      const asked = { method: request.method, path: `${pathname}${search}`, headers: headersOf(request) };
      const outcome = await google
        .handle(host, { ...asked, body: Buffer.from(request.body ?? '') })
        .catch((problem: unknown): Outcome => ({ kind: 'answer', answer: answerTo(problem) }));
      return outcome.kind === 'hang' ? whenOver(signal) : resultOf(outcome, request, now);
    },
  };
}

function headersOf({ headers, basic, bearer }: HttpRequest): HostRequest['headers'] {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const login = basic === undefined ? undefined : Buffer.from(`${basic.username}:${basic.password.reveal()}`).toString('base64');
  return {
    ...Object.fromEntries<string>(named),
    ...(login === undefined ? {} : { authorization: `Basic ${login}` }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer.reveal()}` }),
  };
}

function resultOf(
  outcome: Exclude<Outcome, { kind: 'hang' }>,
  { mostBytes = MOST_BYTES }: HttpRequest,
  now: () => number,
): HttpResult {
  if (outcome.kind === 'reset') return failed(true, 'ECONNRESET');
  const { status, headers, text } = written(outcome);
  return {
    ...{ kind: 'answer', status, ...arrived(text, outcome.broken === 'cut', mostBytes) },
    headers: {
      date: new Date(now()).toUTCString(),
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    },
  };
}

/** What arrives of a text. */
function arrived(text: string, isCut: boolean, mostBytes: number): { readonly body: string; readonly complete: boolean } {
  if (!isCut && Buffer.byteLength(text) <= mostBytes) return { body: text, complete: true };
  const bytes = Buffer.from(text);
  const kept = isCut ? shortened(bytes) : bytes.subarray(0, mostBytes);
  return { body: kept.toString('utf8'), complete: kept.length === bytes.length };
}

/** Whoever asked waits no longer. */
function whenOver(signal: AbortSignal): Promise<HttpResult> {
  return new Promise((resolve) => {
    const over = () => resolve(failed(true, 'ETIMEDOUT'));
    if (signal.aborted) over();
    else signal.addEventListener('abort', over, { once: true });
  });
}

function failed(sent: boolean, code: string): HttpResult {
  return { kind: 'failure', sent, code, message: 'the stand-in did not answer' };
}
