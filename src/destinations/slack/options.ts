// The configuration of Slack, and what goes out to it.

import { peopleField } from '../kit/people';
import {
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
} from '../../core/shape';
import { httpFields } from '../kit/http-options';
import type { JsonPost } from '../kit/json-api';

const shared = {
  people: peopleField(
    textAs((id) => (/^[UW][A-Z0-9]{2,20}$/.test(id) ? id : undefined), 'the id of a Slack user, such as U012AB3CD', {
      pattern: '^[UW][A-Z0-9]+$',
    }),
    'the ids of Slack users',
  ),
  ...httpFields,
};

/** The keys of an incoming webhook. */
export const webhookOptions = object({
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

/** The keys of an app. */
export const apiOptions = object({
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
export type SlackApiOptions = Checked<typeof apiOptions>;

/** The configuration of the destination. */
export type SlackOptions = Checked<typeof webhookOptions> | SlackApiOptions;

/** What goes out, but for the secret. */
export interface SlackPayload extends JsonPost {
  readonly deliveryId: string;
  /** The first post of the thread. */
  readonly threadTs: string | undefined;
}
