// A Slack on loopback, written from its reference pages: a webhook and the part of the Web API that posts and lists messages. It is as
// strict about blocks and lengths as the pages say, and answers with Slack's own errors.

import { jsonOf, startJsonServer, type JsonAnswer, type JsonRequest, type JsonServer } from './json-server';

/** A message that was accepted. */
export interface SlackPost {
  readonly text: string;
  readonly blocks: readonly Readonly<Record<string, unknown>>[];
  readonly ts: string;
  readonly thread_ts?: string;
  readonly metadata?: unknown;
  readonly [key: string]: unknown;
}

/** A running stand-in. */
export interface SlackServer extends JsonServer {
  readonly posts: readonly SlackPost[];
  readonly webhookUrl: string;
  /** Takes a message away, as its author can. */
  remove(ts: string): void;
}

export const TOKEN = 'xoxb-111111111111-222222222222-geheimesWortGeheim';
export const CHANNEL = 'C012AB3CD';
const HOOK = '/services/T012AB3CD/B012AB3CD/geheimerSchluessel123456';

/** Starts a Slack with one channel and one webhook into it. */
export async function startSlack({ perPage = 100 } = {}): Promise<SlackServer> {
  const posts: SlackPost[] = [];
  const keep = (post: Readonly<Record<string, unknown>>): SlackPost => {
    const ts = `${Math.floor(Date.now() / 1_000)}.${String(posts.length).padStart(6, '0')}`;
    const kept = { ...(post as unknown as SlackPost), ts };
    posts.push(kept);
    return kept;
  };

  const webhook = (request: JsonRequest): JsonAnswer => {
    if (request.method !== 'POST') return { status: 405, body: 'method_not_allowed' };
    if (request.path !== HOOK) return { status: 404, body: 'no_service' };
    const post = jsonOf(request);
    if (post === undefined) return { status: 400, body: 'invalid_payload' };
    const wrong = problemOf(post);
    if (wrong !== undefined) return { status: 400, body: wrong };
    keep(post);
    return { status: 200, body: 'ok' };
  };

  const api = (request: JsonRequest): JsonAnswer => {
    const failed = (error: string, more = {}): JsonAnswer => ({ status: 200, body: { ok: false, error, ...more } });
    if (request.headers.authorization === undefined) return failed('not_authed');
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return failed('invalid_auth');
    const method = request.path.slice('/api/'.length);
    if (method === 'auth.test') return { status: 200, body: { ok: true, team: 'Example Ltd', user: 'crm-bot' } };
    if (method === 'chat.postMessage') {
      const post = jsonOf(request);
      if (post === undefined) return failed('invalid_json');
      if (post['channel'] !== CHANNEL) return failed('channel_not_found');
      const wrong = problemOf(post);
      if (wrong !== undefined) return failed(wrong, { response_metadata: { messages: ['[ERROR] somewhere'] } });
      if (post['thread_ts'] !== undefined && !posts.some(({ ts }) => ts === post['thread_ts'])) return failed('thread_not_found');
      const { ts } = keep(post);
      return { status: 200, body: { ok: true, channel: CHANNEL, ts, message: { type: 'message', ts } } };
    }
    const { query } = request;
    if (query.get('channel') !== CHANNEL) return failed('channel_not_found');
    const thread = query.get('ts');
    if (method === 'conversations.replies' && !posts.some(({ ts }) => ts === thread)) return failed('thread_not_found');
    if (method !== 'conversations.replies' && method !== 'conversations.history') return failed('unknown_method');
    const within = posts.filter(({ ts, thread_ts: root, reply_broadcast: shown }) => {
      const listed = method === 'conversations.replies' ? ts === thread || root === thread : root === undefined || shown === true;
      return listed && Number(ts) > Number(query.get('oldest'));
    });
    const size = Math.min(perPage, Number(query.get('limit')));
    const from = Number(query.get('cursor') ?? 0);
    const withMetadata = query.get('include_all_metadata') === 'true';
    const messages = within.reverse().map(({ metadata, ...message }) => (withMetadata ? { ...message, metadata } : message));
    const next = from + size < messages.length ? String(from + size) : '';
    return {
      status: 200,
      body: { ok: true, messages: messages.slice(from, from + size), response_metadata: { next_cursor: next } },
    };
  };

  const server = await startJsonServer((request) => (request.path.startsWith('/api/') ? api(request) : webhook(request)));
  return {
    ...server,
    posts,
    webhookUrl: server.url + HOOK,
    remove: (gone) =>
      void posts.splice(
        posts.findIndex(({ ts }) => ts === gone),
        1,
      ),
  };
}

/** What is wrong with a message, in Slack's words; `undefined` for nothing. */
function problemOf({ text, blocks, metadata }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof text !== 'string' || text === '') return 'no_text';
  if (text.length > 40_000) return 'msg_too_long';
  if (!Array.isArray(blocks) || blocks.length > 50 || !blocks.every(isBlock)) return 'invalid_blocks';
  if (JSON.stringify(blocks).length > 13_200) return 'msg_blocks_too_long';
  if (metadata !== undefined && !hasKeys(metadata, ['event_type', 'event_payload'])) return 'invalid_metadata_format';
  return undefined;
}

function isBlock(block: unknown): boolean {
  if (!hasKeys(block, ['type'])) return false;
  const { type, text, fields, elements, ...more } = block;
  if (Object.keys(more).length > 0) return false;
  const list = fields ?? elements;
  if (type === 'context') return isTexts(elements, 10, 2_000);
  if (type !== 'section' || (text === undefined && list === undefined)) return false;
  return (text === undefined || isText(text, 3_000)) && (fields === undefined || isTexts(fields, 10, 2_000));
}

function isTexts(list: unknown, count: number, most: number): boolean {
  return Array.isArray(list) && list.length > 0 && list.length <= count && list.every((item) => isText(item, most));
}

/** Outside of `<…>`, a text has `&` only as one of three entities, and no `>`. */
function isText(item: unknown, most: number): boolean {
  if (!hasKeys(item, ['type', 'text']) || item['type'] !== 'mrkdwn' || typeof item['text'] !== 'string') return false;
  const { text } = item;
  const plain = text.replace(/<(?:@U[A-Z0-9]+|https?:[^<>|]+\|[^<>]*)>/g, '');
  return text.length > 0 && text.length <= most && !/[<>]|&(?!(?:amp|lt|gt);)/.test(plain);
}

function hasKeys(value: unknown, keys: readonly string[]): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && keys.every((key) => key in value);
}
