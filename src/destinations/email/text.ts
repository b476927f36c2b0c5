// The two bodies of a mail: plain text, and simple HTML that every mail program shows alike. Pure.

import { oneLine } from '../kit/chat-text';
import { characters, fitLimit } from '../../core/fit';
import { cleanText, markup, Markup, type MarkupValue } from '../kit/markup';
import type { Message } from '../../core/message';
import { webAddress } from '../../core/web-address';

/**
 * Mail sets no limits of its own; servers refuse what is longer than some MB, and nobody reads that far. The subject is as long as people
 * still read it, and far from what a line of a head may hold.
 */
export const LIMITS = { subject: characters(200), title: characters(500), body: characters(100_000) };

/** Both bodies of the mail about a message. */
export function bodiesOf(message: Message): { readonly text: string; readonly html: string } {
  const title = fitLimit(oneLine(message.title), LIMITS.title);
  const body = fitLimit(cleanText(message.body), LIMITS.body).trim();
  const rows = rowsOf(message);
  const tags = message.tags.filter((tag) => tag.trim() !== '').map((tag) => `#${oneLine(tag)}`);
  const url = oneLine(message.url);
  const parts = [title, body, rows.map(([label, value]) => `${label}: ${value}`).join('\n'), url, tags.join(' ')];
  return {
    text: `${parts.filter((part) => part !== '').join('\n\n')}\n`,
    html: markup`<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>${title}</title></head>
<body>
<p dir="auto"><strong>${title}</strong></p>
${paragraph(withBreaks(body))}${table(rows)}${paragraph(link(url, nameOf(message)))}${paragraph(tags.join(' '))}</body>
</html>
`.text,
  };
}

/** What people call the object: `Case 4711`. It is the same for everything that happens to the object. */
export function nameOf({ typeName, objectType, id }: Message): string {
  return oneLine(`${typeName === '' ? objectType : typeName} ${id}`);
}

function rowsOf({ fields, actor, happened }: Message): readonly (readonly [label: string, value: string])[] {
  const when = `${happened.wallClock.slice(0, 16).replace('T', ' ')} (${happened.timeZone})`;
  const rows = [...fields.map(({ label, value }) => [label, value] as const), ['By', actor] as const, ['When', when] as const];
  return rows.flatMap(([label, value]) => (value.trim() === '' ? [] : [[oneLine(label), oneLine(value)] as const]));
}

function paragraph(content: MarkupValue): Markup {
  const { text } = markup`${content}`;
  return text === '' ? new Markup('') : new Markup(`<p dir="auto">${text}</p>\n`);
}

// Outlook for Windows knows no white-space: pre-wrap.
function withBreaks(text: string): Markup {
  const lines = text.split(/\r\n?|\n/).map((line, index) => (index === 0 ? markup`${line}` : markup`<br>\n${line}`));
  return markup`${lines}`;
}

function table(rows: readonly (readonly [label: string, value: string])[]): Markup {
  const lines = rows.map(([label, value]) => markup`<tr><th align="left">${label}</th><td dir="auto">${value}</td></tr>\n`);
  return markup`<table cellpadding="3">\n${lines}</table>\n`;
}

function link(url: string, name: string): MarkupValue {
  const address = webAddress(url);
  return address === undefined ? url : markup`<a href="${address}">${name}</a>`;
}
