// Telephone numbers that stand on a card as an address (`tel:+41-44-555-0100;ext=12`, RFC 3966), as people write them, and back. Pure.

import type { CardLine } from '../io/vcard-contract';

/** Whether a line says that its value is an address. */
export function isUri(line: CardLine): boolean {
  return line.parameter('VALUE').some((value) => value.toLowerCase() === 'uri');
}

/** The number of a line that has it as an address; nothing where it has none, or one of something else. */
export function telephoneOf(line: CardLine): string | undefined {
  if (!isUri(line)) return undefined;
  const [, number = '', more = ''] = /^\s*tel:([^;]*)([^]*)$/i.exec(line.raw) ?? [];
  const plain = decoded(number).trim();
  if (plain === '') return undefined;
  const [, extension] = /;ext=([^;]*)/i.exec(more) ?? [];
  return extension === undefined ? plain : `${plain} ext. ${decoded(extension).trim()}`;
}

/** A number as an address; nothing for what cannot be said so to the letter, such as one with blanks. */
export function telephoneUri(number: string): string | undefined {
  const [, plain, extension] = /^(\+?[\d*#().-]+)(?: ext\. (\d+))?$/.exec(number) ?? [];
  if (plain === undefined) return undefined;
  return `tel:${plain}${extension === undefined ? '' : `;ext=${extension}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
