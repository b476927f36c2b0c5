// Who somebody is, signed: https://developers.google.com/identity/openid-connect/openid-connect

import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Code } from './tokens';

export const ISSUER = 'https://accounts.google.com';

/** Makes tokens of identity. The key is made when the first one is wanted. */
export class IdTokens {
  private keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;

  constructor(private readonly now: () => number) {}

  private get pair(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
    this.keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
    return this.keys;
  }

  make({ email, clientId, scopes, nonce }: Code): string {
    const seconds = Math.floor(this.now() / 1000);
    const claims = {
      ...{ iss: ISSUER, aud: clientId, azp: clientId, sub: subjectOf(email), iat: seconds, exp: seconds + 3_600 },
      ...(scopes.has('email') || scopes.has('https://www.googleapis.com/auth/userinfo.email')
        ? { email, email_verified: true }
        : {}),
      ...(nonce === undefined ? {} : { nonce }),
    };
    const text = [{ alg: 'RS256', kid: 'stand-in', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), this.pair.privateKey).toString('base64url')}`;
  }

  /** The keys to check them with. */
  certificates(): object {
    return { keys: [{ ...this.pair.publicKey.export({ format: 'jwk' }), kid: 'stand-in', use: 'sig', alg: 'RS256' }] };
  }
}

/** A number that stays the same for a user. */
function subjectOf(email: string): string {
  return createHash('sha256').update(email).digest().readBigUInt64BE().toString().padStart(21, '1');
}
