// A message as Google Chat shows it: a card, and a text only where somebody is mentioned, which a card cannot do.
// https://developers.google.com/workspace/chat/api/reference/rest/v1/cards and https://developers.google.com/workspace/chat/format-messages

import { fitSpelled, headingOf, objectOf, oneLine, tagLine, webLink, withEntities } from '../kit/chat-text';
import { bytesOf } from '../../core/fit';
import { cleanText } from '../kit/markup';
import type { Message } from '../../core/message';

/**
 * A message may have 32,000 bytes, its cards included
 * (https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create). With these limits, in bytes of JSON,
 * every one stays below.
 */
const TITLE_MOST = 1_000;
const BODY_MOST = 18_000;
const FIELDS_MOST = 10;
const FIELD_MOST = 500;
const NAME_MOST = 300;
const TAGS_MOST = 500;

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
  const title = spelled(headingOf(message), TITLE_MOST);
  const link = webLink(message.url);
  const heading = link === undefined ? title : `<a href="${withEntities(link)}">${title}</a>`;
  const byline = [
    user === undefined ? spelled(oneLine(message.actor), NAME_MOST) : '',
    spelled(objectOf(message), NAME_MOST),
    spelled(tagLine(message), TAGS_MOST),
  ].filter((part) => part !== '');
  const widgets = [
    paragraph(`<b>${heading}</b>`),
    paragraph(spelled(message.body, BODY_MOST)),
    ...message.fields.slice(0, FIELDS_MOST).map(({ label, value }): Widget => {
      // A label is no markup: https://developers.google.com/workspace/chat/api/reference/rest/v1/cards#decoratedtext
      const topLabel = fitSpelled(oneLine(label), NAME_MOST, plain, bytesInJson);
      return { decoratedText: { topLabel, text: spelled(value, FIELD_MOST), wrapText: true } };
    }),
    paragraph(byline.join(' · ')),
  ].filter((widget) => !('textParagraph' in widget) || widget.textParagraph.text !== '');
  return {
    ...(user === undefined ? {} : { text: `<users/${user}>` }),
    fallbackText: fitSpelled(headingOf(message), TITLE_MOST, plain, bytesInJson),
    cardsV2: [{ cardId: 'activity', card: { sections: [{ widgets }] } }],
  };
}

function paragraph(text: string): Widget {
  return { textParagraph: { text } };
}

/** Text of the CRM between the tags of a card. */
function spelled(text: string, most: number): string {
  return fitSpelled(text.trim(), most, (part) => withEntities(part).replace(/\r\n?|\n/g, '<br>'), bytesInJson);
}

/** Text of the CRM where there are no tags: `<users/all>` would call everybody. */
function plain(text: string): string {
  return cleanText(text).replaceAll('<', '<\u200B');
}

function bytesInJson(text: string): number {
  return bytesOf(JSON.stringify(text)) - 2;
}
