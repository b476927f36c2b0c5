// Mail through nodemailer: one message over one connection, and a result that says whether the server may have it.
// Of nodemailer it takes the half that writes messages and the half that speaks SMTP. The connection is ours: so names are looked up
// as everywhere else, and whatever hangs is let go of at the deadline.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { untilAborted } from '../core/deadline';
import { codeOf } from '../core/errors';
import { NETWORK_FAILURES } from './network-failures';
import type { Mail, MailReply, MailResult, MailServer, MailStep, SendMail } from './mail-contract';
import { tlsOptions } from './tls-options';

/** How long a server may take to say goodbye, in ms. It has taken the message by then. */
const GOODBYE_MS = 100;

/** Sends one message through nodemailer, see {@link SendMail}. */
export const sendMail: SendMail = async (mail, server, signal) => {
  const exchange = new Exchange(server);
  if (signal.aborted) return exchange.failure('ETIMEDOUT');
  const bytes = mail === undefined ? undefined : await write(mail);
  try {
    return (await untilAborted(exchange.run(mail && bytes && { mail, bytes }), signal)) ?? exchange.failure('ETIMEDOUT');
  } catch (error) {
    return exchange.trouble(error);
  } finally {
    exchange.end();
  }
};

/** The message as it goes over the wire. Nothing in it is ever taken for the name of a file or an address to read from. */
async function write({ from, to, replyTo, messageId, subject, headers, text, html }: Mail): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composer = new MailComposer({
    from,
    to: [...to],
    ...(replyTo === undefined ? {} : { replyTo }),
    messageId,
    subject,
    headers,
    text,
    html,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** One exchange with a server, and how far it has come. */
class Exchange {
  #step: MailStep = 'hello';
  #sent = false;
  #accepted = false;
  #socket: Socket | undefined;
  #connection: SMTPConnection | undefined;

  constructor(private readonly server: MailServer) {}

  async run(letter: { readonly mail: Mail; readonly bytes: Buffer } | undefined): Promise<MailResult> {
    const { host, port, tls, login } = this.server;
    const { default: Connection } = await import('nodemailer/lib/smtp-connection');
    // The listener stays for good: once TLS is spoken above it, nobody else listens, and an error that nobody hears ends the process.
    this.#socket = connect({ host, port }).on('error', () => undefined);
    await once(this.#socket, 'connect');
    const connection = new Connection({
      connection: this.#socket,
      host,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: tlsOptions(this.server),
      socketCloseTimeout: GOODBYE_MS,
    });
    this.#connection = connection;
    const broken = new Promise<never>((_, reject) => connection.on('error', reject));
    // Waited for below, but it may come between two steps.
    broken.catch(() => undefined);
    const ask = <T>(question: (done: (error?: Error | null, answer?: T) => void) => void) =>
      Promise.race([broken, answerTo(question)]);

    await ask((done) => connection.connect(done));
    if (login !== undefined) {
      this.#step = 'login';
      // Without this look, nodemailer's own way would be to go on without a login.
      if (!connection.allowsAuth) return this.failure('ENOAUTH');
      await ask((done) => connection.login({ credentials: { user: login.user, pass: login.password.reveal() } }, done));
    }
    if (letter === undefined) {
      this.#accepted = true;
      return { kind: 'accepted', refused: [] };
    }
    this.#step = 'message';
    const { from, to } = letter.mail;
    const envelope = { from: from.address, to: to.map(({ address }) => address) };
    // The dot that ends the message is written after the end of this stream, and never where the stream is destroyed before.
    const message = Readable.from([letter.bytes]).once('end', () => (this.#sent = true));
    const info = await ask<SMTPConnection.SentMessageInfo>((done) => connection.send(envelope, message, done));
    this.#accepted = true;
    const refused = (info?.rejectedErrors ?? []).map((error) => ({ address: error.recipient ?? '', reply: replyIn(error) }));
    return { kind: 'accepted', refused };
  }

  /** What became of the message where the exchange ended with an error. */
  trouble(error: unknown): MailResult {
    const reply = replyIn(error);
    if (commandOf(error) === 'STARTTLS') return this.failure('ENOSTARTTLS');
    if (reply.text !== '') return { kind: 'refused', step: this.#step, sent: this.#sent, reply };
    return this.failure(systemCodeOf(error));
  }

  /** A failure in words. What libraries say is never passed on. */
  failure(code: string): MailResult {
    const words =
      NETWORK_FAILURES[code] ??
      OWN_WORDS[code] ??
      (/^(EPROTO$|ERR_SSL_|ERR_OSSL_|ETLS$)/.test(code) ? NO_TLS : 'the connection failed');
    const { host, port } = this.server;
    return {
      kind: 'failure',
      step: this.#step,
      sent: this.#sent,
      code: code || 'EUNKNOWN',
      message: `${host}:${port}: ${words}`,
    };
  }

  /** Lets go of the connection: with a goodbye where the message was taken, else at once. */
  end(): void {
    if (this.#accepted) this.#connection?.quit();
    this.#connection?.close();
    if (!this.#accepted) this.#socket?.destroy();
  }
}

function answerTo<T>(question: (done: (error?: Error | null, answer?: T) => void) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    question((error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

const NO_TLS =
  'no TLS connection can be agreed on (does tls fit the port: "implicit" for 465, "starttls" for 587 and 25; is the version of TLS allowed by minTlsVersion; can caFile be read?)';
const OWN_WORDS: Readonly<Record<string, string>> = {
  ECONNECTION: 'the connection was cut off',
  ENOSTARTTLS: 'the server offers no encryption (STARTTLS), and without it nothing is sent',
  ENOAUTH: 'the server offers no login',
  EAUTH: 'the server offers no login of a kind that can be used',
  EPROTOCOL: 'the answer is not SMTP',
};

/** The system's or the TLS library's code, which nodemailer puts aside for one of its own. */
function systemCodeOf(error: unknown): string {
  const aside = memberOf(error, 'originalCode');
  return typeof aside === 'string' ? aside : codeOf(error);
}

function commandOf(error: unknown): unknown {
  return memberOf(error, 'command');
}

/** The server's reply that an error is about; an empty text where it is about none. */
function replyIn(error: unknown): MailReply {
  const text = memberOf(error, 'response');
  const code = memberOf(error, 'responseCode');
  return { code: typeof code === 'number' ? code : 0, text: typeof text === 'string' ? text : '' };
}

function memberOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>)[name] : undefined;
}
