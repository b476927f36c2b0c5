// The tokens of an answer. [MS-TDS] 2.2.7.

import { PACKET_BYTES } from './packets';

/** Latin1_General_CI_AS as five bytes. */
const COLLATION = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);

/** An error as SQL Server reports it. */
export interface SqlServerError {
  readonly number: number;
  /** The "class": below 20 the connection stays. */
  readonly severity: number;
  readonly message: string;
}

/** A statement or a login that SQL Server would refuse, with all that it would say. */
export class SqlRefusal extends Error {
  constructor(readonly errors: readonly SqlServerError[]) {
    super(errors.map(({ message }) => message).join(' '));
  }
}

/** The type and the values of a column. */
export interface Column {
  readonly name: string;
  readonly type: 'int' | 'bigint' | 'bit' | 'float' | 'datetime' | 'nvarchar' | 'varbinary';
}

/** A value as SQLite gives it. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** The tokens of a login that succeeded. */
export function loginTokens(database: string): Buffer {
  return Buffer.concat([
    environment(1, shortText(database), shortText('master')),
    environment(7, shortBytes(COLLATION), Buffer.from([0])),
    environment(4, shortText(String(PACKET_BYTES)), shortText(String(PACKET_BYTES))),
    sized(
      0xad,
      Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), shortText('Microsoft SQL Server'), Buffer.from([16, 0, 0x03, 0xe8])]),
    ),
  ]);
}

/** An ERROR token. */
export function errorToken({ number, severity, message }: SqlServerError): Buffer {
  const head = Buffer.alloc(6);
  head.writeInt32LE(number, 0);
  head.writeUInt8(1, 4);
  head.writeUInt8(severity, 5);
  const line = Buffer.from([1, 0, 0, 0]);
  return sized(0xaa, Buffer.concat([head, uint16(message.length), utf16(message), shortText('STANDIN'), shortText(''), line]));
}

/** DONE for a batch or login, DONEPROC for the end of a call, DONEINPROC for a statement inside a call. */
export function doneToken(
  kind: 'done' | 'proc' | 'inProc',
  result: { readonly rows?: number; readonly failed?: boolean; readonly more?: boolean },
): Buffer {
  const token = Buffer.alloc(13);
  token.writeUInt8({ done: 0xfd, proc: 0xfe, inProc: 0xff }[kind], 0);
  token.writeUInt16LE(
    (result.more === true ? 0x01 : 0) | (result.failed === true ? 0x02 : 0) | (result.rows === undefined ? 0 : 0x10),
    1,
  );
  token.writeUInt16LE(0xc1, 3);
  token.writeBigUInt64LE(BigInt(result.rows ?? 0), 5);
  return token;
}

/** RETURNSTATUS: what a call returns. */
export function returnStatusToken(): Buffer {
  return Buffer.from([0x79, 0, 0, 0, 0]);
}

/** COLMETADATA: the columns before their rows. */
export function columnsToken(columns: readonly Column[]): Buffer {
  const one = ({ name, type }: Column) => Buffer.concat([Buffer.from([0, 0, 0, 0, 0x09, 0]), TYPE_INFO[type], shortText(name)]);
  return Buffer.concat([Buffer.from([0x81]), uint16(columns.length), ...columns.map(one)]);
}

/** ROW: the values of a row, in the order of the columns. */
export function rowToken(columns: readonly Column[], values: readonly SqlValue[]): Buffer {
  return Buffer.concat([Buffer.from([0xd1]), ...columns.map(({ type }, index) => encode(type, values[index] ?? null))]);
}

const TYPE_INFO: Readonly<Record<Column['type'], Buffer>> = {
  int: Buffer.from([0x26, 4]),
  bigint: Buffer.from([0x26, 8]),
  bit: Buffer.from([0x68, 1]),
  float: Buffer.from([0x6d, 8]),
  datetime: Buffer.from([0x6f, 8]),
  nvarchar: Buffer.from([0xe7, 0xff, 0xff, ...COLLATION]),
  varbinary: Buffer.from([0xa5, 0xff, 0xff]),
};

function encode(type: Column['type'], value: SqlValue): Buffer {
  if (type === 'nvarchar') return pieces(value === null ? null : utf16(String(value)));
  if (type === 'varbinary') return pieces(value instanceof Uint8Array ? value : null);
  if (value === null) return Buffer.from([0]);
  return shortBytes({ int: int32, bigint: int64, bit, float: double, datetime }[type](value));
}

function int32(value: SqlValue): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(Number(value));
  return bytes;
}

function int64(value: SqlValue): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(typeof value === 'bigint' ? value : BigInt(Number(value)));
  return bytes;
}

function bit(value: SqlValue): Buffer {
  return Buffer.from([Number(value) === 0 ? 0 : 1]);
}

function double(value: SqlValue): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(Number(value));
  return bytes;
}

/** Days since 1900 and three-hundredths of a second since midnight, of the server's wall clock. [MS-TDS] 2.2.5.5.1.8. */
function datetime(value: SqlValue): Buffer {
  const text = String(value);
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?$/.test(text) ? Date.parse(`${text}Z`) : NaN;
  if (Number.isNaN(ms)) {
    throw new SqlRefusal([{ number: 241, severity: 16, message: `Conversion failed: '${text}' is no datetime.` }]);
  }
  const sinceMs = ms - Date.UTC(1900, 0, 1);
  const days = Math.floor(sinceMs / 86_400_000);
  const bytes = Buffer.alloc(8);
  bytes.writeInt32LE(days, 0);
  bytes.writeUInt32LE(Math.round((sinceMs - days * 86_400_000) * 0.3), 4);
  return bytes;
}

/** A value of type (max): its length, then one piece and an empty one. [MS-TDS] 2.2.5.2.3. */
/** SQL Server cuts a long value into pieces that fit its packets. */
const CHUNK_BYTES = 4_000;

function pieces(bytes: Uint8Array | null): Buffer {
  const whole = Buffer.alloc(8, 0xff);
  if (bytes === null) return whole;
  whole.writeBigUInt64LE(BigInt(bytes.length));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    chunks.push(uint32(chunk.length), chunk);
  }
  return Buffer.concat([whole, ...chunks, uint32(0)]);
}

function environment(kind: number, now: Buffer, before: Buffer): Buffer {
  return sized(0xe3, Buffer.concat([Buffer.from([kind]), now, before]));
}

/** A token with its length in two bytes. */
function sized(token: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([token]), uint16(body.length), body]);
}

function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), utf16(text)]);
}

function shortBytes(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
