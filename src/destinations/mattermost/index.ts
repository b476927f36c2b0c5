// Mattermost: a post by an incoming webhook, or by the REST API with the token of a bot, which alone knows threads and what it posted.
// https://developers.mattermost.com/integrate/webhooks/incoming/ and https://developers.mattermost.com/api-documentation/#/operations/CreatePost

import { userOf } from '../kit/people';
import { either } from '../../core/shape';
import type { DestinationType } from '../destination';
import { httpServer, maskedUrl } from '../kit/http-options';
import { postJson, previewJson, probeJson, textIn, type JsonObject } from '../kit/json-api';
import { apiReader, channelReader, isPostId, webhookReader } from './answers';
import { apiOptions, webhookOptions, type MattermostOptions, type MattermostPayload } from './options';
import { findPost } from './find';
import { attachmentsOf, LIMITS, markdownOf } from './markdown';

/** The destination type `mattermost`. */
export const mattermost: DestinationType<MattermostOptions, MattermostPayload> = {
  called: 'Mattermost',
  summary: 'posts a message to a Mattermost channel, by a webhook or with the token of a bot',
  setupUrl: 'https://developers.mattermost.com/integrate/webhooks/incoming/',
  limits: LIMITS,
  // A webhook gives nothing back but "ok". The server itself knows a pending_post_id for 30 seconds, which is too short to rely on.
  repeat: {
    of: (options) => ('token' in options ? 'findable' : 'unsafe'),
    when: { findable: 'with a token', unsafe: 'by a webhook' },
  },
  options: either('webhookUrl', webhookOptions, apiOptions),
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
      : previewJson(maskedUrl(options.webhookUrl, 'hooks'), body, false),

  send: (payload, options, tools, deadline) => {
    if (!('token' in options)) return postJson(payload, { url: options.webhookUrl }, webhookReader, options, tools, deadline);
    const target = { url: `${options.url}/api/v4/posts`, token: options.token };
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
    const target = { url: `${options.url}/api/v4/channels/${options.channelId}`, token: options.token };
    const words = (page: JsonObject) => `the bot sees the channel ${textIn(page, 'display_name') || textIn(page, 'name')}`;
    return probeJson(target, channelReader(options.url), words, options, tools, deadline);
  },
};
