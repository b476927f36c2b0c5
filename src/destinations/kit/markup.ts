// Text into markup: what XML and HTML have in common when plain text becomes part of a document. A template escapes every
// value that is put into it, so that forgetting to escape is not possible.

/** Most texts: printable ASCII without anything to leave out or to escape. One look at them makes a page of them twice as fast. */
const HARMLESS = /^[\t\n\r !#-%(-;=?-~]*$/;

/**
 * The text without the characters that XML 1.0 forbids even as references (https://www.w3.org/TR/xml/#charsets): control
 * characters other than TAB, LF and CR, and U+FFFE and U+FFFF. A surrogate without its partner becomes U+FFFD.
 */
export function cleanText(text: string): string {
  if (HARMLESS.test(text)) return text;
  // In a pattern with the flag u, a surrogate with its partner is one character, so that only the lone ones are met here.
  return text.replace(/\p{Surrogate}/gu, '\uFFFD').replace(/[^\P{Cc}\t\n\r\u007F-\u009F]|[\uFFFE\uFFFF]/gu, '');
}

const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Plain text as it may stand between tags or in a quoted attribute, in XML and in HTML. Clean in the sense of {@link cleanText}. */
export function escapeMarkup(text: string): string {
  if (HARMLESS.test(text)) return text;
  return cleanText(text).replace(/[&<>"']/g, (character) => REFERENCES[character] ?? character);
}

/** A finished piece of XML or HTML. A class and not a string, so that plain text can never be taken for one. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may be put into a {@link markup} template: a text is escaped, markup stands as it is, the parts of a list follow each other. */
export type MarkupValue = string | number | Markup | readonly Markup[];

/** A template tag for markup: `` markup`<b>${title}</b>` ``. */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  const written = values.map(spell);
  return new Markup(parts.map((part, index) => part + (written[index] ?? '')).join(''));
}

function spell(value: MarkupValue): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escapeMarkup(String(value));
  return value.map((part) => part.text).join('');
}
