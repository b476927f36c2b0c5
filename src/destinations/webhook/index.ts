// A webhook: the event as JSON for any program of the company, with the headers and the signature of Standard Webhooks.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (version 1.0.0)

import { createHmac } from 'node:crypto';
import type { Secret } from '../../core/secret';
import type { DestinationType } from '../destination';
import { httpServer, maskedUrl } from '../kit/http-options';
import { plainReader } from '../kit/json-api';
import { postText } from '../kit/post-text';
import { cloudEvent, event, LIMITS } from './event';
import { webhookOptions, type WebhookOptions } from './options';

/** What goes out, but for what is secret and what depends on the moment. */
export interface WebhookPayload {
  /** The delivery's id, the same in every attempt: the key by which a receiver knows a repeat. */
  readonly id: string;
  readonly contentType: string;
  readonly body: string;
}

/** The destination type `webhook`. */
export const webhook: DestinationType<WebhookOptions, WebhookPayload> = {
  called: 'a signed webhook',
  summary: 'posts a signed event (Standard Webhooks, CloudEvents) to any address',
  limits: LIMITS,
  repeat: {
    of: ({ receiverDropsRepeats }) => (receiverDropsRepeats ? 'safe' : 'unsafe'),
    when: { safe: '', unsafe: 'with `"receiverDropsRepeats": false`' },
  },
  options: webhookOptions,

  encode: (delivery, { format, source }) =>
    format === 'json'
      ? { id: delivery.id, contentType: 'application/json; charset=utf-8', body: event(delivery) }
      : { id: delivery.id, contentType: 'application/cloudevents+json; charset=utf-8', body: cloudEvent(delivery, source) },

  preview: ({ id, contentType, body }, { url, secret: secrets, headers }) => ({
    line: `POST ${maskedUrl(url)}`,
    headers: {
      ...mapValues(headers, String),
      'Content-Type': contentType,
      'webhook-id': id,
      'webhook-timestamp': '(the moment of posting)',
      ...(secrets.length === 0 ? {} : { 'webhook-signature': secrets.map(() => 'v1,***').join(' ') }),
    },
    body: JSON.stringify(JSON.parse(body), undefined, 2),
  }),

  send: ({ id, contentType, body }, checked, tools, deadline) => {
    const { url, secret: secrets, headers } = checked;
    // Receivers refuse a moment that is minutes away, so that of an earlier attempt would not do.
    const timestamp = String(Math.floor(tools.now() / 1_000));
    const signatures = secrets.map((each) => `v1,${signature(each, `${id}.${timestamp}.${body}`)}`);
    const post = {
      url,
      contentType,
      headers: {
        ...mapValues(headers, (value) => value.reveal()),
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        ...(signatures.length === 0 ? {} : { 'webhook-signature': signatures.join(' ') }),
      },
      body,
    };
    return postText(post, plainReader, checked, tools, deadline);
  },

  server: (checked) => httpServer(checked.url, checked),
};

function signature(key: Secret, text: string): string {
  return createHmac('sha256', Buffer.from(key.reveal(), 'base64')).update(text, 'utf8').digest('base64');
}

function mapValues<T>(values: Readonly<Record<string, T>>, map: (value: T) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
