// Ideas of the adapter of Google, each taken out on the way to the stand-in: with any of them missing, the campaign has to find a loss.

import type { RemoteItem, RemoteStep, StepOutcome } from '../../../src/groupware/groupware';
import type { HttpMethod, HttpRequest, SendHttp } from '../../../src/io/http-contract';
import type { GoogleServer } from '../../support/google/google-server';
import type { GoogleEvent } from '../../support/google/world';
import type { Mutation } from './mutants';

/** Makes another way to the stand-in, on which the idea does not work. */
export type GoogleMutant = (http: SendHttp, server: GoogleServer) => SendHttp;

/** A call of Calendar or Tasks, by itself or as a part of a batch. */
interface Call {
  readonly method: string;
  readonly path: string;
  /** As they are spelled there. */
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string;
  readonly body: string;
}

export const GOOGLE_MUTATIONS: Readonly<Record<string, Mutation>> = {
  'Google: no If-Match': {
    shows: ['editsLost'],
    google: (http) => rewriting(http, (call) => ({ ...call, headers: without(call.headers, 'If-Match') })),
  },
  'Google: no ids of ours, and no settling time': {
    shows: ['doubled'],
    settledAfterMs: 0,
    google: (http) =>
      rewriting(http, (call) => (call.method === 'POST' ? { ...call, body: call.body.replace(/"id":"\w+",/, '') } : call)),
  },
  'Google: PUT in place of PATCH': {
    shows: ['wiped'],
    google: (http, server) =>
      rewriting(http, (call) => (isOfEvents(call) && call.method === 'PATCH' ? replacing(call, server) : call)),
  },
  'Google: what nobody answered counts as done': {
    shows: ['lost'],
    outside: (outside) => ({
      ...outside,
      open: (kind) => {
        const inner = outside.open(kind);
        return {
          ...inner,
          apply: async (steps, deadline) => {
            const outcomes = await inner.apply(steps, deadline);
            return new Map(steps.map((step) => [step.linkId, outcomes.get(step.linkId) ?? believed(step)]));
          },
        };
      },
    }),
  },
  'Google: calls of a batch with the token of another user': {
    shows: ['lost'],
    google:
      (http) =>
      (request, ...more) => {
        const tokens = tokensIn(request);
        // Each has that of the one before.
        return http(
          changed(request, (call, at) => ({ ...call, token: tokens.at(at - 1) ?? call.token })),
          ...more,
        );
      },
  },
};

/** What is written of tasks and contacts, people have nothing of their own in. */
function isOfEvents({ path }: Call): boolean {
  return path.startsWith('/calendar/');
}

function believed(step: RemoteStep): StepOutcome {
  if (step.do === 'delete') return { kind: 'deleted' };
  const id = step.do === 'create' ? step.linkId : step.id;
  const item: RemoteItem = { id, version: '"believed"', content: { kind: 'entry', entry: step.entry }, mark: step.linkId };
  return { kind: 'done', item };
}

/** The call as a client makes it who knows nothing of an event but its own fields. */
function replacing(call: Call, server: GoogleServer): Call {
  const token = server.oauth.tokens.bearer(`Bearer ${call.token}`);
  if (typeof token === 'string') return call;
  const {
    summary,
    location,
    description,
    start,
    end,
    extendedProperties = {},
    status,
  } = server.act(token.email, 'GET', call.path.replace(/\?.*$/, '')) as GoogleEvent;
  if (status === 'cancelled') return call;
  const own = { summary, location, description, start, end, extendedProperties: { private: extendedProperties.private } };
  return { ...call, method: 'PUT', body: JSON.stringify({ ...own, ...(JSON.parse(call.body) as object) }) };
}

/** A way on which each call is another one. */
export function rewriting(http: SendHttp, change: (call: Call) => Call): SendHttp {
  return (request, ...more) => http(changed(request, change), ...more);
}

function tokensIn({ body = '' }: HttpRequest): readonly string[] {
  return [...body.matchAll(/^Authorization: Bearer (.*)\r$/gm)].map(([, token = '']) => token);
}

const PART = /^([^]*?\r\n\r\n)([A-Z]+) (\S+) HTTP\/1\.1\r\n([^]*?)\r\n\r\n([^]*)\r\n$/;

/** A request with other calls in it. */
function changed(request: HttpRequest, change: (call: Call, at: number) => Call): HttpRequest {
  const { origin, pathname, search } = new URL(request.url);
  const boundary = /boundary=(\S+)/.exec(request.headers['Content-Type'] ?? '')?.[1];
  if (boundary !== undefined) {
    const [first = '', ...parts] = (request.body ?? '').split(`--${boundary}\r\n`);
    const last = `--${boundary}--\r\n`;
    const written = parts.map((part, at) => partWith(part.replace(last, ''), (call) => change(call, at)));
    return { ...request, body: [first, ...written].join(`--${boundary}\r\n`) + last };
  }
  const token = request.bearer?.reveal();
  if (token === undefined || !/^\/(calendar|tasks)\//.test(pathname)) return request;
  const { method, headers, body = '' } = request;
  const call = change({ method, path: `${pathname}${search}`, headers, token, body }, 0);
  const made = { ...request, method: call.method as HttpMethod, url: `${origin}${call.path}`, headers: call.headers };
  return call.body === '' ? made : { ...made, body: call.body };
}

function partWith(part: string, change: (call: Call) => Call): string {
  const [, head = '', method = '', path = '', lines = '', body = ''] = PART.exec(part) ?? [];
  const named = Object.fromEntries(lines.split('\r\n').map((line) => line.split(': ', 2) as [string, string]));
  const token = named['Authorization']?.replace('Bearer ', '') ?? '';
  const call = change({ method, path, token, body, headers: without(named, 'Authorization', 'Content-Length') });
  const length = call.body === '' ? [] : [`Content-Length: ${Buffer.byteLength(call.body)}`];
  const own = Object.entries(call.headers).map(([name, value]) => `${name}: ${value}`);
  const first = `${call.method} ${call.path} HTTP/1.1`;
  return `${head}${[first, `Authorization: Bearer ${call.token}`, ...own, ...length, '', call.body].join('\r\n')}\r\n`;
}

function without(headers: Call['headers'], ...names: readonly string[]): Call['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
