// The configuration of Mattermost, and what goes out to it.

import { peopleField } from '../kit/people';
import {
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
} from '../../core/shape';
import { httpFields } from '../kit/http-options';
import type { JsonPost } from '../kit/json-api';
import { isPostId } from './answers';

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

/** The keys of an incoming webhook. */
export const webhookOptions = object({
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

/** The keys of a bot. */
export const apiOptions = object({
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
export type MattermostApiOptions = Checked<typeof apiOptions>;

/** The configuration of the destination. */
export type MattermostOptions = Checked<typeof webhookOptions> | MattermostApiOptions;

/** What goes out, but for the secret. */
export interface MattermostPayload extends JsonPost {
  readonly deliveryId: string;
}
