// A receiver of webhooks on loopback that follows Standard Webhooks to the letter: the library of the standard verifies each request,
// and an event whose id it has seen is dropped.

import { Webhook } from 'standardwebhooks';
import { jsonOf, startJsonServer, type JsonAnswer, type JsonRequest, type JsonServer } from './json-server';

/** How the receiver is set up. */
export interface WebhookSetup {
  /** The secret (`whsec_…`) that requests must be signed with; unsigned ones without it. */
  readonly secret?: string;
  /** Headers that a gateway before it asks for, in lower case. */
  readonly wanted?: Readonly<Record<string, string>>;
}

/** A running receiver. */
export interface WebhookServer extends JsonServer {
  /** The address of its events. */
  readonly address: string;
  /** The events by webhook-id. */
  readonly events: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

export const PATH = '/in/k3yThatNobodyShouldSee42';
/** "Usually smaller than 20kb", read strictly. */
const MOST_BYTES = 20_000;

/** Starts a receiver. */
export async function startWebhook({ secret, wanted = {} }: WebhookSetup = {}): Promise<WebhookServer> {
  const events = new Map<string, Readonly<Record<string, unknown>>>();
  const accept = (request: JsonRequest): JsonAnswer => {
    const { method, path, headers, body } = request;
    if (path !== PATH) return { status: 404, body: { message: 'no such route' } };
    if (method !== 'POST') return { status: 405 };
    if (Object.entries(wanted).some(([name, value]) => headers[name] !== value))
      return { status: 403, body: { error: 'no key' } };
    if (Buffer.byteLength(body) > MOST_BYTES) return { status: 413 };
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const id = plain['webhook-id'] ?? '';
    if (!/^[\w-]{1,200}$/.test(id) || !/^\d{10}$/.test(plain['webhook-timestamp'] ?? '')) return { status: 400 };
    if (secret === undefined ? plain['webhook-signature'] !== undefined : !isSigned(body, plain, secret))
      return { status: 401, body: { message: 'the signature is wrong' } };
    const event = eventIn(request, id);
    if (event === undefined) return { status: 422, body: { message: 'this is no event' } };
    if (!events.has(id)) events.set(id, event);
    return { status: 204 };
  };
  const server = await startJsonServer(accept);
  return { ...server, address: server.url + PATH, events };
}

function isSigned(body: string, headers: Record<string, string>, secret: string): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

/** The event in a request: plain JSON by its three keys, a CloudEvent by the required attributes of its version. */
function eventIn(request: JsonRequest, id: string): Readonly<Record<string, unknown>> | undefined {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  const asJson = { ...request, headers: { 'content-type': 'application/json' } };
  const event = jsonOf(type === 'application/cloudevents+json' ? asJson : request);
  if (event === undefined || !/^[a-z0-9_]+(\.[a-z0-9_]+)+$/.test(String(event['type']))) return undefined;
  const keys = Object.keys(event).join();
  if (type === 'application/json') return keys === 'type,timestamp,data' ? event : undefined;
  const known = keys === 'specversion,id,source,type,subject,time,datacontenttype,data';
  return known && event['specversion'] === '1.0' && event['id'] === id && event['source'] !== '' ? event : undefined;
}
