// A message as Google Chat shows it: a card, and a text only where somebody is mentioned, which a card cannot do.
// https://developers.google.com/workspace/chat/api/reference/rest/v1/cards and https://developers.google.com/workspace/chat/format-messages

import { fitSpelled, headingOf, objectOf, oneLine, tagLine, webLink, withEntities } from '../kit/chat-text';
import { bytes, bytesOf, type Limit } from '../../core/fit';
import { cleanText } from '../kit/markup';
import type { Message } from '../../core/message';

/**
 * A message may have 32,000 bytes, its cards included
 * (https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create). With these limits, in bytes of JSON,
 * every one stays below.
 */
export const LIMITS = {
  whole: bytes(32_000),
  title: bytes(1_000),
  body: bytes(18_000),
  value: bytes(500),
  name: bytes(300),
  tags: bytes(500),
};
const FIELDS_MOST = 10;

/** A widget of a card. */
export type Widget =
  | { readonly textParagraph: { readonly text: string } }
  | { readonly decoratedText: { readonly topLabel: string; readonly text: string; readonly wrapText: true } };

/** What a post says. */
export interface ChatText {
  /** Where the actor is mentioned. */
  readonly text?: string;
  /** What a notification says in place of the card. */
  readonly fallbackText: string;
  readonly cardsV2: readonly [
    { readonly cardId: string; readonly card: { readonly sections: readonly { widgets: readonly Widget[] }[] } },
  ];
}

/** The card of a message; `user` is the number of the user to mention as the one who did it. */
export function chatText(message: Message, user: string | undefined): ChatText {
  const title = spelled(headingOf(message), LIMITS.title);
  const link = webLink(message.url);
  const heading = link === undefined ? title : `<a href="${withEntities(link)}">${title}</a>`;
  const byline = [
    user === undefined ? spelled(oneLine(message.actor), LIMITS.name) : '',
    spelled(objectOf(message), LIMITS.name),
    spelled(tagLine(message), LIMITS.tags),
  ].filter((part) => part !== '');
  const widgets = [
    paragraph(`<b>${heading}</b>`),
    paragraph(spelled(message.body, LIMITS.body)),
    ...message.fields.slice(0, FIELDS_MOST).map(({ label, value }): Widget => {
      // A label is no markup: https://developers.google.com/workspace/chat/api/reference/rest/v1/cards#decoratedtext
      const topLabel = fitSpelled(oneLine(label), LIMITS.name.most, plain, bytesInJson);
      return { decoratedText: { topLabel, text: spelled(value, LIMITS.value), wrapText: true } };
    }),
    paragraph(byline.join(' · ')),
  ].filter((widget) => !('textParagraph' in widget) || widget.textParagraph.text !== '');
  return {
    ...(user === undefined ? {} : { text: `<users/${user}>` }),
    fallbackText: fitSpelled(headingOf(message), LIMITS.title.most, plain, bytesInJson),
    cardsV2: [{ cardId: 'activity', card: { sections: [{ widgets }] } }],
  };
}

function paragraph(text: string): Widget {
  return { textParagraph: { text } };
}

/** Text of the CRM between the tags of a card. */
function spelled(text: string, { most }: Limit): string {
  return fitSpelled(text.trim(), most, (part) => withEntities(part).replace(/\r\n?|\n/g, '<br>'), bytesInJson);
}

/** Text of the CRM where there are no tags: `<users/all>` would call everybody. */
function plain(text: string): string {
  return cleanText(text).replaceAll('<', '<\u200B');
}

function bytesInJson(text: string): number {
  return bytesOf(JSON.stringify(text)) - 2;
}
