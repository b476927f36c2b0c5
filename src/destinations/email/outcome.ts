// The one table from what a mail server said to the outcome of a delivery.

import type { Outcome } from '../../core/outcome';
import type { MailReply, MailResult, MailStep } from '../../io/mail-contract';
import { excerpt } from '../kit/answer';

interface Row {
  readonly from: number;
  readonly to: number;
  readonly kind: Kind;
  readonly words: string;
}

/** `place` is what somebody can mend without touching the message: see the verdicts of an answer. */
type Kind = 'retry' | 'place' | 'rejected' | 'login-refused';

function row(codes: number | readonly [from: number, to: number], kind: Row['kind'], words: string): Row {
  const [from, to] = typeof codes === 'number' ? [codes, codes] : codes;
  return { from, to, kind, words };
}

/**
 * The first row that fits counts. The codes are those of RFC 5321, 4.2.3, and RFC 4954, 6. Sender and recipients are those of the
 * configuration, and the same for every message, so what is refused of them is no fault of the message.
 */
const ROWS: readonly Row[] = [
  row([400, 499], 'retry', 'it asks to come back later'),
  row(530, 'login-refused', 'it wants a login'),
  row([534, 538], 'login-refused', 'it refuses the login'),
  row(552, 'place', 'a mailbox is full, or the message is too long for it'),
  row([550, 553], 'place', 'it refuses an address'),
  row([500, 599], 'place', 'it does not let us send there'),
];

/** Once it had the message, a refusal speaks of that, unless its second code says otherwise. */
const AFTER_THE_MESSAGE: Row = row([500, 599], 'rejected', 'it refuses the message');

/**
 * The second code, which many servers add and which says more (https://www.rfc-editor.org/rfc/rfc3463 and the registry of
 * https://www.iana.org/assignments/smtp-enhanced-status-codes): first what speaks of the message itself, then what somebody can mend.
 */
const ENHANCED: readonly (readonly [code: RegExp, kind: Kind, words: string])[] = [
  [/^5\.(?:2\.3|3\.4)$/, 'rejected', 'the message is too long for it'],
  [/^5\.6\./, 'rejected', 'it refuses the message'],
  [/^5\.1\./, 'place', 'it refuses an address'],
  [/^5\.2\.2$/, 'place', 'a mailbox is full'],
  [/^5\.2\./, 'place', 'a mailbox takes nothing'],
  [/^5\.3\./, 'place', 'it takes no mail'],
  [/^5\.4\./, 'place', 'it cannot pass the message on'],
  [/^5\.5\.3$/, 'place', 'these are too many recipients for it'],
  // Of spam, too: whether a rule of the server or the message is to blame, nobody can tell from here.
  [/^5\.7\./, 'place', 'a rule of the server is against it'],
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
  const { kind, words } = judged(found, step, sent, reply);
  const reason = said(reply, words, redact);
  switch (kind) {
    case 'login-refused':
      return { kind: 'rejected', reason, loginRefused: true };
    case 'place':
      return { kind: 'retry', reason, needsRepair: true };
    default:
      return { kind, reason };
  }
}

/** What a refusal means, by when it came and by its second code. */
function judged(found: Row, step: MailStep, sent: boolean, { text }: MailReply): Pick<Row, 'kind' | 'words'> {
  if (found.kind !== 'place') return found;
  if (step === 'login') return { kind: 'login-refused', words: 'it refuses the login' };
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ?? '';
  const [, kind, words] = ENHANCED.find(([code]) => code.test(enhanced)) ?? [];
  if (kind !== undefined && words !== undefined) return { kind, words };
  return sent ? AFTER_THE_MESSAGE : found;
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
  return `the mail server answered ${code === 0 ? 'without a code' : code}: ${words}; it says "${excerpt(redact(text))}"`;
}
