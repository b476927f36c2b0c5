// Slack: a message by an incoming webhook, or by the Web API (chat.postMessage), which alone knows threads and what it has posted.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and https://docs.slack.dev/reference/methods/chat.postMessage

import type { Delivery } from '../../core/delivery';
import { userOf } from '../kit/people';
import { either } from '../../core/shape';
import type { DestinationType } from '../destination';
import { httpServer, maskedUrl } from '../kit/http-options';
import { postJson, previewJson, probeJson, textIn, type JsonObject } from '../kit/json-api';
import { apiReader, webhookReader } from './answers';
import { LIMITS, slackText } from './blocks';
import { apiOptions, webhookOptions, type SlackOptions, type SlackPayload } from './options';
import { EVENT_TYPE, findPost } from './find';

/** The destination type `slack`. */
export const slack: DestinationType<SlackOptions, SlackPayload> = {
  called: 'Slack',
  summary: 'posts a message to a Slack channel, by a webhook or with the token of an app',
  setupUrl: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
  limits: LIMITS,
  // A webhook gives nothing back but "ok".
  repeat: {
    of: (options) => ('token' in options ? 'findable' : 'unsafe'),
    when: { findable: 'with a token', unsafe: 'by a webhook' },
  },
  options: either('webhookUrl', webhookOptions, apiOptions),
  needsFirstPost: (options) => 'token' in options && options.threads,
  uniqueReceipts: true,

  encode: (delivery, options) => {
    const said = slackText(delivery.message, userOf(delivery.message, options.people));
    if (!('token' in options)) return { body: JSON.stringify(said), deliveryId: delivery.id, threadTs: undefined };
    const metadata = { event_type: EVENT_TYPE, event_payload: { delivery_id: delivery.id } };
    const post = { channel: options.channel, ...said, metadata };
    const threadTs = options.threads ? threadOf(delivery, options.channel) : undefined;
    const alone = JSON.stringify(post);
    if (threadTs === undefined) return { body: alone, deliveryId: delivery.id, threadTs };
    const threaded = { ...post, thread_ts: threadTs, ...(options.broadcast ? { reply_broadcast: true } : {}) };
    return { body: JSON.stringify(threaded), alone, deliveryId: delivery.id, threadTs };
  },

  preview: ({ body }, options) =>
    'token' in options
      ? previewJson(`${options.apiUrl}/chat.postMessage`, body, true)
      : previewJson(maskedUrl(options.webhookUrl, 'services'), body, false),

  send: (payload, options, tools, deadline) => {
    if (!('token' in options)) return postJson(payload, { url: options.webhookUrl }, webhookReader, options, tools, deadline);
    const target = { url: `${options.apiUrl}/chat.postMessage`, token: options.token };
    return postJson(payload, target, apiReader, options, tools, deadline);
  },

  find: (payload, options, tools, sinceMs, deadline) => {
    if (!('token' in options)) throw new Error('a webhook cannot be asked');
    return findPost(payload, options, tools, sinceMs, deadline);
  },

  server: (options) => httpServer('token' in options ? options.apiUrl : options.webhookUrl, options),

  // https://docs.slack.dev/reference/methods/auth.test needs no scope. That the app sees the channel, its newest message tells, for which
  // it has a scope if it looks for posts in doubt: https://docs.slack.dev/reference/methods/conversations.history.
  probe: async (options, tools, deadline) => {
    if (!('token' in options)) return undefined;
    const { apiUrl, channel, token } = options;
    const ask = (url: string, words: (page: JsonObject) => string) =>
      probeJson({ url: `${apiUrl}/${url}`, token }, apiReader, words, options, tools, deadline);
    const login = await ask('auth.test', (page) => `signed in as ${textIn(page, 'user')} of ${textIn(page, 'team')}`);
    if (login.kind !== 'works') return login;
    const seen = await ask(`conversations.history?${new URLSearchParams({ channel, limit: '1' }).toString()}`, () => '');
    return seen.kind === 'retry' && seen.needsRepair === true ? seen : login;
  },
};

/** The `ts` of the first post, which counts only in the channel that it stands in. */
function threadOf({ thread }: Delivery, channel: string): string | undefined {
  const [where, ts] = thread.first?.id?.split(':') ?? [];
  return where === channel ? ts : undefined;
}
