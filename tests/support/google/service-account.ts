// A service account asks for tokens with a signed assertion, for itself or for a user of the company.
// https://developers.google.com/identity/protocols/oauth2/service-account (error codes: "JWT error codes")

import { verify } from 'node:crypto';
import { isObject } from './strict';

export interface ServiceAccount {
  readonly email: string;
  readonly clientId: string;
  /** PEM. */
  readonly publicKey: string;
  readonly keyId?: string;
  /** What the administrator lets it do in the name of users: domain-wide delegation. */
  readonly delegated: readonly string[];
}

/** What an assertion comes to. */
export type Read =
  | { readonly kind: 'good'; readonly account: ServiceAccount; readonly subject?: string; readonly scopes: ReadonlySet<string> }
  | { readonly kind: 'refused'; readonly status: number; readonly error: string; readonly description: string };

const refused = (error: string, description: string, status = 400): Read => ({ kind: 'refused', status, error, description });

/** Where tokens are really asked for, which Google's own library always names. */
const GOOGLES = 'https://oauth2.googleapis.com/token';

/** How far a clock may be off, in seconds. */
const CLOCK_S = 300;

interface Known {
  readonly now: () => number;
  readonly serviceAccounts: ReadonlyMap<string, ServiceAccount>;
  readonly users: ReadonlyMap<string, unknown>;
  readonly tokenAddress: string;
}

const TOO_LONG =
  'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. ' +
  'Check your iat and exp values in the JWT claim.';
const NOT_ALLOWED =
  'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.';

/** Reads an assertion: who signed it, when and for whom. */
export function readAssertion(assertion: string, known: Known): Read {
  const [head = '', payload = '', signature = '', ...more] = assertion.split('.');
  const [header, claims] = [decoded(head), decoded(payload)];
  if (header === undefined || claims === undefined || more.length > 0)
    return refused('invalid_grant', 'Invalid JWT: Failed to parse.');
  const account = known.serviceAccounts.get(String(claims['iss']));
  if (account === undefined) return refused('invalid_grant', 'Invalid grant: account not found');
  if (header['alg'] !== 'RS256' || !isSigned(account, `${head}.${payload}`, signature))
    return refused('invalid_grant', 'Invalid JWT Signature.');
  if (!isTimely(claims, known.now() / 1000)) return refused('invalid_grant', TOO_LONG);
  if (claims['aud'] !== known.tokenAddress && claims['aud'] !== GOOGLES)
    return refused('invalid_grant', 'Invalid JWT: Failed audience check.');
  return readClaims(account, claims, known);
}

/** What is asked for, and in whose name. */
function readClaims(account: ServiceAccount, claims: Readonly<Record<string, unknown>>, { users }: Known): Read {
  const { scope, sub } = claims;
  const scopes = typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : [];
  if (scopes.length === 0) return refused('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  if (typeof sub !== 'string' || sub === account.email) return { kind: 'good', account, scopes: new Set(scopes) };
  if (!users.has(sub)) return refused('invalid_grant', 'Invalid email or User ID');
  if (scopes.some((each) => !account.delegated.includes(each))) return refused('unauthorized_client', NOT_ALLOWED, 401);
  return { kind: 'good', account, subject: sub, scopes: new Set(scopes) };
}

function decoded(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSigned({ publicKey }: ServiceAccount, text: string, signature: string): boolean {
  return verify('RSA-SHA256', Buffer.from(text), publicKey, Buffer.from(signature, 'base64url'));
}

function isTimely({ iat, exp }: Readonly<Record<string, unknown>>, now: number): boolean {
  if (typeof iat !== 'number' || typeof exp !== 'number') return false;
  return exp - iat <= 3_600 && exp > iat && iat <= now + CLOCK_S && exp > now - CLOCK_S;
}
