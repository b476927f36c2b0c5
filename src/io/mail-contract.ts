// The contract of mail as destinations see it: one message to one SMTP server, and what became of it. io/mail.ts keeps it.

import type { Secret } from '../core/secret';
import type { TlsSettings } from './tls-options';

/** An SMTP server, and how it wants to be reached. */
export interface MailServer extends TlsSettings {
  readonly host: string;
  readonly port: number;
  /**
   * - `starttls`: TLS from the STARTTLS command on. A server that does not offer it gets neither login nor message.
   * - `implicit`: TLS from the first byte.
   * - `none`: no TLS, even if the server offers it.
   */
  readonly tls: 'starttls' | 'implicit' | 'none';
  readonly login?: { readonly user: string; readonly password: Secret };
}

/** A mailbox as it stands in a header; the name may be empty. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** One message. Texts may hold any character but line ends where one line is meant; encoding them is up to the implementation. */
export interface Mail {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly replyTo?: Mailbox;
  /** With its angle brackets. */
  readonly messageId: string;
  readonly subject: string;
  /** Further headers, in their order. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

/** What an SMTP server said. */
export interface MailReply {
  /** The code of RFC 5321, 4.2, such as 250; 0 for words without one. */
  readonly code: number;
  /** The server's words, with the code, as they came. */
  readonly text: string;
}

/** How far the exchange had come: `hello` ends where encryption stands, `message` begins with the sender's address. */
export type MailStep = 'hello' | 'login' | 'message';

/**
 * What became of a message. `sent` says whether the server may have the whole of it: true from the moment in which its end could have
 * been written.
 */
export type MailResult =
  | {
      readonly kind: 'accepted';
      /** What the server said about the recipients that it did not take; never about all of them. */
      readonly refused: readonly { readonly address: string; readonly reply: MailReply }[];
    }
  /** The server answered with something else than the consent that the step needs. */
  | { readonly kind: 'refused'; readonly step: MailStep; readonly sent: boolean; readonly reply: MailReply }
  | {
      readonly kind: 'failure';
      readonly step: MailStep;
      readonly sent: boolean;
      /** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `ETIMEDOUT` at the deadline, `ENOSTARTTLS`, `ENOAUTH`, … */
      readonly code: string;
      /** Fit for people, without secrets. */
      readonly message: string;
    };

/**
 * Sends one message, and settles when it is answered, has failed or the signal is aborted. Without a message it goes no further than
 * the login, and `accepted` means that it came so far. Never rejects but for a bug.
 */
export type SendMail = (mail: Mail | undefined, server: MailServer, signal: AbortSignal) => Promise<MailResult>;
