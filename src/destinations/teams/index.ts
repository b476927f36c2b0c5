// Microsoft Teams: an Adaptive Card to the webhook of a workflow ("When a Teams webhook request is received").
// The message and its answer: https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook (reference: streams, 3.1 and 3.2).

import { peopleField, userOf } from '../kit/people';
import { object, problem, refine, required, secretUrl, textAs, type Checked, type Shape } from '../../core/shape';
import type { Secret } from '../../core/secret';
import type { DestinationType } from '../destination';
import { httpFields, httpServer, maskedUrl } from '../kit/http-options';
import { postJson, previewJson, type JsonPost } from '../kit/json-api';
import { workflowReader } from './answers';
import { cardMessage, LIMITS } from './card';

const USER = /^([^\s@<>]+@[^\s@<>]+|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$/;

const options = object({
  webhookUrl: required(
    workflowUrl(),
    'the address of a workflow that posts to a channel when a webhook request is received; whoever knows it can post',
  ),
  people: peopleField(
    textAs(
      (id) => (USER.test(id) ? id : undefined),
      'a user principal name such as ann@example.com, nor the object id of a user',
      {
        pattern: USER.source,
      },
    ),
    'the user principal names (or Microsoft Entra object ids) of Teams users',
  ),
  ...httpFields,
});

type TeamsOptions = Checked<typeof options>;

/** The destination type `teams`. */
export const teams: DestinationType<TeamsOptions, JsonPost> = {
  called: 'Teams',
  summary: 'posts a card to a channel of Microsoft Teams, by the webhook of a workflow',
  setupUrl:
    'https://support.microsoft.com/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498',
  limits: LIMITS,
  // A workflow gives no id back, and knows nothing of an earlier run of itself. So there are no threads either.
  repeat: 'unsafe',
  options,
  encode: ({ message }, { people }) => ({ body: JSON.stringify(cardMessage(message, userOf(message, people))) }),
  preview: ({ body }, { webhookUrl }) => previewJson(maskedUrl(webhookUrl), body, false),
  send: (payload, teamsOptions, tools, deadline) =>
    postJson(payload, { url: teamsOptions.webhookUrl }, workflowReader, teamsOptions, tools, deadline),
  server: (teamsOptions) => httpServer(teamsOptions.webhookUrl, teamsOptions),
};

/** An address of the older kind answers no more, or in ways that say "posted" for what was not. */
function workflowUrl(): Shape<Secret> {
  return refine(secretUrl(), (address, place) => {
    const { hostname, pathname } = new URL(address.reveal().trim());
    const isConnector =
      /(^|\.)webhook\.office\.com$/.test(hostname) || (/^outlook\.office/.test(hostname) && /^\/webhook/.test(pathname));
    if (isConnector) {
      problem(
        place,
        'is the address of an Office 365 connector, which Microsoft has retired; in Teams, open Workflows at the channel, ' +
          'choose the one that posts to a channel when a webhook request is received, and use its address',
      );
    }
  });
}
