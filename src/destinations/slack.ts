// Slack: a message by an incoming webhook, or by the Web API (chat.postMessage), which alone knows threads and what it has posted.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and https://docs.slack.dev/reference/methods/chat.postMessage

import type { Delivery } from '../core/delivery';
import { peopleField, userOf } from '../core/people';
import {
  either,
  flag,
  httpUrl,
  object,
  problem,
  refine,
  required,
  secretUrl,
  textAs,
  tokenSecret,
  withDefault,
  type Checked,
} from '../core/shape';
import type { DestinationType } from './destination';
import { httpFields, httpServer } from './http-options';
import { maskedAddress, postJson, previewJson, probeJson, textIn, type JsonObject, type JsonPost } from './json-api';
import { apiReader, webhookReader } from './slack/answers';
import { slackText } from './slack/blocks';
import { EVENT_TYPE, findPost } from './slack/find';

const shared = {
  people: peopleField(
    textAs((id) => (/^[UW][A-Z0-9]{2,20}$/.test(id) ? id : undefined), 'the id of a Slack user, such as U012AB3CD', {
      pattern: '^[UW][A-Z0-9]+$',
    }),
    'the ids of Slack users',
  ),
  ...httpFields,
};

const webhook = object({
  webhookUrl: required(
    secretUrl(),
    'the address of an incoming webhook, in place of token and channel; whoever knows it can post',
  ),
  threads: withDefault(
    refine(flag(), (wanted, place) => {
      if (wanted) problem(place, 'asks for threads, which a webhook does not know; use token and channel in place of webhookUrl');
    }),
    false,
    'threads',
  ),
  ...shared,
});

const api = object({
  token: required(
    tokenSecret(),
    'the bot token of a Slack app (xoxb-…) with the scope chat:write, and channels:history (groups:history for a private channel) to ' +
      'look for a post in doubt',
  ),
  channel: required(
    textAs(
      (id) => (/^[CGD][A-Z0-9]{2,20}$/.test(id) ? id : undefined),
      'the id of a channel, such as C012AB3CD, which its details show',
      {
        pattern: '^[CGD][A-Z0-9]+$',
      },
    ),
    'the id of the channel, not its name; the app has to be a member',
  ),
  apiUrl: withDefault(httpUrl(), 'https://slack.com/api', 'the address of the Web API; GovSlack has https://slack-gov.com/api'),
  threads: withDefault(flag(), true, 'whether later posts about an object go under its first one; only with token and channel'),
  broadcast: withDefault(flag(), false, 'whether a post in a thread is shown in the channel, too'),
  ...shared,
});

/** The configuration of a Slack app with a token. */
export type SlackApiOptions = Checked<typeof api>;

type SlackOptions = Checked<typeof webhook> | SlackApiOptions;

/** What goes out, but for the secret. */
export interface SlackPayload extends JsonPost {
  readonly deliveryId: string;
  /** The first post of the thread. */
  readonly threadTs: string | undefined;
}

/** The destination type `slack`. */
export const slack: DestinationType<SlackOptions, SlackPayload> = {
  summary: 'posts a message to a Slack channel, by a webhook or with the token of an app',
  // A webhook gives nothing back but "ok".
  repeat: { of: (options) => ('token' in options ? 'findable' : 'unsafe') },
  options: either('webhookUrl', webhook, api),
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
      : previewJson(maskedAddress(options.webhookUrl), body, false),

  send: (payload, options, tools, deadline) => {
    if (!('token' in options)) {
      const target = { url: options.webhookUrl.reveal().trim(), secret: options.webhookUrl, hasToken: false };
      return postJson(payload, target, webhookReader, options, tools, deadline);
    }
    const target = { url: `${options.apiUrl}/chat.postMessage`, secret: options.token, hasToken: true };
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
      probeJson({ url: `${apiUrl}/${url}`, secret: token, hasToken: true }, apiReader, words, options, tools, deadline);
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
