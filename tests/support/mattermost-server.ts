// A Mattermost on loopback, written from its reference pages and the behaviour of its open server: one webhook, and the part of the REST
// API that posts and lists posts. It knows a pending_post_id, and mentions people in the way that the server finds them.

import { jsonOf, startJsonServer, type JsonAnswer, type JsonRequest, type JsonServer } from './json-server';

/** A post that was accepted. */
export interface MattermostPost {
  readonly id: string;
  readonly message: string;
  readonly root_id: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** Whom the server would notify. */
  readonly mentions: readonly string[];
  readonly at: number;
}

/** A running stand-in. */
export interface MattermostServer extends JsonServer {
  readonly posts: readonly MattermostPost[];
  readonly webhookUrl: string;
  /** Takes a post away, as its author can. */
  remove(id: string): void;
}

export const BOT_TOKEN = 'geheimeswortgeheimeswort26';
export const CHANNEL_ID = 'channel7channel7channel7ch';
const HOOK = '/hooks/geheimerschluessel26geheim';

/** Starts a Mattermost with one channel and one webhook into it. */
export async function startMattermost(): Promise<MattermostServer> {
  const posts: MattermostPost[] = [];
  const pending = new Map<string, MattermostPost>();
  const keep = (message: string, props: Readonly<Record<string, unknown>>, root = ''): MattermostPost => {
    const id = `post${String(posts.length).padStart(22, '0')}`;
    const post = { id, message, root_id: root, props, mentions: mentionsIn(message, props['attachments']), at: Date.now() };
    posts.push(post);
    return post;
  };

  const webhook = (request: JsonRequest): JsonAnswer => {
    if (request.method !== 'POST') return failed(404, 'api.context.404.app_error');
    const post = jsonOf(request);
    if (post === undefined) return failed(400, 'model.incoming_hook.parse_data.app_error');
    if (request.path !== HOOK) return failed(400, 'web.incoming_webhook.invalid.app_error');
    const { text, attachments, channel, username, ...more } = post;
    if (
      typeof text !== 'string' ||
      text === '' ||
      !areAttachments(attachments) ||
      Object.keys(more).some((key) => key !== 'icon_url')
    )
      return failed(400, 'web.incoming_webhook.text.app_error');
    if (![undefined, 'town-square'].includes(channel as string)) return failed(404, 'web.incoming_webhook.channel.app_error');
    // A longer text would be split into several posts.
    for (const part of text.match(/[^]{1,16383}/gu) ?? []) keep(inSlacksManner(part), { attachments, username });
    return { status: 200, body: 'ok' };
  };

  const create = (post: Readonly<Record<string, unknown>> | undefined): JsonAnswer => {
    if (post === undefined) return failed(400, 'api.context.invalid_body_param.app_error');
    const { channel_id: channel, message, root_id: root = '', props, pending_post_id: key } = post;
    if (channel !== CHANNEL_ID) return failed(403, 'api.context.permissions.app_error');
    if (typeof message !== 'string' || message === '') return failed(400, 'api.post.create_post.message.app_error');
    if ([...message].length > 16_383) return failed(400, 'model.post.is_valid.message_length.app_error');
    if (typeof props !== 'object' || props === null || JSON.stringify(props).length > 8_000)
      return failed(400, 'model.post.is_valid.props.app_error');
    if (!areAttachments((props as { attachments?: unknown }).attachments))
      return failed(400, 'model.post.is_valid.props.app_error');
    const known = pending.get(String(key));
    if (known !== undefined) return { status: 201, body: known };
    if (root !== '' && posts.find(({ id }) => id === root)?.root_id !== '')
      return failed(400, 'api.post.create_post.root_id.app_error');
    const kept = keep(message, props as Record<string, unknown>, String(root));
    pending.set(String(key), kept);
    return { status: 201, body: kept };
  };

  const server = await startJsonServer((request) => {
    if (request.path.startsWith('/hooks/')) return webhook(request);
    if (request.headers.authorization !== `Bearer ${BOT_TOKEN}`) return failed(401, 'api.context.session_expired.app_error');
    if (request.method === 'POST' && request.path === '/api/v4/posts') return create(jsonOf(request));
    if (request.method === 'GET' && request.path === `/api/v4/channels/${CHANNEL_ID}`)
      return { status: 200, body: { id: CHANNEL_ID, name: 'support', display_name: 'Support' } };
    if (request.method !== 'GET' || request.path !== `/api/v4/channels/${CHANNEL_ID}/posts`)
      return failed(404, 'api.context.404.app_error');
    const shown = posts.filter(({ at }) => at > Number(request.query.get('since')));
    return {
      status: 200,
      body: { order: shown.map(({ id }) => id), posts: Object.fromEntries(shown.map((post) => [post.id, post])) },
    };
  });
  return {
    ...server,
    posts,
    webhookUrl: server.url + HOOK,
    remove: (gone) => {
      posts.splice(
        posts.findIndex(({ id }) => id === gone),
        1,
      );
      pending.clear();
    },
  };
}

/** An error as the server gives it. */
export function failed(status: number, id: string, message = 'Something is wrong.'): JsonAnswer {
  return { status, body: { id, message, detailed_error: '', request_id: 'abc', status_code: status } };
}

function areAttachments(attachments: unknown): boolean {
  if (attachments === undefined) return true;
  if (!Array.isArray(attachments)) return false;
  return attachments.every(({ fields }: { fields: readonly { title: unknown; value: unknown }[] }) =>
    fields.every(({ title, value }) => typeof title === 'string' && typeof value === 'string'),
  );
}

/** What a webhook makes of Slack's way to call everybody. */
function inSlacksManner(text: string): string {
  return text.replace(/<!(channel|here|all)>/g, '@$1').replace(/<([^<|]+)\|([^>]+)>/g, '[$2]($1)');
}

/** Whom the words of a post and the values of its fields mention: the server splits them in this way, once backslashes are gone. */
function mentionsIn(message: string, attachments: unknown): readonly string[] {
  const values = ((attachments ?? []) as readonly { fields: readonly { value: string }[] }[]).flatMap(({ fields }) => fields);
  return [message, ...values.map(({ value }) => inSlacksManner(value))].flatMap((text) => {
    const words = text.replace(/\\([^\p{L}\p{N}])/gu, '$1').match(/[:.\-_@\p{L}\p{N}]+/gu) ?? [];
    return words.flatMap((word) => [word.replace(/^[:.\-_]+/, ''), ...word.split(/[.\-:]/)]).filter((word) => /^@./.test(word));
  });
}
