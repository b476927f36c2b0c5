// A message as Socialcast shows it, whether in the answer to a post or in a list.

import type { Receipt } from '../../core/outcome';
import type { XmlChild } from '../../core/xml-scan';

/**
 * The text of the first field with one of these names that has one. XML of Rails spells names with dashes, the documentation (for
 * JSON and forms) with underscores.
 */
export function fieldOf(message: readonly XmlChild[], ...names: readonly string[]): string {
  return message.find(({ name, text }) => names.includes(name) && text.trim() !== '')?.text.trim() ?? '';
}

/** The receipt in a message; one without an id is not one that was posted. */
export function receiptOf(message: readonly XmlChild[]): Receipt | undefined {
  const id = fieldOf(message, 'id');
  if (!/^[\w-]{1,100}$/.test(id)) return undefined;
  const permalink = fieldOf(message, 'permalink-url', 'permalink_url');
  // The address comes from outside, so only one that a browser may open is kept.
  const link = URL.canParse(permalink) ? new URL(permalink) : undefined;
  const isPlain = link !== undefined && /^https?:$/.test(link.protocol) && link.username === '' && link.password === '';
  return isPlain ? { id, permalink: link.href } : { id };
}
