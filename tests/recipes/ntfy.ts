// An example of a destination, which a test plugs in by the recipe of docs/layout.md: ntfy, a POST with headers of its own and a token
// that it can do without. https://docs.ntfy.sh/publish/

import { bytes, characters, fitLimit } from '../../src/core/fit';
import { httpUrl, object, optional, required, textAs, tokenSecret, type Checked } from '../../src/core/shape';
import type { AnswerReader } from '../../src/destinations/kit/answer';
import type { DestinationType } from '../../src/destinations/destination';
import { httpFields, httpServer } from '../../src/destinations/kit/http-options';
import { jsonObject, plainReader, textIn } from '../../src/destinations/kit/json-api';
import { headingOf, oneLine, webLink } from '../../src/destinations/kit/chat-text';
import { postText } from '../../src/destinations/kit/post-text';

const TOPIC = /^[\w-]{1,64}$/;

const options = object({
  url: required(httpUrl(), 'the address of the server, for example https://ntfy.example.com'),
  topic: required(
    textAs((name) => (TOPIC.test(name) ? name : undefined), 'the name of a topic', { pattern: TOPIC.source }),
    'the topic',
  ),
  token: optional(tokenSecret(), 'an access token, where the server wants one'),
  ...httpFields,
});

/** What goes out, but for the token. */
export interface NtfyPayload {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

// A longer message would become an attachment.
const LIMITS = { title: characters(250), body: bytes(4_096), tags: characters(500) };

/** The destination type `ntfy`. */
export const ntfy: DestinationType<Checked<typeof options>, NtfyPayload> = {
  called: 'ntfy',
  summary: 'sends a notification to the subscribers of an ntfy topic',
  setupUrl: 'https://docs.ntfy.sh/publish/',
  limits: LIMITS,
  repeat: 'unsafe',
  options,

  encode: ({ message }, { url, topic }) => {
    const tags = message.tags.map((tag) => oneLine(tag).replaceAll(',', ' ')).join(',');
    const link = webLink(message.url);
    const headers = {
      Title: fitLimit(headingOf(message), LIMITS.title),
      Tags: fitLimit(tags, LIMITS.tags),
      ...(link === undefined ? {} : { Click: link }),
    };
    return { url: `${url}/${topic}`, headers, body: fitLimit(message.body, LIMITS.body) };
  },

  preview: ({ url, headers, body }, { token }) => {
    const login = token === undefined ? {} : { Authorization: 'Bearer ***' };
    return { line: `POST ${url}`, headers: { ...headers, ...login }, body };
  },

  send: ({ url, headers, body }, checked, tools, deadline) => {
    const { token } = checked;
    const login = token === undefined ? {} : { Authorization: `Bearer ${token.reveal()}` };
    const written = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, inHeader(text)]));
    const contentType = 'text/plain; charset=utf-8';
    return postText({ url, contentType, headers: { ...written, ...login }, body }, reader, checked, tools, deadline);
  },

  server: (checked) => httpServer(checked.url, checked),
};

/** A text of any script as it may stand in a header (RFC 2047). */
function inHeader(text: string): string {
  return /^[ -~]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}

const reader: AnswerReader = {
  ...plainReader,
  receipt: (body) => {
    const id = textIn(jsonObject(body), 'id');
    return /^\w{1,40}$/.test(id) ? { id } : undefined;
  },
};
