// TDS packets: an eight-byte header (type, status, length, …) before each piece of a message. [MS-TDS] 2.2.3.

/** The kinds of message that the stand-in knows. */
export const PACKET = { batch: 0x01, rpc: 0x03, answer: 0x04, login: 0x10, prelogin: 0x12 } as const;

/** A whole message, put together from its packets. */
export interface TdsMessage {
  readonly type: number;
  readonly payload: Buffer;
}

const HEADER_BYTES = 8;
const LAST_PACKET = 0x01;
/** The size that SQL Server uses unless the client asks for another one, which mssql does not. */
export const PACKET_BYTES = 4096;

/** A message as packets, one after the other. */
export function toPackets(type: number, payload: Buffer, packetBytes = PACKET_BYTES): Buffer {
  const packets: Buffer[] = [];
  const room = packetBytes - HEADER_BYTES;
  for (let start = 0; start === 0 || start < payload.length; start += room) {
    const piece = payload.subarray(start, start + room);
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(type, 0);
    header.writeUInt8(start + room >= payload.length ? LAST_PACKET : 0, 1);
    header.writeUInt16BE(HEADER_BYTES + piece.length, 2);
    header.writeUInt8((packets.length / 2 + 1) % 256, 6);
    packets.push(header, piece);
  }
  return Buffer.concat(packets);
}

/** Puts messages together from bytes that arrive in any portions. */
export class PacketReader {
  #bytes = Buffer.alloc(0);
  #pieces: Buffer[] = [];

  /** Takes more bytes and gives the messages that they complete. */
  take(chunk: Buffer): TdsMessage[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const messages: TdsMessage[] = [];
    while (this.#bytes.length >= HEADER_BYTES) {
      const length = this.#bytes.readUInt16BE(2);
      if (length < HEADER_BYTES) throw new Error('not a TDS packet');
      if (this.#bytes.length < length) break;
      this.#pieces.push(this.#bytes.subarray(HEADER_BYTES, length));
      const [type = 0, status = 0] = this.#bytes;
      this.#bytes = this.#bytes.subarray(length);
      if ((status & LAST_PACKET) === 0) continue;
      messages.push({ type, payload: Buffer.concat(this.#pieces) });
      this.#pieces = [];
    }
    return messages;
  }
}
