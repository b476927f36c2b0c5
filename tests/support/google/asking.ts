// Asks the stand-in as a test does: over TCP, with as little between as there can be.

import type { GoogleServer } from './google-server';
import { isObject } from './strict';
import type { GoogleEvent } from './world';

/** An answer. What is no JSON is a text. */
export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Asking {
  (verb: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Asked>;
}

/** What stands before the paths of a service. */
const PREFIXES = { calendar: '/calendar/v3/', tasks: '/tasks/v1/', people: '/v1/' } as const;

/** Calls of a service with a token; paths are those behind its prefix. */
export function asking(
  { endpoints }: GoogleServer,
  token: string | undefined,
  service: keyof typeof PREFIXES = 'calendar',
): Asking {
  return async (verb, path, body, headers = {}) => {
    const response = await fetch(`${endpoints[service]}${PREFIXES[service]}${path}`, {
      method: verb,
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return asked(response);
  };
}

/** Posts a form. */
export async function posted(
  address: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  return asked(await fetch(address, { method: 'POST', body: new URLSearchParams(form), headers }));
}

/** Reads an answer. */
export async function asked(response: Response): Promise<Asked> {
  const text = await response.text();
  const value: unknown = /^[[{]/.test(text) ? parsed(text) : undefined;
  return { status: response.status, headers: response.headers, body: isObject(value) ? value : {}, text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The reason and the words of a refusal. */
export function refusalOf({ status, body }: Asked): readonly [status: number, reason: unknown] {
  const error = body['error'];
  if (!isObject(error)) return [status, error];
  // The newer services tell a status, and the reason in the details.
  const [first] = [error['errors'], error['details']].flatMap((list) =>
    Array.isArray(list) ? (list as readonly unknown[]) : [],
  );
  return [status, isObject(first) ? (first['reason'] ?? error['status']) : error['status']];
}

/** The events of an answer. */
export function itemsOf({ body }: Asked): readonly GoogleEvent[] {
  return (body['items'] ?? []) as readonly GoogleEvent[];
}

/** An hour of 2 March 2026 in Zurich. */
export const VISIT = {
  summary: 'Visit',
  start: { dateTime: '2026-03-02T09:30:00', timeZone: 'Europe/Zurich' },
  end: { dateTime: '2026-03-02T10:30:00', timeZone: 'Europe/Zurich' },
};
