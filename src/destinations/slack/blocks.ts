// A message as Slack shows it: blocks, and the plain text that notifications and screen readers take.

import type { ContextBlock, KnownBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import { callingNobody, fitSpelled, headingOf, objectOf, oneLine, tagLine, webLink, withEntities } from '../kit/chat-text';
import { characters, type Limit } from '../../core/fit';
import type { Message } from '../../core/message';
import { unitsInJson } from '../kit/json-api';

/** The most fields of a section: https://docs.slack.dev/reference/block-kit/blocks/section-block. */
const FIELDS_MOST = 10;
/**
 * As JSON spells the texts. The body has a section, which may have 3,000 characters (the same page); `text` has the advised length
 * (https://docs.slack.dev/reference/methods/chat.postMessage). Slack refuses blocks of some 13,200 characters (`msg_blocks_too_long`)
 * though each of them keeps its own limit, which for a field is 2,000: https://github.com/slackapi/bolt-js/issues/2509. With these, all
 * blocks together stay below that.
 */
export const LIMITS = {
  title: characters(500),
  body: characters(3_000),
  label: characters(200),
  value: characters(300),
  name: characters(200),
  tags: characters(400),
  text: characters(4_000),
};

/** What a post says, in whichever way it goes out. */
export interface SlackText {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  /** Links are shown as they are, without a preview of the page, which would be the CRM's login. */
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** The text and the blocks of a message; `user` is the Slack user to mention as the one who did it. */
export function slackText(message: Message, user: string | undefined): SlackText {
  const title = spelled(headingOf(message), LIMITS.title);
  const link = webLink(message.url);
  const heading = link === undefined ? title : `<${link.replaceAll('&', '&amp;')}|${title}>`;
  const fields = message.fields.slice(0, FIELDS_MOST).map(({ label, value }) => {
    return mrkdwn(`*${spelled(oneLine(label), LIMITS.label)}*\n${spelled(value, LIMITS.value)}`);
  });
  const byline = [
    user === undefined ? spelled(oneLine(message.actor), LIMITS.name) : `<@${user}>`,
    spelled(objectOf(message), LIMITS.name),
    spelled(tagLine(message), LIMITS.tags),
  ].filter((part) => part !== '');
  const blocks: KnownBlock[] = [section(`*${heading}*`)];
  const body = spelled(message.body, LIMITS.body);
  if (body !== '') blocks.push(section(body));
  if (fields.length > 0) blocks.push({ type: 'section', fields });
  if (byline.length > 0) blocks.push({ type: 'context', elements: [mrkdwn(byline.join(' · '))] } satisfies ContextBlock);
  const plain = [headingOf(message), message.body].filter((part) => part.trim() !== '').join('\n');
  return { text: spelled(plain, LIMITS.text), blocks, unfurl_links: false, unfurl_media: false };
}

function section(text: string): SectionBlock {
  return { type: 'section', text: mrkdwn(text) };
}

/** `verbatim` keeps Slack from finding names and channels in plain text. */
function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** Text of the CRM, which calls nobody (https://docs.slack.dev/messaging/formatting-message-text), within a limit. */
function spelled(text: string, { most }: Limit): string {
  return fitSpelled(text.trim(), most, (part) => callingNobody(withEntities(part)), unitsInJson);
}
