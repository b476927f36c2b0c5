// What a service account says, signed by its key (RFC 7523), through jose.

import { importPKCS8, SignJWT } from 'jose';
import { UserError } from '../core/errors';
import { Secret } from '../core/secret';
import type { SignAssertion } from './oauth-contract';

const ALGORITHM = 'RS256';

/** Signs with the key of a service account, as https://developers.google.com/identity/protocols/oauth2/service-account asks for. */
export const signAssertion: SignAssertion = async ({ subject, scopes, audience, now }, { issuer, keyId, privateKey }) => {
  const key = await importPKCS8(privateKey.reveal(), ALGORITHM).catch(() => undefined);
  if (key === undefined)
    throw new UserError(
      'configuration',
      'the key of the service account is no private key',
      'give the file as it was downloaded',
    );
  const seconds = Math.floor(now / 1_000);
  const signed = await new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: keyId })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 3_600)
    .sign(key);
  return new Secret(signed);
};
