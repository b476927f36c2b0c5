// A message or a comment as Socialcast shows it, whether in the answer to a post or in a list.

import type { Receipt } from '../../core/outcome';
import type { XmlChild } from '../../core/xml-scan';
import { urlOf } from '../../core/web-address';

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
  const link = urlOf(permalink);
  const isPlain = link !== undefined && /^https?:$/.test(link.protocol) && link.username === '' && link.password === '';
  return isPlain ? { id, permalink: link.href } : { id };
}

/**
 * The receipt in a comment. Its id names the message, too (`90#comment-63`, as its permalink ends), so that the number of a comment
 * can never be taken for that of a message, and the thread can be found from any post in it.
 */
export function commentReceiptOf(messageId: string, comment: readonly XmlChild[]): Receipt | undefined {
  const receipt = receiptOf(comment);
  return receipt?.id === undefined ? undefined : { ...receipt, id: `${messageId}#comment-${receipt.id}` };
}

/** The message that the post with this receipt is, or is a comment on. */
export function messageIdOf(receiptId: string): string {
  return receiptId.split('#', 1)[0] ?? '';
}

/** Whether a status of HTTP says that there is no message to comment on. */
export function isGone(status: number | undefined): boolean {
  return status === 404 || status === 410;
}
