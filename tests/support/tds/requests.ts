// What the client sends: PRELOGIN, LOGIN7, SQL batches and calls of sp_executesql. [MS-TDS] 2.2.6.

/** What a prelogin message says about encryption. [MS-TDS] 2.2.6.5. */
export const ENCRYPTION = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

/** A login, its password in the clear. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly appName: string;
}

/** A statement with its parameters, the `@` left off their names. */
export interface SqlRequest {
  readonly text: string;
  readonly parameters: Readonly<Record<string, string | number | null>>;
}

const ENCRYPTION_OPTION = 0x01;
const END_OF_OPTIONS = 0xff;

/** What the client says about encryption. */
export function readPrelogin(payload: Buffer): number {
  for (let at = 0; payload[at] !== END_OF_OPTIONS; at += 5) {
    if (payload[at] === ENCRYPTION_OPTION) return payload.readUInt8(payload.readUInt16BE(at + 1));
  }
  return ENCRYPTION.notSupported;
}

/** The server's prelogin: version 16.0, what it says about encryption, one connection at a time. */
export function writePrelogin(encryption: number): Buffer {
  const options: readonly (readonly [number, readonly number[]])[] = [
    [0x00, [16, 0, 0x03, 0xe8, 0, 0]],
    [ENCRYPTION_OPTION, [encryption]],
    [0x02, [0]],
    [0x03, []],
    [0x04, [0]],
  ];
  const table: number[] = [];
  const data: number[] = [];
  for (const [token, bytes] of options) {
    const offset = options.length * 5 + 1 + data.length;
    table.push(token, offset >> 8, offset & 0xff, 0, bytes.length);
    data.push(...bytes);
  }
  return Buffer.from([...table, END_OF_OPTIONS, ...data]);
}

/** The fields stand behind a table of offsets and lengths. [MS-TDS] 2.2.6.4. */
export function readLogin(payload: Buffer): Login {
  const field = (at: number) => {
    const start = payload.readUInt16LE(at);
    return payload.subarray(start, start + 2 * payload.readUInt16LE(at + 2));
  };
  // Nibbles swapped, then all bits of 0xA5 turned: no secret, only out of sight.
  const password = field(44).map((byte) => (((byte ^ 0xa5) << 4) | ((byte ^ 0xa5) >> 4)) & 0xff);
  const text = (at: number) => field(at).toString('utf16le');
  return { user: text(40), password: Buffer.from(password).toString('utf16le'), appName: text(48), database: text(68) };
}

/** The text of a SQL batch, behind the headers that every request has. */
export function readBatch(payload: Buffer): SqlRequest {
  return { text: payload.toString('utf16le', payload.readUInt32LE(0)), parameters: {} };
}

const SP_EXECUTESQL = 10;

/** A call of sp_executesql: statement, declarations, then the parameters. Nothing else is understood. */
export function readRpc(payload: Buffer): SqlRequest {
  const cursor = new Cursor(payload, payload.readUInt32LE(0));
  if (cursor.uint16() !== 0xffff || cursor.uint16() !== SP_EXECUTESQL) throw new Error('only sp_executesql is understood');
  cursor.skip(2);
  const [text, , ...parameters] = cursor.parameters();
  return {
    text: String(text?.value ?? ''),
    parameters: Object.fromEntries(parameters.map(({ name, value }) => [name.slice(1), value])),
  };
}

const INTN = 0x26;
const FLTN = 0x6d;
const NVARCHAR = 0xe7;
const MAX_LENGTH = 0xffff;

/** Reads parameters one after the other. */
class Cursor {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  skip(count: number): void {
    this.#at += count;
  }

  uint8(): number {
    this.#at += 1;
    return this.#bytes.readUInt8(this.#at - 1);
  }

  uint16(): number {
    this.#at += 2;
    return this.#bytes.readUInt16LE(this.#at - 2);
  }

  take(count: number): Buffer {
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  parameters(): { readonly name: string; readonly value: string | number | null }[] {
    const found: { name: string; value: string | number | null }[] = [];
    while (this.#at < this.#bytes.length) {
      const name = this.take(2 * this.uint8()).toString('utf16le');
      this.skip(1);
      found.push({ name, value: this.#value() });
    }
    return found;
  }

  #value(): string | number | null {
    const type = this.uint8();
    if (type === NVARCHAR) return this.#text();
    if (type !== INTN && type !== FLTN) throw new Error(`a parameter of type 0x${type.toString(16)} is not understood`);
    this.skip(1);
    const bytes = this.take(this.uint8());
    if (bytes.length === 0) return null;
    if (type === FLTN) return bytes.readDoubleLE();
    return bytes.length === 8 ? Number(bytes.readBigInt64LE()) : bytes.readIntLE(0, bytes.length);
  }

  #text(): string | null {
    const longest = this.uint16();
    // The collation.
    this.skip(5);
    if (longest !== MAX_LENGTH) {
      const length = this.uint16();
      return length === 0xffff ? null : this.take(length).toString('utf16le');
    }
    // nvarchar(max) comes in pieces, each behind its length, after eight bytes that give the whole length or say NULL.
    if (this.take(8).readBigUInt64LE() === 0xffff_ffff_ffff_ffffn) return null;
    const pieces: Buffer[] = [];
    for (let length = this.take(4).readUInt32LE(); length > 0; length = this.take(4).readUInt32LE())
      pieces.push(this.take(length));
    return Buffer.concat(pieces).toString('utf16le');
  }
}
