// The one table from what a mail server said to the outcome of a delivery.

import type { Outcome } from '../../core/outcome';
import type { MailReply, MailResult } from '../../io/mail-contract';
import { quoted } from '../answer';

interface Row {
  readonly from: number;
  readonly to: number;
  readonly kind: 'retry' | 'rejected' | 'login-refused';
  readonly words: string;
}

function row(codes: number | readonly [from: number, to: number], kind: Row['kind'], words: string): Row {
  const [from, to] = typeof codes === 'number' ? [codes, codes] : codes;
  return { from, to, kind, words };
}

/** The first row that fits counts. The codes are those of RFC 5321, 4.2.3, and RFC 4954, 6. */
const ROWS: readonly Row[] = [
  row([400, 499], 'retry', 'it asks to come back later'),
  row(530, 'login-refused', 'it wants a login'),
  row([534, 538], 'login-refused', 'it refuses the login'),
  row(552, 'rejected', 'the message is too long for it, or a mailbox is full'),
  row([550, 553], 'rejected', 'it refuses an address'),
  row([500, 599], 'rejected', 'it refuses the message'),
];

/** What became of a delivery. `redact` masks secrets, since a server may send back whatever it was sent. */
export function outcomeOfMail(result: MailResult, id: string, redact: (text: string) => string): Outcome {
  if (result.kind === 'accepted') return { kind: 'delivered', receipt: { id }, ...noteOn(result.refused, redact) };
  if (result.kind === 'failure') {
    const reason = `${result.message} (${result.code})`;
    if (result.sent) return { kind: 'unknown', reason: `${reason}, after the message went out` };
    return /^E(NO)?AUTH$/.test(result.code) ? { kind: 'rejected', reason, loginRefused: true } : { kind: 'retry', reason };
  }
  const { step, sent, reply } = result;
  const found = ROWS.find(({ from, to }) => reply.code >= from && reply.code <= to);
  if (found === undefined) {
    const reason = said(reply, 'this is no answer of SMTP here', redact);
    return sent ? { kind: 'unknown', reason } : { kind: 'retry', reason };
  }
  // What is refused before the login is the connection, not the message: a blocked address, too many at once, an attacker in between.
  if (step === 'hello') return { kind: 'retry', reason: said(reply, 'it will not talk to us', redact) };
  const kind = step === 'login' && found.kind === 'rejected' ? 'login-refused' : found.kind;
  const reason = said(reply, kind === 'login-refused' && found.kind !== kind ? 'it refuses the login' : found.words, redact);
  return kind === 'login-refused' ? { kind: 'rejected', reason, loginRefused: true } : { kind, reason };
}

/** Some have it, so it is not sent to anybody again; but the administrator has to hear of the others. */
function noteOn(
  refused: Extract<MailResult, { kind: 'accepted' }>['refused'],
  redact: (text: string) => string,
): { readonly reason?: string } {
  if (refused.length === 0) return {};
  return {
    reason: refused
      .map(({ address, reply }) => `not for ${address}: ${said(reply, 'it refuses the address', redact)}`)
      .join('; '),
  };
}

function said({ code, text }: MailReply, words: string, redact: (text: string) => string): string {
  return `the mail server answered ${code === 0 ? 'without a code' : code}: ${words}; it says "${quoted(redact(text))}"`;
}
