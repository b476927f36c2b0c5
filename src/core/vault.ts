// Texts that are kept sealed: the tokens by which users let the program in. Each is encrypted by a data key of its own, which a key of the
// vault wraps; so a new key of the vault wraps again what is small, and leaves the sealed text as it is. AES-256-GCM of node:crypto. Where
// sealed texts are kept is nobody's matter here. What is fixed for ever about their spelling stands in docs/formats.md.

import { createCipheriv, createDecipheriv, randomBytes, type CipherKey, type KeyObject } from 'node:crypto';
import { Secret } from './secret';

/** A key that wraps data keys. */
export interface VaultKey {
  /** Follows from the key itself, see vault-keys.ts. It is no secret. */
  readonly id: string;
  /** Shows nothing of itself however it is printed. */
  readonly key: KeyObject;
}

/** The keys of a vault: the one that seals, and all that unseal, by their ids. */
export interface VaultKeys {
  readonly current: VaultKey;
  readonly byId: ReadonlyMap<string, VaultKey>;
}

/** What a text is sealed for. It opens for nothing else: a row that was moved to another user is damaged. */
export interface SealedFor {
  /** What the text is, such as `refresh-token`. */
  readonly purpose: string;
  /** Whose it is, in the spelling that it is asked for with. */
  readonly user: string;
}

/** Why nothing could be unsealed. */
export type NotOpened =
  /** Sealed under a key that the vault does not have: whoever has it can give it back, nobody else can open it. */
  | { readonly kind: 'lost-key'; readonly keyId: string }
  /** Changed since, or sealed for something else: in its spelling, in its data key, or in its text. */
  | { readonly kind: 'damaged'; readonly where: 'form' | 'key' | 'text' }
  /** Sealed by a later version of the program. */
  | { readonly kind: 'newer' };

export type Unsealed = { readonly kind: 'unsealed'; readonly text: Secret } | NotOpened;

/** What `rekey` made of a sealed text. `same`: it is under the current key already. */
export type Rekeyed = { readonly kind: 'rekeyed'; readonly sealed: string } | { readonly kind: 'same' } | NotOpened;

const VERSION = 1;
const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
/** As https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf recommends for GCM. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals a text. It comes out otherwise each time, in letters, digits, `-`, `_` and `.`, of which upper and lower case count: for 512 bytes,
 * some 830 characters. Throws a TypeError for a text that UTF-8 cannot hold.
 */
export function seal(text: Secret, about: SealedFor, { current }: VaultKeys): string {
  const bytes = Buffer.from(text.reveal(), 'utf8');
  if (bytes.toString('utf8') !== text.reveal()) throw new TypeError('a text with half a character cannot be sealed');
  const dataKey = randomBytes(KEY_BYTES);
  const sealed = spelled(current.id, wrapped(dataKey, about, current), encrypted(bytes, dataKey, bindingOfText(about)));
  dataKey.fill(0);
  bytes.fill(0);
  return sealed;
}

/** Opens a sealed text. */
export function unseal(sealed: string, about: SealedFor, keys: VaultKeys): Unsealed {
  const opened = openKey(sealed, about, keys);
  if (opened.kind !== 'opened') return opened;
  const bytes = decrypted(opened.text, opened.dataKey, bindingOfText(about));
  opened.dataKey.fill(0);
  if (bytes === undefined) return { kind: 'damaged', where: 'text' };
  const text = new Secret(bytes.toString('utf8'));
  bytes.fill(0);
  return { kind: 'unsealed', text };
}

/** Wraps the data key of a sealed text under the current key. The text itself stays to the letter, and is not opened. */
export function rekey(sealed: string, about: SealedFor, keys: VaultKeys): Rekeyed {
  const opened = openKey(sealed, about, keys);
  if (opened.kind !== 'opened') return opened;
  const { keyId, dataKey, text } = opened;
  const again = keyId === keys.current.id ? undefined : spelled(keys.current.id, wrapped(dataKey, about, keys.current), text);
  dataKey.fill(0);
  return again === undefined ? { kind: 'same' } : { kind: 'rekeyed', sealed: again };
}

