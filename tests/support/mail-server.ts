// Mail servers on loopback: a real one (smtp-server) that keeps what it takes, and one that reads its answers from a script, for what
// a well-behaved server never says.

import type { AddressInfo, Server, Socket } from 'node:net';
import * as net from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A message that was taken. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire, without the dots that were added for it. */
  readonly raw: string;
  /** Whether it came through TLS. */
  readonly secure: boolean;
  /** Who had logged in; an empty text for nobody. */
  readonly user: string;
}

/** A running stand-in. */
export interface MailServer {
  readonly port: number;
  readonly mails: readonly TakenMail[];
  /** The lines that clients sent, messages included; only of a scripted server. */
  readonly lines: readonly string[];
  /** Whether a connection is still open. */
  busy(): boolean;
  close(): Promise<void>;
}

/** How the real server is set up, beside what smtp-server takes itself. */
export interface MailSetup extends SMTPServerOptions {
  readonly login?: { readonly user: string; readonly password: string };
  /** What it says to recipients that it does not take: address to code. */
  readonly refuse?: Readonly<Record<string, number>>;
}

function refusal(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}

/** Starts a real mail server. */
export async function startMailServer({ login, refuse = {}, ...options }: MailSetup = {}): Promise<MailServer> {
  const mails: TakenMail[] = [];
  const server = new SMTPServer({
    authOptional: login === undefined,
    disabledCommands: login === undefined ? ['AUTH'] : [],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 50,
    onAuth: ({ username, password }, _session, done) => {
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(refusal(535, `no login for ${username ?? ''} with ${password ?? ''}`));
    },
    onRcptTo: ({ address }, _session, done) => {
      const code = refuse[address];
      done(code === undefined ? null : refusal(code, `nobody here is called ${address}`));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('utf8'),
          secure: session.secure,
          user: session.user ?? '',
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    lines: [],
    busy: () => server.connections.size > 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The answer to a step: lines without CR and LF, or what is done with the connection in place of one. */
export type ScriptedReply = string | ((socket: Socket) => void);

/** The steps of a script. `dot` is the end of a message. */
export type Script = Readonly<
  Partial<Record<'greeting' | 'EHLO' | 'HELO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot' | 'QUIT', ScriptedReply>>
>;

const POLITE: Script = {
  greeting: '220 loopback ESMTP',
  EHLO: '250-loopback\n250 AUTH PLAIN',
  AUTH: '235 welcome',
  MAIL: '250 fine',
  RCPT: '250 fine',
  DATA: '354 go on',
  dot: '250 taken',
  QUIT: '221 bye',
};

/** What a script can do beside answering. */
export const hang = (): void => undefined;
export const reset = (socket: Socket): void => void socket.resetAndDestroy();
export const hangUp = (socket: Socket): void => void socket.end();

/** Starts a server that answers by a script, politely where the script says nothing. It keeps what it was given up to a dot. */
export async function startScriptedMail(script: Script = {}): Promise<MailServer> {
  const mails: TakenMail[] = [];
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    const answer = (step: keyof Script) => {
      const reply = script[step] ?? POLITE[step] ?? '502 not here';
      if (typeof reply === 'string') socket.write(`${reply.replaceAll('\n', '\r\n')}\r\n`);
      else reply(socket);
      return typeof reply === 'string' ? reply : '';
    };
    let [rest, inMessage, raw] = ['', false, ''];
    socket.on('data', (chunk: Buffer) => {
      const whole = (rest + chunk.toString('latin1')).split('\r\n');
      rest = whole.pop() ?? '';
      for (const line of whole) {
        lines.push(line);
        if (inMessage && line !== '.') raw += `${line}\r\n`;
        else if (inMessage) {
          inMessage = false;
          if (/^2/.test(answer('dot'))) mails.push({ from: '', to: [], raw, secure: false, user: '' });
        } else {
          const word = (line.split(/[ :]/)[0] ?? '').toUpperCase() as keyof Script;
          inMessage = /^[23]/.test(answer(word)) && word === 'DATA';
        }
      }
    });
    answer('greeting');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    lines,
    busy: () => sockets.size > 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
