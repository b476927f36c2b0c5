// Socialcast: one message by its XML API, as the official clients and the script of 2010 sent it; or a comment on an earlier one.
// The API as far as it is known: https://socialcast.github.io/socialcast/apidoc/messages/create.html and …/comments/index.html

import {
  flag,
  httpUrl,
  integer,
  loginName,
  object,
  optional,
  passwordSecret,
  required,
  text,
  textAs,
  withDefault,
  type Shape,
} from '../../core/shape';
import { childrenOf } from '../../core/xml-scan';
import { xmlDocument } from '../../io/xml';
import type { XmlElement } from '../../io/xml';
import type { AnswerReader } from '../kit/answer';
import { outcomeOf, probeOf } from '../kit/answer';
import type { DestinationType } from '../destination';
import { httpFields, httpServer, sendPatiently } from '../kit/http-options';
import { postText } from '../kit/post-text';
import { redactorFor } from '../kit/redactor';
import { findMessage } from './find';
import type { SocialcastOptions, SocialcastPayload } from './options';
import { commentReceiptOf, fieldOf, isGone, messageIdOf, receiptOf } from './message';

/** What it takes and what it answers. */
const XML = 'application/xml';

/** Posts to a Socialcast community. It drops no repeats, but the stream can be read back. */
export const socialcast: DestinationType<SocialcastOptions, SocialcastPayload> = {
  called: 'Socialcast',
  summary: 'posts a message to a Socialcast community, hosted or on premise',
  limits: {},
  repeat: 'findable',
  options: object({
    url: required(
      httpUrl(),
      "the community's address without /api, for example https://example.socialcast.com; a path is fine; http:// sends the password unprotected",
    ),
    username: required(loginName({ basic: true }), 'the login, usually an e-mail address'),
    password: required(passwordSecret(), 'the password of this login'),
    groupId: optional(
      integer(1, Number.MAX_SAFE_INTEGER),
      "the number of the group to post into; the login's own stream if left out",
    ),
    messageType: optional(text(), 'the kind of message, for example status_message; the server chooses if left out'),
    path: withDefault(path(), '/api/messages.xml', 'the path of the API below the address'),
    accountPath: withDefault(
      path(),
      '/api/userinfo.xml',
      'the path that tells who the login is, asked where a post is in doubt; as documented in 2014, UNCONFIRMED on a real server',
    ),
    ownMessagesPath: withDefault(
      path(),
      '/api/users/{id}/messages.xml',
      "the path of the login's own messages, read where a post is in doubt; as documented in 2014, UNCONFIRMED on a real server",
    ),
    threads: withDefault(
      flag(),
      false,
      'whether later posts about an object become comments on its first message; otherwise each is a message, as in 2010',
    ),
    commentsPath: withDefault(
      path(),
      '/api/messages/{id}/comments.xml',
      'the path of the comments on a message, where threads is true; known from clients of 2011 to 2016, UNCONFIRMED on a real server',
    ),
    ...httpFields,
  }),

  needsFirstPost: ({ threads }) => threads,
  uniqueReceipts: true,

  encode: ({ message, thread }, { url, path, groupId, messageType, threads, commentsPath }) => {
    // An empty body still gets the blank before the tag, as the script of 2010 sent it.
    const tagged = message.body + message.tags.map((tag) => ` #${tag}`).join('');
    const elements: XmlElement[] = [
      ['title', message.title],
      ['body', tagged],
    ];
    if (message.url !== '') elements.push(['url', message.url]);
    // XML of Rails spells the names with dashes, the documentation (for JSON and forms) with underscores.
    if (groupId !== undefined) elements.push(['group-id', String(groupId)]);
    if (messageType !== undefined) elements.push(['message-type', messageType]);
    const headers = { 'Content-Type': XML, Accept: XML };
    const payload = { url: url + path, headers, body: xmlDocument('message', elements) };
    const first = thread.first?.id;
    if (!threads || first === undefined) return payload;
    const messageId = messageIdOf(first);
    // A comment has nothing but its text.
    const text = [message.title, tagged, message.url].filter((line) => line.trim() !== '').join('\n');
    const commentsUrl = url + commentsPath.replaceAll('{id}', encodeURIComponent(messageId));
    return { ...payload, comment: { messageId, url: commentsUrl, body: xmlDocument('comment', [['text', text]]) } };
  },

  preview: ({ comment, headers, ...message }) => {
    const { url, body } = comment ?? message;
    return { line: `POST ${url}`, headers: { ...headers, Authorization: 'Basic ***' }, body };
  },

  send: async ({ comment, headers, ...message }, options, tools, deadline) => {
    const { username, password } = options;
    const rest = { headers, basic: { username, password } };
    if (comment !== undefined) {
      const { messageId, url, body } = comment;
      const result = await sendPatiently({ method: 'POST', url, body, ...rest }, options, tools, deadline);
      // Nothing is there to comment on, so nothing was posted, and a post outside its thread is better than none.
      if (!(result.kind === 'answer' && isGone(result.status)))
        return outcomeOf(result, commentReader(messageId), tools.now(), redactorFor(options));
    }
    return postText({ ...message, ...rest, contentType: XML }, messageReader, options, tools, deadline);
  },

  find: findMessage,

  server: (options) => httpServer(options.url, options),

  probe: async (options, tools, deadline) => {
    const { username, password, accountPath } = options;
    const headers = { Accept: XML };
    const request = { method: 'GET', url: options.url + accountPath, headers, basic: { username, password } } as const;
    const result = await sendPatiently(request, options, tools, deadline);
    const probe = probeOf(result, messageReader, whoIs, tools.now(), redactorFor(options));
    const isAboutPath =
      probe.kind === 'rejected' ? probe.loginRefused !== true : probe.kind === 'retry' && probe.needsRepair === true;
    return !isAboutPath || !('reason' in probe)
      ? probe
      : { ...probe, reason: `${probe.reason}; it was asked for ${accountPath} (accountPath), which a post does not need` };
  },
};

function whoIs(body: string): string | undefined {
  const user = childrenOf(body, 'user');
  return user === undefined ? undefined : `signed in as ${fieldOf(user, 'name', 'username', 'id') || 'somebody without a name'}`;
}

const errors: AnswerReader['errors'] = (body) =>
  (childrenOf(body, 'errors') ?? []).filter(({ name }) => name === 'error').map(({ text }) => text);

/**
 * Errors begin with what they are about. One about anything but the parts of a message is mended in the community: a group that is closed,
 * a login that is no member of it.
 */
const verdict: NonNullable<AnswerReader['verdict']> = (body, status) => {
  const about = status === 422 ? errors(body) : [];
  return about.every((error) => /^\s*(?:title|body|text|url|external url|message|comment)\b/i.test(error))
    ? undefined
    : { kind: 'place', words: 'it does not let us post there' };
};

const messageReader: AnswerReader = { receipt: (body) => receiptOf(childrenOf(body, 'message') ?? []), errors, verdict };

function commentReader(messageId: string): AnswerReader {
  return { receipt: (body) => commentReceiptOf(messageId, childrenOf(body, 'comment') ?? []), errors, verdict };
}

function path(): Shape<string> {
  return textAs((text) => (/^\/[^\s#]*$/.test(text) ? text : undefined), 'a path that starts with /', { pattern: '^/' });
}
