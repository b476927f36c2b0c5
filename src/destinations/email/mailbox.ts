// Mailboxes in the configuration: `crm@example.com`, or with a name `CRM <crm@example.com>`.

import { textAs, type Shape } from '../../core/shape';
import type { Mailbox } from '../../io/mail-contract';

/**
 * An address that every mail server understands: ASCII, no quotes, no comments (a part of RFC 5321, 4.1.2). A domain in another
 * script is written as it is looked up: `xn--…`.
 */
const ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?=.{1,253}$)[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i;

/** A mailbox. Nothing in it can end a line of a message's head or of SMTP. */
export function mailbox(): Shape<Mailbox> {
  return textAs(readMailbox, 'a mail address such as "crm@example.com" or "CRM <crm@example.com>"', { pattern: '@' });
}

/** A mailbox as people read it. */
export function spellMailbox({ name, address }: Mailbox): string {
  return name === '' ? address : `${name} <${address}>`;
}

function readMailbox(text: string): Mailbox | undefined {
  const [, quoted = '', address = ''] = /^\s*(?:([^<>]*)<([^<>]+)>)\s*$/.exec(text) ?? [text, '', text.trim()];
  const name = quoted.trim().replace(/^"(.*)"$/, '$1');
  return ADDRESS.test(address) && !/[\p{Cc}"]/u.test(name) ? { name, address } : undefined;
}
