// The id of a request: made once, before anybody knows where the request will be kept, and the same wherever it is.

import { randomBytes } from 'node:crypto';

/** How many of the hex digits are the moment. */
const MOMENT_DIGITS = 12;
const LATEST = 16 ** MOMENT_DIGITS - 1;

/**
 * A new id, 32 hex digits: a UUID of version 7 (https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7) without its dashes. Ids sort by
 * the moment that they were made at, `now`, in ms since 1970 UTC.
 */
export function newRequestId(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.min(Math.max(0, Math.floor(now)), LATEST), 0, MOMENT_DIGITS / 2);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex');
}

/** The moment that an id was made at, in ms since 1970 UTC. */
export function momentOfId(id: string): number {
  return Number.parseInt(id.slice(0, MOMENT_DIGITS), 16);
}
