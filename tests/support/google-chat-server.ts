// A Google Chat on loopback, written from its reference pages: the webhook of one space. It is as strict about messages as the pages
// say, gives a repeat of a requestId the first message, and answers with Google's form of errors.

import { jsonOf, startJsonServer, type JsonAnswer, type JsonServer } from './json-server';

/** A message that was accepted. */
export interface ChatPost {
  readonly text?: string;
  readonly fallbackText?: string;
  readonly cardsV2?: unknown;
  readonly thread?: { readonly threadKey: string };
}

/** A running stand-in. */
export interface ChatServer extends JsonServer {
  readonly posts: readonly ChatPost[];
  readonly webhookUrl: string;
}

export const KEY = 'AIzaSyGeheimerSchluesselGeheimerSchl';
export const CHAT_TOKEN = 'geheimesWort_geheim-esWort%3D';
const PATH = '/v1/spaces/AAAAspace/messages';

/** Starts a Google Chat with one space. */
export async function startChat(): Promise<ChatServer> {
  const posts: ChatPost[] = [];
  const names = new Map<string, string>();
  const server = await startJsonServer((request): JsonAnswer => {
    const { query } = request;
    if (query.get('key') !== KEY) return failed(400, 'INVALID_ARGUMENT', 'API key not valid.', 'API_KEY_INVALID');
    if (request.path !== PATH) return failed(404, 'NOT_FOUND', 'Requested entity was not found.');
    if (query.get('token') !== decodeURIComponent(CHAT_TOKEN)) return failed(401, 'UNAUTHENTICATED', 'The token is wrong.');
    if (request.method !== 'POST') return failed(404, 'NOT_FOUND', 'Method not found.');
    const unknown = [...query.keys()].find((key) => !['key', 'token', 'requestId', 'messageReplyOption'].includes(key));
    if (unknown !== undefined) return failed(400, 'INVALID_ARGUMENT', `Unknown name "${unknown}": Cannot bind query parameter.`);
    const post = jsonOf(request);
    if (post === undefined) return failed(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.');
    if (Buffer.byteLength(request.body) > 32_000) return failed(400, 'INVALID_ARGUMENT', 'Message is too long.');
    if (!isMessage(post)) return failed(400, 'INVALID_ARGUMENT', 'Message cannot be empty, or is not understood.');
    if ((post.thread === undefined) !== (query.get('messageReplyOption') === null))
      return failed(400, 'INVALID_ARGUMENT', 'Half a thread.');
    const id = query.get('requestId') ?? `none-${names.size}`;
    if (!names.has(id)) {
      posts.push(post);
      names.set(id, `spaces/AAAAspace/messages/Thread.${posts.length}`);
    }
    return { status: 200, body: { name: names.get(id), thread: { name: 'spaces/AAAAspace/threads/Thread' } } };
  });
  return { ...server, posts, webhookUrl: `${server.url}${PATH}?key=${KEY}&token=${CHAT_TOKEN}` };
}

/** An error as Google's APIs give it. */
export function failed(code: number, status: string, message: string, reason = ''): JsonAnswer {
  const details = reason === '' ? {} : { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason }] };
  return { status: code, body: { error: { code, message, status, ...details } } };
}

function isMessage(post: Readonly<Record<string, unknown>>): post is Readonly<Record<string, unknown>> & ChatPost {
  const known = ['text', 'fallbackText', 'cardsV2', 'thread'];
  if (!Object.keys(post).every((key) => known.includes(key)) || post['cardsV2'] === undefined) return false;
  const texts: string[] = [];
  JSON.stringify(post['cardsV2'], (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') texts.push(value);
    return value;
  });
  // The tags that a card knows, closed where they have to be, and nothing else that looks like one.
  return (
    texts.length > 0 &&
    texts.every((text) => text !== '' && !/[<>]/.test(text.replace(/<\/?b>|<br>|<a href="https?:[^"<>]*">|<\/a>/g, '')))
  );
}
