// The bytes of one connection, with or without TLS. In TDS 7 the TLS handshake travels in PRELOGIN packets and what follows is a plain
// stream of TLS; in TDS 8 ("strict") TLS stands around everything. [MS-TDS] 2.2.6.5 and 3.3.5.

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket, type SecureVersion } from 'node:tls';
import { PACKET, PacketReader, toPackets, type TdsMessage } from './packets';

/** The server's side of TLS. */
export interface TlsSettings {
  /** PEM text. */
  readonly key: string;
  /** PEM text. */
  readonly cert: string;
  /** Whether a client that does not want encryption is turned away, as with "Force Encryption". */
  readonly required?: boolean;
  /** The newest version that the server speaks, for playing an old one. */
  readonly maxVersion?: SecureVersion;
}

/** What a transport tells the one who uses it. */
export interface TransportEvents {
  message(message: TdsMessage): void;
  /** A part of the TLS handshake that wants to be sent, in packets. */
  handshake(packets: Buffer): void;
}

const TLS_HANDSHAKE = 0x16;

/** One connection. */
export class Transport {
  readonly #socket: Socket;
  readonly #tls: TlsSettings | undefined;
  readonly #events: TransportEvents;
  readonly #reader = new PacketReader();
  #state: 'new' | 'clear' | 'handshake' | 'secure' = 'new';
  #encrypted: Duplex | undefined;
  #cleartext: TLSSocket | undefined;

  constructor(socket: Socket, tls: TlsSettings | undefined, events: TransportEvents) {
    this.#socket = socket;
    this.#tls = tls;
    this.#events = events;
    socket.on('data', (chunk) => this.#received(chunk));
    socket.on('close', () => this.#cleartext?.destroy());
  }

  /** Whether what is written now is encrypted. */
  get secure(): boolean {
    return this.#state === 'secure';
  }

  /** Awaits a TLS handshake in PRELOGIN packets. */
  startTls(): void {
    this.#state = 'handshake';
    this.#openTls();
  }

  write(bytes: Buffer): void {
    (this.#cleartext ?? this.#socket).write(bytes);
  }

  #received(chunk: Buffer): void {
    if (this.#state === 'new') {
      this.#state = chunk[0] === TLS_HANDSHAKE && this.#tls !== undefined ? 'secure' : 'clear';
      if (this.#state === 'secure') this.#openTls();
    }
    if (this.#state === 'secure') {
      this.#encrypted?.push(chunk);
      return;
    }
    this.#read(chunk);
  }

  #read(chunk: Buffer): void {
    try {
      for (const message of this.#reader.take(chunk)) {
        if (this.#state === 'handshake') this.#encrypted?.push(message.payload);
        else this.#events.message(message);
      }
    } catch {
      // Not TDS at all: the real server hangs up too.
      this.#socket.destroy();
    }
  }

  #openTls(): void {
    const { key, cert, maxVersion = 'TLSv1.3' } = this.#tls ?? {};
    const old = maxVersion === 'TLSv1' || maxVersion === 'TLSv1.1';
    const secureContext = createSecureContext({
      key,
      cert,
      maxVersion,
      ...(old ? { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
    });
    let pending: Buffer[] = [];
    let done = false;
    // The driver waits for exactly one message for each that it sends, so all that one step of the handshake yields goes together.
    const flush = () => {
      this.#events.handshake(toPackets(PACKET.prelogin, Buffer.concat(pending)));
      pending = [];
      if (done) this.#state = 'secure';
    };
    this.#encrypted = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, callback) => {
        if (this.#state === 'secure') this.#socket.write(chunk);
        else if (pending.push(chunk) === 1) setImmediate(flush);
        callback();
      },
    });
    this.#cleartext = new TLSSocket(this.#encrypted, { isServer: true, secureContext, ALPNProtocols: ['tds/8.0'] });
    this.#cleartext.on('secure', () => (done = true));
    this.#cleartext.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#cleartext.on('error', () => this.#socket.destroySoon());
  }
}
