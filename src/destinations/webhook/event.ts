// A message as an event for programs. Its names are fixed for ever: docs/formats.md.

import { webLink } from '../kit/chat-text';
import type { Delivery } from '../../core/delivery';
import { bytes, bytesOf, characters, fitLimit, fitText } from '../../core/fit';
import { cleanText } from '../kit/markup';
import type { Message } from '../../core/message';
import { instantOf } from '../../core/wall-clock';

/** An event is "usually smaller than 20kb" (Standard Webhooks, Payload size). The other limits leave room for the body in any script. */
export const LIMITS = {
  whole: bytes(20_000),
  title: characters(300),
  word: characters(100),
  value: characters(150),
  tag: characters(50),
};
const TAGS_MOST = 20;
const FIELDS_MOST = 15;

/** The event as plain JSON. */
export function event(delivery: Delivery): string {
  return fitted(delivery, (data) => ({ type: typeOf(delivery.message), ...momentOf('timestamp', delivery.message), data }));
}

/** The event as a CloudEvent (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md) in structured mode. */
export function cloudEvent(delivery: Delivery, source: string): string {
  const { message } = delivery;
  return fitted(delivery, (data) => ({
    specversion: '1.0',
    id: delivery.id,
    source,
    type: typeOf(message),
    subject: `${message.objectType}/${word(message.id)}`,
    ...momentOf('time', message),
    datacontenttype: 'application/json',
    data,
  }));
}

/**
 * What happened, as `crm.case.close`: the object type and the activity's name in the CRM. A name that has no letter of the Latin
 * alphabet is its code.
 */
function typeOf({ objectType, activity, activityCode }: Message): string {
  const happened = slug(activity) || (activityCode === 0 ? 'notice' : `activity_${activityCode}`);
  return `crm.${slug(objectType)}.${happened}`;
}

function slug(text: string): string {
  const letters = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return letters
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join('_')
    .slice(0, LIMITS.word.most);
}

function momentOf(key: 'timestamp' | 'time', { happened }: Message): object {
  const moment = instantOf(happened);
  return moment === undefined ? {} : { [key]: moment };
}

/** The event in JSON, with as much of the body as fits. */
function fitted(delivery: Delivery, wrap: (data: object) => object): string {
  const jsonOf = (body: string) => JSON.stringify(wrap(dataOf(delivery, body)));
  const spare = LIMITS.whole.most - bytesOf(jsonOf(''));
  return jsonOf(fitText(cleanText(delivery.message.body), spare, (body) => bytesOf(JSON.stringify(body)) - 2));
}

/** What is told of a message. Of the person who did it that is the name alone: neither login nor e-mail address. */
function dataOf({ message, thread }: Delivery, body: string): object {
  const { title, url, tags, objectType, typeName, id, activity, activityCode, actor, fields } = message;
  const link = webLink(url);
  return {
    object: { type: objectType, name: word(typeName), id: word(id), ...(link === undefined ? {} : { url: link }) },
    activity: { code: activityCode, name: word(activity) },
    actor: { name: word(actor) },
    title: fitLimit(cleanText(title), LIMITS.title),
    body,
    tags: tags.slice(0, TAGS_MOST).map((tag) => fitLimit(cleanText(tag), LIMITS.tag)),
    fields: fields.slice(0, FIELDS_MOST).map(({ name, label, value }) => ({
      name,
      label: word(label),
      value: fitLimit(cleanText(value), LIMITS.value),
    })),
    thread: thread.key,
  };
}

function word(text: string): string {
  return fitLimit(cleanText(text), LIMITS.word);
}
