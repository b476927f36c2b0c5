// A message as Mattermost shows it: Markdown, and an attachment for the fields.
// https://docs.mattermost.com/end-user-guide/collaborate/format-messages.html and https://developers.mattermost.com/integrate/reference/message-attachments/

import { callingNobody, fitSpelled, headingOf, objectOf, oneLine, tagLine, webLink, withEntities } from '../kit/chat-text';
import { characters, type Limit } from '../../core/fit';
import { cleanText } from '../kit/markup';
import type { Message } from '../../core/message';
import { unitsInJson } from '../kit/json-api';

/**
 * A post may have 16,383 characters (https://developers.mattermost.com/integrate/webhooks/incoming/); a webhook splits a longer one.
 * With these limits, in UTF-16 units of Markdown, every one stays below. So do the props, which are 8,000 characters of JSON at most on
 * old servers (PostPropsMaxRunes in server/public/model/post.go of mattermost/mattermost).
 */
export const LIMITS = {
  title: characters(1_000),
  body: characters(12_000),
  label: characters(100),
  value: characters(500),
  name: characters(200),
  tags: characters(500),
};
const FIELDS_MOST = 10;

/** Fields in the manner of Slack's attachments, which Mattermost took over. */
export interface Attachment {
  readonly fallback: string;
  readonly fields: readonly { readonly title: string; readonly value: string; readonly short: true }[];
}

/** The Markdown of a message; `user` is the name of the user to mention as the one who did it. */
export function markdownOf(message: Message, user: string | undefined): string {
  const title = spelled(headingOf(message), LIMITS.title);
  const link = webLink(message.url);
  const byline = [
    user === undefined ? spelled(oneLine(message.actor), LIMITS.name) : `@${user}`,
    spelled(objectOf(message), LIMITS.name),
    fitSpelled(tagLine(message), LIMITS.tags.most, callingNobody),
  ];
  const heading = link === undefined ? `**${title}**` : `**[${title}](${link})**`;
  const last = byline.filter((part) => part !== '').join(' · ');
  return [heading, spelled(message.body, LIMITS.body), last].filter((part) => part !== '').join('\n\n');
}

/** The fields of a message; an empty list where it has none. */
export function attachmentsOf({ fields }: Message): readonly Attachment[] {
  if (fields.length === 0) return [];
  const shown = fields.slice(0, FIELDS_MOST);
  return [
    {
      fallback: plain(shown.map(({ label, value }) => `${label}: ${value}`).join(', '), LIMITS.value),
      fields: shown.map(({ label, value }) => ({
        title: plain(label, LIMITS.label),
        value: fitSpelled(value.trim(), LIMITS.value.most, harmless, unitsInJson),
        short: true,
      })),
    },
  ];
}

/** What is no Markdown: the title of a field, and what a notification says. */
function plain(text: string, { most }: Limit): string {
  return fitSpelled(oneLine(text), most, (part) => callingNobody(cleanText(part)), unitsInJson);
}

function spelled(text: string, { most }: Limit): string {
  return fitSpelled(text.trim(), most, harmless);
}

function harmless(text: string): string {
  return callingNobody(escaped(text));
}

/** What is markup within a line. An underscore within a word is none, and belongs to many addresses. */
const INLINE = /[\\`*[\]|]|~(?=~)|(?<=~)~|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
/** What makes something else of a line: a heading, a list, a rule, a quote (by then an entity). */
const LINE_START = /^([ \t]*)(#+|[-+=]+(?=[ \t=-]|$)|\d{1,9}(?=[.)]))/gm;

/**
 * Plain text as Markdown. `<` is an entity, because a webhook reads `<!here>` and `<address|text>` in Slack's manner
 * (server/channels/app/slack.go and server/public/model/slack_attachment.go of mattermost/mattermost).
 */
function escaped(text: string): string {
  const inline = withEntities(text).replace(INLINE, (mark) => `\\${mark}`);
  return inline.replace(LINE_START, (_, blanks: string, mark: string) => blanks + (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`));
}
