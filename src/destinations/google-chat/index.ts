// Google Chat: a card by the webhook of a space. https://developers.google.com/workspace/chat/quickstart/webhooks and
// https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create

import { peopleField, userOf } from '../kit/people';
import { flag, isRecord, object, required, secretUrl, textAs, withDefault, type Checked } from '../../core/shape';
import type { DestinationType } from '../destination';
import { chatText, LIMITS } from './card';
import { httpFields, httpServer, maskedUrl } from '../kit/http-options';
import { jsonObject, postJson, previewJson, textIn, type JsonPost, type JsonReader } from '../kit/json-api';

const options = object({
  webhookUrl: required(
    secretUrl(),
    'the address of a webhook of the space, with its key and its token; whoever knows it can post',
  ),
  threads: withDefault(flag(), true, 'whether the posts about an object form a thread'),
  people: peopleField(
    textAs((id) => (/^\d{1,30}$/.test(id) ? id : undefined), 'the number of a Google Chat user, in quotes', {
      pattern: '^\\d+$',
    }),
    'the numbers of Google Chat users',
  ),
  ...httpFields,
});

type GoogleChatOptions = Checked<typeof options>;

/** What goes out, but for the address of the webhook. */
export interface GoogleChatPayload extends JsonPost {
  /** What is added to the query of that address. */
  readonly query: string;
}

/** The destination type `google-chat`. */
export const googleChat: DestinationType<GoogleChatOptions, GoogleChatPayload> = {
  called: 'Google Chat',
  summary: 'posts a card to a Google Chat space by its webhook',
  setupUrl: 'https://developers.google.com/workspace/chat/quickstart/webhooks',
  limits: LIMITS,
  // The same requestId gives back the first message. For how long it is remembered is UNCONFIRMED.
  repeat: 'safe',
  options,
  uniqueReceipts: true,

  encode: ({ id, message, thread }, { people, threads }) => {
    const inThread = threads ? { thread: { threadKey: thread.key } } : {};
    const query = new URLSearchParams({
      requestId: id,
      // The key alone names the thread, so that nobody has to know the first post. In a space without threads it counts for nothing.
      ...(threads ? { messageReplyOption: 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD' } : {}),
    });
    return { body: JSON.stringify({ ...chatText(message, userOf(message, people)), ...inThread }), query: query.toString() };
  },

  preview: ({ body, query }, { webhookUrl }) => previewJson(`${maskedUrl(webhookUrl, 'v1')}?***&${query}`, body, false),

  send: (payload, checked, tools, deadline) => {
    const address = checked.webhookUrl.reveal().trim().replace(/#.*$/s, '');
    const url = `${address}${address.includes('?') ? '&' : '?'}${payload.query}`;
    return postJson(payload, { url }, reader, checked, tools, deadline);
  },

  server: (checked) => httpServer(checked.webhookUrl, checked),
};

// https://developers.google.com/workspace/chat/api/reference/rest and https://cloud.google.com/apis/design/errors
const reader: JsonReader = {
  receipt: (body) => {
    const name = textIn(jsonObject(body), 'name');
    return /^spaces\/[\w-]{1,100}\/messages\/[\w.-]{1,200}$/.test(name) ? { id: name } : undefined;
  },
  errors: (body) => {
    const error = errorIn(body);
    return [textIn(error, 'status'), textIn(error, 'message')];
  },
  // A key that Google does not know is answered with 400, as a message that it does not understand is. So is what the space or the
  // project is not ready for (https://cloud.google.com/apis/design/errors#handling_errors).
  verdict: (body, status) => {
    const error = errorIn(body);
    if (error === undefined) return undefined;
    if (body.includes('"API_KEY_INVALID"'))
      return { kind: 'login-refused', words: 'it refuses the key in the address of the webhook' };
    return status === 400 && !['', 'INVALID_ARGUMENT', 'OUT_OF_RANGE'].includes(textIn(error, 'status'))
      ? { kind: 'place', words: 'it does not let us post there' }
      : undefined;
  },
};

function errorIn(body: string): unknown {
  const error = jsonObject(body)?.['error'];
  return isRecord(error) ? error : undefined;
}
