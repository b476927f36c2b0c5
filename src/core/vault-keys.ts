// The keys of a vault, from files or environment variables: what is wrong with one is told without a character of it.

import { createHmac, createSecretKey } from 'node:crypto';
import { Secret } from './secret';
import { andThen, isRecord, list, object, problem, required, secret, text, withDefault, type Place, type Shape } from './shape';
import type { VaultKey, VaultKeys } from './vault';

/** Bytes of a key. */
const BYTES = 32;
/** 32 random bytes are practically never of so few different ones; what somebody made up is. */
const FEWEST_DIFFERENT = 12;

/** How to make one, for messages and pages. */
export const NEW_KEY_HINT = 'openssl rand -base64 32 makes one';

/** The key that seals, and older ones that only unseal, as long as something is sealed under them. */
export function vaultKeysShape(): Shape<VaultKeys> {
  const fields = {
    key: required(
      vaultKeyShape(),
      `The key that tokens are sealed with: a file or an environment variable with 32 random bytes in base64 or hexadecimal (${NEW_KEY_HINT}).`,
    ),
    oldKeys: withDefault(
      list(vaultKeyShape()),
      [] as readonly VaultKey[],
      'Keys that were used before, as long as something is sealed under them.',
    ),
  };
  return andThen(object(fields), ({ key, oldKeys }, place) => {
    const byId = new Map([key, ...oldKeys].map((each) => [each.id, each]));
    if (byId.size <= oldKeys.length) return problem(place, 'holds the same key twice; has the new one been made yet?');
    return { current: key, byId };
  });
}

/** A key of 32 bytes, in a file or an environment variable. */
export function vaultKeyShape(): Shape<VaultKey> {
  const outside = andThen(secret(), keyOf);
  return {
    schema: { anyOf: ['env', 'file'].map(reference) },
    parse: (raw, place) => {
      if (isRecord(raw)) return outside.parse(raw, place);
      // Whoever gets the configuration must not get what it protects with it.
      if (typeof raw === 'string') place.source.secrets.push(new Secret(raw));
      return problem(place, 'must be { "file": "PATH" } or { "env": "NAME" }: a key never stands in the configuration itself');
    },
  };
}

/**
 * What a key is called: so there is no wrong key under a right name, and a sealed text says which key it needs. The first 16 hex digits of
 * an HMAC-SHA-256 by the key, which tell nothing of it. This can never change.
 */
export function vaultKeyOf(bytes: Uint8Array): VaultKey {
  const id = createHmac('sha256', bytes).update('publish-activity vault key', 'utf8').digest('hex').slice(0, 16);
  return { id, key: createSecretKey(bytes) };
}

function keyOf(found: Secret, place: Place): VaultKey | undefined {
  const bytes = bytesIn(found.reveal().trim());
  if (bytes?.length !== BYTES) return problem(place, `is not 32 bytes in base64 or as 64 hexadecimal digits; ${NEW_KEY_HINT}`);
  if (new Set(bytes).size < FEWEST_DIFFERENT) return problem(place, `is no random key; ${NEW_KEY_HINT}`);
  return vaultKeyOf(bytes);
}

function bytesIn(spelled: string): Buffer | undefined {
  if (/^[\da-f]{64}$/i.test(spelled)) return Buffer.from(spelled, 'hex');
  return /^([A-Za-z\d+/]{43}=?|[\w-]{43}=?)$/.test(spelled) ? Buffer.from(spelled, 'base64') : undefined;
}

function reference(key: string): object {
  return { type: 'object', properties: { [key]: text().schema }, required: [key], additionalProperties: false };
}
