// What the chats of today share when they put a message into words: its parts, and text of the CRM that calls nobody and is no markup.

import { fitText, unitsOf } from '../../core/fit';
import { cleanText } from './markup';
import type { Message } from '../../core/message';
import { webAddress } from '../../core/web-address';

/** The title, or at least what the message is about where a site's template leaves the title empty. */
export function headingOf({ title, typeName, id }: Message): string {
  return oneLine(title) || objectOf({ typeName, id });
}

/** What the message is about, for example `Case 10042`. */
export function objectOf({ typeName, id }: Pick<Message, 'typeName' | 'id'>): string {
  return oneLine(`${typeName} ${id}`);
}

/** A text on one line: nothing of it can begin a line, or a header, of its own. */
export function oneLine(text: string): string {
  return cleanText(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

/** The tags as people write them, `#crm #urgent`, without anything that would end a tag. */
export function tagLine({ tags }: Message): string {
  const words = tags.map((tag) => tag.replace(/[^\p{L}\p{M}\p{N}_-]+/gu, ''));
  return words.flatMap((word) => (word === '' ? [] : [`#${word}`])).join(' ');
}

/** The longest address that becomes a link, in characters and with `&amp;` for each `&`; many places refuse some 2,000. */
const LINK_MOST = 1_500;

/**
 * An address as it may stand in any link (mrkdwn, Markdown, a quoted attribute), but for its `&`: what could end the link is
 * percent-encoded. `undefined` for what a browser would not open as a page, or nobody would take.
 */
export function webLink(address: string): string | undefined {
  const url = webAddress(address);
  if (url === undefined) return undefined;
  const link = url.replace(/[|<>()[\]"'`*\\]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return withEntities(link).length > LINK_MOST ? undefined : link;
}

/** Plain text with `&`, `<` and `>` as entities: all that Slack asks for, and enough between the tags of HTML. */
export function withEntities(text: string): string {
  return cleanText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * The text with a zero-width space behind every `@` that could call somebody (`@channel`, `@all`, `@bob`): people read the same. One
 * that follows a letter or a digit, as in an e-mail address, calls nobody.
 */
export function callingNobody(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}])@/gu, '@\u200B');
}

/** The text as `spell` writes it, cut so that what is written is at most `most` long, as `lengthOf` counts. */
export function fitSpelled(
  text: string,
  most: number,
  spell: (text: string) => string,
  lengthOf: (text: string) => number = unitsOf,
): string {
  return spell(fitText(text, most, (part) => lengthOf(spell(part))));
}
