// The id of an entry that is made in a groupware. It is computed, so that a second try after a lost answer meets the first one.

import { createHash } from 'node:crypto';

/** What an entry is made from. */
export interface EntryIdentity {
  /** Which CRM it is: two of them may fill one groupware. */
  readonly system: string;
  readonly user: string;
  /** The kind of CRM entry, such as `appointment`, and its row. */
  readonly type: string;
  readonly objid: number;
  readonly generation: number;
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuv';
/** Of the digits of base32hex, as many as make 130 bits. */
const LENGTH = 26;

/**
 * The id: `pa`, and the first 26 digits in base32hex of the SHA-256 of the identity as a JSON array. It is a valid event id of Google
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events, `id`), a UID of iCalendar and a file name everywhere. This
 * spelling can never change.
 */
export function entryId({ system, user, type, objid, generation }: EntryIdentity): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([system, user, type, objid, generation]), 'utf8')
    .digest();
  return `pa${base32hex(bytes).slice(0, LENGTH)}`;
}

/** The id of the link of an entry that somebody made in the groupware. Where an item of one name may come back, its generation counts from 0. */
export function importedId(system: string, user: string, kind: string, remoteId: string, generation = 0): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([system, user, kind, remoteId, ...(generation === 0 ? [] : [generation])]), 'utf8')
    .digest();
  return `gw${base32hex(bytes).slice(0, LENGTH)}`;
}

/** Whether an id may be one of ours, of whatever CRM. */
export function looksComputed(id: string): boolean {
  return /^pa[0-9a-v]{26}$/.test(id);
}

function base32hex(bytes: Uint8Array): string {
  let [digits, value, bits] = ['', 0, 0];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) digits += ALPHABET[(value >> (bits - 5)) & 31] ?? '';
  }
  return digits;
}
