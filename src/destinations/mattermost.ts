// Mattermost: a post by an incoming webhook, or by the REST API with the token of a bot, which alone knows threads and what it posted.
// https://developers.mattermost.com/integrate/webhooks/incoming/ and https://developers.mattermost.com/api-documentation/#/operations/CreatePost

import { peopleField, userOf } from '../core/people';
import {
  either,
  flag,
  httpUrl,
  object,
  optional,
  problem,
  refine,
  required,
  secretUrl,
  text,
  textAs,
  tokenSecret,
  withDefault,
  type Checked,
} from '../core/shape';
import type { DestinationType } from './destination';
import { httpFields, httpServer } from './http-options';
import { maskedAddress, postJson, previewJson, probeJson, textIn, type JsonObject, type JsonPost } from './json-api';
import { apiReader, channelReader, isPostId, webhookReader } from './mattermost/answers';
import { findPost } from './mattermost/find';
import { attachmentsOf, markdownOf } from './mattermost/markdown';

const USER = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const shared = {
  people: peopleField(
    textAs((name) => (USER.test(name) ? name : undefined), 'the name of a Mattermost user, without the @', {
      pattern: USER.source,
    }),
    'the names of Mattermost users',
  ),
  ...httpFields,
};

const webhook = object({
  webhookUrl: required(
    secretUrl(),
    'the address of an incoming webhook, in place of url, token and channelId; whoever knows it can post',
  ),
  channel: optional(
    text(),
    "the name of another channel to post to, where the webhook is not locked to its own; the webhook's own if left out",
  ),
  username: optional(text(), "the name to post under, where the server allows it; the webhook's own if left out"),
  threads: withDefault(
    refine(flag(), (wanted, place) => {
      if (wanted)
        problem(place, 'asks for threads, which a webhook does not know; use url, token and channelId in place of webhookUrl');
    }),
    false,
    'threads',
  ),
  ...shared,
});

const api = object({
  url: required(httpUrl(), "the server's address without /api, for example https://chat.example.com"),
  token: required(tokenSecret(), 'the access token of a bot that is a member of the channel'),
  channelId: required(
    textAs((id) => (isPostId(id) ? id : undefined), 'the id of a channel: 26 letters and digits', { pattern: '^[a-z0-9]{26}$' }),
    'the id of the channel, which its details show',
  ),
  threads: withDefault(
    flag(),
    true,
    'whether later posts about an object go under its first one; only with url, token and channelId',
  ),
  ...shared,
});

/** The configuration of a bot. */
export type MattermostApiOptions = Checked<typeof api>;

type MattermostOptions = Checked<typeof webhook> | MattermostApiOptions;

/** What goes out, but for the secret. */
export interface MattermostPayload extends JsonPost {
  readonly deliveryId: string;
}

/** The destination type `mattermost`. */
export const mattermost: DestinationType<MattermostOptions, MattermostPayload> = {
  summary: 'posts a message to a Mattermost channel, by a webhook or with the token of a bot',
  // A webhook gives nothing back but "ok". The server itself knows a pending_post_id for 30 seconds, which is too short to rely on.
  repeat: { of: (options) => ('token' in options ? 'findable' : 'unsafe') },
  options: either('webhookUrl', webhook, api),
  needsFirstPost: (options) => 'token' in options && options.threads,
  uniqueReceipts: true,

  encode: ({ id, message, thread }, options) => {
    const markdown = markdownOf(message, userOf(message, options.people));
    const attachments = attachmentsOf(message);
    if (!('token' in options)) {
      const { channel, username } = options;
      return { body: JSON.stringify({ text: markdown, attachments, channel, username }), deliveryId: id };
    }
    const props = { delivery_id: id, attachments };
    const post = { channel_id: options.channelId, message: markdown, pending_post_id: id, props };
    const alone = JSON.stringify(post);
    const root = options.threads ? thread.first?.id : undefined;
    if (root === undefined || !isPostId(root)) return { body: alone, deliveryId: id };
    return { body: JSON.stringify({ ...post, root_id: root }), alone, deliveryId: id };
  },

  preview: ({ body }, options) =>
    'token' in options
      ? previewJson(`${options.url}/api/v4/posts`, body, true)
      : previewJson(maskedAddress(options.webhookUrl), body, false),

  send: (payload, options, tools, deadline) => {
    if (!('token' in options)) {
      const target = { url: options.webhookUrl.reveal().trim(), secret: options.webhookUrl, hasToken: false };
      return postJson(payload, target, webhookReader, options, tools, deadline);
    }
    const target = { url: `${options.url}/api/v4/posts`, secret: options.token, hasToken: true };
    return postJson(payload, target, apiReader(options.url), options, tools, deadline);
  },

  find: (payload, options, tools, sinceMs, deadline) => {
    if (!('token' in options)) throw new Error('a webhook cannot be asked');
    return findPost(payload, options, tools, sinceMs, deadline);
  },

  server: (options) => httpServer('token' in options ? options.url : options.webhookUrl, options),

  // https://developers.mattermost.com/api-documentation/#/operations/GetChannel
  probe: async (options, tools, deadline) => {
    if (!('token' in options)) return undefined;
    const target = { url: `${options.url}/api/v4/channels/${options.channelId}`, secret: options.token, hasToken: true };
    const words = (page: JsonObject) => `the bot sees the channel ${textIn(page, 'display_name') || textIn(page, 'name')}`;
    return probeJson(target, channelReader(options.url), words, options, tools, deadline);
  },
};