/** Why a token cannot be opened, in words. */
export function lossWords(opened: NotOpened): string {
  if (opened.kind === 'lost-key') return `the token is sealed under the key ${opened.keyId}, which groupware.vault does not have`;
  return opened.kind === 'newer' ? 'the token was sealed by a later version of the program' : 'the sealed token is damaged';
}

/** The id of the key that a text is sealed under; `undefined` of what is none of this version. A key may go once no text names it. */
export function keyIdOf(sealed: string): string | undefined {
  const read = readSealed(sealed);
  return read.kind === 'read' ? read.keyId : undefined;
}

function wrapped(dataKey: Buffer, about: SealedFor, { id, key }: VaultKey): Buffer {
  return encrypted(dataKey, key, bindingOfKey(about, id));
}

/** What a data key is bound to. */
function bindingOfKey({ purpose, user }: SealedFor, keyId: string): string {
  return JSON.stringify([VERSION, 'key', purpose, user, keyId]);
}

/** What a text is bound to. The key is not part of it: `rekey` could not leave the text as it is. */
function bindingOfText({ purpose, user }: SealedFor): string {
  return JSON.stringify([VERSION, 'text', purpose, user]);
}

type OpenedKey = { readonly kind: 'opened'; readonly keyId: string; readonly dataKey: Buffer; readonly text: Buffer } | NotOpened;

function openKey(sealed: string, about: SealedFor, { byId }: VaultKeys): OpenedKey {
  const read = readSealed(sealed);
  if (read.kind !== 'read') return read;
  const key = byId.get(read.keyId);
  if (key === undefined) return { kind: 'lost-key', keyId: read.keyId };
  const dataKey = decrypted(read.wrap, key.key, bindingOfKey(about, key.id));
  if (dataKey === undefined) return { kind: 'damaged', where: 'key' };
  return { kind: 'opened', keyId: key.id, dataKey, text: read.text };
}

type Read = { readonly kind: 'read'; readonly keyId: string; readonly wrap: Buffer; readonly text: Buffer } | NotOpened;

function spelled(keyId: string, wrap: Buffer, text: Buffer): string {
  return [`sealed${VERSION}`, keyId, wrap.toString('base64url'), text.toString('base64url')].join('.');
}

function readSealed(sealed: string): Read {
  const version = /^sealed([1-9]\d{0,3})\./.exec(sealed)?.[1];
  if (version !== undefined && Number(version) > VERSION) return { kind: 'newer' };
  const [, keyId, ...rest] = /^sealed1\.([\da-f]{16})\.([\w-]+)\.([\w-]+)$/.exec(sealed) ?? [];
  const [wrap, text] = rest.map((part) => Buffer.from(part, 'base64url'));
  const isWhole =
    wrap?.length === NONCE_BYTES + KEY_BYTES + TAG_BYTES && text !== undefined && text.length >= NONCE_BYTES + TAG_BYTES;
  // One text has one spelling: base64 has bits that say nothing.
  if (keyId === undefined || !isWhole || spelled(keyId, wrap, text) !== sealed) return { kind: 'damaged', where: 'form' };
  return { kind: 'read', keyId, wrap, text };
}

/** Nonce, ciphertext and tag. */
function encrypted(bytes: Buffer, key: CipherKey, binding: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(binding, 'utf8'));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** The bytes; `undefined` where they, the key or what they are bound to are others than when they were encrypted. */
function decrypted(sealed: Buffer, key: CipherKey, binding: string): Buffer | undefined {
  const end = sealed.length - TAG_BYTES;
  const cipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(binding, 'utf8'));
  cipher.setAuthTag(sealed.subarray(end));
  const bytes = cipher.update(sealed.subarray(NONCE_BYTES, end));
  try {
    return Buffer.concat([bytes, cipher.final()]);
  } catch {
    // All that it ever says is that it cannot be authenticated.
    return undefined;
  }
}
