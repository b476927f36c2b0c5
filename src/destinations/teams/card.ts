// A message as an Adaptive Card 1.4 (https://adaptivecards.io/explorer/), fitted to what Teams takes.
// Its Markdown: https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features

import { fitSpelled, headingOf, objectOf, tagLine, webLink } from '../kit/chat-text';
import { bytes, bytesOf, characters, fitLimit } from '../../core/fit';
import { cleanText } from '../kit/markup';
import type { Message } from '../../core/message';
import { instantOf } from '../../core/wall-clock';

/**
 * The whole message may have 28 KB, which nobody says to be of 1,000 or of 1,024 bytes
 * (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook). The other limits leave room
 * for the body in any script.
 */
export const LIMITS = {
  whole: bytes(28_000),
  title: characters(300),
  name: characters(100),
  label: characters(50),
  value: characters(150),
  tags: characters(300),
  action: characters(80),
};
const FIELDS_MOST = 15;

interface Mention {
  readonly type: 'mention';
  readonly text: string;
  readonly mentioned: { readonly id: string; readonly name: string };
}

/** The message that a workflow takes. `user` is the Teams user who did it, and who is mentioned; nobody without one. */
export function cardMessage(message: Message, user: string | undefined): object {
  const name = user === undefined ? '' : plainName(message.actor);
  const mention: Mention | undefined =
    user === undefined || name === '' ? undefined : { type: 'mention', text: `<at>${name}</at>`, mentioned: { id: user, name } };
  // With one character in it, so that the keys around the body count.
  const spare = LIMITS.whole.most - jsonBytesOf(envelope(message, mention, '.')) + 1;
  return envelope(
    message,
    mention,
    fitSpelled(message.body, spare, cardText, (text) => jsonBytesOf(text) - 2),
  );
}

function envelope(message: Message, mention: Mention | undefined, body: string): object {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full', ...(mention === undefined ? {} : { entities: [mention] }) },
    ...partsOf(message, mention, body),
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return { type: 'message', attachments: [attachment] };
}

function partsOf(message: Message, mention: Mention | undefined, body: string): object {
  const facts = message.fields.slice(0, FIELDS_MOST).map(({ label, value }) => ({
    title: cardText(fitLimit(label, LIMITS.label)),
    value: cardText(fitLimit(value, LIMITS.value)),
  }));
  const link = webLink(message.url);
  const blocks = [
    textBlock(cardText(fitLimit(headingOf(message), LIMITS.title)), { size: 'Medium', weight: 'Bolder' }),
    textBlock(byline(message, mention), { ...QUIET, spacing: 'None' }),
    textBlock(body, {}),
    ...(facts.length === 0 ? [] : [{ type: 'FactSet', facts }]),
    textBlock(cardText(fitLimit(tagLine(message), LIMITS.tags)), QUIET),
  ];
  const title = fitLimit(cleanText(`Open ${objectOf(message)}`), LIMITS.action);
  return {
    body: blocks.filter((block) => block !== undefined),
    ...(link === undefined ? {} : { actions: [{ type: 'Action.OpenUrl', title, url: link }] }),
  };
}

const QUIET = { size: 'Small', isSubtle: true };

function textBlock(text: string, look: object): object | undefined {
  return text.trim() === '' ? undefined : { type: 'TextBlock', text, wrap: true, ...look };
}

/** Who did it and when. Each reader's client shows the moment in its own language and time zone. */
function byline({ actor, happened }: Message, mention: Mention | undefined): string {
  const moment = instantOf(happened);
  const when = moment === undefined ? '' : `{{DATE(${moment}, SHORT)}} {{TIME(${moment})}}`;
  return [mention?.text ?? cardText(fitLimit(actor, LIMITS.name)), when].filter((part) => part !== '').join(' · ');
}

/** A name without anything that could be markup: the text of a mention has to stand in the card letter by letter. */
function plainName(name: string): string {
  return fitLimit(name.replace(/[^\p{L}\p{M}\p{N} .'’-]+/gu, ''), LIMITS.name).trim();
}

/**
 * Plain text as Markdown that reads the same. A line end becomes a paragraph, because within one it would be a blank. Lines are
 * taken one by one, which keeps the time linear for whatever a text is made of.
 */
function cardText(text: string): string {
  const lines = cleanText(text).split(/[\r\n]+/);
  return lines.flatMap((line) => (line.trim() === '' ? [] : [cardLine(line.trim())])).join('\n\n');
}

/** Breaks whatever the clients of Teams take for markup, for a date function (`{{DATE(…)}}`) or for a mention (`<at>`). */
function cardLine(line: string): string {
  return line
    .replace(/<(?=\/?at\b)/gi, '<\u2060')
    .replace(/[\\`*_~[\]<>]|\{(?=\{)|&(?=#?\w+;)/g, '\\$&')
    .replace(/^[-+#]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2');
}

function jsonBytesOf(value: unknown): number {
  return bytesOf(JSON.stringify(value));
}
